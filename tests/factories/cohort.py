"""Spreadsheets of a former programme, as agents would make them, and what is imported of them."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl

from tests.factories import parties
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.queries.cohort import formers_of
from tripartite.conventions.services.cohort import CohortReport, import_cohort
from tripartite.conventions.services.cohort_reading import CohortFile

TITLES = ("SIREN", "Commune", "Date de début", "Date de fin", "messagerie-5go", "Nom de domaine")
STARTS, ENDS = date(2022, 1, 1), date(2026, 12, 31)
RUITZ: tuple[Any, ...] = ("216207274", "Ruitz", STARTS, ENDS, 4, 1)
ARRAS: tuple[Any, ...] = ("216200410", "Arras", STARTS, ENDS, 2, None)
BETHUNE: tuple[Any, ...] = ("216209106", "Béthune", STARTS, ENDS, 3, None)


def xlsx(*rows: Sequence[Any], titles: Sequence[Any] = TITLES, touch: Callable[[Any], Any] | None = None) -> bytes:
    """A workbook of one sheet; `touch` may change the book before it is written."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(titles))
    for row in rows:
        sheet.append(list(row))
    if touch is not None:
        touch(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_text(*rows: Sequence[Any], titles: Sequence[Any] = TITLES) -> bytes:
    """The same as CSV, as a French spreadsheet writes it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow(titles)
    writer.writerows([f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell for cell in row] for row in rows)
    return file.getvalue().encode("utf-8-sig")


def with_part(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A workbook whose part `name` is changed, or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            if part != name:
                after.writestr(part, before.read(part))
        after.writestr(name, change(before.read(name) if name in before.namelist() else b""))
    return file.getvalue()


def brought_in(content: bytes, *, name: str = "pack.xlsx", at: datetime = AT, dry: bool = False) -> CohortReport:
    """Import a spreadsheet."""
    return import_cohort(file=CohortFile(name, content), actor=TESTER, at=at, dry=dry)


def former(code_insee: str = "62727") -> Any:
    """The former convention of a commune, None when there is none."""
    body = parties.body(code_insee)
    return formers_of([body.pk]).get(body.pk)
