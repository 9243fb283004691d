"""What the beneficiary reads of its services going live: what runs, what is awaited of it; nothing to press."""

import pytest
import time_machine
from django.urls import reverse

from tests.factories import conventions, quotes, subscriptions
from tests.web.conftest import part, words
from tests.web.space.entering import code_for, enter, sign
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.going_live.queries.activations import activations_of_convention
from tripartite.going_live.services.activations import plan_activation, settle_step
from tripartite.quotes.queries.requests import request_by_id

AT, TESTER, DAY = quotes.AT, quotes.TESTER, quotes.DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False):
        subscriptions.conventions.offer()
        subscriptions.adopt_shipped_checklist()
        yield


def see(activation):
    return enter(request_by_id(activation.convention.request_id)).get(reverse("space"))


def test_it_reads_what_runs_and_what_is_awaited_of_it() -> None:
    opened = subscriptions.opened({"messagerie-5go": 5, "sauvegarde": 1, "page-internet": 1})
    subscriptions.live(opened["messagerie-5go"], quantity=3)
    settle_step(step_id=opened["sauvegarde"].steps.first().pk, done_on=DAY, actor=TESTER, at=AT)
    plan_activation(activation_id=opened["sauvegarde"].pk, planned_on=DAY, waiting_for="", actor=TESTER, at=AT)

    answer = see(opened["sauvegarde"])

    assert "La mise en service attend de vous : Donner les textes et les photos (Page internet)" in words(answer)
    assert "Messagerie, compte 5 Go en partie en service depuis le 23/11/2026 3 sur 5 en service" in words(answer)
    assert "La Fibre Numérique 59-62 : Ouvrir l'espace de sauvegarde. Prévue le 23/11/2026." in words(answer)
    assert "Attendu de la commune de Ruitz : Donner les textes et les photos ; Relire la page." in words(answer)
    assert "Ce qui est attendu de vous s'envoie, ou se dit, à l'un des émetteurs : un agent le note ici." in words(
        answer
    )
    assert reverse("activation-list") not in part(answer, "contenu")


def test_it_reads_what_runs_and_what_it_pays_a_year() -> None:
    opened = subscriptions.opened({"messagerie-5go": 5})["messagerie-5go"]
    subscriptions.live(opened, quantity=3)
    runs = " ".join(words(see(opened)).split("Ce qui tourne", 1)[1].split("Pour changer une quantité", 1)[0].split())
    assert runs == (
        "Messagerie, compte 5 Go 3 comptes, depuis le 23/11/2026. Prochaine échéance le 23/11/2027."
        " Par an, TTC : La Fibre Numérique 59-62 60,00 € , CDG 62 50,00 € ."
    )


def test_once_everything_runs_it_says_so() -> None:
    opened = subscriptions.opened({"sauvegarde": 1})["sauvegarde"]
    subscriptions.live(opened)
    page = words(see(opened))
    assert "Tout ce qui est demandé est en service." in page
    assert "Sauvegarde 60 Go et partage de fichiers 5 Go mis en service le 23/11/2026" in page


def test_when_it_is_the_turn_of_others_it_waits() -> None:
    opened = subscriptions.opened({"nom-de-domaine": 1})["nom-de-domaine"]
    settle_step(step_id=opened.steps.first().pk, done_on=DAY, actor=TESTER, at=AT)
    assert "La convention est signée : les émetteurs préparent la mise en service." in words(see(opened))


def test_the_last_signature_given_here_opens_what_is_to_be_set_going() -> None:
    convention = conventions.sent()
    for role in ("lfn", "cdg62"):
        record_paper_signature(
            signatory_id=conventions.signatory(convention, role).pk,
            signed_on=DAY,
            scan=conventions.SCAN,
            original_place="Secrétariat",
            actor=TESTER,
            at=AT,
        )
    assert activations_of_convention(convention.pk) == []
    client = enter(convention.request)
    assert sign(client, convention, code_for(client, convention)).status_code == 302
    services = [one.service for one in activations_of_convention(convention.pk)]
    assert services == ["messagerie-5go", "nom-de-domaine", "demarches-simplifiees"]
