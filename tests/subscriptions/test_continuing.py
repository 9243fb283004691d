"""A second convention that goes live in parts: what it continues stops as much, and no more."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import conventions, parties, quotes, subscriptions
from tests.factories.accounts import AT
from tripartite.subscriptions.queries.running import running_cost, subscriptions_of

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
