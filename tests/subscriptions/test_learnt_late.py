"""What is learnt late: what has fallen due keeps its price, unless the act says otherwise (decision 72)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.factories import parties, quotes, subscriptions, tariffs
from tests.factories.accounts import TESTER
from tripartite.parties.queries.facts import facts_of
from tripartite.parties.services.figures import declare_figure
from tripartite.subscriptions.queries.running import running_cost
from tripartite.tariffs.services import adopt_grid, draft_grid

DUE = date(2027, 11, 23)
EVE = date(2027, 11, 22)
LATE = datetime(2028, 1, 10, 9, 0, tzinfo=UTC)
NEXT = date(2028, 11, 23)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()


def _adopt(*, days: str = "applies_from = 2027-11-01", due: str = "", at: datetime = LATE) -> None:
    """A tariff of 22 € a mailbox rather than 20, adopted on a day."""
    text = tariffs.grid_text()
    wanted = {
        'code = "cdg62/2024-03-26"': 'code = "cdg62/2027-11-01"\nsupersedes = "cdg62/2024-03-26"',
        "applies_from = 2024-03-26": days,
        "lfn = { per_unit = 20 }": "lfn = { per_unit = 22 }",
    }
    for old, new in wanted.items():
        assert old in text
        text = text.replace(old, new, 1)
    draft_grid(text=f"{text}\n[due]\n{due}\n" if due else text, actor=TESTER, at=at)
    adopt_grid(code="cdg62/2027-11-01", actor=TESTER, at=at)


def _declare(value: int, at: datetime) -> None:
    declare_figure(
        body_id=parties.body(quotes.RUITZ).pk,
        measure="population",
        counted="municipale",
        value=value,
        declared_by="Prénom NOM, secrétaire",
        actor=TESTER,
        at=at,
    )


def _lfn(on: date) -> int:
    return running_cost(parties.body(quotes.RUITZ).pk, on=on).totals["lfn"]


def test_a_tariff_adopted_the_day_of_a_due_date_counts_for_it() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _adopt(at=datetime(2027, 11, 23, 9, 0, tzinfo=UTC))
    assert [_lfn(day) for day in (EVE, DUE, NEXT)] == [8000, 8800, 8800]


def test_a_tariff_adopted_after_a_due_date_counts_from_the_next() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _adopt(at=datetime(2027, 11, 24, 9, 0, tzinfo=UTC))
    assert [_lfn(day) for day in (EVE, DUE, LATE.date(), date(2028, 11, 22), NEXT)] == [8000, 8000, 8000, 8000, 8800]


def test_unless_the_act_asks_the_difference() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _adopt(due='late_tariff = "difference"')
    assert [_lfn(day) for day in (EVE, DUE, NEXT)] == [8000, 8800, 8800]


def test_a_day_that_the_act_fixed_for_what_runs_is_that_of_the_adoption_once_it_has_passed() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _adopt(days="applies_from = 2027-11-01\nrunning_from = 2027-12-01")
    assert [_lfn(day) for day in (DUE, date(2027, 12, 1), date(2028, 1, 9), LATE.date())] == [8000, 8000, 8000, 8800]


def test_what_is_recorded_after_a_tariff_is_asked_under_it_whenever_it_went_live() -> None:
    """Gone live in November 2026, recorded in February 2028: nothing had fallen due before the tariff was known."""
    activations = subscriptions.opened({"messagerie-5go": 4})
    _adopt()
    subscriptions.live(activations["messagerie-5go"], at=datetime(2028, 2, 1, 9, 0, tzinfo=UTC))
    assert [_lfn(day) for day in (EVE, DUE)] == [8000, 8800]


def test_a_population_recorded_after_a_due_date_counts_from_the_next() -> None:
    subscriptions.running({"demarches-simplifiees": 1})
    _declare(2400, datetime(2027, 11, 24, 9, 0, tzinfo=UTC))
    assert [_lfn(day) for day in (EVE, DUE, date(2028, 11, 22), NEXT)] == [5100, 5100, 5100, 12_800]


def test_what_was_known_on_a_day_leaves_out_what_was_recorded_later() -> None:
    body = parties.body(quotes.RUITZ)
    _declare(2400, LATE)
    body = parties.body(quotes.RUITZ)

    def population(on: date, known_on: date | None) -> Any:
        return facts_of(body, on=on, known_on=known_on).population

    assert population(LATE.date(), None) == population(LATE.date(), LATE.date()) == 2400
    assert population(LATE.date(), date(2028, 1, 9)) == 1478
    assert population(date(2020, 1, 1), date(2020, 1, 1)) == 1478
