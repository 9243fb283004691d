"""A tariff voted HT on the screens, the command line and the lists: HT first, what is paid TTC beside it."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import tariffs
from tests.web.conftest import words
from tripartite.cli.main import main

pytestmark = pytest.mark.django_db
QUERY = {"kind": "commune", "department": "62", "population": "1478", "messagerie-5go": "4"}


@pytest.fixture(autouse=True)
def _untaxed() -> None:
    tariffs.adopted_grid("HT")


def said(answer: Any) -> str:
    return words(answer).replace("\u00a0", " ").replace("\u202f", " ")


def test_the_estimator_says_ht_and_what_is_paid(client: Client) -> None:
    page = said(client.get(reverse("estimator"), QUERY))

    assert "80,00 € HT" in page
    assert "Première année 170,00 € HT, soit 186,00 € TTC en tout 80,00 € HT, soit 96,00 € TTC 90,00 €" in page
    assert "Années suivantes 130,00 € HT, soit 146,00 € TTC en tout 80,00 € HT, soit 96,00 € TTC 50,00 €" in page
    assert "Montants HT." in page
    assert "Catégories de démarches simplifiées : B." in page


def test_the_tariff_and_its_list_are_on_the_basis_that_was_voted(client: Client) -> None:
    assert "Montants HT." in said(client.get(reverse("grid-current")))
    first = client.get(reverse("grid-current"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()[0]
    assert first.split(";")[7] == "montant HT"


def test_the_command_line_says_both(tmp_path: Path, capsys: Any) -> None:
    order = {
        "on": "2026-11-23",
        "beneficiary": {"kind": "commune", "department": "62", "population": 1478},
        "lines": [{"service": "messagerie-5go", "quantity": 4}],
    }
    file = tmp_path / "demande.json"
    file.write_text(json.dumps(order), encoding="utf-8")

    assert main(["estimate", str(file)]) == 0
    told = [" ".join(line.replace("\u00a0", " ").split()) for line in capsys.readouterr().out.splitlines()]
    assert told[1] == "Grille cdg62/2024-03-26, estimation au 23/11/2026, montants HT"
    operator = told[told.index(next(line for line in told if "La Fibre" in line)) :][:8]
    assert operator[1:] == [
        "Messagerie, compte 5 Go › Abonnement 80,00 € par an 4 comptes × 20,00 € HT, plus 20 % de TVA",
        "À la mise en service, une fois 0,00 €",
        "Chaque année 80,00 €",
        "Pour la durée indiquée, une fois 0,00 €",
        "Première année 80,00 €",
        "Chaque année, TTC 96,00 €",
        "Première année, TTC 96,00 €",
    ]
