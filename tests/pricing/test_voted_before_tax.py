"""A tariff voted HT keeps its HT: lines and totals as voted, VAT once on their sum, TTC what both come to."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from tests.pricing.generated_grids import COMMUNE, grid_texts, takes
from tests.pricing.small_grids import estimate, grid_text, line, service

from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Estimate, Frequency, Status
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.order import OrderError
from tripartite.pricing.pricer import price_order

TWO = (service("{ per_unit = 10.02 }", code="a"), service("{ per_unit = 10.02 }", code="b"))
BOTH = (line("a", 1), line("b", 1))


def priced(text: str, *lines: dict[str, Any], on: date = date(2026, 9, 1)) -> Estimate:
    return price_order(read_grid(text), parse_order({"beneficiary": COMMUNE, "lines": list(lines)}).order(on=on))


def test_lines_and_totals_are_those_that_were_voted_and_the_vat_is_that_of_their_sum() -> None:
    answer = priced(grid_text(*TWO, basis="HT"), *BOTH).as_json()

    assert answer["basis"] == "HT"
    assert [
        {name: one.get(name) for name in ("net_unit_amount_cents", "net_amount_cents", "vat_rate", "unit_amount_cents")}
        for one in answer["lines"]
    ] == [{"net_unit_amount_cents": 1002, "net_amount_cents": 1002, "vat_rate": 20, "unit_amount_cents": None}] * 2
    assert [one["amount_cents"] for one in answer["lines"]] == [1203, 1202]
    assert answer["totals"]["op"] == {
        "once_cents": 0,
        "yearly_cents": 2405,
        "term_cents": 0,
        "first_year_cents": 2405,
        "complete": True,
        "once_net_cents": 0,
        "yearly_net_cents": 2004,
        "term_net_cents": 0,
        "first_year_net_cents": 2004,
    }


def test_a_grid_voted_with_tax_says_nothing_of_ht() -> None:
    answer = priced(grid_text(*TWO), *BOTH).as_json()

    assert (answer["basis"], answer["lines"][0]["unit_amount_cents"]) == ("TTC", 1002)
    assert [name for name in (*answer["lines"][0], *answer["totals"]["op"]) if "net" in name or "vat" in name] == []


def test_a_price_finer_than_a_cent_is_rounded_once_before_tax() -> None:
    (one,) = priced(grid_text(service("{ per_unit = 0.0035 }"), basis="HT"), line(quantity=123_457)).as_json()["lines"]

    assert (one["net_amount_cents"], one["amount_cents"]) == (43_210, 51_852)
    assert (one["net_unit_amount_cents"], one["net_unit_amount"]) == (None, "0.0035")


def test_without_vat_both_columns_are_the_same() -> None:
    totals = priced(grid_text(*TWO, basis="HT", vat='[{ from = 2026-01-01, exempt = "Sans" }]'), *BOTH).totals["op"]

    assert (totals.yearly_cents, totals.voted.yearly_cents) == (2004, 2004)


def test_the_first_year_and_the_following_ones_are_each_taxed_on_their_own_sum() -> None:
    text = grid_text(
        service("{ per_unit = 10.02, first_year = { per_unit = 20.02 } }", code="a"),
        service("{ per_unit = 10.02 }", code="b"),
        basis="HT",
    )
    answer = priced(text, *BOTH)

    assert answer.totals["op"].as_json() == {
        "once_cents": 0,
        "yearly_cents": 2405,
        "term_cents": 0,
        "first_year_cents": 3605,
        "complete": True,
        "once_net_cents": 0,
        "yearly_net_cents": 2004,
        "term_net_cents": 0,
        "first_year_net_cents": 3004,
    }
    first = answer.lines[0].as_json()
    assert (first["net_amount_cents"], first["first_year_net_amount_cents"]) == (1002, 2002)
    assert (first["amount_cents"], first["first_year_amount_cents"]) == (1202, 2403)
    assert first["explanation"] == (
        "première année : 1 compte × 20,02\u00a0€ ; années suivantes : 1 compte × 10,02\u00a0€ HT, plus 20 % de TVA"
    )


def test_what_is_already_due_is_taken_off_before_tax() -> None:
    answer = estimate(
        grid_text(service("{ per_unit = 10.02 }"), basis="HT"), line(quantity=1), held=(line(quantity=2),)
    )

    assert (answer.lines[0].voted_cents, answer.totals["op"].yearly_cents) == (1002, 1202)
    assert answer.lines[0].explanation == (
        "3 comptes × 10,02\u00a0€ HT = 30,06\u00a0€ HT au total, moins 20,04\u00a0€ HT déjà dus pour 2 comptes"
        " en service, plus 20 % de TVA"
    )


@pytest.mark.parametrize("vat", ["[{ from = 2026-10-01, rate = 20 }]", "[]"])
def test_a_day_without_a_vat_setting_is_an_error_that_says_what_is_missing(vat: str) -> None:
    first = "" if vat == "[]" else " (le premier est du 01/10/2026)"
    with pytest.raises(OrderError) as refused:
        priced(grid_text(*TWO, basis="HT", vat=vat), *BOTH)

    assert refused.value.code == "missing-vat"
    assert refused.value.message == (
        f"Le tarif est voté hors taxes, et Opérateur n'a aucun réglage de TVA au 01/09/2026{first} : il manque"
        " [[issuer.vat]], avec un taux ou « exempt », depuis ce jour ou avant."
    )


RATES = "[{ from = 2026-01-01, rate = 20 }, { from = 2026-09-01, rate = 10 }, { from = 2027-01-01, rate = 5.5 }]"


@pytest.mark.parametrize(
    ("on", "gross"),
    [
        (date(2026, 8, 31), 2405),
        (date(2026, 9, 1), 2204),
        (date(2026, 12, 31), 2204),
        (date(2027, 1, 1), 2114),
    ],
)
def test_the_vat_is_that_of_the_day_from_its_first_day(on: date, gross: int) -> None:
    totals = priced(grid_text(*TWO, basis="HT", vat=RATES), *BOTH, on=on).totals["op"]

    assert (totals.voted.yearly_cents, totals.yearly_cents) == (2004, gross)


def test_a_tariff_voted_with_tax_needs_no_setting_to_be_priced() -> None:
    assert priced(grid_text(*TWO, vat="[{ from = 2026-10-01, rate = 20 }]"), *BOTH).totals["op"].yearly_cents == 2004


@pytest.mark.parametrize(
    ("root", "on", "days"),
    [
        ("", date(2025, 12, 31), "à partir du 01/01/2026"),
        ("applies_until = 2026-12-31", date(2025, 12, 31), "du 01/01/2026 au 31/12/2026"),
        ("applies_until = 2026-12-31", date(2027, 1, 1), "du 01/01/2026 au 31/12/2026"),
    ],
)
def test_a_day_outside_those_of_the_grid_is_a_warning(root: str, on: date, days: str) -> None:
    answer = priced(grid_text(*TWO, root=root), *BOTH, on=on)

    assert [(warning.code, warning.message) for warning in answer.warnings] == [
        ("outside-grid-days", f"La grille essai/2026 s'applique {days} : le {on:%d/%m/%Y} est hors de ses jours.")
    ]


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 12, 31)])
def test_the_first_and_the_last_day_are_days_of_the_grid(on: date) -> None:
    assert priced(grid_text(*TWO, root="applies_until = 2026-12-31"), *BOTH, on=on).warnings == ()


@settings(max_examples=80)
@given(grid_texts(basis="HT", more=True), takes())
def test_what_was_voted_is_never_computed_again(text: str, lines: list[dict[str, Any]]) -> None:
    """The same figures voted TTC give the same columns: neither basis changes what was voted."""
    untaxed, taxed = priced(text, *lines), priced(text.replace('basis = "HT"', 'basis = "TTC"'), *lines)

    assert [(one.voted_unit, one.voted_cents, one.voted_first_year_cents) for one in untaxed.lines] == [
        (one.unit_amount, one.amount_cents, one.first_year_amount_cents) for one in taxed.lines
    ]
    assert [total.voted for total in untaxed.totals.values()] == [total.voted for total in taxed.totals.values()]


@settings(max_examples=80)
@given(grid_texts(basis="HT", more=True), takes())
def test_the_ttc_is_the_ht_and_the_vat_of_its_sum_to_the_cent(text: str, lines: list[dict[str, Any]]) -> None:
    answer, rates = priced(text, *lines), {"op": 2000, "cdg": 550 if "rate = 5.5" in text else 0}

    for issuer, total in answer.totals.items():
        own = [one for one in answer.lines if one.issuer == issuer and one.status is Status.PRICED]
        differs = any(one.first_year_amount_cents is not None for one in own)
        assert total.first_year_cents == taxed(total.voted.first_year_cents, rates[issuer])
        if differs:
            assert total.yearly_cents == taxed(total.voted.yearly_cents, rates[issuer])
        else:
            assert total.once_cents + total.yearly_cents + total.term_cents == total.first_year_cents
        if all(one.frequency is not Frequency.MONTHLY for one in own):
            due = [
                one.amount_cents if one.first_year_amount_cents is None else one.first_year_amount_cents for one in own
            ]
            assert sum(cents or 0 for cents in due) == total.first_year_cents


def taxed(net: int, rate: int) -> int:
    """The HT and its VAT, to the nearest cent, half a cent upwards, by plain integers."""
    return net + (net * rate + 5000) // 10_000
