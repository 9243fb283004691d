"""The check of a grid: every finding says how grave it is, where it stands, and what to do."""

from pathlib import Path

import pytest
from tests.pricing.small_grids import SIZES, UNIT, found, grid_text, service, texts

from tripartite.pricing.checking import check_grid
from tripartite.pricing.findings import Severity
from tripartite.pricing.grid_reading import read_grid

ACT = (Path(__file__).parents[2] / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8")
BAND = "s › prix › op › tranche"
TWICE = "est dans deux tranches."
SETTLE = " n'est dans aucune tranche. Une interprétation peut le régler (settles)."
CLASH = (
    "à partir du 01/01/2026, la grille « essai/autre » s'applique aussi :"
    ' écrire supersedes = "essai/autre", ou changer les dates.'
)
HOLE_21 = """
[[interpretation]]
code = "I1"
title = "De 21 à 24"
text = "Lu comme 20."
issuers = ["op"]
reading = "20"
settles = [{ service = "s", charge = "prix", issuer = "op", from = 21, to = 24, like = 20 }]
[[interpretation.choice]]
code = "20"
name = "Comme 20"
on_paper = "De 21 à 24, le prix est celui de 20."
"""


def bands(*rows: str) -> str:
    return f"{{ bands = [{', '.join(f'{{ {row} }}' for row in rows)}] }}"


def test_a_grid_without_fault_has_no_finding() -> None:
    assert found(service("{ per_unit = 20 }")) == []


def test_the_act_has_one_open_point_and_it_is_settled() -> None:
    (finding,) = check_grid(ACT)

    assert (finding.severity, finding.interpretation) == (Severity.SETTLED, "I7")
    assert ACT.splitlines()[(finding.line or 0) - 1] == "[[scale.category]]"
    assert finding.text == (
        f"réglé, ligne {finding.line}, demarches › catégorie B : exactement 1\u202f000 habitants n'est dans aucune"
        " tranche : réglé par l'interprétation I7."
    )


def test_without_its_interpretation_the_thousandth_inhabitant_is_a_hole() -> None:
    unsettled = "\n".join(row for row in ACT.splitlines() if not row.startswith("settles = "))

    assert [(finding.severity, finding.place) for finding in check_grid(unsettled) if "trou" in finding.message] == [
        (Severity.ERROR, "demarches › catégorie B")
    ]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        (bands("to = 2, flat = 1", "from = 4, flat = 5"), [f"error, {BAND} 2 : trou : exactement 3 comptes{SETTLE}"]),
        (bands("from = 3, flat = 1"), [f"error, {BAND} 1 : trou : de 1 à 2 comptes{SETTLE}"]),
        (bands("to = 9, flat = 1"), [f"error, s › prix › op : trou : 10 comptes et plus{SETTLE}"]),
        (
            bands("to = 2, flat = 1", "from = 2, flat = 5"),
            [f"error, {BAND} 2 : chevauchement : exactement 2 comptes {TWICE}"],
        ),
        (
            bands("to = 8, flat = 1", "from = 5, flat = 5"),
            [f"error, {BAND} 2 : chevauchement : de 5 à 8 comptes {TWICE}"],
        ),
        (
            bands("to = 20, flat = 1", "from = 21, to = 20, flat = 1", "from = 21, flat = 2"),
            [f"error, {BAND} 2 : tranche vide : de 21 à 20."],
        ),
        (bands("flat = 1", "from = 21, flat = 2"), [f"warning, {BAND} 2 : tranche jamais atteinte."]),
        (
            bands("to = 5, flat = 1", "from = 2, to = 4, flat = 1", "from = 6, flat = 2"),
            [
                f"warning, {BAND} 2 : tranche jamais atteinte : les précédentes la couvrent.",
                f"error, {BAND} 2 : chevauchement : de 2 à 4 comptes est dans deux tranches.",
            ],
        ),
    ],
)
def test_holes_overlaps_and_rows_never_reached(price: str, expected: list[str]) -> None:
    assert texts(found(service(price))) == expected


def test_rows_may_be_written_in_any_order() -> None:
    assert found(service(bands("from = 11, flat = 20", "from = 1, to = 10, flat = 10"))) == []


@pytest.mark.parametrize(
    ("fields", "price", "expected"),
    [
        ("maximum = 5", bands("to = 5, flat = 1"), []),
        ("maximum = 5", bands("to = 5, flat = 1", "flat = 2"), [f"warning, {BAND} 2 : tranche jamais atteinte."]),
        ("minimum = 6", bands("from = 6, flat = 1"), []),
        ("minimum = 6", bands("to = 9, flat = 1", "flat = 2"), []),
        ("minimum = 6", bands("to = 5, flat = 1", "flat = 2"), [f"warning, {BAND} 1 : tranche jamais atteinte."]),
        ("step = 0.5", bands("to = 2, flat = 1", "from = 2.5, flat = 2"), []),
        (
            "step = 0.5",
            bands("to = 2, flat = 1", "from = 3, flat = 2"),
            [f"error, {BAND} 2 : trou : exactement 2,5 comptes{SETTLE}"],
        ),
    ],
)
def test_only_quantities_that_can_be_ordered_need_a_row(fields: str, price: str, expected: list[str]) -> None:
    assert texts(found(service(price, fields=f"{UNIT}\n{fields}"))) == expected


def test_after_an_included_quantity_zero_needs_a_row() -> None:
    price = "{ included_quantity = 5, bands = [{ from = 1, flat = 10 }] }"

    assert texts(found(service(price))) == [f"error, {BAND} 1 : trou : exactement 0 comptes{SETTLE}"]
    assert found(service(price.replace("from = 1,", "from = 0,"))) == []


def test_a_hole_of_bands_is_settled_like_another_quantity() -> None:
    price = service(bands("to = 20, flat = 150", "from = 25, flat = 200"))

    assert [(finding.severity, finding.interpretation) for finding in found(price, HOLE_21)] == [
        (Severity.SETTLED, "I1")
    ]
    assert "aucune charge « s / prix / op »" in texts(found(service("{ flat = 1 }", code="t"), HOLE_21))[0]


def test_a_band_cheaper_than_the_one_before_is_pointed_out() -> None:
    price = bands("to = 20, flat = 150", "from = 21, flat = 0, plus = 50, per_started = 20, beyond = 0")

    assert texts(found(service(price))) == [
        "warning, s › prix › op › tranche 2 : 21 comptes : 100,00\u00a0€, moins que 20 (150,00\u00a0€)."
    ]


def test_a_band_of_inhabitants_cheaper_than_the_one_before_is_pointed_out() -> None:
    price = '{ of = "population", bands = [{ to = 999, per_unit = 1 }, { to = 5000, flat = 50 }, { flat = 200 }] }'

    assert texts(found(service(price))) == [
        f"warning, {BAND} 2 : 1\u202f000 habitants : 50,00\u00a0€, moins que 999 (999,00\u00a0€)."
    ]


@pytest.mark.parametrize(
    ("first", "second", "reached"),
    [
        ('kind = ["epci", "commune"]', 'kind = ["epci"]', False),
        ('kind = ["epci"]', 'kind = ["epci", "commune"]', True),
        ('kind = ["epci"]', "population = { to = 500 }", True),
        ("population = { to = 500 }", 'kind = ["epci"], population = { from = 100, to = 500 }', False),
        ("population = { to = 500 }", "population = { from = 100 }", True),
        ("population = { from = 100 }", "population = { from = 100, to = 200 }", False),
        ("staff = { to = 500 }", "population = { to = 500 }", True),
    ],
)
def test_a_choice_that_an_earlier_one_covers_is_pointed_out(first: str, second: str, *, reached: bool) -> None:
    price = (
        f"{{ choose = [{{ when = {{ {first} }}, flat = 1 }}, {{ when = {{ {second} }}, flat = 2 }}, {{ flat = 3 }}] }}"
    )

    assert texts(found(service(price))) == (
        []
        if reached
        else ["warning, s › prix › op › choix 2 : ligne jamais atteinte : le choix 1 vaut dans tous ces cas."]
    )


def test_a_scale_by_slices_that_stops_is_pointed_out() -> None:
    price = "{ marginal = [{ to = 10, per_unit = 3 }, { to = 50, per_unit = 2 }] }"

    assert texts(found(service(price))) == [
        "warning, s › prix › op : au-delà de 50 comptes, rien n'est prévu (sur devis, donc)."
    ]
    assert found(service(price, fields=f"{UNIT}\nmaximum = 50")) == []


@pytest.mark.parametrize("row", ["from = 1, to = 2.5", "from = 1.5, to = 2"])
def test_a_bound_between_two_quantities_is_an_error(row: str) -> None:
    key = "to" if "2.5" in row else "from"

    assert texts(found(service(bands(f"{row}, flat = 1", "from = 3, flat = 2"))))[0] == (
        f"error, s › prix › op › bands 1 › {key} : une borne est un nombre entier, comme les quantités ;"
        " elle est comprise dans la tranche."
    )


def test_a_category_cheaper_than_the_one_before_is_pointed_out_in_a_table_of_two_dimensions() -> None:
    options = """
option = [{ code = "jour", name = "J", values = [{ code = "semaine", name = "S" }, { code = "samedi", name = "D" }]}]
"""
    cells = "{ P = { semaine = 30, samedi = 40 }, G = { semaine = 35, samedi = 39 } }"
    price = f'{{ by = ["taille", "jour"], per_unit = {cells} }}'

    assert texts(found(service(price, fields=UNIT + options), SIZES)) == [
        "warning, s › prix › op › G samedi : la catégorie G coûte moins que la catégorie P."
    ]


def test_a_category_cheaper_than_the_one_before_is_pointed_out() -> None:
    assert texts(found(service('{ by = "taille", flat = { P = 30, G = 20 } }'), SIZES)) == [
        "warning, s › prix › op › G : la catégorie G coûte moins que la catégorie P."
    ]


def test_a_plan_that_another_one_beats_is_pointed_out() -> None:
    plans = """{ plans = [
      { name = "a", limits = { quantity = 5 }, flat = 10 },
      { name = "b", limits = { quantity = 6 }, flat = 9 },
    ], beyond = { on_request = "Au-delà." } }"""

    assert texts(found(service(plans))) == [
        "warning, s › prix › op › a : formule jamais retenue : « b » permet autant pour moins cher."
    ]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ("from = 1002", [f"error, taille › catégorie G : trou : exactement 1\u202f001 habitants{SETTLE}"]),
        ("from = 1000", [f"error, taille › catégorie G : chevauchement : exactement 1\u202f000 habitants {TWICE}"]),
        ("from = 1001, to = 5000", [f"error, taille : trou : 5\u202f001 habitants et plus{SETTLE}"]),
    ],
)
def test_scales_have_neither_hole_nor_overlap(bounds: str, expected: list[str]) -> None:
    assert texts(found(service("{ flat = 1 }"), SIZES.replace("from = 1001", bounds))) == expected


def test_kinds_that_no_rule_classes_are_pointed_out() -> None:
    assert texts(found(service("{ flat = 1 }"), SIZES.replace(', "autre"', ""))) == [
        "warning, taille : sans règle de classement : Autre structure (sur devis, donc)."
    ]


@pytest.mark.parametrize("vat", ["[]", "[{ from = 2026-01-02, rate = 20 }]"])
def test_an_issuer_without_vat_on_the_first_day_is_an_error(vat: str) -> None:
    assert texts(found(service("{ flat = 1 }"), vat=vat)) == [
        "error, op : aucune TVA au 01/01/2026 : ajouter [[issuer.vat]] avec rate ou exempt."
    ]


def test_an_empty_family_and_an_empty_grid_are_pointed_out() -> None:
    assert texts(found(service("{ flat = 1 }"), '[[family]]\ncode = "g"\nname = "G"')) == [
        "warning, g : aucun service dans cette famille."
    ]
    assert "error, grille : aucun service." in texts(found())


@pytest.mark.parametrize(
    ("dates", "other_dates", "clash"),
    [
        ("", "", True),
        ("", "applies_until = 2026-06-30", True),
        ("", "applies_until = 2025-12-31", False),
        ("applies_until = 2026-03-31", "", True),
        ('supersedes = "essai/autre"', "", False),
    ],
)
def test_two_grids_of_one_offer_never_apply_on_the_same_day(dates: str, other_dates: str, *, clash: bool) -> None:
    start = "" if "2025" not in other_dates else "2025-01-01"
    other = grid_text(service("{ flat = 1 }"), root=other_dates).replace("essai/2026", "essai/autre")
    other = read_grid(other.replace("applies_from = 2026-01-01", f"applies_from = {start or '2026-01-01'}", 1))

    messages = [finding.message for finding in check_grid(grid_text(service("{ flat = 1 }"), root=dates), [other])]

    assert messages == ([CLASH] if clash else [])


def test_two_offers_may_apply_on_the_same_day() -> None:
    other = read_grid(grid_text(service("{ flat = 1 }")).replace("essai/2026", "voisin/2026"))

    assert check_grid(grid_text(service("{ flat = 1 }")), [other]) == []


def test_findings_come_in_the_order_of_the_file_with_their_line() -> None:
    text = grid_text(service(bands("to = 2, flat = 1")), service("{ flat = 1, prix = 2 }", code="t"))
    lines = text.splitlines()

    findings = [finding for finding in check_grid(text) if finding.line]

    assert [lines[(finding.line or 0) - 1] for finding in findings] == ["op = { flat = 1, prix = 2 }"]


@pytest.mark.parametrize(
    ("running_from", "expected"),
    [
        ("2026-01-01", []),
        ("2027-01-01", []),
        ("2024-03-25", ["ne prennent pas un tarif avant qu'il s'applique."]),
        ("2027-03-28", ["chacun aura passé une échéance à l'ancien tarif."]),
    ],
)
def test_the_day_for_what_runs_is_neither_before_new_orders_nor_too_long_after(running_from, expected) -> None:
    text = ACT.replace("applies_from = 2024-03-26", f"applies_from = 2026-01-01\nrunning_from = {running_from}")
    told = [one for one in check_grid(text) if "running_from" in one.place]
    assert [one.message.rsplit("les abonnements en cours ", 1)[-1].rsplit(" : ", 1)[-1] for one in told] == expected
    assert {one.severity for one in told} <= {Severity.ERROR, Severity.WARNING}


@pytest.mark.parametrize(("mark", "said"), [("\u202e", "U+202E"), ("\\u2066", "U+2066"), ("\u200b", "U+200B")])
def test_what_does_not_show_stops_a_grid_at_its_line(mark: str, said: str) -> None:
    lines = ACT.splitlines()
    place = next(number for number, line in enumerate(lines) if line.startswith("title = "))
    lines[place] = lines[place].replace('"', f'"{mark}', 1)
    found = [(one.severity, one.line, one.message) for one in check_grid("\n".join(lines))]
    assert (Severity.ERROR, place + 1, f"un signe qui ne se voit pas ({said}) : l'ôter.") in found
