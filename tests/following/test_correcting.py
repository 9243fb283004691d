"""A wrong intervention and the charge that it raised: annulled or noted again, by an agent of the issuer, and told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.factories import accounts, parties, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.following.models import DueCharge
from tripartite.following.queries.interventions import due_charges_of, intervention_list
from tripartite.following.services.correcting import (
    Rightly,
    annul_intervention,
    correct_intervention,
    put_change_right,
)
from tripartite.following.services.errors import FollowingError
from tripartite.following.services.interventions import Subject, cancel_intervention, record_intervention
from tripartite.journal.queries import entries_about
from tripartite.journal.services import Actor
from tripartite.messages.queries import messages_about
from tripartite.subscriptions.services.correcting import Corrected

DAY = AT.date()
LATER = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def running() -> Any:
    """Antivirus in service: an intervention of the CDG on it makes its charge due, once."""
    subscriptions.conventions.offer()
    return subscriptions.running({"antivirus": 4})["antivirus"]


def agent(issuer: str) -> Any:
    return accounts.account(issuer_code=issuer)


def actor_of(one: Any) -> Actor:
    return Actor(str(one), one.pk)


def visit(*, by: Any = None, on: date = DAY, charged: bool = True, actor: Actor = TESTER, **more: Any) -> Any:
    subject = Subject(parties.body().pk, "help", (by or agent("cdg62")).pk, "antivirus")
    said = {"done_on": on, "minutes": 30, "charged": charged, "actor": actor, "at": LATER}
    return record_intervention(subject=subject, **(said | more))


def plain(text: str) -> str:
    """A text with plain spaces alone."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def amounts() -> list[int]:
    return [one.amount_cents for one in due_charges_of(parties.body().pk)]


def test_only_an_agent_of_the_issuer_whose_charge_it_is_raises_it(running):
    operator, centre = agent("lfn"), agent("cdg62")
    with pytest.raises(FollowingError, match="C'est une somme de CDG 62 : seul un agent de cet organisme la rend due"):
        visit(by=centre, actor=actor_of(operator))
    assert amounts() == []
    assert visit(by=operator, charged=False, actor=actor_of(operator)).charges == ()
    visit(by=centre, actor=actor_of(centre))
    assert amounts() == [10_000]


@pytest.mark.parametrize("on", [DAY - timedelta(days=1), date(2026, 12, 14)])
def test_its_day_lies_within_the_service(running, on):
    from tripartite.subscriptions.services.ending import end_subscription  # noqa: PLC0415

    end_subscription(subscription_id=running.pk, last_day=date(2026, 12, 13), reason="essai", actor=TESTER, at=LATER)
    with pytest.raises(FollowingError, match="n'est pas en service ce jour-là"):
        visit(on=on)
    assert amounts() == []


def test_noted_by_mistake_it_is_annulled_with_what_it_made_due_and_can_arise_again(running):
    centre = agent("cdg62")
    wrong = visit(by=centre, actor=actor_of(centre)).intervention
    told = annul_intervention(intervention_id=wrong.pk, reason="autre commune", actor=actor_of(centre), at=LATER)
    assert (amounts(), plain(told.said).startswith("100,00 € TTC ne sont plus dus (")) == ([], True)
    (shown,) = intervention_list()
    assert (shown.state, shown.cancel_reason, shown.done_on) == ("cancelled", "autre commune", DAY)
    request = running.convention.request_id
    said = [plain(entry.text) for entry in entries_about("request", request)]
    assert any("annulée, notée par erreur (autre commune). 100,00 € TTC ne sont plus dus" in text for text in said)
    letters = [one for one in messages_about("request", request) if one.kind == "subscriptions.intervention-correct"]
    assert ["100,00 € TTC ne sont plus dus" in plain(one.text) for one in letters] == [True]
    visit(by=centre, on=LATER.date(), actor=actor_of(centre))
    assert amounts() == [10_000]
    known = [(one.rank, hasattr(one, "annulment")) for one in DueCharge.objects.order_by("pk")]
    assert known == [(0, True), (1, False)]
    with pytest.raises(DatabaseError, match="rows are never changed"), transaction.atomic():
        DueCharge.objects.update(amount_cents=0)


def test_what_made_nothing_due_is_annulled_and_nothing_more_is_said(running):
    centre = agent("cdg62")
    wrong = visit(by=centre, actor=actor_of(centre), charged=False).intervention
    told = annul_intervention(intervention_id=wrong.pk, reason="autre commune", actor=actor_of(centre), at=LATER)
    assert (told.charges, told.said) == ((), "")


def test_corrected_it_is_another_in_its_place_with_its_own_day(running):
    centre = agent("cdg62")
    wrong = visit(by=centre, actor=actor_of(centre)).intervention
    rightly = Rightly(done_on=DAY + timedelta(days=3), minutes=45, charged=True)
    told = correct_intervention(
        intervention_id=wrong.pk, rightly=rightly, reason="mauvais jour", actor=actor_of(centre), at=LATER
    )
    assert told.intervention.corrects_id == wrong.pk
    assert [(one.due_on, one.amount_cents) for one in due_charges_of(parties.body().pk)] == [
        (DAY + timedelta(days=3), 10_000)
    ]
    with pytest.raises(FollowingError, match="Rien n'a changé"):
        correct_intervention(
            intervention_id=told.intervention.pk, rightly=rightly, reason="encore", actor=actor_of(centre), at=LATER
        )
    with pytest.raises(FollowingError, match="annulée : il n'y a rien à corriger"):
        annul_intervention(intervention_id=wrong.pk, reason="encore", actor=actor_of(centre), at=LATER)


def test_the_charge_of_another_issuer_is_annulled_by_that_one_alone(running):
    centre = agent("cdg62")
    wrong = visit(by=centre, actor=actor_of(centre)).intervention
    with pytest.raises(FollowingError, match="seul un agent de cet organisme l'annule"):
        annul_intervention(intervention_id=wrong.pk, reason="essai", actor=actor_of(agent("lfn")), at=LATER)
    with pytest.raises(FollowingError, match="elle se corrige"):
        cancel_intervention(intervention_id=wrong.pk, reason="essai", actor=actor_of(centre), at=LATER)
    with pytest.raises(FollowingError, match="Dites pourquoi"):
        annul_intervention(intervention_id=wrong.pk, reason=" ", actor=actor_of(centre), at=LATER)
    assert amounts() == [10_000]


def test_a_service_does_not_begin_after_what_an_intervention_on_it_made_due(running):
    visit()
    (change,) = running.changes.all()
    with pytest.raises(FollowingError, match="a rendu due une somme avant ce premier jour"):
        put_change_right(
            change_id=change.pk, right=Corrected(DAY + timedelta(days=5), 4), reason="essai", actor=TESTER, at=LATER
        )
    assert running.changes.count() == 1
