"""Forms of price made of others: tables, plans, sums, choices, bounds, first years, surcharges."""

import pytest
from tests.pricing.small_grids import SIZES, UNIT, cents, estimate, grid_text, line, one_line, service

from tripartite.pricing.estimate import Status
from tripartite.pricing.order import OrderError

CLASSES = '[[client_class]]\ncode = "membre"\nname = "Membre"\n[[client_class]]\ncode = "tiers"\nname = "Tiers"\n'
DELIVERY = f"""{UNIT}
[[service.option]]
code = "duree"
name = "Durée"
values = [{{ code = "1", name = "1 an" }}, {{ code = "3", name = "3 ans" }}]
[[service.option]]
code = "remise"
name = "Remise"
values = [{{ code = "bureau", name = "Au bureau" }}, {{ code = "site", name = "Sur site" }}]
"""
KEYS = '{ by = ["duree", "remise"], per_unit = { 1 = { bureau = 77, site = 173 }, 3 = { bureau = 90, site = 186 } } }'
PLANS = """{ beyond = { on_request = "Trop grand." }, plans = [
  { name = "Grande", limits = { sites = 20, go = 200 }, flat = 400 },
  { name = "Petite", limits = { sites = 1, go = 10 }, flat = 60 },
  { name = "Moyenne", limits = { sites = 5, go = 50 }, flat = 150 },
] }"""
SITES = """
[service.quantities]
sites = { unit = ["site", "sites"] }
go = { unit = ["Go", "Go"] }
"""


@pytest.mark.parametrize(("inhabitants", "expected"), [(0, 3000), (1000, 3000), (1001, 9000)])
def test_a_table_gives_the_cell_of_the_category(inhabitants: int, expected: int) -> None:
    assert cents('{ by = "taille", flat = { P = 30, G = 90 } }', extra=SIZES, population=inhabitants) == expected


def test_a_table_explains_the_category_with_its_figures() -> None:
    shown = one_line('{ by = "taille", per_unit = { P = 3, G = 2 } }', 4, extra=SIZES, population=1500)

    assert shown.explanation == "catégorie G (à partir de 1\u202f001 habitants : 1\u202f500) : 4 comptes × 2,00\u00a0€"


@pytest.mark.parametrize(
    ("cell", "status"), [('"included"', Status.INCLUDED), ('"on_request"', Status.ON_REQUEST), ("30", Status.PRICED)]
)
def test_a_cell_may_say_something_else_than_an_amount(cell: str, status: Status) -> None:
    price = f'{{ by = "taille", flat = {{ P = {cell}, G = 90 }} }}'

    assert one_line(price, extra=SIZES, population=10).status == status


def test_a_cell_may_be_any_price() -> None:
    price = (
        '{ by = "taille", cases = { P = { bands = [{ to = 5, flat = 10 }, { flat = 20 }] }, G = { per_unit = 7 } } }'
    )

    assert [cents(price, quantity, extra=SIZES, population=10) for quantity in (5, 6)] == [1000, 2000]
    assert cents(price, 3, extra=SIZES, population=5000) == 2100


def test_a_table_by_class_of_client() -> None:
    price = '{ by = "client_class", per_unit = { membre = 300, tiers = 450 } }'

    assert [cents(price, 2, extra=CLASSES, client_class=name) for name in ("membre", "tiers")] == [60_000, 90_000]


def test_the_class_of_client_is_asked_for_and_checked() -> None:
    price = '{ by = "client_class", per_unit = { membre = 300, tiers = 450 } }'

    with pytest.raises(OrderError, match="classe de client : indiquez-la"):
        cents(price, extra=CLASSES)
    with pytest.raises(OrderError, match="choisir parmi membre, tiers"):
        cents(price, extra=CLASSES, client_class="ami")


def test_a_table_by_kind_of_body_has_an_otherwise() -> None:
    price = '{ by = "kind", flat = { commune = 10, epci = 20 }, otherwise = { flat = 30 } }'

    assert [cents(price, kind=kind) for kind in ("commune", "epci", "ccas")] == [1000, 2000, 3000]


@pytest.mark.parametrize(
    ("years", "delivery", "expected"),
    [("1", "bureau", 7700), ("1", "site", 17_300), ("3", "bureau", 9000), ("3", "site", 18_600)],
)
def test_options_are_dimensions_of_a_table(years: str, delivery: str, expected: int) -> None:
    text = grid_text(service(KEYS, fields=DELIVERY))
    (answer,) = estimate(text, line(quantity=1, options={"remise": delivery, "duree": years})).lines

    assert (answer.amount_cents, answer.options) == (expected, (("duree", years), ("remise", delivery)))


def test_the_same_service_with_other_options_is_another_line() -> None:
    text = grid_text(service(KEYS, fields=DELIVERY))
    one, two = ({"duree": "1", "remise": "bureau"}, {"duree": "3", "remise": "bureau"})

    lines = estimate(text, line(quantity=1, options=one), line(quantity=2, options=two), line(quantity=1, options=one))

    assert [(each.quantity, each.amount_cents) for each in lines.lines] == [(2, 15_400), (2, 18_000)]


@pytest.mark.parametrize(
    ("sites", "gigabytes", "euros"),
    [(1, 10, 60), (1, 11, 150), (2, 1, 150), (5, 50, 150), (5, 51, 400), (20, 200, 400)],
)
def test_the_cheapest_plan_that_satisfies_every_threshold(sites: int, gigabytes: int, euros: int) -> None:
    text = grid_text(service(PLANS, fields=SITES))

    (answer,) = estimate(text, line(quantities={"sites": sites, "go": gigabytes})).lines

    assert answer.amount_cents == euros * 100


def test_beyond_every_plan_is_what_the_tariff_says() -> None:
    (answer,) = estimate(grid_text(service(PLANS, fields=SITES)), line(quantities={"sites": 21, "go": 1})).lines

    assert (answer.status, answer.reason) == (Status.ON_REQUEST, "Trop grand.")


def test_a_plan_on_request_never_hides_one_that_has_a_price() -> None:
    price = """{ plans = [
      { name = "Étude", limits = { quantity = 50 }, on_request = "Étude." },
      { name = "Simple", limits = { quantity = 5 }, flat = 10 },
    ] }"""

    assert [cents(price, quantity) for quantity in (5, 6)] == [1000, None]


def test_parts_add_up() -> None:
    price = "{ sum = [{ flat = 100 }, { per_unit = 12 }] }"

    assert cents(price, 8) == 19_600
    assert one_line(price, 8).explanation == "forfait de 100,00\u00a0€ + 8 comptes × 12,00\u00a0€"


def test_one_part_on_request_puts_the_whole_on_request() -> None:
    assert one_line('{ sum = [{ flat = 100 }, { on_request = "À voir." }] }').status == Status.ON_REQUEST


def test_parts_all_included_are_included() -> None:
    assert one_line("{ sum = [{ included = true }, { blank = true }] }").status == Status.INCLUDED


def test_only_the_part_that_says_it_differs_in_the_first_year_of_a_sum() -> None:
    both = one_line("{ sum = [{ flat = 100 }, { per_unit = 60, first_year = { per_unit = 90 } }] }", 2)

    assert (both.amount_cents, both.first_year_amount_cents) == (10_000 + 12_000, 10_000 + 18_000)


def test_the_first_year_is_held_between_the_bounds_too() -> None:
    bounded = one_line("{ per_unit = 20, first_year = { per_unit = 10 }, minimum_amount = 50, maximum_amount = 80 }", 3)

    assert (bounded.amount_cents, bounded.first_year_amount_cents) == (6000, 5000)


@pytest.mark.parametrize(("quantity", "expected"), [(1, 5000), (2, 5000), (3, 6000), (5, 10_000), (6, 10_000)])
def test_an_amount_is_held_between_its_bounds(quantity: int, expected: int) -> None:
    assert cents("{ per_unit = 20, minimum_amount = 50, maximum_amount = 100 }", quantity) == expected


def test_an_amount_brought_to_its_bound_says_so() -> None:
    assert one_line("{ per_unit = 20, minimum_amount = 50 }").explanation == (
        "1 compte × 20,00\u00a0€, ramené au minimum de 50,00\u00a0€"
    )


def test_the_first_condition_that_holds_decides() -> None:
    price = """{ choose = [
      { when = { kind = ["commune"], population = { to = 500 } }, flat = 40 },
      { when = { kind = ["commune", "ccas"] }, flat = 90 },
      { flat = 120 },
    ] }"""

    assert [cents(price, population=inhabitants) for inhabitants in (500, 501)] == [4000, 9000]
    assert [cents(price, kind=kind) for kind in ("ccas", "epci")] == [9000, 12_000]


def test_a_first_year_of_its_own_is_shown_beside_the_following_ones() -> None:
    answer = estimate(grid_text(service("{ per_unit = 60, first_year = { per_unit = 100 } }")), line(quantity=2))

    assert (answer.lines[0].amount_cents, answer.lines[0].first_year_amount_cents) == (12_000, 20_000)
    assert (answer.totals["op"].yearly_cents, answer.totals["op"].first_year_cents) == (12_000, 20_000)


def test_a_first_year_may_be_included() -> None:
    line_ = one_line('{ per_unit = 60, first_year = "included" }', 2)

    assert (line_.amount_cents, line_.first_year_amount_cents) == (12_000, 0)


@pytest.mark.parametrize(
    ("day", "kind", "expected"),
    [
        ("semaine", "commune", 60_000),
        ("samedi", "commune", 70_000),
        ("semaine", "autre", 67_500),
        ("samedi", "autre", 77_500),
    ],
)
def test_surcharges_add_an_amount_or_a_share_of_the_base(day: str, kind: str, expected: int) -> None:
    fields = f"""{UNIT}
[[service.option]]
code = "jour"
name = "Jour"
values = [{{ code = "semaine", name = "En semaine" }}, {{ code = "samedi", name = "Le samedi" }}]
"""
    price = """{ per_unit = 300, surcharges = [
      { label = "samedi", when = { options = { jour = "samedi" } }, add = 50 },
      { label = "autre structure", when = { kind = ["autre"] }, percent = 12.5 },
    ] }"""
    text = grid_text(service(price, fields=fields))

    (answer,) = estimate(text, line(quantity=2, options={"jour": day}), kind=kind).lines

    assert answer.amount_cents == expected


def test_the_same_price_as_another_charge_is_written_once() -> None:
    text = grid_text(
        service("{ bands = [{ to = 2, flat = 50 }, { flat = 100 }] }"),
        service('{ same_as = "s/prix" }', code="copie"),
    )

    assert [estimate(text, line("copie", quantity)).lines[0].amount_cents for quantity in (2, 3)] == [5000, 10_000]
