"""What a reading keeps as it works is what it would work out afresh, whatever the day and what was known."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.lives import added, reading, subscription
from tests.subscriptions.test_due_laws import DAY, GRID, HORIZON, any_reading
from tripartite.subscriptions.queries.due import recurring_due
from tripartite.subscriptions.queries.due_days import items_on

DAYS = st.integers(0, 2100).map(lambda days: DAY + timedelta(days=days))


def afresh(found: Any, known: date) -> Any:
    """The same facts as they were known on a day, read anew: nothing worked out before."""
    return replace(
        found, tariffs=found.tariffs.known_on(known), agreed=found.agreed.known_on(known), known=known, met={}
    )


@settings(max_examples=25)
@given(any_reading, st.lists(st.tuples(DAYS, DAYS), min_size=1, max_size=8))
def test_a_view_kept_answers_as_one_read_anew(found: Any, asked: list[tuple[date, date]]) -> None:
    recurring_due(found, since=DAY, until=HORIZON)
    for known, day in asked:
        assert items_on(found.as_known(known), day) == items_on(afresh(found, known), day)


@settings(max_examples=15)
@given(any_reading, DAYS, DAYS)
def test_a_window_asked_after_others_is_the_same(found: Any, one: date, other: date) -> None:
    since, until = sorted([one, other])
    recurring_due(found, since=DAY, until=HORIZON)
    kept = recurring_due(found, since=since, until=until)
    assert kept == recurring_due(replace(found, met={}), since=since, until=until)


def test_what_is_known_changes_only_on_days_when_something_is_learnt() -> None:
    found = one_more_learnt_late()
    first, last = date(2026, 1, 5), date(2026, 6, 1)
    views = {id(found.as_known(first + timedelta(days=days))) for days in range(200)}
    assert found.learnt() == [date.min, date(2020, 1, 1), first, last]
    assert (len(views), found.as_known(date.max)) == (2, found)


def one_more_learnt_late() -> Any:
    """Five mailboxes, then one more, recorded later."""

    more = added(GRID, date(2026, 3, 1), "messagerie-5go", 1, learnt=date(2026, 6, 1))
    one = subscription(1, [added(GRID, date(2026, 1, 5), "messagerie-5go", 5), more])
    return reading([one], GRID)
