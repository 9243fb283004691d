"""Rows as other programs open them: CSV and XLSX. What people typed never becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from tripartite.pricing.french import day_text

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet would read as the beginning of a formula."""
FITTED = 300
"""Rows that the widths of columns are made from: of thousands, it would take a third of the time of the file."""
LONGEST = 32_767
"""Characters that a cell of a workbook holds."""


@dataclass(frozen=True, slots=True)
class Cents:
    """An amount in cents: a number with two decimals in the file."""

    cents: int


Cell = str | int | date | datetime | Cents | None


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, line_end: str = "\r\n") -> str:
    """As French spreadsheets read it: semicolons, decimal commas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator=line_end)
    writer.writerow([_text(column) for column in columns])
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
    return text.getvalue()


def csv_file(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The same as a file: UTF-8 with its mark."""
    return csv_text(columns, rows).encode("utf-8-sig")


def xlsx_file(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet: amounts are numbers, days are days."""
    import xlsxwriter  # noqa: PLC0415 - slow to import

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    formats = {
        "title": book.add_format({"bold": True, "bottom": 2}),
        "amount": book.add_format({"num_format": "#,##0.00\u00a0€"}),
        "day": book.add_format({"num_format": "dd/mm/yyyy"}),
        "instant": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
    }
    for column, title in enumerate(columns):
        sheet.write_string(0, column, title, formats["title"])
    number = 0
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, formats)
        if number == FITTED:
            sheet.autofit()
    if number < FITTED:
        sheet.autofit()
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case Cents(cents):
            sign, cents = ("-", -cents) if cents < 0 else ("", cents)
            return f"{sign}{cents // 100},{cents % 100:02d}"
        case datetime():
            return f"{timezone.localtime(cell):%d/%m/%Y %H:%M}"
        case date():
            return day_text(cell)
        case str():
            return f"'{cell}" if cell.startswith(RISKY) else cell
    return str(cell)


def _write(sheet: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    match cell:
        case None:
            return
        case Cents(cents):
            sheet.write_number(row, column, cents / 100, formats["amount"])
        case datetime():
            local = timezone.localtime(cell).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, formats["instant"])
        case date():
            sheet.write_datetime(row, column, cell, formats["day"])
        case int():
            sheet.write_number(row, column, cell)
        case str():
            sheet.write_string(row, column, cell[:LONGEST])
