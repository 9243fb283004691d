"""What is given up of what is held: the difference of what recurs, nothing back of the rest, and what is refused."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pricing.test_laws import ACT, complete, price, yearly

from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Estimate, Status
from tripartite.pricing.order import OrderError
from tripartite.pricing.pricer import price_order

BODY = {"kind": "commune", "department": "62", "population": 1994}
MAIL, BACKUP, FORMS, KEY = "messagerie-5go", "sauvegarde", "demarches-simplifiees", "cle-signature-2-cdg"


def lines(**quantities: int) -> list[dict[str, Any]]:
    return [{"service": code.replace("_", "-"), "quantity": quantity} for code, quantity in quantities.items()]


def change(
    held: dict[str, int], *, ended: dict[str, int] | None = None, more: dict[str, int] | None = None
) -> Estimate:
    order = {
        "beneficiary": BODY,
        "lines": lines(**(more or {})),
        "in_service": lines(**held),
        "ended": lines(**(ended or {})),
    }
    return price_order(ACT, parse_order(order).order(on=date(2026, 11, 24)))


def said(estimate: Estimate) -> list[tuple[Any, ...]]:
    return [(line.service, line.issuer, line.frequency, line.quantity, line.amount_cents) for line in estimate.lines]


def test_the_band_is_counted_again_on_what_is_kept() -> None:
    assert said(change({MAIL: 7}, ended={MAIL: 4})) == [
        (MAIL, "lfn", "yearly", -4, -8000),
        (MAIL, "cdg62", "yearly", -4, -5000),
    ]


def test_one_in_the_place_of_another_is_one_difference_a_charge() -> None:
    assert said(change({MAIL: 7}, ended={MAIL: 5}, more={"messagerie-illimitee": 1})) == [
        (MAIL, "lfn", "yearly", -5, -10000),
        (MAIL, "cdg62", "yearly", -4, -5000),
        ("messagerie-illimitee", "cdg62", "once", 1, 1000),
        ("messagerie-illimitee", "lfn", "yearly", 1, 2700),
    ]


def test_nothing_left_owes_nothing_and_says_so() -> None:
    found = change({BACKUP: 1, MAIL: 2}, ended={BACKUP: 1})
    assert said(found) == [(BACKUP, "lfn", "yearly", -1, -46300), (BACKUP, "cdg62", "yearly", -1, -5000)]
    assert found.lines[0].explanation == (
        "plus rien en service = 0,00\u00a0€ au total, moins 463,00\u00a0€ déjà dus pour 1 compte en service"
    )
    assert [line.status for line in found.lines] == [Status.PRICED, Status.PRICED]


def test_what_was_paid_once_or_for_a_term_is_not_given_back() -> None:
    assert said(change({KEY: 2, MAIL: 1}, ended={KEY: 1, MAIL: 1})) == [
        (MAIL, "lfn", "yearly", -1, -2000),
        (MAIL, "cdg62", "yearly", -1, -2500),
    ]


def test_a_service_that_another_one_needs_is_missed() -> None:
    found = change({BACKUP: 1, "stockage-supplementaire": 10}, ended={BACKUP: 1})
    assert [notice.interpretation for notice in found.warnings] == ["I4"]


def test_one_that_can_be_held_once_can_be_changed_for_itself() -> None:
    assert said(change({FORMS: 1}, ended={FORMS: 1}, more={FORMS: 1})) == [
        (FORMS, "lfn", "once", 1, 5000),
        (FORMS, "lfn", "yearly", 0, 0),
        (FORMS, "cdg62", "yearly", 0, 0),
    ]


@pytest.mark.parametrize(
    ("held", "ended", "message"),
    [
        ({MAIL: 2}, {MAIL: 3}, "Messagerie, compte 5 Go : on n'arrête pas plus que ce qui est en service (2)."),
        (
            {MAIL: 2},
            {BACKUP: 1},
            "Sauvegarde 60 Go et partage de fichiers 5 Go : on n'arrête pas plus que ce qui est en service (rien).",
        ),
    ],
)
def test_no_more_is_given_up_than_is_held(held, ended, message) -> None:
    with pytest.raises(OrderError) as refusal:
        change(held, ended=ended)
    assert refusal.value.as_json() == {"error": {"code": "bad-quantity", "message": message, "ended": 0}}


def test_what_cannot_be_read_says_where() -> None:
    with pytest.raises(OrderError) as refusal:
        parse_order({"beneficiary": BODY, "ended": [{"service": MAIL, "quantity": 0}]})
    assert refusal.value.as_json()["error"]["ended"] == 0


def test_nothing_asked_and_nothing_given_up_is_an_empty_order() -> None:
    with pytest.raises(OrderError) as refusal:
        change({MAIL: 2})
    assert refusal.value.code == "empty-order"


held_and_ended = st.lists(
    st.tuples(st.sampled_from([MAIL, "messagerie-illimitee", "antivirus", "nom-de-domaine"]), st.integers(1, 60)),
    min_size=1,
    max_size=4,
    unique_by=lambda pair: pair[0],
).flatmap(lambda pairs: st.tuples(st.just(dict(pairs)), st.tuples(*(st.integers(0, most) for _, most in pairs))))


@settings(max_examples=80)
@given(held_and_ended)
def test_the_difference_is_what_is_kept_less_what_was_held(drawn) -> None:
    held, less = drawn
    ended = {code: number for code, number in zip(held, less, strict=True) if number}
    kept = {code: number - ended.get(code, 0) for code, number in held.items() if number > ended.get(code, 0)}
    if not ended:
        return
    before = price(ACT, lines(**held), body=BODY)
    after = price(ACT, lines(**kept), body=BODY) if kept else None
    found = change(held, ended=ended)
    assert complete(found)
    left = yearly(after) if after else dict.fromkeys(yearly(before), 0)
    assert yearly(found) == {issuer: left[issuer] - due for issuer, due in yearly(before).items()}
