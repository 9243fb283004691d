"""Orders as a table for another program: CSV or XLSX, in the columns and under the titles that one chooses. Pure.

What people typed never becomes a formula.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

Cell = str | int | date | Decimal
Row = Mapping[str, Cell]
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = {
    "exercice": "Exercice",
    "budget": "Budget",
    "bordereau": "Bordereau",
    "genre": "Genre",
    "date": "Date",
    "titre": "Titre",
    "objet": "Objet",
    "debiteur": "Débiteur",
    "siret": "SIRET",
    "facture": "Facture",
    "compte": "Compte",
    "fonction": "Fonction",
    "ht": "Montant HT",
    "tva": "TVA",
    "ttc": "Montant TTC",
    "reduit": "Titre réduit",
    "service": "Code service",
    "engagement": "Engagement",
    "echeance": "Échéance",
}
"""What a table may say, with its usual titles and in its usual order."""


class Column(NamedTuple):
    """A column chosen: what it says, its title."""

    name: str
    title: str


def chosen(text: str) -> tuple[Column, ...]:
    """The columns of « titre,ttc=Montant »; all of them where nothing is said. Raises ValueError, in French."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, title = (piece.strip() for piece in part.partition("="))
        if name not in COLUMNS:
            raise ValueError(f"« {name} » n'est pas une colonne : {', '.join(COLUMNS)}.")
        found.append(Column(name, title or COLUMNS[name]))
    return tuple(found) or tuple(Column(name, title) for name, title in COLUMNS.items())


def csv_file(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    """As French spreadsheets open it: semicolons, decimal commas, UTF-8 with its mark."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";")
    writer.writerow([_text(column.title) for column in columns])
    for row in rows:
        writer.writerow([_text(row[column.name]) for column in columns])
    return file.getvalue().encode("utf-8-sig")


def xlsx_file(columns: Sequence[Column], rows: Iterable[Row]) -> bytes:
    """A workbook of one sheet: amounts are numbers, days are days."""
    import xlsxwriter  # noqa: PLC0415 - slow to import

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    amount, day = book.add_format({"num_format": "0.00"}), book.add_format({"num_format": "dd/mm/yyyy"})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.title)
    for number, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            match row[column.name]:
                case date() as said:
                    sheet.write_datetime(number, place, said, day)
                case Decimal() as said:
                    sheet.write_number(number, place, said, amount)
                case int() as said:
                    sheet.write_number(number, place, said)
                case said:
                    sheet.write_string(number, place, said[:32767])
    sheet.freeze_panes(1, 0)
    book.close()
    return file.getvalue()


def _text(cell: Cell) -> str:
    match cell:
        case date():
            return f"{cell:%d/%m/%Y}"
        case Decimal():
            return f"{cell:.2f}".replace(".", ",")
        case str():
            return f"'{cell}" if cell.startswith(RISKY) else cell
    return str(cell)
