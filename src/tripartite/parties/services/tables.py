"""Reading a stranger's file as a table: CSV as INSEE and spreadsheets write it, or XLSX; nothing is evaluated.

This is called apart, in a process of its own (tripartite/bounded).
"""

import csv
import io
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

import openpyxl

from tripartite.parties.services.reading import (
    MOST_FINDINGS,
    DirectoryFile,
    Finding,
    ImportRefused,
    Numbered,
    TableFound,
)
from tripartite.parties.services.spreadsheets import MixedEncodingsError, SpreadsheetError
from tripartite.parties.services.workbooks import CONTROLS, check_archive, decode
from tripartite.typed import clean_line

MAX_UNPACKED = 60_000_000
MOST_ROWS = 60_000
"""France has some 35 000 communes; the yearly list, with its parts of communes, 37 500 lines."""
MOST_COLUMNS = 60
FIRST_ROWS = 20
"""Where the row that names the columns is looked for in a workbook."""
NOT_TEXT = "ce n'est ni du texte ni un classeur XLSX."


def read_apart(name: str, content: bytes, known: tuple[frozenset[str], ...]) -> TableFound:
    """The table of a file, or why there is none."""
    try:
        return table_of(DirectoryFile(name, content, ""), known)
    except ImportRefused as refused:
        return TableFound(faults=refused.findings, refused=True)


def table_of(file: DirectoryFile, known: tuple[frozenset[str], ...]) -> TableFound:
    """The table of a file that has all the titles of one of the sets `known`. Raises ImportRefused."""
    if file.content.startswith(b"PK"):
        return _of_workbook(file, known)
    rows = _csv(file)
    number, header = next(rows, (1, []))
    return _table(file, number, header, rows)


def _is_known(titles: frozenset[str], known: tuple[frozenset[str], ...]) -> bool:
    return any(titles.issuperset(one) for one in known)


def _of_workbook(file: DirectoryFile, known: tuple[frozenset[str], ...]) -> TableFound:
    first: Numbered | None = None
    try:
        for sheet in _sheets(file):
            head = list(islice(sheet, FIRST_ROWS))
            first = first or (head[0] if head else None)
            for place, (number, cells) in enumerate(head):
                if _is_known(frozenset(_title(cell) for cell in cells), known):
                    return _table(file, number, cells, iter([*head[place + 1 :], *sheet]))
    except ImportRefused:
        raise
    except SpreadsheetError as error:
        raise ImportRefused([Finding(file.name, error.row or 1, str(error))]) from None
    except Exception:  # noqa: BLE001 - a foreign file fails in as many ways as its readers have lines
        raise ImportRefused([Finding(file.name, 1, "ce n'est pas un classeur XLSX lisible.")]) from None
    return _table(file, *(first or (1, [])), iter(()))


def _sheets(file: DirectoryFile) -> Iterator[Iterator[Numbered]]:
    check_archive(file.content, MAX_UNPACKED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it leaves aside: charts, styles, links
        book = openpyxl.load_workbook(io.BytesIO(file.content), read_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # the sizes that the file claims are not believed
            yield _rows(file, sheet)


def _rows(file: DirectoryFile, sheet: Any) -> Iterator[Numbered]:
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
        _check_number(file, number)
        width = len(values)
        while width and values[width - 1] is None:
            width -= 1
        if width:
            yield number, [_text(value) for value in values[:width]]


def _text(value: object) -> str:
    """A cell as it would be typed: a whole number without decimals, a day as INSEE writes it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean_line(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _csv(file: DirectoryFile) -> Iterator[Numbered]:
    """The cells of each line that is not empty, with its number: the first, when a quoted cell runs over several."""
    try:
        text = decode(file.content)
    except MixedEncodingsError as error:
        raise ImportRefused([Finding(file.name, error.row or 1, str(error))]) from None
    except SpreadsheetError as error:
        raise ImportRefused([Finding(file.name, error.row or 1, NOT_TEXT)]) from None
    if hidden := CONTROLS.search(text):
        line = text[: hidden.start()].count("\n") + 1
        raise ImportRefused([Finding(file.name, line, NOT_TEXT)])
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    start, read = 1, 0
    try:
        for cells in reader:
            if any(cells):
                read += 1
                _check_number(file, read)
                yield start, [clean_line(cell) for cell in cells]
            start = reader.line_num + 1
    except csv.Error:
        raise ImportRefused([Finding(file.name, start, "ce n'est pas un fichier CSV lisible.")]) from None


def _check_number(file: DirectoryFile, number: int) -> None:
    if number > MOST_ROWS:
        raise ImportRefused([Finding(file.name, number, f"trop de lignes : {MOST_ROWS} au plus.")])


def _table(file: DirectoryFile, number: int, header: list[str], rows: Iterable[Numbered]) -> TableFound:
    columns = _columns(file, number, header)
    padded = file.content.startswith(b"PK")
    lines: list[Numbered] = []
    findings: list[Finding] = []
    for line, cells in rows:
        while len(cells) > len(columns) and not cells[-1]:
            cells.pop()
        if padded:
            cells.extend([""] * (len(columns) - len(cells)))
        if len(cells) != len(columns):
            findings.append(Finding(file.name, line, f"{len(cells)} colonnes au lieu de {len(columns)}."))
        elif padded and (formula := next((cell for cell in cells if cell[:1] == "="), "")):
            findings.append(Finding(file.name, line, f"« {formula[:20]} » est une formule : y coller la valeur."))
        else:
            lines.append((line, cells))
        if len(findings) >= MOST_FINDINGS:
            break
    return TableFound(tuple(columns), lines, findings)


def _columns(file: DirectoryFile, number: int, header: list[str]) -> list[str]:
    columns = [_title(cell) for cell in header]
    while columns and not columns[-1]:
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise ImportRefused([Finding(file.name, number, f"trop de colonnes : {MOST_COLUMNS} au plus.")])
    if twice := [name for name, count in Counter(columns).items() if name and count > 1]:
        raise ImportRefused([Finding(file.name, number, f"colonne en double : {twice[0][:40]}.")])
    return columns


def _title(cell: str) -> str:
    return clean_line(cell).strip('"').casefold()
