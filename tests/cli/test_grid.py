"""`tripartite grid`: what is said of a grid, and what is kept of it."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from tests.factories.tariffs import GRID, grid_text
from tripartite.cli.main import main
from tripartite.journal.queries import entries_about
from tripartite.pricing.grid_reading import read_grid
from tripartite.tariffs.queries import grid_in_force, grid_versions, version_by_code

ROOT = Path(__file__).parents[2]
SHIPPED = str(ROOT / f"grids/{GRID}.toml")

pytestmark = pytest.mark.django_db


@pytest.fixture
def written(tmp_path):
    def write(text, name="grille.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def grid(*arguments):
    return main(["grid", *arguments])


def settle(path, out, *, reading="lfn", applies_from="2027-01-01", interpretation="I1", author="Le président"):
    decision = ["--interpretation", interpretation, "--reading", reading, "--issuer", "cdg62", "--author", author]
    dates = ["--decided-on", "2026-12-01", "--applies-from", applies_from]
    return grid("settle", path, *decision, *dates, "--reason", "Relecture de l'acte", "--out", str(out))


def test_the_shipped_grid_can_be_adopted(capsys):
    assert grid("check", SHIPPED) == 0

    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "Cette grille peut être adoptée."
    assert all(line.startswith("réglé, ligne ") for line in told[:-1])


def test_a_grid_in_error_is_told_line_by_line(written, capsys):
    text = grid_text().replace('basis = "TTC"', 'basis = "TTD"')
    number = text.splitlines().index('basis = "TTD"') + 1

    assert grid("check", written(text)) == 1
    told = capsys.readouterr().out
    assert f"ligne {number}" in told
    assert told.endswith("1 erreur.\n")


def test_a_text_that_is_not_toml_is_told_with_its_line(written, capsys):
    assert grid("check", written('format = 1\ncode = "x\n')) == 1
    assert "ligne 2" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "show", "price-list", "adopt", "draft"])
def test_a_file_that_cannot_be_read_stops_with_status_2(command, written, capsys):
    assert grid(command, "/nulle/part.toml") == 2
    assert capsys.readouterr().err == "Impossible de lire /nulle/part.toml : ce fichier n'existe pas.\n"
    path = written(b"code = \xff")
    assert grid(command, path) == 2
    assert capsys.readouterr().err == f"{path} : ce n'est pas du texte UTF-8.\n"


@pytest.mark.parametrize("command", ["show", "price-list"])
def test_a_grid_in_error_is_not_shown(command, written, capsys):
    assert grid(command, written("format = 2")) == 2

    said = capsys.readouterr()
    assert (said.out, bool(said.err)) == ("", True)


def test_a_grid_is_shown_for_a_person(capsys):
    assert grid("show", SHIPPED) == 0

    told = capsys.readouterr().out
    assert told.startswith("Services numériques mutualisés, hors pack Mairie Connectée\nCentre de gestion ")
    assert "Applicable du 26/03/2024. Montants TTC.\n" in told
    assert "Abonnements en cours : ils prennent ce tarif à leur échéance" in told
    for expected in (
        "── Présence en ligne ──",
        "Messagerie, compte 5 Go › Abonnement",
        "20,00 € par compte, par an",
        "── Interprétations ──\nI1   Mise en service",
    ):
        assert expected in told.replace("\u00a0", " ")


def test_the_price_list_is_a_csv_of_exact_amounts(capsys):
    assert grid("price-list", SHIPPED) == 0

    told = capsys.readouterr().out
    assert told.startswith("\ufefffamille;services;")
    rows = list(csv.DictReader(io.StringIO(told.removeprefix("\ufeff")), delimiter=";"))
    assert len(rows) > 40
    amounts = {(row["services"], row["charge"]): row["montant TTC"] for row in rows if not row["condition"]}
    assert amounts["Messagerie, compte 5 Go", "Abonnement"] == "20,00"
    assert amounts["Messagerie, compte illimité", "Abonnement"] == "27,00"
    assert amounts["Nom de domaine", "Abonnement"] == "15,00"
    assert all(len(row) == 9 and None not in row.values() for row in rows)


def test_a_cell_that_a_spreadsheet_would_compute_is_quoted(written, capsys):
    text = grid_text().replace('name = "Nom de domaine"', 'name = "=1+1"', 1)
    assert text != grid_text()

    assert grid("price-list", written(text)) == 0
    assert ";'=1+1;" in capsys.readouterr().out


def test_a_grid_shows_all_that_its_file_says(written, capsys):
    rules = """unit = ["Go", "Go"]
minimum = 2
maximum = 10
step = 0.5
excludes = [{ service = "antivirus", message = "Pas avec l'antivirus." }]
"""
    text = grid_text().replace('unit = ["Go", "Go"]\n', rules, 1)
    kinds = '[eligibility]\nkinds = ["commune", "epci"]\n'
    assert "[eligibility]\n" in text

    assert grid("show", written(text.replace("[eligibility]\n", kinds, 1))) == 0
    told = capsys.readouterr().out.replace("\u00a0", " ")
    for expected in (
        "── Qui peut demander ──\nDépartements : 62\nStructures admises : Commune, EPCI à fiscalité propre\n",
        "À confirmer : Autre structure (",
        "    Go : de 2 à 10 Go, par 0,5\n",
        "    Demande sauvegarde (avertissement) : Le stockage supplémentaire complète une sauvegarde",
        "    Exclut antivirus (refus) : Pas avec l'antivirus.\n",
        "(lfn), Services : TVA 20 % depuis le 01/01/2024 (I9)\n",
        "B : de 1 001 à 2 000 habitants, de 5 à 10 agents\n",
        "Commune, Département, Région : habitants\n",
        "Antivirus › Mise en service par le CDG (voté en « Sécurité › Antivirus › Mise en service » ; disparaît avec",
    ):
        assert expected in told.replace("\u202f", " "), expected


def test_a_code_adopted_already_with_another_text_is_told(adopted_grid, written, capsys):
    assert grid("check", SHIPPED) == 0
    assert grid("check", written("\ufeff" + grid_text().replace("\n", "\r\n"))) == 0
    capsys.readouterr()

    assert grid("check", written(grid_text().replace("per_unit = 20", "per_unit = 21", 1))) == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"erreur, code : « {GRID} » est déjà adoptée avec un autre texte, qui ne change plus : donner un autre code.",
        "1 erreur.",
    ]


def test_a_grid_is_adopted_once(capsys):
    assert grid("adopt", SHIPPED) == 0
    assert capsys.readouterr().out == (
        "Première grille de l'offre « cdg62 », à partir du 26/03/2024 : aucune demande n'en est encore.\n"
        f"{GRID} : adoptée.\n"
    )
    assert grid_in_force(date(2024, 4, 15), offer="cdg62").code == GRID

    assert grid("adopt", SHIPPED) == 1
    assert capsys.readouterr().err == (
        f"La grille {GRID} est adoptée : son texte ne change plus. Écrire une nouvelle version.\n"
    )
    acts = [entry.action for entry in entries_about("grid", GRID)]
    assert acts == ["tariffs.draft", "tariffs.adopt"]


def test_a_grid_in_error_is_not_stored(written, capsys):
    assert grid("adopt", written("format = 2")) == 1
    assert capsys.readouterr().err
    assert grid_versions(drafts=True) == []


def test_a_draft_prices_nothing_until_it_is_adopted(capsys):
    assert grid("draft", SHIPPED) == 0
    assert grid("draft", SHIPPED) == 0
    assert capsys.readouterr().out == f"{GRID} : projet enregistré.\n" * 2
    assert grid_in_force(date(2024, 4, 15), offer="cdg62") is None

    assert grid("adopt", SHIPPED) == 0
    assert grid_in_force(date(2024, 4, 15), offer="cdg62").code == GRID


def test_an_adopted_grid_is_not_drafted_again(adopted_grid, capsys):
    assert grid("draft", SHIPPED) == 1
    assert "son texte ne change plus" in capsys.readouterr().err


def test_the_versions_are_listed(adopted_grid, written, capsys):
    other = grid_text().replace(f'code = "{GRID}"', 'code = "cdg62/projet"')
    grid("draft", written(other))
    capsys.readouterr()

    assert grid("list") == 0
    listed = capsys.readouterr().out.splitlines()
    assert sorted(line.split()[:2] for line in listed) == [[GRID, "adoptée"], ["cdg62/projet", "projet"]]
    assert all("du 26/03/2024" in line for line in listed)


def test_a_grid_that_overlaps_an_adopted_one_is_told_and_refused(adopted_grid, written, capsys):
    other = written(grid_text().replace(f'code = "{GRID}"', 'code = "cdg62/autre"'))
    clash = f"La grille « {GRID} » s'applique aux mêmes jours : dire supersedes, ou changer les dates."

    assert grid("check", other) == 1
    assert capsys.readouterr().out.endswith(f"erreur, applies_from : {clash}\n1 erreur.\n")
    assert grid("adopt", other) == 1
    assert capsys.readouterr().err == f"{clash}\n"


def test_settling_writes_a_new_version_that_prices_otherwise(adopted_grid, tmp_path, capsys):
    out = tmp_path / "relue.toml"

    assert settle(SHIPPED, out) == 0
    told = f"Nouvelle version écrite dans {out} : l'adopter par « tripartite grid adopt ».\n"
    assert capsys.readouterr().out == told
    assert Path(SHIPPED).read_text(encoding="utf-8") == grid_text()
    settled = read_grid(out.read_text(encoding="utf-8"))
    assert (settled.supersedes, settled.applies_from) == (GRID, date(2027, 1, 1))

    assert grid("check", str(out)) == 0
    assert grid("adopt", str(out)) == 0
    assert grid_in_force(date(2026, 12, 31), offer="cdg62").code == GRID
    assert grid_in_force(date(2027, 1, 1), offer="cdg62").code == settled.code
    assert version_by_code(settled.code).text == out.read_text(encoding="utf-8")
    capsys.readouterr()
    issuers = []
    for path in (SHIPPED, str(out)):
        grid("price-list", path)
        rows = csv.DictReader(io.StringIO(capsys.readouterr().out), delimiter=";")
        found = [row for row in rows if (row["services"], row["charge"]) == ("Page internet", "Mise en service")]
        issuers.append([(row["émetteur"], row["montant TTC"]) for row in found])
    assert issuers == [[("CDG 62", "50,00")], [("La Fibre Numérique 59-62", "50,00")]]


def test_settling_never_overwrites_a_file(tmp_path, capsys):
    out = tmp_path / "relue.toml"
    out.write_text("à garder", encoding="utf-8")

    assert settle(SHIPPED, out) == 2
    assert capsys.readouterr().err == f"{out} existe déjà : choisir un autre nom.\n"
    assert out.read_text(encoding="utf-8") == "à garder"


@pytest.mark.parametrize(
    "decision",
    [
        {"reading": "cdg62"},
        {"reading": "autre"},
        {"interpretation": "I99"},
        {"author": " "},
        {"applies_from": "2020-01-01"},
    ],
)
def test_a_decision_that_cannot_be_taken_writes_no_file(tmp_path, capsys, decision):
    out = tmp_path / "relue.toml"

    assert settle(SHIPPED, out, **decision) == 1
    assert "interprétation I" in capsys.readouterr().err
    assert not out.exists()


def test_a_folder_that_does_not_exist_is_said_so(tmp_path, capsys):
    out = tmp_path / "nulle" / "part.toml"

    assert settle(SHIPPED, out) == 2
    assert capsys.readouterr().err == f"Impossible d'écrire {out} : ce fichier n'existe pas.\n"


def test_a_day_that_is_none_is_told_with_the_usage(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        settle(SHIPPED, tmp_path / "relue.toml", applies_from="2027-02-30")

    assert stopped.value.code == 2
    assert "« 2027-02-30 » n'est pas une date de la forme 2024-03-26" in capsys.readouterr().err
