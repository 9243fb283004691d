"""Reading a file of communes or of EPCI: every line checked, every fault told by its line; nothing is written here."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from stdnum.fr import siren as siren_key

from tripartite.pricing.order import Kind
from tripartite.typed import clean_line

COMMUNES = ("code_insee", "nom", "siren", "departement")
EPCI = ("siren", "nom", "type", "departements")
MOST_FINDINGS = 200
MAX_BYTES = 20_000_000
MOST_POSTAL_CODES = 40
MOST_DEPARTMENTS = 20
LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class DirectoryFile:
    """A file to import. `year` is the reference year of its populations (None: not said), `source` where it is from."""

    name: str
    content: bytes
    source: str
    year: int | None = None


class Finding(NamedTuple):
    """A fault, in French, with the line of the file (the header is line 1)."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, ligne {self.line} : {self.message}"


class ImportRefused(Exception):  # noqa: N818 - names what happened
    """A file that cannot be imported: nothing was written. `findings` say why, line by line."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


class Row(NamedTuple):
    """A line of a file. `populations` are (counted, value, reference year); None where the file says nothing."""

    line: int
    kind: Kind
    siren: str
    name: str
    departments: tuple[str, ...]
    code_insee: str | None
    postal_codes: tuple[str, ...] | None
    epci: str | None
    populations: tuple[tuple[str, int, int | None], ...]


@dataclass(slots=True)
class Listing:
    """What a file says: its rows, and the lines left aside with the reason; nothing, of a column that it lacks."""

    file: DirectoryFile
    kind: Kind
    columns: frozenset[str]
    rows: list[Row] = field(default_factory=list)
    skipped: list[Finding] = field(default_factory=list)
    skipped_codes: set[str] = field(default_factory=set)


def read_listing(file: DirectoryFile) -> Listing:
    """The rows of a CSV file (UTF-8, comma or semicolon, known by its header). Raises ImportRefused."""
    _check_announced(file)
    lines = _lines(file)
    header = [name.strip() for name in next(lines, (0, []))[1]]
    kind = _kind_of(file, header)
    listing = Listing(file, kind, frozenset(header))
    read: Callable[[Listing, int, dict[str, str]], Row | None] = _commune if kind is Kind.COMMUNE else _epci
    findings: list[Finding] = []
    seen: dict[str, int] = {}
    for line, cells in lines:
        try:
            row = read(listing, line, _named(header, cells))
            _check_once(row, line, seen)
        except ValueError as error:
            findings.append(Finding(file.name, line, str(error)))
            if len(findings) >= MOST_FINDINGS:
                break
            continue
        if row:
            listing.rows.append(row)
    if findings:
        raise ImportRefused(findings)
    if not listing.rows:
        raise ImportRefused([Finding(file.name, 1, "aucune ligne à importer.")])
    return listing


def _check_announced(file: DirectoryFile) -> None:
    """What is said of the file, beside its lines."""
    if file.year is not None and not 1900 <= file.year < 2200:
        raise ImportRefused([Finding(file.name, 1, f"année « {file.year} » : quatre chiffres attendus, comme 2023.")])
    if len(file.source) > LONGEST_SOURCE:
        raise ImportRefused([Finding(file.name, 1, f"source trop longue : {LONGEST_SOURCE} caractères au plus.")])


def _named(header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise ValueError(f"{len(cells)} colonnes au lieu de {len(header)}.")
    return {name: cell if "\x00" in cell else clean_line(cell) for name, cell in zip(header, cells, strict=True)}


def _check_once(row: Row | None, line: int, seen: dict[str, int]) -> None:
    for identifier in (row.siren, row.code_insee) if row else ():
        if identifier and seen.setdefault(identifier, line) != line:
            raise ValueError(f"{identifier} est déjà à la ligne {seen[identifier]}.")


def _lines(file: DirectoryFile) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that is not empty, with its number: the first, when a quoted cell runs over several."""
    if len(file.content) > MAX_BYTES:
        raise ImportRefused([Finding(file.name, 1, f"fichier trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")])
    try:
        text = file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file.content[: error.start].count(b"\n") + 1
        raise ImportRefused([Finding(file.name, line, "ce n'est pas du texte UTF-8.")]) from None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    start = 1
    try:
        for cells in reader:
            if any(cells):
                yield start, cells
            start = reader.line_num + 1
    except csv.Error:
        raise ImportRefused([Finding(file.name, start, "ce n'est pas un fichier CSV lisible.")]) from None


def _kind_of(file: DirectoryFile, header: list[str]) -> Kind:
    for kind, columns in ((Kind.COMMUNE, COMMUNES), (Kind.EPCI, EPCI)):
        if set(columns) <= set(header):
            return kind
    wanted = f"soit {', '.join(COMMUNES)} (communes), soit {', '.join(EPCI)} (EPCI)"
    raise ImportRefused([Finding(file.name, 1, f"colonnes inconnues ; la première ligne doit nommer {wanted}.")])


def _commune(listing: Listing, line: int, cells: dict[str, str]) -> Row | None:
    code = cells["code_insee"].upper()
    if not re.fullmatch(r"[0-9]{2}[0-9]{3}|2[AB][0-9]{3}", code):
        raise ValueError(f"code INSEE « {code[:20]} » : cinq caractères attendus, comme 62001.")
    if not cells["siren"]:
        listing.skipped.append(Finding(listing.file.name, line, f"{cells['nom']} ({code}) n'a pas de SIREN."))
        listing.skipped_codes.add(code)
        return None
    departments = _departments(cells["departement"])
    if len(departments) != 1 or not code.startswith(departments[0]):
        raise ValueError(f"département « {cells['departement'][:20]} » : ce n'est pas celui du code INSEE {code}.")
    epci = cells.get("siren_epci") or None
    return Row(
        line,
        Kind.COMMUNE,
        _siren(cells["siren"]),
        _name(cells["nom"]),
        departments,
        code,
        _postal_codes(cells.get("codes_postaux")),
        _siren(epci) if epci else None,
        _populations(listing, cells, {"population": "municipale"}),
    )


def _epci(listing: Listing, line: int, cells: dict[str, str]) -> Row | None:
    if not cells["siren"]:
        listing.skipped.append(Finding(listing.file.name, line, f"{cells['nom']} n'a pas de SIREN."))
        return None
    counted = {"population_totale": "totale", "population_municipale": "municipale"}
    return Row(
        line,
        Kind.EPCI,
        _siren(cells["siren"]),
        _name(cells["nom"]),
        _departments(cells["departements"]),
        None,
        None,
        None,
        _populations(listing, cells, counted),
    )


def _postal_codes(text: str | None) -> tuple[str, ...] | None:
    codes = tuple(re.split(r"[\s|]+", text)) if text else ()
    if len(codes) > MOST_POSTAL_CODES or not all(re.fullmatch(r"[0-9]{5}", code) for code in codes):
        raise ValueError(f"codes postaux « {text[:40] if text else ''} » : cinq chiffres attendus.")
    return None if text is None else codes


def _siren(text: str) -> str:
    if not (re.fullmatch(r"[0-9]{9}", text) and siren_key.is_valid(text)):
        raise ValueError(f"SIREN « {text[:20]} » : neuf chiffres dont la clé est juste, attendus.")
    return text


def _name(text: str) -> str:
    if not text or len(text) > 200 or "\x00" in text:
        raise ValueError("nom absent ou trop long (200 caractères au plus).")
    return text


def _departments(text: str) -> tuple[str, ...]:
    departments = tuple(dict.fromkeys(text.split()))
    if not 0 < len(departments) <= MOST_DEPARTMENTS or not all(
        re.fullmatch(r"[0-9]{2}|2[AB]|9[78][0-9]", one) for one in departments
    ):
        raise ValueError(f"département « {text[:20]} » : un numéro attendu, comme 62.")
    return departments


def _populations(
    listing: Listing, cells: dict[str, str], counted: dict[str, str]
) -> tuple[tuple[str, int, int | None], ...]:
    year = listing.file.year
    if cells.get("annee_population"):
        if not re.fullmatch(r"(19|20|21)[0-9]{2}", cells["annee_population"]):
            raise ValueError(f"année « {cells['annee_population'][:20]} » : quatre chiffres attendus, comme 2023.")
        year = int(cells["annee_population"])
    figures = []
    for column, kind in counted.items():
        text = cells.get(column, "")
        if text and not re.fullmatch(r"[0-9]{1,9}", text):
            raise ValueError(f"{column} « {text[:20]} » : un nombre entier attendu.")
        if text:
            figures.append((kind, int(text), year))
    return tuple(figures)
