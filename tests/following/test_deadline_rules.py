"""The rule of dates: leap years, month ends, inclusive days; laws tried on any day."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.conventions.queries.lasting import last_reachable_day
from tripartite.following.queries.deadline_rules import (
    DeadlineKind,
    convention_days,
    due_text,
    prepaid_text,
    subscription_due_days,
)
from tripartite.pricing.calendar import (
    anniversary,
    due_days,
    last_notice_day,
    months_after,
    terms_of,
)

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
YEARS = st.integers(1, 20)
END, NOTICE, TACIT = DeadlineKind.CONVENTION_END, DeadlineKind.NOTICE, DeadlineKind.TACIT_RENEWAL


@dataclass
class Agreed:
    """A convention, as far as its dates go."""

    in_force_on: date | None = date(2024, 2, 29)
    years: int = 3
    tacit_renewals: int = 0
    notice_months: int = 3
    ended_on: date | None = None
    end_reason: str = ""


def days_of(**values):
    return [(dated.kind, dated.day) for dated in convention_days(Agreed(**values))]


def due_of(
    anchor: date, *, since: date, until: date, starts_on: date | None = None, ends_on: date | None = None
) -> list[date]:
    """The due dates between two days of what runs since its anchor, unless said otherwise."""
    anniversaries = due_days(anchor, since=since, until=until)
    return subscription_due_days(anniversaries, anchor, starts_on or anchor, ends_on)


def test_a_convention_without_renewal_has_its_end_alone() -> None:
    (end,) = convention_days(Agreed())
    assert end == (END, date(2027, 2, 28), "3 ans depuis le 29/02/2024 : dernier jour le 28/02/2027")


def test_a_convention_renewed_tacitly_has_its_notice_its_renewal_then_its_end() -> None:
    found = list(convention_days(Agreed(tacit_renewals=1)))
    assert [(one.kind, one.day) for one in found] == [
        (NOTICE, date(2026, 11, 30)),
        (TACIT, date(2027, 3, 1)),
        (END, date(2030, 2, 28)),
    ]
    assert [one.why for one in found] == [
        "préavis de 3 mois avant le terme du 28/02/2027 : reçu au plus tard le 30/11/2026",
        "3 ans depuis le 29/02/2024 : dernier jour le 28/02/2027 ; reconduite du 01/03/2027 au 28/02/2030",
        "1re reconduction, 3 ans depuis le 01/03/2027 : dernier jour le 28/02/2030",
    ]


def test_a_denounced_convention_ends_at_its_term_without_renewal() -> None:
    assert days_of(tacit_renewals=2, ended_on=date(2027, 2, 28), end_reason="dénoncée par Ruitz : choix") == [
        (END, date(2027, 2, 28))
    ]


def test_a_terminated_convention_ends_on_the_day_on_record() -> None:
    (end,) = convention_days(Agreed(ended_on=date(2026, 6, 30), end_reason="résiliée"))
    assert end == (END, date(2026, 6, 30), "résiliée : dernier jour le 30/06/2026")


def test_a_convention_that_is_not_in_force_has_no_day() -> None:
    assert days_of(in_force_on=None) == []
    assert last_reachable_day(Agreed(in_force_on=None)) is None


@pytest.mark.parametrize(
    ("anchor", "year", "day", "said"),
    [
        (date(2024, 2, 29), 2025, date(2025, 3, 1), "1er anniversaire le 01/03/2025, faute de 29 février"),
        (date(2024, 2, 29), 2028, date(2028, 2, 29), "4e anniversaire le 29/02/2028"),
        (date(2026, 8, 31), 2027, date(2027, 8, 31), "1er anniversaire le 31/08/2027"),
    ],
)
def test_due_dates_are_anniversaries(anchor: date, year: int, day: date, said: str) -> None:
    assert due_of(anchor, since=date(year, 1, 1), until=date(year, 12, 31)) == [day]
    assert due_text(anchor, day) == f"échéances fixées depuis le {anchor:%d/%m/%Y} : {said}"


def test_the_first_day_is_no_due_date_and_the_last_day_is_one() -> None:
    first, last = date(2026, 11, 23), date(2028, 11, 23)
    window = {"since": first, "until": date(2040, 1, 1)}
    assert due_of(first, ends_on=last, **window) == [date(2027, 11, 23), date(2028, 11, 23)]
    assert due_of(first, starts_on=date(2027, 11, 23), ends_on=last, **window) == [date(2028, 11, 23)]


def test_what_is_prepaid_says_its_term() -> None:
    assert (
        prepaid_text(date(2026, 11, 23), 3, date(2029, 11, 22), "")
        == "3 ans prépayés depuis le 23/11/2026 : dernier jour le 22/11/2029"
    )
    assert prepaid_text(date(2026, 11, 23), 1, date(2027, 11, 22), "").startswith("1 an prépayé depuis")
    assert prepaid_text(date(2026, 11, 23), 1, date(2027, 1, 2), "perdue") == "perdue : dernier jour le 02/01/2027"


@given(DAYS, YEARS, st.integers(0, 5), st.integers(0, 24))
def test_every_term_but_the_last_is_renewed_the_day_after_and_denounced_before(
    starts_on: date, years: int, renewals: int, months: int
) -> None:
    terms = terms_of(starts_on, years, renewals)
    found = list(
        convention_days(
            Agreed(
                in_force_on=starts_on,
                years=years,
                tacit_renewals=renewals,
                notice_months=months,
            )
        )
    )
    assert [one.kind for one in found] == [NOTICE, TACIT] * renewals + [END]
    assert found[-1].day == terms[-1].ends_on
    for place, term in enumerate(terms[:-1]):
        notice, tacit = found[2 * place], found[2 * place + 1]
        assert tacit.day == term.ends_on + timedelta(days=1)
        assert notice.day == last_notice_day(term.ends_on, months) < tacit.day
        assert months == 0 or notice.day < term.ends_on
        assert months_after(notice.day, months) <= term.ends_on


@given(DAYS, DAYS, st.integers(0, 4000))
def test_a_window_shows_the_due_dates_of_the_whole_that_fall_in_it(anchor: date, since: date, length: int) -> None:
    until = since + timedelta(days=length)
    whole = due_of(anchor, since=date(2019, 1, 1), until=date(2100, 1, 1))
    assert due_of(anchor, since=since, until=until) == [day for day in whole if since <= day <= until]


@given(DAYS, YEARS)
def test_a_due_date_says_its_rank(anchor: date, years: int) -> None:
    day = anniversary(anchor, years)
    moved = (day.month, day.day) != (anchor.month, anchor.day)
    assert due_text(anchor, day).endswith("faute de 29 février") is moved
