"""The ends of what runs: of one service, corrected while still to come, and of a whole convention."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.factories import subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.queries.endings import endings_of
from tripartite.conventions.services.ending import annul_ending, denounce_convention, terminate_convention
from tripartite.conventions.services.running import advance_convention
from tripartite.going_live.services.parts import go_live
from tripartite.journal.queries import entries_about
from tripartite.subscriptions.queries.days import does_run, last_day_of
from tripartite.subscriptions.queries.running import running_cost, running_on, subscription_by_id
from tripartite.subscriptions.services.ending import (
    correct_end,
    end_all_with_convention,
    end_subscription,
    end_with_convention,
    reduce_subscription,
    resume_with_convention,
)
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.subscriptions.services.foreseeing import cost_if

DAY = AT.date()
SPRING = date(2027, 3, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()


def _ended(service: str = "messagerie-5go", last_day: date = SPRING) -> Any:
    one = subscriptions.running({service: 1})[service]
    end_subscription(subscription_id=one.pk, last_day=last_day, reason="Courrier", actor=TESTER, at=AT)
    return one


def _correct(one: Any, last_day: date | None, at: datetime = AT, reason: str = "Erreur") -> Any:
    correct_end(subscription_id=one.pk, last_day=last_day, reason=reason, actor=TESTER, at=at)
    return subscription_by_id(one.pk)


def _terminate(one: Any) -> date:
    return terminate_convention(
        convention_id=one.convention_id, received_on=DAY, party="Ruitz", reason="essai", actor=TESTER, at=AT
    ).day


def test_nothing_changes_after_the_last_day_that_a_convention_can_reach() -> None:
    """Three years, and one tacit renewal of three: to 22 November 2032."""
    one = subscriptions.running({"messagerie-5go": 3})["messagerie-5go"]
    last = last_day_of(subscription_by_id(one.pk))
    said: dict[str, Any] = {"subscription_id": one.pk, "reason": "Courrier", "actor": TESTER, "at": AT}
    for day in (date(2149, 1, 1), last + timedelta(days=1)):
        with pytest.raises(SubscriptionError, match=f"va au plus tard jusqu'au {last:%d/%m/%Y}"):
            reduce_subscription(removed=1, on=day, **said)
        with pytest.raises(SubscriptionError, match="rien n'y change ensuite"):
            end_subscription(last_day=day, **said)
    assert reduce_subscription(removed=1, on=last, **said).on == last


def test_both_ends_are_days_on_which_it_runs_for_the_database_and_for_a_row_alike() -> None:
    one = _ended()
    row = subscription_by_id(one.pk)
    assert row is not None
    days = [row.starts_on - timedelta(days=1), row.starts_on, SPRING, SPRING + timedelta(days=1)]
    assert [does_run(row, on=on) for on in days] == [False, True, True, False]
    assert [len(running_on(row.body_id, on=on)) for on in days] == [0, 1, 1, 0]


def test_an_end_still_to_come_is_moved_or_taken_away_and_the_file_keeps_both() -> None:
    one = _ended()
    moved = _correct(one, date(2027, 6, 30))
    assert (moved.ends_on, moved.end_reason) == (date(2027, 6, 30), "Erreur")
    again = _correct(one, None)
    assert (again.ends_on, again.end_reason) == (None, "")
    said = entries_about("request", one.convention.request_id).filter(action="subscriptions.correct-end")
    assert [entry.text for entry in said] == [
        "Messagerie, compte 5 Go : fin du 31/03/2027 corrigée, dernier jour le 30/06/2027 (Erreur).",
        "Messagerie, compte 5 Go : fin du 30/06/2027 corrigée, sans fin notée (Erreur).",
    ]


def test_a_prepaid_service_goes_back_to_the_end_of_its_term_and_no_further() -> None:
    one = _ended("cle-signature-3-cdg")
    with pytest.raises(SubscriptionError, match="au-delà du 22/11/2029"):
        _correct(one, date(2029, 11, 23))
    back = _correct(one, None)
    assert (back.ends_on, back.end_reason) == (date(2029, 11, 22), "")
    with pytest.raises(SubscriptionError, match="Aucune fin n'est notée"):
        _correct(one, SPRING)


def test_an_end_that_is_past_or_without_a_reason_stays() -> None:
    one = _ended()
    later = datetime(2027, 4, 1, 9, 0, tzinfo=UTC)
    with pytest.raises(SubscriptionError, match="s'est arrêté le 31/03/2027"):
        _correct(one, None, at=later)
    with pytest.raises(SubscriptionError, match="est passée"):
        _correct(one, DAY - timedelta(days=1))
    with pytest.raises(SubscriptionError, match="Dites pourquoi"):
        _correct(one, None, reason="  ")
    kept = subscription_by_id(one.pk)
    assert kept is not None
    assert kept.ends_on == SPRING


def test_a_service_does_not_outlive_its_convention() -> None:
    one = _ended()
    last = _terminate(one)
    with pytest.raises(SubscriptionError, match="ne peut pas durer au-delà"):
        _correct(one, last + timedelta(days=1))
    assert _correct(one, None).ends_on == last


def test_what_a_convention_had_ends_at_its_term_once() -> None:
    one = subscriptions.running({"messagerie-5go": 1})["messagerie-5go"]
    assert not end_with_convention(subscription_id=one.pk, actor=TESTER, at=AT)
    ends_on = one.convention.ends_on
    denounce_convention(
        convention_id=one.convention_id, received_on=DAY, party="Ruitz", reason="essai", actor=TESTER, at=AT
    )
    assert end_with_convention(subscription_id=one.pk, actor=TESTER, at=AT)
    assert not end_with_convention(subscription_id=one.pk, actor=TESTER, at=AT)
    ended = subscription_by_id(one.pk)
    assert ended is not None
    assert ended.ends_on == ends_on
    assert ended.end_reason == "fin de la convention C-2026-00007 : dénoncée par Ruitz : essai"
    after = ends_on + timedelta(days=1)
    advance_convention(convention_id=one.convention_id, on=after, actor=TESTER, at=AT)
    assert not end_with_convention(subscription_id=one.pk, actor=TESTER, at=AT)


def test_nothing_goes_live_after_the_last_day_of_its_convention() -> None:
    activation = subscriptions.opened({"messagerie-5go": 2})["messagerie-5go"]
    last = _terminate(activation)
    at = datetime(2027, 12, 1, 9, 0, tzinfo=UTC)
    with pytest.raises(SubscriptionError, match=f"s'arrête le {last:%d/%m/%Y}"):
        go_live(activation_id=activation.pk, live_on=last + timedelta(days=1), actor=TESTER, at=at)
    part = go_live(activation_id=activation.pk, live_on=last, actor=TESTER, at=at)
    assert subscription_by_id(part.subscription_id).ends_on == last
    assert not end_with_convention(subscription_id=part.subscription_id, actor=TESTER, at=at)


def test_what_an_act_would_change_is_told_and_nothing_is_kept() -> None:
    one = subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1})["nom-de-domaine"]
    entries = entries_about("request", one.convention.request_id).count()

    def act() -> None:
        end_subscription(subscription_id=one.pk, last_day=SPRING, reason="essai", actor=TESTER, at=AT)

    before, after = cost_if(act, body_id=one.body_id, on=SPRING + timedelta(days=1))
    assert (before.totals["lfn"], after.totals["lfn"]) == (9500, 8000)
    kept = subscription_by_id(one.pk)
    assert kept is not None
    assert kept.ends_on is None
    assert entries_about("request", one.convention.request_id).count() == entries


def test_half_a_mailbox_neither_runs_nor_stops() -> None:
    """What no tariff could price is refused: the cost of the whole would be unknown."""
    half = {"match": "La quantité doit être un nombre entier de comptes."}
    activation = subscriptions.opened({"messagerie-5go": 5})["messagerie-5go"]
    with pytest.raises(SubscriptionError, **half):
        subscriptions.live(activation, quantity=Fraction(5, 2))
    one = subscriptions.live(activation).subscription
    with pytest.raises(SubscriptionError, **half):
        reduce_subscription(
            subscription_id=one.pk, removed=Fraction(1, 2), on=SPRING, reason="Courrier", actor=TESTER, at=AT
        )
    assert running_cost(one.body_id, on=SPRING).totals == {"lfn": 10_000, "cdg62": 5000}


def test_what_goes_live_before_a_known_end_of_its_convention_ends_with_it() -> None:
    """3 of 5, then the termination, then the 2 left: one subscription, and all of it has its last day at once."""
    found = subscriptions.opened({"messagerie-5go": 5, "nom-de-domaine": 1})
    one = subscriptions.live(found["messagerie-5go"], quantity=Fraction(3)).subscription
    last = _terminate(one)
    end_all_with_convention(convention_id=one.convention_id, actor=TESTER, at=AT)
    parts = [subscriptions.live(subscriptions.reread(activation)) for activation in found.values()]
    assert [part.subscription.pk == one.pk for part in parts] == [True, False]
    held = {
        each.subscription.service: (each.quantity, each.subscription.ends_on)
        for each in running_on(one.body_id, on=DAY)
    }
    assert held == {"messagerie-5go": (5, last), "nom-de-domaine": (1, last)}


def test_the_part_of_an_issuer_that_withdraws_is_due_no_more_and_comes_back_when_that_is_annulled() -> None:
    one = subscriptions.running({"messagerie-5go": 4})["messagerie-5go"]
    said = {"received_on": DAY, "party": "cdg62", "reason": "essai", "actor": TESTER, "at": AT}
    deadline = terminate_convention(convention_id=one.convention_id, **said)
    assert deadline.day == date(2027, 5, 23)
    assert running_cost(one.body_id, on=deadline.day).totals == {"lfn": 8000, "cdg62": 5000}
    assert running_cost(one.body_id, on=date(2027, 5, 24)).totals == {"lfn": 8000, "cdg62": 0}
    assert convention_by_id(one.convention_id).ended_on is None
    (ending,) = endings_of(one.convention_id)
    annul_ending(ending_id=ending.pk, reason="le CDG reste", actor=TESTER, at=AT)
    assert running_cost(one.body_id, on=date(2027, 5, 24)).totals == {"lfn": 8000, "cdg62": 5000}


def test_an_end_noted_by_letter_comes_back_when_that_of_the_convention_is_annulled() -> None:
    one = subscriptions.running({"messagerie-5go": 4})["messagerie-5go"]
    end_subscription(subscription_id=one.pk, last_day=date(2028, 3, 31), reason="courrier", actor=TESTER, at=AT)
    terminate_convention(
        convention_id=one.convention_id, received_on=DAY, party="Ruitz", reason="essai", actor=TESTER, at=AT
    )
    end_all_with_convention(convention_id=one.convention_id, actor=TESTER, at=AT)
    assert subscription_by_id(one.pk).ends_on == date(2027, 11, 22)
    (ending,) = endings_of(one.convention_id)
    annul_ending(ending_id=ending.pk, reason="Ruitz se ravise", actor=TESTER, at=AT)
    assert resume_with_convention(convention_id=one.convention_id, reason="annulée", actor=TESTER, at=AT) == 1
    again = subscription_by_id(one.pk)
    assert (again.ends_on, again.end_reason) == (date(2028, 3, 31), "courrier")


def test_less_of_it_said_eight_times_is_said_once() -> None:
    """Pressed again, or read again off the same letter; the next letter, with its own reason, is another."""
    (one,) = subscriptions.running({"messagerie-5go": 6}).values()
    said = {"subscription_id": one.pk, "removed": 2, "on": SPRING, "actor": TESTER, "at": AT}
    first = {reduce_subscription(reason="courrier du 3 mars", **said).pk for _ in range(8)}
    assert len(first) == 1
    assert subscriptions.quantities(one.body, SPRING) == [4]
    reduce_subscription(reason="courrier du 9 mars", **said)
    assert subscriptions.quantities(one.body, SPRING) == [2]
    told = entries_about("request", one.convention.request_id).filter(action="subscriptions.reduce")
    assert [entry.text for entry in told] == [
        f"Messagerie, compte 5 Go : 2 de moins à partir du 31/03/2027 ({letter})."
        for letter in ("courrier du 3 mars", "courrier du 9 mars")
    ]


def test_all_of_it_is_an_end_and_not_less_of_it() -> None:
    (one,) = subscriptions.running({"messagerie-5go": 2}).values()
    said = {"subscription_id": one.pk, "on": SPRING, "reason": "courrier", "actor": TESTER, "at": AT}
    with pytest.raises(SubscriptionError, match="pour tout arrêter, notez la fin du service"):
        reduce_subscription(removed=2, **said)
    reduce_subscription(removed=1, **said)
    assert subscriptions.quantities(one.body, SPRING) == [1]


def test_what_went_live_before_an_earlier_end_was_known_has_its_first_day() -> None:
    at = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
    activation = subscriptions.opened({"messagerie-5go": 2})["messagerie-5go"]
    one = subscriptions.live(activation, on=at.date(), at=at).subscription
    ended = {"ended_on": date(2027, 1, 15), "end_reason": "résiliée"}
    type(one.convention).objects.filter(pk=one.convention_id).update(**ended)

    assert end_with_convention(subscription_id=one.pk, actor=TESTER, at=at)
    assert (last := subscription_by_id(one.pk)) is not None
    assert (last.starts_on, last.ends_on) == (at.date(), at.date())
