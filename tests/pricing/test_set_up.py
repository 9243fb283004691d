"""What is set up already pays its going live no more; a figure that is not known hides only the prices that need it."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pricing.test_laws import ACT

from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Estimate, Status
from tripartite.pricing.lacking import Lacks, together
from tripartite.pricing.order import OrderError
from tripartite.pricing.pricer import price_order

MAIL, PAGE, FORMS, VISIT = "messagerie-5go", "page-internet", "demarches-simplifiees", "antivirus-intervention"
BODY = {"kind": "commune", "department": "62", "population": 1994}
UNKNOWN = {"kind": "commune", "department": "62"}
NEEDED = "La population de la collectivité n'est pas connue : indiquez le nombre d'habitants."


def lines(quantities: dict[str, int]) -> list[dict[str, Any]]:
    return [{"service": code, "quantity": quantity} for code, quantity in quantities.items()]


def ask(quantities: dict[str, int], *, body: dict[str, Any] = BODY, **more: dict[str, int]) -> Estimate:
    order = {"beneficiary": body, "lines": lines(quantities)} | {part: lines(held) for part, held in more.items()}
    return price_order(ACT, parse_order(order).order(on=date(2026, 11, 24)))


def once(found: Estimate) -> dict[str, int]:
    return {code: totals.once_cents for code, totals in found.totals.items()}


def test_what_is_set_up_already_pays_its_going_live_no_more_and_says_so() -> None:
    """6 mailboxes, 4 of them in place: 2 at 10 €; what recurs counts all 6."""
    found = ask({MAIL: 6}, set_up={MAIL: 4})
    (going, *_) = found.lines
    assert (going.charge, going.quantity, going.unit_amount, going.amount_cents) == ("mise-en-service", 6, None, 2000)
    assert going.explanation == "2 comptes × 10,00\u00a0€ ; 4 comptes déjà en place, sans nouvelle mise en service"
    assert {code: one.yearly_cents for code, one in found.totals.items()} == {"lfn": 12_000, "cdg62": 10_000}


def test_what_is_set_up_whole_says_that_nothing_is_due_again() -> None:
    found = ask({MAIL: 4, PAGE: 1}, set_up={MAIL: 4})
    going = [line for line in found.lines if line.frequency == "once"]
    assert [(line.service, line.amount_cents, line.explanation) for line in going] == [
        (MAIL, 0, "4 comptes déjà en place : la mise en service n'est pas due de nouveau"),
        (PAGE, 5000, "1 compte × 50,00\u00a0€"),
    ]
    assert once(found) == {"lfn": 0, "cdg62": 5000}


def test_going_live_by_category_needs_no_figure_where_it_is_not_due() -> None:
    found = ask({FORMS: 1, MAIL: 1}, body=UNKNOWN, set_up={FORMS: 1})
    going = next(line for line in found.lines if line.service == FORMS)
    assert (going.charge, going.status, going.amount_cents) == ("mise-en-service", "priced", 0)


def test_an_act_done_once_is_no_going_live() -> None:
    assert once(ask({VISIT: 2}, set_up={VISIT: 2})) == once(ask({VISIT: 2})) == {"lfn": 0, "cdg62": 5000}


@settings(max_examples=40, deadline=None)
@given(asked=st.integers(1, 40), done=st.integers(1, 60))
def test_going_live_is_due_for_what_is_not_set_up_and_nothing_else_changes(asked: int, done: int) -> None:
    whole, found = ask({MAIL: asked}), ask({MAIL: asked}, set_up={MAIL: done})
    assert once(found)["cdg62"] == 1000 * max(asked - done, 0)
    assert [line.as_json() for line in found.lines[1:]] == [line.as_json() for line in whole.lines[1:]]


def test_an_error_says_where_it_is() -> None:
    with pytest.raises(OrderError) as refused:
        ask({MAIL: 1}, set_up={"fax": 1})
    assert (refused.value.code, refused.value.as_json()["error"]["set_up"]) == ("unknown-service", 0)


def test_a_figure_that_is_not_known_hides_only_the_prices_that_need_it() -> None:
    found = ask({MAIL: 4, FORMS: 1}, body=UNKNOWN)
    told = found.as_json()
    assert [(line.service, line.status) for line in found.lines] == [
        (MAIL, Status.PRICED),
        (MAIL, Status.PRICED),
        (MAIL, Status.PRICED),
        (FORMS, Status.MISSING),
        (FORMS, Status.MISSING),
        (FORMS, Status.MISSING),
    ]
    assert {line.explanation for line in found.missing} == {NEEDED}
    assert {line.amount_cents for line in found.missing} == {None}
    assert told["totals"]["lfn"] == {
        "once_cents": 0,
        "yearly_cents": 8000,
        "term_cents": 0,
        "first_year_cents": 8000,
        "complete": False,
        "missing": ["population"],
    }
    assert {(one["figure"], one["code"], one["message"]) for one in told["missing"]} == {
        ("population", "missing-population", NEEDED)
    }
    assert str(found.totals["cdg62"].lacks) == "hors prix qui attendent le nombre d'habitants"
    with pytest.raises(OrderError, match=NEEDED):
        found.check_figures()


def test_an_order_of_which_no_price_can_be_told_is_refused() -> None:
    with pytest.raises(OrderError) as refused:
        ask({FORMS: 1}, body=UNKNOWN)
    assert (refused.value.code, refused.value.figure) == ("missing-population", "population")


def test_a_sum_leaves_out_what_each_part_does() -> None:
    figure, waits = Lacks(missing=("population",)), Lacks(on_request=True)
    assert not together([Lacks(), Lacks()])
    assert str(together([figure, waits, figure])) == ("hors lignes sur devis, prix qui attendent le nombre d'habitants")
    assert str(together([Lacks(unpriced=True)])) == "hors services sans prix"
