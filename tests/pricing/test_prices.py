"""The simple forms of price: what each gives at its boundaries, in its gaps and on absurd input."""

import pytest
from tests.pricing.small_grids import cents, one_line

from tripartite.pricing.estimate import Status
from tripartite.pricing.order import OrderError

HALVES = 'unit = ["jour", "jours"]\nstep = 0.5'
MAIL = """{ bands = [
  { from = 1, to = 2, flat = 25 },
  { from = 3, to = 5, flat = 50 },
  { from = 6, to = 20, flat = 150 },
  { from = 21, flat = 150, plus = 50, per_started = 20 },
] }"""
SCALE = "{ marginal = [{ to = 10, per_unit = 5 }, { to = 100, per_unit = 2 }, { per_unit = 0.5 }] }"


@pytest.mark.parametrize(("quantity", "expected"), [(1, 2000), (4, 8000), (100_000_000, 200_000_000_000)])
def test_per_unit_multiplies(quantity: int, expected: int) -> None:
    assert cents("{ per_unit = 20 }", quantity) == expected


def test_per_unit_shows_the_unit_and_the_sum() -> None:
    line = one_line("{ per_unit = 20 }", 4)

    assert (line.unit_amount, line.explanation) == (20_000_000, "4 comptes × 20,00\u00a0€")


@pytest.mark.parametrize(("quantity", "expected"), [(1, 0), (2, 1), (100, 35), (123_457, 43_210)])
def test_a_price_below_a_cent_is_rounded_once_on_the_whole_line(quantity: int, expected: int) -> None:
    assert cents("{ per_unit = 0.0035 }", quantity) == expected


def test_a_price_finer_than_a_cent_is_shown_as_text() -> None:
    shown = one_line("{ per_unit = 0.0035 }", 1000).as_json()

    assert (shown["unit_amount_cents"], shown["unit_amount"]) == (None, "0.0035")


@pytest.mark.parametrize("quantity", [1, 7, 100_000_000])
def test_flat_ignores_the_quantity(quantity: int) -> None:
    line = one_line("{ flat = 150 }", quantity)

    assert (line.amount_cents, line.unit_amount, line.explanation) == (15_000, None, "forfait de 150,00\u00a0€")


@pytest.mark.parametrize(
    ("quantity", "euros"),
    [(1, 25), (2, 25), (3, 50), (5, 50), (6, 150), (20, 150), (21, 200), (40, 200), (41, 250), (60, 250), (61, 300)],
)
def test_bands_change_exactly_at_their_bounds(quantity: int, euros: int) -> None:
    assert cents(MAIL, quantity) == euros * 100


def test_a_band_says_which_one_it_is() -> None:
    assert one_line(MAIL, 4).explanation == "4 comptes : tranche de 3 à 5 comptes, 50,00\u00a0€"
    assert one_line(MAIL, 41).explanation == (
        "41 comptes : 150,00\u00a0€ + 2 tranches entamées de 20 comptes au-delà de 20 × 50,00\u00a0€"
    )


@pytest.mark.parametrize(("quantity", "expected"), [(1, 1000), (5, 1000), (6, 2000), (10, 2000), (11, 3000)])
def test_started_blocks_count_from_the_first_unit_when_no_band_comes_before(quantity: int, expected: int) -> None:
    assert cents("{ flat = 0, plus = 10, per_started = 5 }", quantity) == expected
    assert cents("{ bands = [{ flat = 0, plus = 10, per_started = 5 }] }", quantity) == expected


def test_a_first_band_on_inhabitants_counts_its_blocks_from_zero() -> None:
    price = '{ of = "population", bands = [{ flat = 0, plus = 10, per_started = 1000 }] }'

    assert [cents(price, population=inhabitants) for inhabitants in (0, 1, 1000, 1001)] == [0, 1000, 1000, 2000]


def test_blocks_count_beyond_what_is_said() -> None:
    price = "{ flat = 30, plus = 10, per_started = 5, beyond = 3 }"

    assert [cents(price, quantity) for quantity in (1, 3, 4, 8, 9)] == [3000, 3000, 4000, 4000, 5000]


def test_what_no_band_holds_is_on_request_never_a_guess() -> None:
    line = one_line("{ bands = [{ from = 1, to = 2, flat = 25 }, { from = 5, flat = 50 }] }", 3)

    assert (line.status, line.amount_cents, line.reason) == (
        Status.ON_REQUEST,
        None,
        "Le tarif ne prévoit rien pour 3.",
    )


def test_bands_on_half_units_leave_no_gap_between_them() -> None:
    price = "{ bands = [{ to = 2, per_unit = 20 }, { per_unit = 15 }] }"

    assert [cents(price, quantity, fields=HALVES) for quantity in (0.5, 2, 2.5)] == [1000, 4000, 3750]


@pytest.mark.parametrize(
    ("quantity", "expected"), [(1, 500), (10, 5000), (11, 5200), (100, 23_000), (101, 23_050), (1000, 68_000)]
)
def test_a_marginal_scale_prices_each_unit_in_its_own_slice(quantity: int, expected: int) -> None:
    assert cents(SCALE, quantity) == expected


def test_a_marginal_scale_shows_its_slices() -> None:
    assert one_line(SCALE, 12).explanation == "12 comptes : 10 × 5,00\u00a0€ + 2 × 2,00\u00a0€"


def test_a_marginal_scale_that_ends_is_on_request_beyond() -> None:
    price = "{ marginal = [{ to = 10, per_unit = 5 }] }"

    assert cents(price, 10) == 5000
    assert one_line(price, 11).reason == "Le tarif s'arrête à 10."


def test_no_inhabitant_costs_nothing_on_a_marginal_scale() -> None:
    line = one_line('{ of = "population", marginal = [{ per_unit = 0.5 }] }', population=0)

    assert (line.amount_cents, line.explanation) == (0, "0 habitant : 0")


@pytest.mark.parametrize(("base", "expected"), [(0, 0), (1, 0), (416, 0), (417, 1), (123_456_789, 148_148)])
def test_a_percentage_of_a_fact_is_exact_until_the_cent(base: int, expected: int) -> None:
    price, fact = '{ of = "base_cents", percent = 0.12 }', '[[fact]]\ncode = "base_cents"\nname = "Base"'

    assert cents(price, facts={"base_cents": base}, extra=fact) == expected


def test_a_percentage_of_a_quantity_takes_it_as_euros() -> None:
    line = one_line("{ percent = 3 }", 250)

    assert (line.amount_cents, line.explanation) == (750, "3 % de 250,00\u00a0€")


def test_an_included_quantity_is_free_and_said_so() -> None:
    price = "{ per_unit = 12, included_quantity = 5 }"

    assert [cents(price, quantity) for quantity in (1, 5, 6, 7)] == [0, 0, 1200, 2400]
    assert one_line(price, 7).explanation == "7 comptes dont 5 sans supplément : 2 × 12,00\u00a0€"


def test_bands_after_an_included_quantity_count_from_zero() -> None:
    price = "{ included_quantity = 5, bands = [{ to = 10, flat = 10 }, { flat = 20 }] }"

    assert [cents(price, quantity) for quantity in (1, 5, 15, 16)] == [1000, 1000, 1000, 2000]


def test_a_billed_minimum_is_charged_and_said_so() -> None:
    price = "{ per_unit = 60, billed_minimum = 3 }"

    assert [cents(price, quantity) for quantity in (1, 3, 4)] == [18_000, 18_000, 24_000]
    assert one_line(price).explanation == "1 compte (minimum facturé : 3) : 3 × 60,00\u00a0€"


@pytest.mark.parametrize(
    ("price", "status", "amount", "words"),
    [
        ('"included"', Status.INCLUDED, 0, "inclus"),
        ('"on_request"', Status.ON_REQUEST, None, "sur devis"),
        ('{ on_request = "À voir." }', Status.ON_REQUEST, None, "sur devis : À voir."),
        ('{ on_request = "Sur devis, si possible." }', Status.ON_REQUEST, None, "Sur devis, si possible."),
    ],
)
def test_a_cell_without_amount_says_what_stands_for_it(price: str, status: Status, amount: int, words: str) -> None:
    line = one_line(price, 3)

    assert (line.status, line.amount_cents, line.explanation) == (status, amount, words)


@pytest.mark.parametrize("price", ['"blank"', "{ blank = true }", "{ sum = [{ blank = true }] }"])
def test_a_blank_cell_gives_no_line(price: str) -> None:
    with pytest.raises(ValueError, match="not enough values"):
        one_line(price)


def test_what_the_tariff_refuses_is_an_error_in_its_own_words() -> None:
    price = '{ bands = [{ to = 5, per_unit = 15 }, { refused = "Le prêt est limité à 5." }] }'

    assert cents(price, 5) == 7500
    with pytest.raises(OrderError) as refused:
        cents(price, 6)
    assert (refused.value.code, refused.value.message, refused.value.line) == (
        "bad-quantity",
        "Le prêt est limité à 5.",
        0,
    )


@pytest.mark.parametrize(
    ("measure", "code"), [("population", "missing-population"), ("staff", "missing-staff"), ("base", "missing-fact")]
)
def test_a_figure_that_is_not_known_is_asked_for(measure: str, code: str) -> None:
    with pytest.raises(OrderError) as refused:
        cents(f'{{ of = "{measure}", per_unit = 1 }}', extra='[[fact]]\ncode = "base"\nname = "Base"')

    assert refused.value.code == code
