"""An act deposited by a town hall: reread by it, read first by the agent, recorded in one gesture, completed later."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.web.conftest import errors, words
from tests.web.space.entering import answer as reply
from tests.web.space.entering import enter
from tripartite.accounts.queries import deposits_of
from tripartite.accounts.services.deposits import deposit_act
from tripartite.parties.queries.mandates import mandates_of

AT, TESTER = quotes.AT, quotes.TESTER
ACT = {
    "person": "Prénom NOM",
    "function": "Maire",
    "act": "deliberation",
    "organ": "Conseil municipal",
    "adopted_on": "2026-11-02",
}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        conventions.offer()
        yield clock


@pytest.fixture
def asked():
    """A request accepted online, whose town hall deposited its act."""
    made = quotes.request()
    quotes.issued(made)
    reply(enter(made), "space-accept", made, consent="on")
    deposit_act(request_id=made.pk, reference=made.reference, content=b"%PDF-1.4 acte", actor=TESTER, at=AT)
    return quotes.reread(made)


def page(agent, asked):
    return agent.get(reverse("request", args=[asked.reference]))


def door(asked):
    (deposit, *_) = deposits_of(asked.pk)
    body = reverse("body-mandates", args=[asked.beneficiary.siren])
    return f"{body}?retour={asked.reference}&acte={deposit.document}"


def test_a_deposited_act_is_what_comes_next_on_the_request_and_on_the_body(agent, asked) -> None:
    shown = words(page(agent, asked))
    assert "Lire l'acte déposé n° 1 par la collectivité, et l'enregistrer , par un agent" in shown
    assert "Lire et enregistrer l'acte" in shown
    body = agent.get(reverse("body", args=[asked.beneficiary.siren]))
    assert "Lire l'acte déposé par la collectivité, et l'enregistrer" in words(body)


def test_it_becomes_the_act_in_one_gesture_and_the_accord_counts(agent, asked) -> None:
    form = agent.get(door(asked)).content.decode()
    assert 'value="Prénom NOM"' in form
    assert 'value="Maire"' in form
    assert "lire l'acte déposé n° 1" in form
    assert 'name="scan"' not in form

    answer = agent.post(door(asked), ACT | {"enforceable_on": "2026-11-05"}, follow=True)

    assert "Préparer la convention , par un agent" in words(answer)
    (act,) = mandates_of(body_id=asked.beneficiary_id)
    assert act.document_id == deposits_of(asked.pk)[0].document
    assert "enregistré" in words(answer)


def test_the_one_who_deposited_it_rereads_it_and_sees_what_became_of_it(agent, asked) -> None:
    client = enter(asked)
    shown = client.get(reverse("space"))
    assert "Relire : Acte déposé n° 1 le 23/11/2026 un agent doit le lire" in words(shown)
    (deposit,) = deposits_of(asked.pk)
    assert client.get(reverse("space-paper", args=[deposit.document])).content == b"%PDF-1.4 acte"
    aside = reverse("request-set-aside", args=[asked.reference, deposit.document])
    assert "Dites pourquoi" in words(agent.post(aside, {"reason": " "}, follow=True))
    assert "Dépôt écarté" in words(agent.post(aside, {"reason": "C'est une facture."}, follow=True))
    assert "écarté : C'est une facture." in words(client.get(reverse("space")))
    assert "Enregistrer l'acte qui habilite la personne qui a accepté" in words(page(agent, asked))


def test_an_act_that_is_not_enforceable_yet_is_completed_and_the_accord_follows(agent, asked) -> None:
    agent.post(door(asked), ACT)
    shown = words(page(agent, asked))
    assert "L'accord ne compte pas encore. La date à laquelle la délibération est devenue exécutoire manque" in shown
    (act,) = mandates_of(body_id=asked.beneficiary_id)
    complete = reverse("mandate-complete", args=[act.pk])
    assert f'href="{complete}"' in page(agent, asked).content.decode()

    said = {"organ": "Conseil municipal", "number": "2026-41", "enforceable_on": "2026-11-05"}
    assert agent.post(complete, said).status_code == 302
    assert "Préparer la convention , par un agent" in words(page(agent, asked))
    assert mandates_of(body_id=asked.beneficiary_id)[0].enforceable_on == date(2026, 11, 5)

    wrong = agent.post(complete, said | {"number": "2026-42"})
    assert (wrong.status_code, "dites pourquoi" in errors(wrong)) == (422, True)
    assert agent.post(complete, said | {"number": "2026-42", "reason": "Faute de frappe"}).status_code == 302
    assert "numéro : 2026-41 → 2026-42. Motif : Faute de frappe" in words(agent.get(complete))


def test_the_act_of_the_other_issuer_is_not_completed(agent) -> None:
    acts = conventions.mandates(quotes.request().beneficiary)
    found = [agent.get(reverse("mandate-complete", args=[acts[one].pk])).status_code for one in ("cdg62", "lfn")]
    assert sorted(found) == [200, 404]
