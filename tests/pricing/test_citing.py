"""Interpretations cited for a whole charge by a text adopted before rows could cite, and worded for signed papers."""

from datetime import date
from pathlib import Path

import pytest
from tests.pricing.small_grids import found, service, texts

from tripartite.pricing.checking import check_grid
from tripartite.pricing.contract import parse_order
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.pricer import price_order

ACT = (Path(__file__).parents[2] / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8")
CHARGE = '[[shared_charge]]\ncode = "abonnement"'
OLD = "\n".join(
    line.replace(', interpretations = ["I3"]', "").replace('together = ["I2"]', 'interpretations = ["I2", "I3"]')
    for line in ACT.splitlines()
    if not line.startswith("on_paper = ")
)
"""The act as it was first written: cited for the whole charge, without words for papers."""


def cited(text, accounts):
    order = {"beneficiary": {"kind": "commune", "department": "62", "population": 900}, "lines": []}
    order["lines"] = [{"service": "messagerie-5go", "quantity": accounts}]
    lines = price_order(read_grid(text), parse_order(order).order(on=date(2026, 11, 23))).lines
    return {code for line in lines if line.charge == "abonnement" for code in line.interpretations}


def test_the_first_text_cited_it_for_every_band():
    assert 'interpretations = ["I2", "I3"]' in OLD
    assert 'interpretations = ["I3"]' not in OLD


@pytest.mark.parametrize(("accounts", "bears"), [(1, False), (20, False), (21, True), (40, True)])
@pytest.mark.parametrize("text", [ACT, OLD], ids=["today", "first"])
def test_it_is_cited_by_the_band_that_another_reading_would_change(text, accounts, bears):
    assert ("I3" in cited(text, accounts)) is bears


def test_what_other_readings_change_elsewhere_stays_cited_for_the_charge():
    """I1 moves a price from one issuer to the other; I2 has one reading: both stay where the text cites them."""
    grid = read_grid(OLD)
    assert {code for charge in grid.charges for code in charge.interpretations} == {"I1", "I2", "I4", "I5", "I6"}
    assert {code for charge in read_grid(ACT).charges for code in charge.interpretations} == {"I1", "I4", "I5", "I6"}


def test_a_paper_says_the_name_of_the_reading_and_never_the_note_for_agents():
    first, today = read_grid(OLD).interpretations["I3"], read_grid(ACT).interpretations["I3"]
    assert first.on_paper == "50 € par tranche entamée de 20 comptes, en plus des 150 €."
    assert today.on_paper.startswith("Au-delà de 20 comptes, l'accompagnement est de 150 €")
    assert first.text == today.text
    assert first.text not in (first.on_paper, today.on_paper)


def test_the_check_asks_for_the_words_of_papers():
    said = [finding.message for finding in check_grid(OLD) if "on_paper" in finding.message]
    assert len(said) == len(read_grid(OLD).interpretations) == 13
    assert "la lecture « ajoute » n'a pas ses mots pour les papiers (on_paper) : son nom s'y imprime." in said
    assert not [finding for finding in check_grid(ACT) if "on_paper" in finding.message]


def test_and_for_a_reading_where_none_was_written():
    alone = '\n[[interpretation]]\ncode = "I1"\ntitle = "Titre"\ntext = "Note."\nissuers = ["op"]\n'
    (one,) = texts(found(service("{ per_unit = 20 }"), alone))
    assert "les papiers imprimeraient la note des agents" in one
