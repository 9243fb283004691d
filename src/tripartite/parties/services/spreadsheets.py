"""Cells of a spreadsheet that somebody deposited (XLSX or CSV): read apart, and what is kept of them."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from tripartite.bounded.allowance import allowance
from tripartite.bounded.reading import MIB, read_bounded
from tripartite.bounded.refusals import refused_as

MAX_BYTES = 5_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 60
LARGEST_ANSWER = 32 * MIB


class SpreadsheetError(ValueError):
    """A file that cannot be read at all; the message is French. `row` is where, when it is known."""

    def __init__(self, message: str, *, row: int | None = None) -> None:
        super().__init__(message)
        self.row = row


class MixedEncodingsError(SpreadsheetError):
    """Lines of one encoding among lines of another."""


class Cell(NamedTuple):
    """What a cell holds, or why it holds nothing that can be read (`fault`, in French)."""

    value: str | int | Fraction | date | None = None
    fault: str = ""

    @property
    def empty(self) -> bool:
        return self.value is None and not self.fault


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that are not empty, each with its number in the file (the first is 1).

    `merged` are the ranges of cells merged into one, each with its last row; `name` is that of the sheet.
    """

    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    name: str = ""
    merged: tuple[tuple[int, str], ...] = ()

    def without_merged(self, first: int) -> None:
        """Raises SpreadsheetError when cells are merged from this row on: a value there would count for one alone."""
        for last, place in self.merged:
            if last >= first:
                top = re.search(r"\d{1,7}", place)
                raise SpreadsheetError(
                    f"cellules fusionnées {place} : les défusionner, une valeur par cellule.",
                    row=int(top[0]) if top else None,
                )


@dataclass(frozen=True, slots=True)
class SheetsFound:
    """What a reader tells of a file: its sheets, or why there is none, in French, and where."""

    sheets: tuple[Sheet, ...] = ()
    refusal: str = ""
    row: int | None = None


def read_sheets(content: bytes) -> list[Sheet]:
    """The sheets that are not empty of an XLSX workbook (told by its bytes), or the one of a CSV file.

    Their rows are not counted yet: `bounded` does it for the sheet chosen. Raises SpreadsheetError, and Busy when too
    many files are being read.
    """
    if len(content) > MAX_BYTES:
        raise SpreadsheetError(f"fichier trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")
    with refused_as(lambda words: SpreadsheetError(words[:1].lower() + words[1:])):
        found: SheetsFound = read_bounded(
            "tripartite.parties.services.workbooks:read_apart",
            SheetsFound,
            limits=allowance(answer=LARGEST_ANSWER),
            content=content,
        )
    if found.refusal:
        raise SpreadsheetError(found.refusal, row=found.row)
    return list(found.sheets)


def bounded(sheet: Sheet) -> Sheet:
    """The sheet, its rows cut to the columns that are read. Raises SpreadsheetError when there is too much of it."""
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for number, cells in sheet.rows:
        if number > MOST_ROWS:
            raise SpreadsheetError(f"trop de lignes : {MOST_ROWS} au plus.", row=number)
        if len(cells) > MOST_COLUMNS and any(not cell.empty for cell in cells[MOST_COLUMNS:]):
            raise SpreadsheetError(f"trop de colonnes : {MOST_COLUMNS} au plus.", row=number)
        rows.append((number, cells[:MOST_COLUMNS]))
    return Sheet(tuple(rows), sheet.name, sheet.merged)


def column_letter(place: int) -> str:
    """« A » for 0, « Z » for 25, « AA » for 26, as spreadsheets name columns."""
    before, last = divmod(place, 26)
    return (column_letter(before - 1) if before else "") + chr(ord("A") + last)
