"""Rows as other programs open them, dangerous cells included."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime

import openpyxl
import pytest

from tripartite.sheets import FITTED, Cell, Cents, csv_file, csv_text, xlsx_file

COLUMNS = ["Collectivité", "Reçue le", "Montant", "Lignes"]


def csv_rows(rows: list[Sequence[Cell]]) -> list[list[str]]:
    content = csv_file(COLUMNS, rows)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def sheet_xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def test_csv_as_french_spreadsheets_read_it() -> None:
    rows = csv_rows([["Ruitz ; « Béthune »", date(2024, 3, 26), Cents(103005), 4], ["", None, Cents(-5), 0]])
    assert rows == [COLUMNS, ["Ruitz ; « Béthune »", "26/03/2024", "1030,05", "4"], ["", "", "-0,05", "0"]]


def test_the_same_as_a_text_whose_lines_end_as_asked() -> None:
    assert csv_text(["Texte", "=Montant"], [["é;", Cents(100)]], line_end="\n") == 'Texte;\'=Montant\n"é;";1,00\n'


def test_an_instant_is_told_in_paris_time() -> None:
    instant = datetime(2024, 7, 1, 22, 30, tzinfo=UTC)
    assert csv_rows([[instant]])[1] == ["02/07/2024 00:30"]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file(COLUMNS, [[instant]]))).active
    assert sheet is not None
    assert sheet["A2"].value == datetime(2024, 7, 2, 0, 30)  # noqa: DTZ001 - a spreadsheet knows no zone


@pytest.mark.parametrize("text", ["=1+1", "+33 3 21", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_text_becomes_a_formula(text: str) -> None:
    assert csv_rows([[text]])[1] == [f"'{text}"]
    assert "<f>" not in sheet_xml(xlsx_file(["Texte"], [[text]]))


def test_text_with_quotes_breaks_and_emoji_stays_whole() -> None:
    nasty = 'a";b\r\nc 🦊 ' + "x" * 300
    assert csv_rows([[nasty]])[1] == [nasty]


def test_a_text_too_long_for_a_cell_is_cut_where_a_workbook_ends_it() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file(["Texte"], [["x" * 32_768]]))).active
    assert sheet is not None
    assert sheet["A2"].value == "x" * 32_767


@pytest.mark.parametrize("count", [0, 1, FITTED - 1, FITTED, FITTED + 1])
def test_columns_are_as_wide_as_their_first_rows_ask(count: int) -> None:
    rows = [["x" * 40]] * count
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file(["Texte"], rows))).active
    assert sheet is not None
    assert (sheet.column_dimensions["A"].width > 30) == bool(count)
    assert sheet.max_row == count + 1


def test_xlsx_holds_numbers_days_and_texts_and_not_their_words() -> None:
    content = xlsx_file(COLUMNS, [["=Ruitz", date(2024, 3, 26), Cents(103005), 4], ["", None, Cents(-5), 0]])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = [[(cell.data_type, cell.value) for cell in row] for row in sheet.iter_rows(min_row=2)]
    day = datetime(2024, 3, 26)  # noqa: DTZ001 - a spreadsheet knows no zone
    assert cells[0] == [("s", "=Ruitz"), ("d", day), ("n", 1030.05), ("n", 4)]
    assert cells[1][1:] == [("n", None), ("n", -0.05), ("n", 0)]
