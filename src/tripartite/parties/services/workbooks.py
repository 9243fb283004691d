"""Reading the cells of a stranger's spreadsheet (XLSX or CSV), without trust: nothing is evaluated or fetched.

Sizes are bounded before anything is unpacked; a formula is a fault of its cell, never a value. This is called apart,
in a process of its own (tripartite/bounded).
"""

import csv
import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from fractions import Fraction
from math import isfinite
from typing import Any

import openpyxl

from tripartite.parties.services.spreadsheets import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    MixedEncodingsError,
    Sheet,
    SheetsFound,
    SpreadsheetError,
)
from tripartite.typed import clean_line

MAX_UNPACKED = 8_000_000
MOST_PARTS = 200
MOST_SHEETS = 10
HEAD = 2_000
"""Characters by which the separator of a CSV file is told: a title may stand above the columns."""
LAST_ROW = 1_048_576
"""The last row that the format allows; a file may claim more, and is not believed."""

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")
"""What no text holds: a file of another kind, or of another encoding."""

REF = re.compile(rb"\bref=\"([A-Z0-9:]{1,30})")

UNREADABLE_CELL = "cette valeur ne se lit pas"
FAULTS = {
    "f": "c'est une formule : y coller la valeur",
    "e": "la cellule est en erreur",
    "b": "c'est un vrai ou faux : y écrire un nombre",
}
"""What is never taken for a value, by the type that openpyxl gives."""

UNREADABLE = "ce n'est pas un classeur XLSX lisible."
OF_UTF_8 = re.compile(rb"\xc3[\x80-\xbf]|\xc5[\x92\x93]|\xe2\x80[\x90-\xaf]")
"""Accents, ligatures and signs as UTF-8 writes them: in Windows-1252, « Ã© », « Å“ », « â€™ », that no name has."""
MIXED = "des accents de deux encodages dans un même fichier"
KEEP_AS = "l'enregistrer au format XLSX ou CSV."


def read_apart(content: bytes) -> SheetsFound:
    """The sheets of a file, or why it has none."""
    try:
        return SheetsFound(tuple(sheets_of(content)))
    except SpreadsheetError as error:
        return SheetsFound(refusal=str(error), row=error.row)


def sheets_of(content: bytes) -> list[Sheet]:
    """The sheets that are not empty of an XLSX workbook (told by its bytes), or the one of a CSV file. Raises
    SpreadsheetError.
    """
    if content.startswith(b"PK"):
        return _workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise SpreadsheetError(f"ancien format XLS, ou classeur protégé par un mot de passe : {KEEP_AS}")
    rows = tuple(_filled(_csv(content)))
    return [Sheet(rows)] if rows else []


def _filled(found: Iterable[tuple[int, tuple[Cell, ...]]]) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows that are not empty, one more than allowed at most."""
    for number, cells in found:
        if all(cell.empty for cell in cells):
            continue
        yield number, cells
        if number > MOST_ROWS:
            break


def _csv(content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    text = decode(content)
    if CONTROLS.search(text):
        raise SpreadsheetError(f"ce n'est ni un classeur XLSX ni du texte : {KEEP_AS}")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text[:HEAD]))
    start = 1
    try:
        for cells in reader:
            yield start, tuple(Cell(clean_line(cell) or None) for cell in cells)
            start = reader.line_num + 1
    except csv.Error:
        raise SpreadsheetError("ce n'est pas un fichier CSV lisible.", row=start) from None


def separator_of(head: str) -> str:
    """The separator of the first lines of a CSV file: the one of which the most lines have as many. Commas of amounts
    and of sentences are in some lines only, or not as many in each.
    """
    lines = head.splitlines()

    def alike(sign: str) -> tuple[int, int]:
        counts = Counter(count for line in lines if (count := line.count(sign)))
        return max(counts.values(), default=0), head.count(sign)

    return max(";,\t", key=alike)


def decode(content: bytes) -> str:
    """UTF-8, with or without its mark, what French spreadsheets write by default (Windows-1252) or as « texte Unicode »
    (UTF-16, marked). Raises SpreadsheetError for anything else, and for lines of one among lines of another, whose
    accents would be read as other signs.
    """
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16").lstrip("\ufeff")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        if OF_UTF_8.search(content):
            raise MixedEncodingsError(f"{MIXED} : {KEEP_AS}", row=row) from None
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            raise SpreadsheetError(f"ce n'est ni un classeur XLSX ni du texte : {KEEP_AS}", row=row) from None


def _workbook(content: bytes) -> list[Sheet]:
    """The sheets that are not empty."""
    try:
        return _filled_sheets(content, check_archive(content, MAX_UNPACKED))
    except SpreadsheetError:
        raise
    except Exception:  # noqa: BLE001 - a foreign file fails in as many ways as its readers have lines
        raise SpreadsheetError(UNREADABLE) from None


def _filled_sheets(content: bytes, merged: dict[str, tuple[tuple[int, str], ...]]) -> list[Sheet]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it leaves aside: charts, styles, links
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheets = book.worksheets
        if len(sheets) > MOST_SHEETS:
            raise SpreadsheetError(f"trop de feuilles : {MOST_SHEETS} au plus.")
        return [
            Sheet(tuple(rows), str(sheet.title), merged.get(sheet._worksheet_path, ()))  # noqa: SLF001 - no other name
            for sheet in sheets
            if (rows := _rows(sheet))
        ]


def check_archive(content: bytes, most_unpacked: int) -> dict[str, tuple[tuple[int, str], ...]]:
    """Refuse what would swell beyond `most_unpacked` bytes and what declares entities; answers the merged cells of each
    part, read once, bounded. Raises SpreadsheetError, or whatever a broken archive makes its reader raise.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most_unpacked:
            raise SpreadsheetError("classeur trop gros une fois décompressé : n'y garder que la liste, sans images.")
        if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
            raise SpreadsheetError(UNREADABLE)
        names = {part.filename for part in parts}
        if "[Content_Types].xml" not in names:
            opened = "mimetype" in names and b"opendocument" in archive.read("mimetype")
            raise SpreadsheetError(f"classeur au format ODS : {KEEP_AS}" if opened else UNREADABLE)
        return {name: found for name in names if (found := _merged_cells(name, archive.read(name)))}


def _merged_cells(name: str, part: bytes) -> tuple[tuple[int, str], ...]:
    if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\x00" in part):
        raise SpreadsheetError(UNREADABLE)
    if not name.startswith("xl/worksheets/"):
        return ()
    tags = (tag.partition(b">")[0] for tag in part.split(b"<mergeCell")[1:])
    places = [found[1].decode() for tag in tags if tag[:1].isspace() and (found := REF.search(tag))]
    return tuple(
        (max((int(row) for row in re.findall(r"\d{1,7}", place)), default=LAST_ROW), place) for place in places
    )


def _rows(sheet: Any) -> list[tuple[int, tuple[Cell, ...]]]:
    """The rows that are not empty, one more than allowed at most. The sizes that the file claims are not believed."""
    sheet.reset_dimensions()
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    blank: Any = None
    for number, cells in enumerate(sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS + 1), start=1):
        if cells is blank:  # the same object stands for each row that the file does not have
            continue
        read = tuple(_cell(cell) for cell in cells)
        if all(cell.empty for cell in read):
            blank = cells
            continue
        rows.append((number, read))
        if number > MOST_ROWS:
            break
    return rows


def _cell(cell: Any) -> Cell:
    if cell.data_type in FAULTS and cell.value is not None:
        return Cell(fault=FAULTS[cell.data_type])
    match cell.value:
        case int() | float() as number:
            return _number(number)
        case datetime() as instant if instant.time() == time():
            return Cell(instant.date())
        case date() as day if not isinstance(day, datetime):
            return Cell(day)
        case str() | None as text:
            return Cell(clean_line(text or "") or None)
    return Cell(fault=UNREADABLE_CELL)


def _number(number: int | float) -> Cell:
    """Exactly what was typed: the shortest text that gives the same float."""
    if isinstance(number, int):
        return Cell(number)
    if not isfinite(number):
        return Cell(fault=UNREADABLE_CELL)
    return Cell(int(number) if number.is_integer() else Fraction(str(number)))
