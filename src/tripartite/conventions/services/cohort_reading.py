"""Reading the list of bodies that held a former programme: every cell checked, each fault told by row and column."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar

from tripartite.parties.queries.bodies import Identified, identified, successor
from tripartite.parties.queries.folding import fold
from tripartite.parties.services.spreadsheets import (
    Cell,
    Sheet,
    SpreadsheetError,
    bounded,
    column_letter,
    read_sheets,
)
from tripartite.pricing.bounds import MOST_QUANTITY
from tripartite.pricing.grid import Grid, Measured, Service
from tripartite.pricing.money import number_text
from tripartite.typed import clean_line

MOST_FINDINGS = 200
FIRST_ROWS = 20
"""Where the row that names the columns is looked for: a title, a date, an empty row may stand above it."""
TITLES = {
    "siren": ("siren", "numero siren", "n siren"),
    "code_insee": ("code insee", "insee", "code commune insee"),
    "starts_on": ("debut", "date de debut", "date debut", "du"),
    "ends_on": ("fin", "date de fin", "date fin", "au"),
    "going_live_due": ("mise en service due", "mise en service a payer", "mise en service"),
}
"""What each column may be called, without accents."""

KNOWN = {fold(title): name for name, titles in TITLES.items() for title in titles}

ASIDE = ("nom", "commune", "collectivite", "beneficiaire", "structure", "remarque", "remarques", "observations")
"""Columns that help people read the file; they are not kept."""

YES_OR_NO = {"oui": True, "o": True, "non": False, "n": False}
SPACES = re.compile(r"[\s\u00a0\u202f]+")
Read = TypeVar("Read")


@dataclass(frozen=True, slots=True)
class CohortFile:
    """A spreadsheet to import."""

    name: str
    content: bytes

    def __post_init__(self) -> None:
        """The name is only shown: it is kept short and printable."""
        object.__setattr__(self, "name", clean_line(self.name)[:150] or "fichier")


class Finding(NamedTuple):
    """A fault, in French, with its row and its column (« C », as spreadsheets name it), where they are known."""

    file: str
    row: int | None
    column: str
    message: str

    def __str__(self) -> str:
        row = f", ligne {self.row}" if self.row else ""
        column = f", colonne {self.column}" if self.column else ""
        return f"{self.file}{row}{column} : {self.message}"


class CohortRefused(Exception):  # noqa: N818 - names what happened
    """A file that cannot be imported: nothing was written. `findings` say why, cell by cell."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


class CohortRow(NamedTuple):
    """A row: a body of the directory, the days of its former convention (inclusive), what it held, and whether that
    pays its going live again (None: not said).

    `through` says the former commune that the row names, when the body goes on with what that one had; « » otherwise.
    """

    row: int
    body: Any
    starts_on: date
    ends_on: date
    held: Mapping[str, str]
    going_live_due: bool | None = None
    through: str = ""


@dataclass(slots=True)
class _Reading:
    """A file being read: the place of each column, the service of each other one, the faults met."""

    file: CohortFile
    places: dict[str, int] = field(default_factory=dict)
    services: dict[int, Service] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def blame(self, message: str, *, row: int | None = None, place: int | None = None) -> None:
        column = ""
        if place is not None:
            title = self.titles.get(place, "")
            column = f"{column_letter(place)} ({title})" if title else column_letter(place)
        self.findings.append(Finding(self.file.name, row, column, message))

    def refuse(self) -> None:
        if self.findings:
            raise CohortRefused(self.findings[:MOST_FINDINGS])


def read_cohort(file: CohortFile, grid: Grid) -> list[CohortRow]:
    """The rows of a spreadsheet, their bodies found in the directory. Raises CohortRefused with every finding."""
    reading = _Reading(file)
    try:
        sheet, header = _sheet_of_the_list(read_sheets(file.content))
    except SpreadsheetError as error:
        reading.blame(str(error), row=error.row)
        reading.refuse()
        raise
    _read_titles(reading, sheet, header, grid)
    reading.refuse()
    rows: list[CohortRow] = []
    seen: dict[int, int] = {}
    for number, cells in sheet.rows[header + 1 :]:
        row = _read_row(reading, number, cells)
        if row is None:
            continue
        if seen.setdefault(row.body.pk, number) != number:
            together = " : réunir leurs lignes" if row.through else ""
            reading.blame(f"{row.body.name} est déjà à la ligne {seen[row.body.pk]}{together}.", row=number)
        rows.append(row)
        if len(reading.findings) >= MOST_FINDINGS:
            break
    if not rows and not reading.findings:
        reading.blame("aucune ligne à importer.", row=1)
    reading.refuse()
    return rows


def _sheet_of_the_list(sheets: list[Sheet]) -> tuple[Sheet, int]:
    """The sheet that holds the list, and the place among its rows of the one that names the columns.

    Other sheets (notes, totals, a list of codes) are left aside. Raises SpreadsheetError when several hold a list.
    """
    if not sheets:
        return Sheet(()), 0
    lists = [(sheet, header) for sheet in sheets if (header := _header(sheet)) is not None]
    if len(lists) > 1:
        names = ", ".join(f"« {sheet.name[:40]} »" for sheet, _ in lists)
        raise SpreadsheetError(f"plusieurs feuilles tiennent une liste ({names}) : n'en garder qu'une.")
    sheet, header = lists[0] if lists else (sheets[0], 0)
    sheet.without_merged(sheet.rows[header][0])
    return bounded(sheet), header


def _header(sheet: Sheet) -> int | None:
    """Where the columns are named: the first row with an identifier and another title that is known."""
    for place, (_, cells) in enumerate(sheet.rows[:FIRST_ROWS]):
        names = {KNOWN.get(fold(str(cell.value))) for cell in cells if not cell.empty}
        if names & {"siren", "code_insee"} and len(names - {None}) > 1:
            return place
    return None


def _read_titles(reading: _Reading, sheet: Sheet, header: int, grid: Grid) -> None:
    """What each column holds, as the row of titles names it."""
    if not sheet.rows:
        reading.blame("le fichier est vide.")
        return
    number, cells = sheet.rows[header]
    seen: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if cell.empty:
            continue
        title = str(cell.value or "")[:60]
        reading.titles[place] = title
        name = KNOWN.get(fold(title))
        if name is None and fold(title) not in ASIDE:
            service = _service(reading, title, grid, number, place)
            if service is None:
                continue
            reading.services[place], name = service, f"service {service.code}"
        elif name is not None:
            reading.places[name] = place
        if name is not None and seen.setdefault(name, place) != place:
            reading.blame(f"déjà lue dans la colonne {column_letter(seen[name])}.", row=number, place=place)
    _check_titles(reading, number)


def _check_titles(reading: _Reading, number: int) -> None:
    if not {"siren", "code_insee"} & reading.places.keys():
        reading.blame("il manque une colonne « SIREN » ou « code INSEE ».", row=number)
    for name, title in (("starts_on", "début"), ("ends_on", "fin")):
        if name not in reading.places:
            reading.blame(f"il manque une colonne « {title} ».", row=number)
    if not reading.services and not reading.findings:
        reading.blame("il manque une colonne par service, nommée comme dans le tarif.", row=number)


def _service(reading: _Reading, title: str, grid: Grid, row: int, place: int) -> Service | None:
    """The service that a column names, by its code or by its name, be it in the plural."""
    code = title.strip().lower()
    named = [one for one in grid.services.values() if one.code == code or _root(one.name) == _root(title)]
    found = [one for one in named if one.code == code] or named
    if not found:
        reading.blame("colonne inconnue : ni un service du tarif, ni un titre attendu.", row=row, place=place)
    elif len(found) > 1:
        codes = ", ".join(one.code for one in found)
        reading.blame(f"plusieurs services ont ce nom : écrire le code ({codes}).", row=row, place=place)
    elif found[0].options or "quantity" not in found[0].quantities:
        reading.blame("ce service a des options ou plusieurs quantités : il se saisit à la main.", row=row, place=place)
    else:
        return found[0]
    return None


def _root(words: str) -> str:
    """« Noms de domaine » as « nom de domaine »: words without accents, signs and the mark of the plural."""
    return " ".join(word.rstrip("sx") or word for word in fold(words).split())


def columns_of_list(grid: Grid) -> list[str]:
    """The titles of a list to fill in, as it is read: who, from when to when, and a column for each service."""
    counted = [one for one in grid.services.values() if not one.options and "quantity" in one.quantities]
    roots = [_root(one.name) for one in counted]
    services = [one.name if roots.count(_root(one.name)) == 1 else one.code for one in counted]
    return ["SIREN", "commune", "début", "fin", "mise en service due", *services]


def _read_row(reading: _Reading, row: int, cells: tuple[Cell, ...]) -> CohortRow | None:
    before = len(reading.findings)

    def cell(place: int) -> Cell:
        return cells[place] if place < len(cells) else Cell()

    def checked(place: int, read: Callable[[Cell], Read]) -> Read | None:
        if fault := cell(place).fault:
            reading.blame(f"{fault}.", row=row, place=place)
            return None
        try:
            return read(cell(place))
        except ValueError as error:
            reading.blame(str(error), row=row, place=place)
            return None

    bodies = {
        name: checked(place, BODY_READERS[name])
        for name in ("siren", "code_insee")
        if (place := reading.places.get(name)) is not None and not cell(place).empty
    }
    due = None
    if (at := reading.places.get("going_live_due")) is not None and not cell(at).empty:
        due = checked(at, _yes_or_no)
    days = [checked(reading.places[name], _day) for name in ("starts_on", "ends_on")]
    held = {
        service.code: quantity
        for place, service in reading.services.items()
        if (quantity := checked(place, lambda one, service=service: _quantity(one, service.quantities["quantity"])))  # type: ignore[misc]
    }
    if not bodies:
        reading.blame("il manque le SIREN ou le code INSEE.", row=row)
    if len(reading.findings) > before:
        return None
    found = _agreed(reading, row, [one for one in bodies.values() if one is not None], days, held)
    return found._replace(going_live_due=due) if found else None


def _agreed(
    reading: _Reading, row: int, bodies: list[Identified], days: list[date | None], held: dict[str, str]
) -> CohortRow | None:
    """The row, when its cells go together."""
    starts_on, ends_on = days
    assert starts_on is not None  # noqa: S101 - a missing day was blamed
    assert ends_on is not None  # noqa: S101 - likewise
    before = len(reading.findings)
    body = bodies[0].body
    if any(other.body.pk != body.pk for other in bodies):
        reading.blame("le SIREN et le code INSEE ne désignent pas la même collectivité.", row=row)
    elif body.ended_on is not None:
        reading.blame(f"{body.name} n'existe plus depuis le {body.ended_on:%d/%m/%Y}.", row=row)
    if ends_on < starts_on:
        reading.blame("la fin précède le début.", row=row, place=reading.places["ends_on"])
    if not held:
        reading.blame("aucun service : écrire au moins une quantité.", row=row)
    if len(reading.findings) > before:
        return None
    through = next((one.through for one in bodies if one.through), "")
    return CohortRow(row, body, starts_on, ends_on, held, through=through)


def _body(scheme: str, label: str, code: str) -> Identified:
    """The body of an identifier; for a former commune, the one that goes on with what it had."""
    found = identified(scheme, code)
    if found is None:
        raise ValueError(f"aucune collectivité de l'annuaire n'a le {label} {code}.")
    return successor(found, on=date.max)


def _siren(cell: Cell) -> Identified:
    code = SPACES.sub("", str(cell.value))
    if not re.fullmatch(r"[0-9]{9}", code):
        raise ValueError(f"SIREN « {str(cell.value)[:20]} » : neuf chiffres attendus.")
    return _body("siren", "SIREN", code)


def _code_insee(cell: Cell) -> Identified:
    code = SPACES.sub("", str(cell.value)).upper()
    if not re.fullmatch(r"[0-9]{5}|2[AB][0-9]{3}", code):
        raise ValueError(
            f"code INSEE « {str(cell.value)[:20]} » : cinq caractères attendus, le département et trois chiffres."
        )
    return _body("code_insee", "code INSEE", code)


BODY_READERS: Mapping[str, Callable[[Cell], Identified]] = {"siren": _siren, "code_insee": _code_insee}


def _yes_or_no(cell: Cell) -> bool:
    said = fold(str(cell.value))
    if said not in YES_OR_NO:
        raise ValueError(f"« {str(cell.value)[:20]} » : oui ou non attendu.")
    return YES_OR_NO[said]


def _day(cell: Cell) -> date:
    """A date of the spreadsheet, or its text: « 31/12/2024 », « 31-12-2024 », « 2024-12-31 »."""
    day = cell.value if isinstance(cell.value, date) else None
    if isinstance(cell.value, str):
        for pattern, written in (
            (r"[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}", "%d/%m/%Y"),
            (r"[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}", "%d-%m-%Y"),
            (r"[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4}", "%d.%m.%Y"),
            (r"[0-9]{4}(-[0-9]{2}){2}", "%Y-%m-%d"),
        ):
            if re.fullmatch(pattern, cell.value):
                try:
                    day = datetime.strptime(cell.value, written).date()  # noqa: DTZ007 - a day has no zone
                except ValueError:
                    break
    if day is None:
        said = f"« {str(cell.value)[:20]} » : " if cell.value is not None else ""
        raise ValueError(f"{said}une date attendue, comme 31/12/2024.")
    if not 2000 <= day.year <= 2100:
        raise ValueError(f"{day:%d/%m/%Y} : une date de ce siècle attendue.")
    return day


def _quantity(cell: Cell, measured: Measured) -> str:
    """A quantity as exact decimal text; « » for none."""
    value = cell.value
    if isinstance(value, str):
        digits = SPACES.sub("", value).replace(",", ".")
        if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,3})?", digits):
            raise ValueError(f"quantité « {value[:20]} » : un nombre attendu, comme 4.")
        value = Fraction(digits)
    if value is None or value == 0:
        return ""
    if isinstance(value, date):
        raise ValueError("c'est une date : un nombre attendu, comme 4.")  # noqa: TRY004 - told like the other faults
    most = measured.maximum or MOST_QUANTITY
    if not 0 < value <= most:
        raise ValueError(f"quantité « {_decimal(Fraction(value))[:20]} » : de 1 à {number_text(most)} attendu.")
    if Fraction(value) % Fraction(measured.step):
        raise ValueError(f"quantité « {_decimal(Fraction(value))[:20]} » : elle se compte par {measured.step}.")
    return _decimal(Fraction(value))


def _decimal(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{Decimal(value.numerator) / value.denominator:f}"
