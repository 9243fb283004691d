"""`tripartite estimate`: the contract on the command line."""

import io
import json
from pathlib import Path

import pytest

from tests.factories.accounts import AT, TESTER
from tripartite.cli.main import main
from tripartite.parties.services.looks import set_look

ROOT = Path(__file__).parents[2]
GRID = str(ROOT / "grids/cdg62/2024-03-26.toml")
CASES = json.loads((ROOT / "tests/pricing/cases.json").read_text(encoding="utf-8"))
ORDER = {
    "on": "2024-04-15",
    "beneficiary": {"kind": "commune", "department": "62", "population": 640},
    "lines": [{"service": "messagerie-5go", "quantity": 4}],
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def order_file(tmp_path: Path):
    def write(order: object) -> str:
        path = tmp_path / "demande.json"
        path.write_text(order if isinstance(order, str) else json.dumps(order), encoding="utf-8")
        return str(path)

    return write


def type_in(monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> None:
    raw = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))


@pytest.mark.usefixtures("adopted_grid")
@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_worked_cases_hold_to_the_cent(order_file, capsys, case: dict) -> None:
    assert main(["estimate", order_file(case["order"]), "--format", "json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    for issuer, totals in case["totals"].items():
        assert {name: answer["totals"][issuer][name] for name in totals} == totals
    asked = [{"service": line["service"], "issuer": line["issuer"]} for line in answer["on_request"]]
    assert sorted(asked, key=str) == sorted(case["on_request"], key=str)


@pytest.mark.usefixtures("adopted_grid")
def test_worked_errors_answer_line_by_line_without_stopping(monkeypatch, capsys) -> None:
    type_in(monkeypatch, "\n".join(json.dumps(case["order"]) for case in CASES["errors"]))

    assert main(["estimate", "--format", "jsonl", "-"]) == 0

    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["error"]["code"] for answer in answers] == [case["error"] for case in CASES["errors"]]


@pytest.mark.usefixtures("adopted_grid")
def test_lines_are_answered_in_their_order_good_and_bad_mixed(monkeypatch, capsys) -> None:
    other = {**ORDER, "lines": [{"service": "antivirus", "quantity": 2}]}
    type_in(monkeypatch, f"{json.dumps(ORDER)}\nn'importe quoi\n\n{json.dumps(other)}\n")

    assert main(["estimate", "--format", "jsonl", "-"]) == 0

    first, second, third = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert first["totals"]["lfn"]["yearly_cents"] == 8000
    assert second["error"]["code"] == "bad-order"
    assert third["totals"]["lfn"]["yearly_cents"] == 3400


def test_input_that_is_not_text_stops_with_status_2(monkeypatch, capsys) -> None:
    type_in(monkeypatch, b"\xff\xfe\x00")

    assert main(["estimate", "--format", "jsonl", "-"]) == 2
    assert capsys.readouterr().err == "L'entrée n'est pas du texte UTF-8.\n"


@pytest.mark.parametrize("output", ["table", "json", "jsonl"])
def test_a_file_that_does_not_exist_stops_with_status_2(capsys, output: str) -> None:
    assert main(["estimate", "/nulle/part.json", "--format", output]) == 2
    assert capsys.readouterr().err == "Impossible de lire /nulle/part.json : ce fichier n'existe pas.\n"


@pytest.mark.usefixtures("adopted_grid")
def test_an_order_in_error_says_why_and_stops_with_status_1(order_file, capsys) -> None:
    order = {**ORDER, "lines": [{"service": "antivirs", "quantity": 1}]}

    assert main(["estimate", order_file(order)]) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(
        "Le service « antivirs » n'est pas dans la grille cdg62/2024-03-26. Vouliez-vous dire : antivirus"
    )


def test_a_grid_is_read_from_a_path(order_file, capsys) -> None:
    assert main(["estimate", order_file({**ORDER, "grid": GRID}), "--format", "json"]) == 0

    assert json.loads(capsys.readouterr().out)["grid"] == "cdg62/2024-03-26"


@pytest.mark.parametrize(
    ("content", "beginning"), [("format = 2", "n'est pas une grille valable"), (None, "Impossible de lire la grille")]
)
def test_a_path_that_is_not_a_grid_is_said_so(
    order_file, tmp_path, capsys, content: str | None, beginning: str
) -> None:
    path = tmp_path / "grille.toml"
    if content:
        path.write_text(content, encoding="utf-8")

    assert main(["estimate", order_file({**ORDER, "grid": str(path)})]) == 1
    assert beginning in capsys.readouterr().err


@pytest.mark.usefixtures("adopted_grid")
def test_the_table_shows_lines_totals_and_what_is_left_out(order_file, capsys) -> None:
    order = {
        **ORDER,
        "lines": [
            {"service": "messagerie-5go", "quantity": 4},
            {"service": "cle-signature-3-cdg", "quantity": 1},
            {"service": "stockage-supplementaire", "quantity": 101},
            {"service": "antivirus", "quantity": 6},
        ],
    }

    assert main(["estimate", order_file(order)]) == 0

    table = capsys.readouterr().out
    for expected in (
        "80,00\u00a0€ par an   4 comptes × 20,00\u00a0€",
        "90,00\u00a0€ pour 3 ans",
        "── La Fibre Numérique 59-62 ──",
        "Messagerie, compte 5 Go › Accompagnement messagerie",
        "inclus",
        "sur devis",
        "(200,00\u00a0€)   Uniquement en cas d'intervention.",
        "(hors lignes sur devis)",
        "Attention : Le stockage supplémentaire complète une sauvegarde",
    ):
        assert expected in table


@pytest.mark.usefixtures("adopted_grid")
def test_an_issuer_has_in_the_table_the_name_that_it_set(order_file, capsys) -> None:
    set_look(code="lfn", changes={"short_name": "LFN"}, applies_on=AT.date(), actor=TESTER, at=AT)

    assert main(["estimate", order_file({**ORDER, "on": f"{AT:%Y-%m-%d}"})]) == 0

    table = capsys.readouterr().out
    assert "── LFN ──" in table
    assert "── La Fibre Numérique 59-62 ──" not in table


def test_the_columns_of_the_table_stay_aligned(order_file, tmp_path, capsys) -> None:
    """A long name, an accent apart from its letter, wide signs, an amount in millions, a line on request."""
    named = "Sauvegarde externalise\u0301e des données des élus, des services et des écoles, 日本 compris"
    grid = tmp_path / "grille.toml"
    grid.write_text(Path(GRID).read_text(encoding="utf-8").replace('"Stockage supplémentaire"', f'"{named}"'), "utf-8")
    lines = [{"service": "messagerie-5go", "quantity": 99_999}, {"service": "stockage-supplementaire", "quantity": 101}]

    assert main(["estimate", order_file({**ORDER, "grid": str(grid), "lines": lines})]) == 0

    assert capsys.readouterr().out.splitlines()[4:10] == [
        (
            "Messagerie, compte 5 Go › Abonnement"
            f"{' ' * 64}1\u202f999\u202f980,00\u00a0€ par an   99\u202f999 comptes × 20,00\u00a0€"
        ),
        (
            "Sauvegarde externalise\u0301e des données des élus, des services et des écoles, 日本 compris › Abonnement"
            f"{' ' * 13}sur devis   Au-delà de 100 Go supplémentaires,"
            " sous réserve de faisabilité."
        ),
        f"À la mise en service, une fois{' ' * 85}0,00\u00a0€   (hors lignes sur devis)",
        f"Chaque année{' ' * 95}1\u202f999\u202f980,00\u00a0€   (hors lignes sur devis)",
        f"Pour la durée indiquée, une fois{' ' * 83}0,00\u00a0€   (hors lignes sur devis)",
        f"Première année{' ' * 93}1\u202f999\u202f980,00\u00a0€   (hors lignes sur devis)",
    ]


@pytest.mark.usefixtures("adopted_grid")
def test_a_mark_of_encoding_and_a_line_without_end_do_not_stop_the_others(monkeypatch, capsys) -> None:
    type_in(monkeypatch, f"\ufeff{json.dumps(ORDER)}\n[{' ' * 11_000_000}]\n{json.dumps(ORDER)}")

    assert main(["estimate", "--format", "jsonl", "-"]) == 0

    first, second, third = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first, second["error"]["code"]) == (third, "bad-order")


def test_a_command_mistyped_is_told_in_french(capsys) -> None:
    for words, expected in (
        (["estimate"], "emploi : tripartite estimate [-h] [--format {table,json,jsonl}] DEMANDE\n"),
        (["estimate", "x", "--format", "z"], "--format : 'z' n'est pas un choix ; choisir parmi table, json, jsonl\n"),
        (["estimate", "x", "y"], "tripartite : mot inconnu : y\n"),
    ):
        with pytest.raises(SystemExit) as stopped:
            main(words)
        assert stopped.value.code == 2
        assert expected in capsys.readouterr().err.replace(
            "'table', 'json', 'jsonl'", "table, json, jsonl"
        )  # Python 3.11
