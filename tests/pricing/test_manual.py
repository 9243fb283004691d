"""The manual of the grid format: each of its examples is priced through the three doors, to the cent."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from tests.pricing.worked_examples import ROOT, Example, answer_in_python, kept, read_manual

from tripartite.cli.main import main
from tripartite.journal.services import Actor
from tripartite.pricing.checking import check_grid
from tripartite.pricing.findings import Severity
from tripartite.pricing.price_reading import FORMS
from tripartite.pricing.shape import ROWS
from tripartite.tariffs.services import draft_grid

MANUAL = read_manual("grids/README.md", preamble_heading="Formes de prix, une par une")
FORMS_OF_TARIFFS = [
    "Prix par unité",
    "Forfait",
    "Forfait par tranche de quantité",
    "Tranches, puis un montant par tranche entamée",
    "Tranches, puis sur devis",
    "Barème progressif : chaque habitant au prix de sa tranche",
    "Tableau par catégorie d'habitants",
    "Tableau par habitants, ou par agents pour les autres structures",
    "Tableau par habitants et par agents à la fois",
    "Un barème par type de structure",
    "Un barème par classe de client",
    "Première année différente des suivantes",
    "Part fixe plus part variable",
    "Prix inférieur à un centime, en grande quantité",
    "Produit de deux quantités",
    "Supplément ajouté à un prix",
    "Supplément sur un tableau",
    "Produit d'un chiffre et d'une donnée",
    "Quantité minimale",
    "Durée minimale",
    "Maximum, puis sur devis ou refusé",
    "Quantité comprise",
    "Pourcentage d'une base déclarée",
    "La formule la moins chère qui satisfait plusieurs seuils",
    "Durée payée d'avance",
    "Par an, par mois, une fois, à l'acte",
    "Options : durée et remise",
    "Inclus, vide, sur devis, conditionnel",
    "Prérequis et exclusions",
    "Une grille entière",
    "Un, deux ou plusieurs émetteurs",
    "Tranches communes à plusieurs services",
    "Demi-unités",
]
every_example = pytest.mark.parametrize("example", MANUAL.examples, ids=str)
every_grid = pytest.mark.parametrize("heading", MANUAL.grids)


@every_example
def test_examples_are_priced_in_python(example: Example) -> None:
    assert kept(answer_in_python(example), example.expected) == example.expected


@every_example
@pytest.mark.django_db
def test_examples_are_priced_on_the_command_line(example: Example, tmp_path: Path, capsys) -> None:
    (tmp_path / "grille.toml").write_text(example.grid, encoding="utf-8")
    order = {**example.order, "grid": str(tmp_path / "grille.toml")}
    (tmp_path / "demande.json").write_text(json.dumps(order), encoding="utf-8")

    assert main(["estimate", str(tmp_path / "demande.json"), "--format", "jsonl"]) == 0

    assert kept(json.loads(capsys.readouterr().out), example.expected) == example.expected


@every_example
@pytest.mark.django_db
def test_examples_are_priced_over_http(example: Example, client: Client) -> None:
    at = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
    draft = draft_grid(text=example.grid, actor=Actor(label="essai"), at=at)

    response = client.post(
        "/api/v1/estimates", data={**example.order, "grid": draft.code}, content_type="application/json"
    )

    assert response.status_code == (422 if "error" in example.expected else 200)
    assert kept(response.json(), example.expected) == example.expected


@every_grid
def test_the_manual_teaches_nothing_that_would_be_found_wrong(heading: str) -> None:
    found = check_grid(MANUAL.grids[heading])

    assert [finding.text for finding in found if finding.severity is not Severity.SETTLED] == []


@every_grid
def test_each_grid_has_its_worked_example(heading: str) -> None:
    assert heading in {example.heading for example in MANUAL.examples}


def test_every_form_of_tariff_has_its_example() -> None:
    assert [form for form in FORMS_OF_TARIFFS if form not in MANUAL.grids] == []


def test_every_word_of_the_language_is_explained() -> None:
    written = set(re.findall(r"[a-z_]+", (ROOT / "grids/README.md").read_text(encoding="utf-8")))
    sources = (ROOT / "src/tripartite/pricing").glob("*_reading.py")
    fields = {
        word for path in sources for word in re.findall(r'\.\w+\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8"))
    }

    assert sorted((fields | FORMS.keys() | ROWS.keys()) - written) == []


def test_links_within_the_manual_lead_somewhere() -> None:
    text = (ROOT / "grids/README.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}

    assert [link for link in re.findall(r"\]\(#([^)]+)\)", text) if link not in anchors] == []
    assert [link for link in re.findall(r"\]\(([^#)h][^)]*)\)", text) if not (ROOT / "grids" / link).exists()] == []
