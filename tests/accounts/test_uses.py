"""Uses are counted exactly, by one and by all, for one span from the first."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.documents.racing import race, shared_database
from tests.factories.accounts import TESTER
from tripartite.accounts.services.attempts import count_attempt, count_use, forget_attempts, run, units, wait_left
from tripartite.jobs.kinds import JobError
from tripartite.limits import DAY, HOUR, MINUTE, Bound

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def use(who: str, after: timedelta = timedelta(0), most: tuple[Bound, ...] = (Bound(MINUTE, 2, 3),)) -> int:
    """The seconds that one more use makes `who` wait."""
    return int(count_use(purpose="essai", who=who, most=most, at=AT + after).total_seconds())


def test_one_waits_for_the_end_of_the_span_from_its_first_use() -> None:
    assert [use("a"), use("a", 50 * SECOND), use("a", 51 * SECOND), use("a", 59 * SECOND)] == [0, 0, 9, 1]
    assert use("a", 60 * SECOND) == 0


def test_all_together_wait_too_and_what_one_is_refused_counts_for_none() -> None:
    assert [use("a"), use("a"), use("a"), use("a")] == [0, 0, 60, 60]
    assert [use("b"), use("c")] == [0, 60]


def test_the_longest_wait_is_said() -> None:
    most = (Bound(MINUTE, 1, 9), Bound(DAY, 1, 9))
    assert [use("a", most=most), use("a", most=most)] == [0, 86_400]


def test_another_purpose_is_another_count() -> None:
    bound = (Bound(MINUTE, 1, 1),)
    assert not count_use(purpose="un", who="a", most=bound, at=AT)
    assert not count_use(purpose="deux", who="a", most=bound, at=AT)
    assert count_use(purpose="un", who="a", most=bound, at=AT) == MINUTE


def test_waiting_is_asked_without_counting_and_forgotten() -> None:
    def left() -> timedelta:
        return wait_left(purpose="essai", who="a", most=((HOUR, 2),), at=AT + MINUTE)

    assert left() == timedelta(0)
    for _ in range(2):
        assert left() == timedelta(0)
        count_attempt(purpose="essai", who="a", most=((HOUR, 2),), at=AT)
    assert left() == HOUR - MINUTE
    forget_attempts(purpose="essai", who="a")
    assert left() == timedelta(0)


def test_nobody_waits_for_the_day_of_a_clock_that_ran_ahead() -> None:
    ahead = timedelta(days=3650)
    assert [use("a", ahead), use("a", ahead), use("a", ahead)] == [0, 0, 60]
    assert wait_left(purpose="essai", who="a", most=((MINUTE, 2),), at=AT) == timedelta(0)
    assert [use("a"), use("a"), use("a")] == [0, 0, 60]


def test_a_clock_behind_by_less_than_the_span_starts_no_count_again() -> None:
    assert [use("a", 59 * SECOND), use("a"), use("a")] == [0, 0, 119]
    assert [use("b", 60 * SECOND, (Bound(MINUTE, 1, 99),)), use("b", most=(Bound(MINUTE, 1, 99),))] == [0, 0]


def test_the_day_erases_the_counts_that_are_over_once(django_assert_num_queries) -> None:
    use("a")
    use("b", timedelta(days=1))
    assert list(units(date(2026, 11, 23))) == []
    (unit,) = units(date(2026, 11, 24))
    assert run(unit.key, date(2026, 11, 24), TESTER, AT)
    assert not run(unit.key, date(2026, 11, 24), TESTER, AT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM accounts_use")
        assert cursor.fetchone() == (2,)  # b, and all together, whose span began again with b
    with pytest.raises(JobError):
        run("autre", date(2026, 11, 24), TESTER, AT)


def test_counting_costs_two_statements(django_assert_num_queries) -> None:
    for _ in range(3):
        with django_assert_num_queries(2):
            use("a", most=(Bound(MINUTE, 9, 9), Bound(HOUR, 9, 9)))


def use_five_times(place: int, given: None) -> list[int]:
    return [use("a", most=(Bound(MINUTE, 12, 99),)) for _ in range(5)]


@pytest.mark.django_db(transaction=True)
def test_many_workers_count_exactly() -> None:
    waits = race(shared_database(), "tests.accounts.test_uses:use_five_times", threads=2)
    assert sorted(wait for five in waits for wait in five) == [0] * 12 + [60] * 8


class Law(TestCase):
    @given(st.lists(st.integers(0, 200), max_size=12).map(sorted))
    def test_in_any_span_from_a_first_use_no_more_than_the_bound_pass(self, seconds: list[int]) -> None:
        passed: list[int] = []
        begins, uses = -1000, 0
        for second in seconds:
            begins, uses = (second, 1) if second >= begins + 60 else (begins, uses + 1)
            wait = use(f"{seconds}", second * SECOND, (Bound(MINUTE, 2, 10_000),))
            assert wait == (begins + 60 - second if uses > 2 else 0)
            passed += [second] if not wait else []
        assert all(sum(begin <= one < begin + 60 for one in passed) <= 4 for begin in passed)
