"""`tripartite quote`: an order written as JSON becomes two quotes, or nothing."""

import json

import pytest

from tests.factories.parties import body
from tripartite.cli.main import main
from tripartite.parties.queries.facts import facts_of, figures_of
from tripartite.quotes.queries.requests import request_list

ORDER = {
    "beneficiary": {"code_insee": "62727"},
    "lines": [{"service": "messagerie-5go", "quantity": 4}, {"service": "nom-de-domaine", "quantity": 1}],
}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("adopted_grid", "directory")]


@pytest.fixture
def quote(tmp_path):
    """Run the command on an order; answers its exit status. The PDF go to `devis`."""

    def run(order, *options, out="devis"):
        path = tmp_path / "demande.json"
        path.write_text(order if isinstance(order, str) else json.dumps(order), encoding="utf-8")
        return main(["quote", str(path), "--out", str(tmp_path / out), *options])

    return run


def issued(tmp_path):
    return sorted(path.name for path in (tmp_path / "devis").glob("*"))


def test_two_quotes_are_issued_and_written(quote, tmp_path, capsys):
    assert quote(ORDER) == 0

    printed = capsys.readouterr().out.splitlines()
    names = issued(tmp_path)
    assert sorted(printed) == [str(tmp_path / "devis" / name) for name in names]
    assert len(names) == 2
    for name in names:
        assert (tmp_path / "devis" / name).read_bytes().startswith(b"%PDF-")
    (request,) = request_list()
    assert (request.origin, request.beneficiary.name) == ("command", "Ruitz")


def test_two_orders_make_four_quotes(quote, tmp_path):
    assert (quote(ORDER), quote(ORDER)) == (0, 0)
    assert len(issued(tmp_path)) == 4


def test_figures_of_the_order_are_declared_by_somebody(quote):
    order = {**ORDER, "beneficiary": {"siren": "216207274", "staff": 7}}

    assert quote(order, "--declared-by", "Secrétariat de mairie") == 0
    latest = figures_of(body())[0]
    assert (latest.counted, latest.value, latest.declared_by) == ("agents", 7, "Secrétariat de mairie")
    assert facts_of(body(), on=latest.applies_on).staff == 7


NOBODY = "La demande donne une population ou un effectif : dire qui le déclare par --declared-by.\n"


@pytest.mark.parametrize(
    ("order", "options", "message"),
    [
        ({**ORDER, "beneficiary": {"code_insee": "62727", "staff": 7}}, [], NOBODY),
        ({**ORDER, "beneficiary": {"code_insee": "62727", "staff": 7}}, ["--declared-by", " "], NOBODY),
        (
            {**ORDER, "beneficiary": {"kind": "commune", "department": "62", "population": 640}},
            [],
            "Un devis s'adresse à une structure de l'annuaire : donner son siren, siret ou code_insee.\n",
        ),
        ({**ORDER, "beneficiary": {"code_insee": "62999"}}, [], "62999"),
        ({**ORDER, "lines": [{"service": "antivirs", "quantity": 1}]}, [], "Le service « antivirs » n'est pas"),
        ({**ORDER, "lines": []}, [], ""),
        (
            {**ORDER, "grid": "cdg62/autre"},
            [],
            "cdg62/autre",
        ),
        ({**ORDER, "on": "2020-01-01"}, [], ""),
        ("[]", [], ""),
        ("n'importe quoi", [], ""),
        ({**ORDER, "beneficiary": {"code_insee": "62727", "staff": 7}}, ["--declared-by", "n" * 201], "Indiquer qui"),
    ],
)
def test_what_cannot_be_quoted_is_refused_and_nothing_is_written(quote, tmp_path, capsys, *, order, options, message):
    assert quote(order, *options) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip()
    assert message in said.err
    assert list(request_list()) == []
    assert issued(tmp_path) == []
    assert [figure.measure for figure in figures_of(body())] == ["population"]


def test_a_line_on_request_leaves_no_quote_behind(quote, tmp_path, capsys):
    lines = [{"service": "sauvegarde", "quantity": 1}, {"service": "stockage-supplementaire", "quantity": 101}]

    assert quote({**ORDER, "lines": lines}) == 1
    assert capsys.readouterr().err.strip()
    assert list(request_list()) == []
    assert issued(tmp_path) == []


def test_an_order_that_cannot_be_read_stops_with_status_2(tmp_path, capsys):
    assert main(["quote", "/nulle/part.json", "--out", str(tmp_path)]) == 2
    assert capsys.readouterr().err == "Impossible de lire /nulle/part.json : ce fichier n'existe pas.\n"


def test_a_folder_that_cannot_be_written_stops_before_anything_is_issued(quote, tmp_path, capsys):
    (tmp_path / "devis").write_text("un fichier, pas un dossier", encoding="utf-8")

    assert quote(ORDER) == 2
    assert f"Impossible d'écrire dans {tmp_path / 'devis'}" in capsys.readouterr().err
    assert quote(ORDER, out="devis/2026") == 2
    assert list(request_list()) == []


def test_quotes_that_cannot_be_written_are_said_to_be_issued(quote, tmp_path, capsys):
    quote(ORDER)
    for name in issued(tmp_path):
        (tmp_path / "devis" / name.replace("12.pdf", "13.pdf").replace("47.pdf", "48.pdf")).mkdir()
    capsys.readouterr()

    assert quote(ORDER) == 2
    said = capsys.readouterr().err
    assert said.startswith("Devis ")
    assert " émis, mais impossible d'écrire " in said
    assert len(request_list()) == 2
