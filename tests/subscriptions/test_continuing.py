"""A second convention that goes live in parts: what it continues stops as much, and no more."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories import conventions, parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.models import Convention
from tripartite.going_live.services.correcting import put_right
from tripartite.subscriptions.queries.running import running_cost, subscriptions_of
from tripartite.subscriptions.services.correcting import Corrected

LATER = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
LAST = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("first", "kept"), [(2, 4), (4, 2)])
def test_each_part_takes_as_much_off_what_ran(first: int, kept: int) -> None:
    conventions.offer()
    subscriptions.adopt_shipped_checklist()
    (former,) = subscriptions.running({"messagerie-5go": 6}, at=AT).values()
    (activation,) = subscriptions.opened({"messagerie-5go": 6}, at=LATER).values()
    body = parties.body(quotes.RUITZ)

    subscriptions.live(activation, on=LATER.date(), at=LATER, quantity=first)
    assert subscriptions.quantities(body, LATER.date()) == [kept, first]
    assert running_cost(body.pk, on=LATER.date()).totals == {"lfn": 12_000, "cdg62": 10_000}

    subscriptions.live(activation, on=LAST.date(), at=LAST)
    assert subscriptions.quantities(body, LAST.date()) == [6]
    assert running_cost(body.pk, on=LAST.date()).totals == {"lfn": 12_000, "cdg62": 10_000}
    ended, new = subscriptions_of(body.pk)
    assert (ended.pk, ended.ends_on, new.starts_on) == (former.pk, date(2027, 3, 14), date(2027, 3, 1))
    assert new.continues_id == former.pk


@pytest.mark.parametrize("first", [2, 4])
def test_parts_recorded_out_of_order_end_where_they_would_have_in_order(first: int) -> None:
    """The later part is recorded first: one subscription still, from the first day, and as much runs on every day."""
    conventions.offer()
    subscriptions.adopt_shipped_checklist()
    (former,) = subscriptions.running({"messagerie-5go": 6}, at=AT).values()
    (activation,) = subscriptions.opened({"messagerie-5go": 6}, at=LATER).values()
    body = parties.body(quotes.RUITZ)

    subscriptions.live(activation, on=LAST.date(), at=LAST, quantity=6 - first)
    subscriptions.live(activation, on=LATER.date(), at=LAST)
    assert subscriptions.quantities(body, date(2027, 2, 28)) == [6]
    assert subscriptions.quantities(body, LATER.date()) == [6 - first, first]
    assert subscriptions.quantities(body, LAST.date()) == [6]
    ended, new = subscriptions_of(body.pk)
    assert (ended.pk, ended.ends_on) == (former.pk, date(2027, 3, 14))
    assert (new.starts_on, new.anchor_on, new.continues_id) == (date(2027, 3, 1), date(2027, 3, 1), former.pk)


@pytest.mark.parametrize(
    ("first", "right", "on", "kept"),
    [(6, 4, 1, 2), (4, 6, 1, 0), (4, 3, 1, 3), (4, 4, 3, 2), (6, 6, 3, 0), (6, 2, 3, 4), (2, 6, 3, 0)],
)
def test_a_first_part_put_right_leaves_where_it_was_what_did_not_go_live(
    first: int, right: int, on: int, kept: int
) -> None:
    conventions.offer()
    subscriptions.adopt_shipped_checklist()
    (former,) = subscriptions.running({"messagerie-5go": 6}, at=AT).values()
    (activation,) = subscriptions.opened({"messagerie-5go": 6}, at=LATER).values()
    body = parties.body(quotes.RUITZ)
    part = subscriptions.live(activation, on=LATER.date(), at=LATER, quantity=first)
    change = part.subscription.changes.get()
    day = date(2027, 3, on)

    wrong = put_right(change_id=change.pk, right=Corrected(LATER.date(), 5), reason="Mal noté", actor=TESTER, at=LAST)
    assert subscriptions.quantities(body, LATER.date()) == [1, 5]
    put_right(change_id=wrong.pk, right=Corrected(day, right), reason="Encore", actor=TESTER, at=LAST)
    assert subscriptions.quantities(body, day - timedelta(days=1)) == [6]
    assert subscriptions.quantities(body, day) == [each for each in (kept, right) if each]
    assert running_cost(body.pk, on=day).totals == {"lfn": 12_000, "cdg62": 10_000}
    if kept:
        subscriptions.live(activation, on=LAST.date(), at=LAST)
    assert subscriptions.quantities(body, LAST.date()) == [6]
    assert subscriptions_of(body.pk)[0].pk == former.pk


@pytest.mark.parametrize(("ended", "on", "last"), [(20, 15, 14), (10, 15, 10), (10, 5, 4)])
def test_what_is_continued_goes_no_further_than_its_own_convention(ended: int, on: int, last: int) -> None:
    conventions.offer()
    subscriptions.adopt_shipped_checklist()
    (former,) = subscriptions.running({"messagerie-5go": 6}, at=AT).values()
    (activation,) = subscriptions.opened({"messagerie-5go": 6}, at=LATER).values()
    part = subscriptions.live(activation, on=LATER.date(), at=LAST)
    end = {"ended_on": date(2027, 3, ended), "end_reason": "Accord des parties"}
    Convention.objects.filter(pk=former.convention_id).update(**end)
    right = Corrected(date(2027, 3, on), 6)

    put_right(change_id=part.subscription.changes.get().pk, right=right, reason="Mal noté", actor=TESTER, at=LAST)
    former.refresh_from_db()
    assert former.ends_on == date(2027, 3, last)
    assert bool(former.end_reason)
