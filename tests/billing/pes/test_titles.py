"""Orders as a table: the columns chosen, amounts exact, nothing that becomes a formula."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.billing.pes.test_making import slip
from tests.factories import quotes
from tripartite.billing.pes.tables import COLUMNS, Column, Row, chosen, csv_file, xlsx_file
from tripartite.billing.queries.titles import title_rows
from tripartite.cli.main import main

ROW: Row = {"titre": 12, "debiteur": '=1+1"; é', "ttc": Decimal("1234.50"), "date": date(2026, 11, 27)}
ASKED = "titre, debiteur=Tiers,ttc=Montant ,date"


def test_columns_are_chosen_named_and_put_in_order() -> None:
    assert chosen(ASKED) == (
        Column("titre", "Titre"),
        Column("debiteur", "Tiers"),
        Column("ttc", "Montant"),
        Column("date", "Date"),
    )
    assert [column.name for column in chosen(" ")] == list(COLUMNS)
    with pytest.raises(ValueError, match="« prix » n'est pas une colonne"):
        chosen("titre,prix")


def test_a_csv_opens_in_a_french_spreadsheet_and_holds_no_formula() -> None:
    text = csv_file(chosen(ASKED), [ROW]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text), delimiter=";")) == [
        ["Titre", "Tiers", "Montant", "Date"],
        ["12", "'=1+1\"; é", "1234,50", "27/11/2026"],
    ]


def test_a_workbook_holds_numbers_days_and_texts() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_file(chosen(ASKED), [ROW]))).active
    assert sheet is not None
    cells = [[(cell.data_type, cell.value) for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [kind for kind, _ in cells[0]] == ["n", "s", "n", "d"]
    assert [value for _, value in cells[0]][:3] == [12, '=1+1"; é', 1234.5]


@pytest.mark.django_db
def test_the_orders_of_a_year_are_written_in_one_query(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = slip(quotes.RUITZ, quotes.ARRAS)
    with CaptureQueriesContext(connection) as asked:
        rows = list(title_rows("lfn", fiscal_year=2026, budget="00"))
    assert len(asked) == 1
    assert [(row["titre"], row["siret"], row["ht"] + row["tva"]) for row in rows] == [  # type: ignore[operator]
        (order.number, order.invoice.buyer_siret, Decimal(order.amount_cents) / 100)
        for order in made.orders.all()
        if order.invoice
    ]
    assert set(rows[0]) == set(COLUMNS)
    for name in ("titres.csv", "titres.xlsx"):
        assert main(["billing", "titles", "lfn", str(tmp_path / name), "--year", "2026"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["titres.csv", "titres.xlsx"]
    assert main(["billing", "titles", "lfn", "t.pdf", "--year", "2026"]) == 1
    assert main(["billing", "titles", "lfn", "t.csv", "--year", "2026", "--columns", "x"]) == 1
    assert "n'est pas une colonne" in capsys.readouterr().err
