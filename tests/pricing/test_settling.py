"""Settling an interpretation otherwise: a new version, the old text untouched, the decision at its end."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tripartite.pricing.checking import check_grid
from tripartite.pricing.contract import parse_order
from tripartite.pricing.findings import GridError
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order
from tripartite.pricing.settling import settle

ACT = (Path(__file__).parents[2] / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8")
DECISION: dict[str, Any] = {
    "interpretation": "I7",
    "reading": "B",
    "issuer": "cdg62",
    "author": "Conseil d'administration",
    "decided_on": date(2026, 10, 6),
    "applies_from": date(2027, 1, 1),
    "reason": "Les seuils du tarif précédent.",
}


def settled(**changes: Any) -> str:
    return settle(ACT, **{**DECISION, **changes})


def totals(grid: Grid, service: str, quantity: int = 1, population: int = 500) -> dict[str, tuple[int, int]]:
    order = {
        "beneficiary": {"kind": "commune", "department": "62", "population": population},
        "lines": [{"service": service, "quantity": quantity}],
    }
    priced = price_order(grid, parse_order(order).order(on=date(2027, 2, 1)))
    return {issuer: (total.once_cents // 100, total.yearly_cents // 100) for issuer, total in priced.totals.items()}


def test_the_text_voted_is_left_as_it_is_and_the_decision_is_added() -> None:
    assert settled().removeprefix(ACT.rstrip("\n")).split("\n")[2:] == [
        "[[decision]]",
        'interpretation = "I7"',
        'reading = "B"',
        'issuer = "cdg62"',
        'author = "Conseil d\'administration"',
        "on = 2026-10-06",
        "applies_from = 2027-01-01",
        'reason = "Les seuils du tarif précédent."',
        "",
    ]


def test_a_decision_makes_a_new_version_that_replaces_the_last_one() -> None:
    second = settled()
    third = settle(second, **{**DECISION, "reading": "A", "applies_from": date(2027, 6, 1)})

    first_grid, second_grid, third_grid = read_grid(ACT), read_grid(second), read_grid(third)

    assert (first_grid.code, first_grid.version, first_grid.supersedes) == ("cdg62/2024-03-26", 1, None)
    assert (second_grid.code, second_grid.version, second_grid.supersedes) == (
        "cdg62/2024-03-26-v2",
        2,
        "cdg62/2024-03-26",
    )
    assert (third_grid.code, third_grid.supersedes) == ("cdg62/2024-03-26-v3", "cdg62/2024-03-26-v2")
    assert [grid.interpretations["I7"].reading for grid in (first_grid, second_grid, third_grid)] == ["A", "B", "A"]
    assert (second_grid.applies_from, second_grid.decisions[0].reason) == (date(2027, 1, 1), DECISION["reason"])


def test_a_new_version_does_not_overlap_the_one_it_replaces() -> None:
    assert [finding.severity.value for finding in check_grid(settled(), [read_grid(ACT)])] == ["settled"]


def test_the_thousandth_inhabitant_changes_category() -> None:
    before, after = read_grid(ACT), read_grid(settled())

    assert [totals(grid, "demarches-simplifiees", population=1000) for grid in (before, after)] == [
        {"lfn": (50, 26), "cdg62": (0, 25)},
        {"lfn": (50, 51), "cdg62": (0, 50)},
    ]


def test_a_set_up_changes_issuer() -> None:
    grid = read_grid(settled(interpretation="I1", reading="lfn", issuer="lfn"))

    assert totals(grid, "messagerie-5go", 4) == {"lfn": (40, 80), "cdg62": (0, 50)}
    assert totals(grid, "page-internet", 1) == {"lfn": (50, 14), "cdg62": (0, 0)}


def test_mailboxes_beyond_twenty_are_counted_otherwise_and_the_fall_is_pointed_out() -> None:
    text = settled(interpretation="I3", reading="remplace")

    assert totals(read_grid(text), "messagerie-5go", 21)["cdg62"] == (210, 100)
    assert "21 comptes : 100,00\u00a0€, moins que 20 (150,00\u00a0€)." in [
        finding.message for finding in check_grid(text)
    ]


def test_a_charge_may_become_taxable() -> None:
    grid = read_grid(settled(interpretation="I9", reading="cdg-taxable"))

    vat = grid.issuers["cdg62"].vat_on(date(2027, 1, 1))
    assert vat is not None
    assert (vat.rate, vat.mention) == (2000, None)


@pytest.mark.parametrize("code", read_grid(ACT).interpretations)
def test_every_choice_of_the_act_makes_a_grid_that_can_be_priced(code: str) -> None:
    interpretation = read_grid(ACT).interpretations[code]

    for choice in interpretation.choices:
        if choice.code != interpretation.reading:
            text = settled(interpretation=code, reading=choice.code, issuer=interpretation.issuers[0])
            assert read_grid(text).interpretations[code].reading == choice.code


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"interpretation": "I99"}, "Cette interprétation n'est pas dans la grille."),
        ({"reading": "Z"}, "Lecture inconnue : choisir parmi A, B."),
        ({"reading": "A"}, "C'est déjà la lecture retenue : « A »."),
        (
            {"interpretation": "I3", "reading": "remplace", "issuer": "lfn"},
            "Seuls les émetteurs concernés décident : cdg62.",
        ),
        ({"author": "  "}, "Une décision a un auteur et un motif."),
        ({"reason": ""}, "Une décision a un auteur et un motif."),
        ({"applies_from": date(2024, 3, 26)}, "La nouvelle version doit commencer après le 26/03/2024."),
    ],
)
def test_a_decision_that_cannot_be_taken_says_why(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(GridError) as refused:
        settled(**changes)

    assert [finding.message for finding in refused.value.findings] == [message]


@pytest.mark.parametrize("reason", ['Un "mot" \\ étrange', "Deux\nlignes", 'fin"""', "\x7f€"])
def test_any_reason_is_kept_as_it_was_written(reason: str) -> None:
    assert read_grid(settled(reason=reason)).decisions[0].reason == reason


def test_a_decision_written_by_hand_is_held_to_the_same_rules() -> None:
    others = settled().replace('issuer = "cdg62"\nauthor', 'issuer = "autre"\nauthor')
    backwards = settled() + settled().removeprefix(ACT.rstrip("\n")).replace('reading = "B"', 'reading = "A"')

    assert [finding.message for finding in check_grid(others)] == [
        "seuls les émetteurs concernés décident : lfn, cdg62."
    ]
    assert [finding.message for finding in check_grid(backwards)] == ["chaque décision s'applique après la précédente."]


def test_a_signed_paper_words_the_reading_that_is_retained():
    grid = read_grid(ACT)
    assert all(choice.on_paper for one in grid.interpretations.values() for choice in one.choices)
    assert not [one.code for one in grid.interpretations.values() if " lu" in one.on_paper or "l'acte" in one.on_paper]
    reading = grid.interpretations["I1"]
    assert reading.on_paper.endswith("sont dues au centre de gestion.")
    assert replace(reading, reading="lfn").on_paper.endswith("sont dues à l'opérateur.")
    assert replace(reading, choices=()).on_paper == reading.text
