"""A going-live or a reduction that was mistyped: put right by a dated act, shown, told; nothing is rewritten."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.factories import parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.going_live.queries.activations import standing_of
from tripartite.going_live.services.correcting import put_right
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.journal.queries import entries_about
from tripartite.messages.queries import messages_about
from tripartite.subscriptions.models import QuantityChange
from tripartite.subscriptions.queries.portrait import dated_changes
from tripartite.subscriptions.queries.running import running_cost, running_on, subscription_by_id
from tripartite.subscriptions.services.correcting import Corrected
from tripartite.subscriptions.services.ending import reduce_subscription
from tripartite.subscriptions.services.errors import SubscriptionError

DAY = AT.date()
LATER = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()


@pytest.fixture
def part() -> Any:
    """Five mailboxes of eight, recorded in service on 1 December."""
    (activation,) = subscriptions.opened({"messagerie-5go": 8}).values()
    return subscriptions.live(activation, on=date(2026, 12, 1), at=LATER, quantity=5)


def change_of(part: Any) -> Any:
    return part.subscription.changes.order_by("pk").last()


def right(change: Any, on: date, quantity: Any, *, reason: str = "faute de frappe") -> Any:
    corrected = Corrected(on, None if quantity is None else Fraction(quantity))
    return put_right(change_id=change.pk, right=corrected, reason=reason, actor=TESTER, at=LATER)


def test_another_day_moves_what_runs_its_due_dates_and_what_it_costs(part):
    right(change_of(part), date(2026, 11, 24), 5)
    one = subscription_by_id(part.subscription_id)
    assert (one.starts_on, one.anchor_on) == (date(2026, 11, 24), date(2026, 11, 24))
    body = parties.body(quotes.RUITZ)
    assert running_cost(body.pk, on=date(2026, 11, 24)).totals["lfn"] == 10_000
    assert running_cost(body.pk, on=date(2026, 11, 23)).totals == {}
    (running,) = running_on(body.pk, on=LATER.date())
    assert (running.quantity, running.due_on) == (5, date(2027, 11, 24))


@pytest.mark.parametrize(("quantity", "left", "state"), [(3, 5, "partly-live"), (8, 0, "live")])
def test_another_quantity_leaves_the_rest_to_set_going(part, quantity, left, state):
    right(change_of(part), date(2026, 12, 1), quantity)
    activation = subscriptions.reread(part.activation)
    assert (standing_of(activation).left, activation.state) == (left, state)
    assert subscriptions.quantities(parties.body(quotes.RUITZ), LATER.date()) == [quantity]


def test_what_was_whole_can_be_found_to_be_a_part(part):
    right(change_of(part), date(2026, 12, 1), 8)
    right(change_of(part), date(2026, 12, 1), 2, reason="deux seulement")
    activation = subscriptions.reread(part.activation)
    assert (standing_of(activation).left, activation.state) == (6, "partly-live")


def test_nothing_is_rewritten_and_the_page_shows_what_was_said(part):
    first = change_of(part)
    right(first, date(2026, 11, 24), 3)
    rows = list(QuantityChange.objects.filter(subscription=part.subscription).order_by("pk"))
    assert [(one.on, one.line["quantity"], one.corrects_id) for one in rows] == [
        (date(2026, 12, 1), 5, None),
        (date(2026, 11, 24), 3, first.pk),
    ]
    (shown,) = dated_changes(subscription_by_id(part.subscription_id))
    assert (shown.text, shown.total, shown.change.reason) == ("+ 3", 3, "faute de frappe")
    assert [(before.on, text) for before, text in shown.former] == [(date(2026, 12, 1), "+ 5")]
    with pytest.raises(DatabaseError, match="rows are never changed"), transaction.atomic():
        QuantityChange.objects.filter(pk=first.pk).update(on=DAY)


def test_it_is_journaled_and_told_to_the_contact(part):
    right(change_of(part), date(2026, 11, 24), 3)
    request = part.activation.convention.request_id
    assert (
        "Messagerie, compte 5 Go : 5 à partir du 01/12/2026 corrigé en 3 à partir du 24/11/2026"
        " (faute de frappe)." in [entry.text for entry in entries_about("request", request)]
    )
    (letter,) = [one for one in messages_about("request", request) if one.kind == "subscriptions.correct"]
    assert "3 à partir du 24/11/2026, et non 5 à partir du 01/12/2026" in letter.text
    assert "Motif : faute de frappe" in letter.text


@pytest.mark.parametrize(
    ("on", "quantity", "reason", "refused"),
    [
        (date(2026, 11, 24), 5, " ", "Dites pourquoi ce changement est corrigé"),
        (date(2026, 12, 1), 5, "essai", "Rien n'a changé"),
        (date(2026, 12, 1), 9, "essai", "Il en était demandé 8 : 8 au plus ici"),
        (date(2026, 12, 1), 0, "essai", "Indiquez une quantité"),
        (date(2026, 12, 15), 5, "essai", "Ce jour est à venir"),
        (date(2026, 11, 22), 5, "essai", "La convention n'est en vigueur que depuis le 23/11/2026"),
        (date(2026, 12, 1), None, "essai", "Une mise en service ne s'annule pas"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(part, on, quantity, reason, refused):
    with pytest.raises((GoingLiveError, SubscriptionError), match=refused):
        right(change_of(part), on, quantity, reason=reason)
    assert QuantityChange.objects.count() == 1


def test_what_was_corrected_is_corrected_again_where_it_stands(part):
    first = change_of(part)
    right(first, date(2026, 11, 24), 5)
    with pytest.raises(SubscriptionError, match="a déjà été corrigé : corrigez celui qui le remplace"):
        right(first, date(2026, 11, 25), 5)
    right(change_of(part), date(2026, 12, 2), 5, reason="relu")
    assert subscription_by_id(part.subscription_id).starts_on == date(2026, 12, 2)


def reduced(part: Any, removed: int, on: date) -> Any:
    return reduce_subscription(
        subscription_id=part.subscription_id, removed=removed, on=on, reason="courrier", actor=TESTER, at=LATER
    )


def test_a_reduction_is_put_right_and_the_convention_holds_what_is_left(part):
    from tripartite.conventions.queries.holdings import services_in_force  # noqa: PLC0415

    taken = reduced(part, 3, date(2027, 1, 1))
    kept = reduced(part, 1, date(2027, 2, 1))
    made = right(taken, date(2027, 1, 15), 2)
    body, convention = parties.body(quotes.RUITZ), subscriptions.conventions.read(part.activation.convention)
    assert [
        subscriptions.quantities(body, day) for day in (date(2027, 1, 14), date(2027, 1, 15), date(2027, 2, 1))
    ] == [
        [5],
        [3],
        [2],
    ]
    assert services_in_force(convention).amount("messagerie-5go") == 8 - 3
    right(made, date(2027, 1, 15), None, reason="lettre d'une autre commune")
    assert subscriptions.quantities(body, date(2027, 2, 1)) == [4]
    assert services_in_force(convention).amount("messagerie-5go") == 8 - 1
    assert kept.pk in {each.change.pk for each in dated_changes(subscription_by_id(part.subscription_id))}


def test_a_going_live_is_not_corrected_below_what_was_taken_away_since(part):
    reduced(part, 3, date(2027, 1, 1))
    with pytest.raises(SubscriptionError, match="corrigez aussi cette baisse"):
        right(part.subscription.changes.order_by("pk").first(), date(2026, 12, 1), 3)
