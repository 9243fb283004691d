"""Lists taken away: the same rows as a spreadsheet or as CSV. What people typed never becomes a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from tripartite.pricing.french import day_text

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


class Layout(StrEnum):
    """The two files offered beside every list (`?format=`)."""

    XLSX = "xlsx"
    CSV = "csv"


CONTENT_TYPES = {
    Layout.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Layout.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Cents:
    """An amount in cents: a number with two decimals in the file."""

    cents: int


Cell = str | int | date | datetime | Cents | None


def wanted_layout(request: HttpRequest) -> Layout | None:
    """The file that the address asks for by `?format=`, None for the page itself."""
    wanted = request.GET.get("format", "")
    return Layout(wanted) if wanted in set(Layout) else None


def export(name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], layout: Layout) -> HttpResponse:
    """A download named `name` (without its ending) and today's rows under the titles `columns`."""
    content = _xlsx(columns, rows) if layout is Layout.XLSX else _csv(columns, rows)
    return HttpResponse(
        content,
        content_type=CONTENT_TYPES[layout],
        headers={"Content-Disposition": f'attachment; filename="{name}.{layout}"'},
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """As French spreadsheets open it: semicolons, decimal commas, UTF-8 with its mark."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow([_text(column) for column in columns])
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")


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
            return f"'{cell}" if cell.startswith(_RISKY) else cell
    return str(cell)


def _xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
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
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, formats)
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    return file.getvalue()


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
            sheet.write_string(row, column, cell[:32767])
