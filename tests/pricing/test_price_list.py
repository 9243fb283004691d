"""A grid laid out flat: every price it votes is there, with all that bears on it."""

from itertools import pairwise

import pytest
from tests.pricing.small_grids import SIZES, UNIT, grid_text, service
from tests.pricing.worked_examples import ROOT, read_manual

from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.price_list import price_columns, price_list

MANUAL = read_manual("grids/README.md", preamble_heading="Formes de prix, une par une")
SATURDAY = f"""{UNIT}
[[service.option]]
code = "jour"
name = "Jour"
values = [{{ code = "semaine", name = "En semaine" }}, {{ code = "samedi", name = "Le samedi" }}]
"""


def rows(price: str, *, fields: str = UNIT, extra: str = "") -> list[tuple[str, str, str]]:
    """Condition, price in words and amount of each row."""
    grid = read_grid(grid_text(service(price, fields=fields), extra))
    return [(row.condition, row.price.replace("\u00a0", " "), row.amount) for row in price_list(grid)]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("{ per_unit = 20 }", [("", "20,00 € par compte", "20,00")]),
        ("{ per_unit = 0.0035 }", [("", "0,0035 € par compte", "0,0035")]),
        ("{ flat = 150 }", [("", "150,00 €", "150,00")]),
        ('"included"', [("", "inclus", "")]),
        ('"on_request"', [("", "sur devis", "")]),
        ('{ on_request = "Selon étude." }', [("", "sur devis (Selon étude.)", "")]),
        ('{ on_request = "Sur devis, selon étude." }', [("", "Sur devis, selon étude.", "")]),
        ('"blank"', []),
        ("{ per_unit = 12, included_quantity = 5 }", [("", "12,00 € par compte, 5 sans supplément", "12,00")]),
        ("{ per_unit = 60, billed_minimum = 3 }", [("", "60,00 € par compte, minimum facturé : 3", "60,00")]),
        (
            "{ bands = [{ to = 2, flat = 25 }, { flat = 50 }] }",
            [("de 1 à 2 comptes", "25,00 €", "25,00"), ("à partir de 3 comptes", "50,00 €", "50,00")],
        ),
        ("{ sum = [{ flat = 100 }, { per_unit = 12 }] }", [("", "100,00 € + 12,00 € par compte", "")]),
        (
            "{ sum = [{ flat = 100 }, { bands = [{ to = 2, flat = 25 }, { flat = 50 }] }] }",
            [("", "100,00 € + (de 1 à 2 comptes : 25,00 € ; à partir de 3 comptes : 50,00 €)", "")],
        ),
        (
            "{ per_unit = 20, minimum_amount = 50, maximum_amount = 100 }",
            [("", "20,00 € par compte, au moins 50,00 €, au plus 100,00 €", "")],
        ),
        (
            "{ per_unit = 60, first_year = { per_unit = 100 } }",
            [
                ("première année", "100,00 € par compte", "100,00"),
                ("années suivantes", "60,00 € par compte", "60,00"),
            ],
        ),
    ],
)
def test_each_form_is_said_whole(price: str, expected: list[tuple[str, str, str]]) -> None:
    assert rows(price) == expected


def test_a_surcharge_keeps_its_decimals() -> None:
    price = (
        '{ flat = 300, surcharges = [{ label = "samedi", when = { options = { jour = "samedi" } }, percent = 12.5 }] }'
    )

    assert rows(price, fields=SATURDAY) == [("", "300,00 €, plus 12,5 % (samedi)", "300,00")]
    assert rows(price.replace("flat", "per_unit"), fields=SATURDAY) == [
        ("", "300,00 € par compte, plus 12,5 % (samedi)", "300,00")
    ]


def test_an_amount_that_is_not_the_whole_price_stays_out_of_the_column_of_amounts() -> None:
    blocks = "{ bands = [{ to = 20, flat = 150 }, { flat = 150, plus = 50, per_started = 20 }] }"

    assert rows(blocks)[1] == (
        "à partir de 21 comptes",
        "150,00 € puis 50,00 € par tranche entamée de 20 comptes au-delà de 20",
        "",
    )


def test_codes_are_said_by_their_names() -> None:
    saturday = '{ by = "jour", flat = { semaine = 1, samedi = 2 } }'
    chosen = (
        '{ choose = [{ when = { options = { jour = "samedi" }, population = { to = 500 } }, flat = 1 }, { flat = 2 }] }'
    )
    fact = '[[fact]]\ncode = "payroll_cents"\nname = "Masse salariale"\n'
    classes = '[[client_class]]\ncode = "a"\nname = "Affilié"\n[[client_class]]\ncode = "b"\nname = "Autre client"\n'
    plans = '{ plans = [{ name = "P", limits = { quantity = 1, population = 500 }, flat = 1 }], beyond = "on_request" }'

    assert [row[0] for row in rows(saturday, fields=SATURDAY)] == ["En semaine", "Le samedi"]
    assert [row[0] for row in rows(chosen, fields=SATURDAY)] == [
        "Le samedi, jusqu'à 500 habitants",
        "dans les autres cas",
    ]
    assert rows('{ of = "payroll_cents", percent = 0.5 }', extra=fact) == [("", "0,5 % de « Masse salariale »", "")]
    assert [row[0] for row in rows('{ by = "client_class", flat = { a = 1, b = 2 } }', extra=classes)] == [
        "Affilié",
        "Autre client",
    ]
    assert [row[0] for row in rows(plans)] == ["formule « P » (jusqu'à 1 compte, jusqu'à 500 habitants)", "au-delà"]


def test_what_is_conditional_says_its_condition_and_what_is_settled_its_interpretation() -> None:
    grid = read_grid((ROOT / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8"))
    conditions = [row.condition for row in price_list(grid) if "Antivirus" in row.services]

    assert conditions[1] == "uniquement en cas d'intervention, de 1 à 2 postes"
    assert {row.condition for row in price_list(grid) if "catégorie A" in row.condition} == {
        "catégorie A (jusqu'à 999 habitants, exactement 1\u202f000 selon I7 ; jusqu'à 4 agents)"
    }


@pytest.mark.parametrize("basis", ["TTC", "HT"])
def test_the_column_of_amounts_says_with_or_without_tax(basis: str) -> None:
    assert price_columns(read_grid(grid_text(service("{ flat = 1 }"), basis=basis)))[7] == f"montant {basis}"


def test_categories_are_named_with_their_bounds() -> None:
    assert [condition for condition, _, _ in rows('{ by = "taille", flat = { P = 30, G = 90 } }', extra=SIZES)] == [
        "catégorie P (jusqu'à 1\u202f000 habitants ; jusqu'à 10 agents)",
        "catégorie G (à partir de 1\u202f001 habitants ; à partir de 11 agents)",
    ]


@pytest.mark.parametrize("heading", MANUAL.grids)
def test_no_form_of_the_manual_is_left_out(heading: str) -> None:
    grid = read_grid(MANUAL.grids[heading])
    listed = {(row.charge, row.issuer) for row in price_list(grid)}

    assert listed == {
        (charge.name, grid.issuers[issuer].short_name) for charge in grid.charges for issuer in charge.prices
    }


def test_the_act_is_listed_in_its_order_with_its_places() -> None:
    listed = list(price_list(read_grid((ROOT / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8"))))
    families = [row.family for row in listed]

    assert [before for before, after in pairwise(families) if before != after] + families[-1:] == [
        "Présence en ligne",
        "Continuité",
        "Sécurité",
        "Gestion de la relation usagers",
    ]
    assert all(row.place for row in listed)


@pytest.mark.parametrize("path", sorted(path.name for path in (ROOT / "grids/cdg62").glob("*.toml")))
def test_no_price_of_an_act_says_twice_that_it_is_on_request(path: str) -> None:
    listed = price_list(read_grid((ROOT / "grids/cdg62" / path).read_text(encoding="utf-8")))
    assert {row.price for row in listed if row.price.lower().count("sur devis") > 1} == set()
