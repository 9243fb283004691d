"""Lists taken away as CSV and XLSX, dangerous cells included."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from django.test import RequestFactory

from tripartite.web.shell.exports import Cents, Layout, export, wanted_layout

COLUMNS = ["Collectivité", "Reçue le", "Montant", "Lignes"]


def csv_rows(rows):
    answer = export("demandes", COLUMNS, rows, Layout.CSV)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))


def xlsx_part(answer, part):
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return book.read(part).decode()


def test_csv_as_french_spreadsheets_read_it():
    rows = csv_rows([["Ruitz ; « Béthune »", date(2024, 3, 26), Cents(103005), 4], ["", None, Cents(-5), 0]])
    assert rows == [COLUMNS, ["Ruitz ; « Béthune »", "26/03/2024", "1030,05", "4"], ["", "", "-0,05", "0"]]


def test_an_instant_is_told_in_paris_time():
    assert csv_rows([[datetime(2024, 7, 1, 22, 30, tzinfo=UTC)]])[1] == ["02/07/2024 00:30"]


@pytest.mark.parametrize("text", ["=1+1", "+33 3 21", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_text_becomes_a_formula(text):
    assert csv_rows([[text]])[1] == [f"'{text}"]
    answer = export("demandes", ["Texte"], [[text]], Layout.XLSX)
    assert "<f>" not in xlsx_part(answer, "xl/worksheets/sheet1.xml")


def test_text_with_quotes_breaks_and_emoji_stays_whole():
    nasty = 'a";b\r\nc 🦊 ' + "x" * 300
    assert csv_rows([[nasty]])[1] == [nasty]


def test_xlsx_holds_numbers_and_not_their_words():
    answer = export("demandes", COLUMNS, [["Ruitz", date(2024, 3, 26), Cents(103005), 4]], Layout.XLSX)
    sheet = xlsx_part(answer, "xl/worksheets/sheet1.xml")
    assert "<v>1030.05</v>" in sheet
    assert "<v>45377</v>" in sheet
    assert "<v>4</v>" in sheet
    assert answer["Content-Disposition"] == 'attachment; filename="demandes.xlsx"'


@pytest.mark.parametrize(("query", "expected"), [("", None), ("csv", Layout.CSV), ("xlsx", Layout.XLSX), ("exe", None)])
def test_the_address_says_which_file(query, expected):
    assert wanted_layout(RequestFactory().get("/", {"format": query})) is expected
