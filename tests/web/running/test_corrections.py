"""The screens that put right what was mistyped, and that settle what is overdue: shown first, done once."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from tests.factories import accounts, keys, parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import words
from tripartite.following.queries.interventions import due_charges_of
from tripartite.following.queries.overdue import overdue
from tripartite.following.services.interventions import Subject, record_intervention
from tripartite.journal.services import Actor
from tripartite.subscriptions.models import QuantityChange
from tripartite.subscriptions.services.ending import reduce_subscription

LATER = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)
EXPIRED = datetime(2029, 12, 3, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def running() -> Any:
    subscriptions.conventions.offer()
    return subscriptions.running({"messagerie-5go": 4})["messagerie-5go"]


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def plain(answer: Any) -> str:
    return words(answer).replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'")


def address(change: Any) -> str:
    return reverse("subscription-change", args=[change.subscription_id, change.pk])


def test_a_change_is_shown_first_then_done_and_what_was_said_stays_below(running, log_in) -> None:
    (change,) = running.changes.all()
    typed = {"on": "2026-11-30", "quantity": "3", "reason": "trois comptes, le 30"}
    with at(LATER):
        agent = log_in()
        assert "Corriger ce qui est mal noté" in plain(agent.get(reverse("subscription", args=[running.pk])))
        seen = agent.post(address(change), typed)
        assert "Ce que cela changera, le 23/11/2026" in plain(seen)
        assert "Puis, à partir du 30/11/2026" in plain(seen)
        assert QuantityChange.objects.count() == 1
        done = agent.post(address(change), typed | {"confirmed": "1"}, follow=True)
        page = plain(done)
        assert "Corrige : + 4 à partir du 23/11/2026, noté par essai" in page
        assert "30/11/2026" in page
        again = agent.post(address(change), typed | {"confirmed": "1"}, follow=True)
        assert "Ce changement a déjà été corrigé" in plain(again)
        assert agent.post(address(change).replace(f"/{change.pk}/", "/999/"), typed).status_code == 404
    assert QuantityChange.objects.count() == 2


def test_what_cannot_be_is_said_beside_the_form_that_stays_open(running, log_in) -> None:
    (change,) = running.changes.all()
    with at(LATER):
        refused = log_in().post(address(change), {"on": "2026-11-30", "quantity": "9", "reason": "essai"})
    assert refused.status_code == 422
    assert "Il en était demandé 4 : 4 au plus ici." in plain(refused)
    assert 'value="9"' in refused.content.decode()
    with at(LATER):
        none = log_in().post(address(change), {"on": "2026-11-30", "quantity": "0", "reason": "essai"})
    assert "Combien : Écrivez un nombre plus grand que zéro." in plain(none)


def test_a_reduction_that_was_not_to_be_is_annulled(running, log_in) -> None:
    taken = reduce_subscription(
        subscription_id=running.pk, removed=2, on=date(2027, 1, 1), reason="courrier", actor=TESTER, at=AT
    )
    typed = {"on": "2027-01-01", "quantity": "2", "never": "on", "reason": "autre commune", "confirmed": "1"}
    with at(LATER):
        page = plain(log_in().post(address(taken), typed, follow=True))
    assert "annulé" in page
    assert subscriptions.quantities(running.body, date(2027, 1, 2)) == [4]


def test_an_intervention_is_corrected_then_annulled_on_its_page(log_in) -> None:
    subscriptions.conventions.offer()
    subscriptions.running({"antivirus": 4})
    centre = accounts.account(issuer_code="cdg62")
    wrong = record_intervention(
        subject=Subject(parties.body(quotes.RUITZ).pk, "help", centre.pk, "antivirus"),
        done_on=AT.date(),
        minutes=30,
        charged=True,
        actor=Actor("essai", centre.pk),
        at=AT,
    ).intervention
    typed = {"done_on": "2026-12-01", "minutes": "45", "note": "", "charged": "on", "why": "mauvais jour"}
    with at(LATER):
        agent = log_in()
        assert "Elle est mal notée" in plain(agent.get(reverse("intervention", args=[wrong.pk])))
        page = plain(agent.post(reverse("intervention-correct", args=[wrong.pk]), typed, follow=True))
        assert "Intervention corrigée : voici celle qui la remplace." in page
        assert "Elle en corrige une autre" in page
        old = plain(agent.get(reverse("intervention", args=[wrong.pk])))
        assert "N'est plus dû : 100,00 € TTC. mauvais jour" in old
        assert "Corrigée : celle qui la remplace" in old
        (charge,) = due_charges_of(parties.body(quotes.RUITZ).pk)
        assert charge.due_on == date(2026, 12, 1)
        refused = agent.post(reverse("intervention-annul", args=[charge.intervention_id]), {"reason": ""})
        assert refused.status_code == 422
        agent.post(reverse("intervention-annul", args=[charge.intervention_id]), {"reason": "autre commune"})
    assert due_charges_of(parties.body(quotes.RUITZ).pk) == []


def test_what_is_overdue_heads_the_list_and_is_dismissed_from_its_page(log_in) -> None:
    subscriptions.conventions.offer()
    keys.registered()
    with at(EXPIRED):
        agent = log_in()
        (late,) = overdue(on=EXPIRED.date())
        listed = plain(agent.get(reverse("deadline-list")))
        assert "En retard" in listed
        assert "Clé de signature, Maire" in listed
        assert "01/11/2029" in agent.get(reverse("deadline-list"), {"format": "csv"}).getvalue().decode("utf-8-sig")
        page = reverse("deadline", args=[late.key])
        assert "Passée, et non réglée" in plain(agent.get(page))
        agent.post(reverse("deadline-dismiss", args=[late.key]), {"reason": ""})
        assert len(overdue(on=EXPIRED.date())) == 1
        after = plain(agent.post(reverse("deadline-dismiss", args=[late.key]), {"reason": "clé détruite"}, follow=True))
        assert "Échéance classée" in after
        assert "En retard" not in after
        assert "Classée : clé détruite" in plain(agent.get(page))


def test_the_oldest_of_what_is_overdue_are_shown_the_others_asked_for_and_all_taken_away(log_in, monkeypatch) -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()
    subscriptions.running({"nom-de-domaine": 1, "cle-signature-1-cdg": 1})
    monkeypatch.setattr("tripartite.web.running.deadlines.LATE", 1)
    with at(datetime(2027, 12, 20, 9, 0, tzinfo=UTC)):
        agent, listed = log_in(), reverse("deadline-list")
        oldest, other = "dernier jour le 22/11/2027", "1er anniversaire le 23/11/2027"
        first = plain(agent.get(listed))
        assert (oldest in first, other in first) == (True, False)
        assert "Voir les 2 échéances en retard : les plus anciennes sont ci-dessus." in first
        everything = plain(agent.get(listed, {"retards": "tous"}))
        assert (oldest in everything, other in everything, "Voir les" in everything) == (True, True, False)
        searched = plain(agent.get(listed, {"q": "nom de domaine"}))
        assert (oldest in searched, other in searched, "Voir les" in searched) == (False, True, False)
        taken = agent.get(listed, {"format": "csv"}).getvalue().decode("utf-8-sig")
        assert ("dernier jour le 22/11/2027" in taken, "1er anniversaire le 23/11/2027" in taken) == (True, True)
