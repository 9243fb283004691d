"""Reading a file of the directory whole: every line checked, every fault told by its line; nothing is written here."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from tripartite.parties.services import cells as read
from tripartite.parties.services.layouts import CommuneSaid, EpciSaid, Listing, department_of, recognized
from tripartite.parties.services.movements import read_movements
from tripartite.parties.services.reading import (
    LONGEST_SOURCE,
    MOST_FINDINGS,
    Cells,
    DirectoryFile,
    Finding,
    ImportRefused,
    Table,
    YearMissing,
    refuse,
)
from tripartite.parties.states import Layout

SUFFIX = re.compile(r"(?:total_)?p(?:op_)?(?:tot|mun)_?((?:19|20|21)[0-9]{2})")
"""A title that says the year in which its population is in force: « pmun_2024 »."""
DELAY = 3
"""A legal population comes into force on 1 January, so many years after its reference year."""
MOST_USUAL_NAMES = 10
FIRST_YEAR, LAST_YEAR = 1900, 2199
NO_YEAR = "ce fichier ne dit pas l'année de référence de ses populations : l'indiquer (2023, par exemple)."


def read_listing(file: DirectoryFile) -> Listing:
    """What a file says, be it as INSEE or the DGCL publish it or our own CSV. Raises ImportRefused."""
    check_announced(file)
    return listing_of(file, *recognized(file))


def listing_of(file: DirectoryFile, layout: Layout, table: Table) -> Listing:
    """What a file says whose kind and table are known. Raises ImportRefused."""
    listing = Listing(file, layout, as_of=_as_of(file, layout, table))
    if layout is Layout.MOVEMENTS:
        listing.movements = read_movements(file, table)
        return listing
    findings = list(table.faults)
    seen: dict[str, int] = {}
    reader = READERS[layout]
    epcis: dict[str, EpciSaid] = {}
    for line, cells in table.lines:
        try:
            for said in reader(listing, line, cells):
                if isinstance(said, CommuneSaid):
                    _check_once([said.siren, said.code], line, seen)
                    listing.communes.append(said)
                elif layout is Layout.MEMBERS:
                    _merge(epcis, said)
                else:
                    _check_once([said.siren], line, seen)
                    listing.epcis.append(said)
        except ValueError as error:
            findings.append(Finding(file.name, line, str(error)))
            if len(findings) >= MOST_FINDINGS:
                break
    refuse(findings)
    listing.epcis += epcis.values()
    named = [one for one in listing.communes if one.siren or layout is not Layout.COMMUNES]
    if not (named or listing.epcis or listing.usual_names):
        raise ImportRefused([Finding(file.name, 1, "aucune ligne à importer.")])
    return listing


def check_announced(file: DirectoryFile) -> None:
    """What is said of the file, beside its lines."""
    if file.year is not None and not FIRST_YEAR <= file.year <= LAST_YEAR:
        raise ImportRefused([Finding(file.name, 1, f"année « {file.year} » : quatre chiffres attendus, comme 2023.")])
    if len(file.source) > LONGEST_SOURCE:
        raise ImportRefused([Finding(file.name, 1, f"source trop longue : {LONGEST_SOURCE} caractères au plus.")])


def _as_of(file: DirectoryFile, layout: Layout, table: Table) -> date | None:
    """The day whose communes a file describes.

    The DGCL's say it in their titles. INSEE gives the populations of a reference year in the communes of the 1st of
    January two years later, a year before they come into force.
    """
    if layout is Layout.POPULATIONS:
        if file.year is None:
            raise YearMissing([Finding(file.name, 1, NO_YEAR)])
        return date(file.year + DELAY - 1, 1, 1)
    if layout in {Layout.SIREN, Layout.MEMBERS}:
        year = _year_in_force(table.columns)
        if year is None and file.year is not None:
            year = file.year + DELAY
        return date(year, 1, 1) if year else None
    return None


def _year_in_force(columns: Sequence[str]) -> int | None:
    years = {int(found[1]) for column in columns if (found := SUFFIX.fullmatch(column))}
    return years.pop() if len(years) == 1 else None


def _check_once(identifiers: Sequence[str | None], line: int, seen: dict[str, int]) -> None:
    for identifier in identifiers:
        if identifier and seen.setdefault(identifier, line) != line:
            raise ValueError(f"{identifier} est déjà à la ligne {seen[identifier]}.")


def _communes(listing: Listing, line: int, cells: Cells) -> Iterator[CommuneSaid]:
    code = read.code_insee(cells["code_insee"])
    if not cells["siren"]:
        listing.skipped.append(Finding(listing.file.name, line, f"{cells['nom']} ({code}) n'a pas de SIREN."))
        yield CommuneSaid(line, code, read.name(cells["nom"]))
        return
    departments = read.departments(cells["departement"])
    if len(departments) != 1 or departments[0] not in {code[:2], department_of(code)}:
        raise ValueError(f"département « {cells['departement'][:20]} » : ce n'est pas celui du code INSEE {code}.")
    epci = cells.get("siren_epci")
    year = read.year(cells["annee_population"]) if cells.get("annee_population") else listing.file.year
    counted = {"population": "municipale", "population_totale": "totale"}
    yield CommuneSaid(
        line,
        code,
        read.name(cells["nom"]),
        read.siren(cells["siren"]),
        read.postal_codes(cells.get("codes_postaux")),
        epci is not None,
        read.siren(epci) if epci else None,
        read.populations(cells, counted, year),
    )


def _epci(listing: Listing, line: int, cells: Cells) -> Iterator[EpciSaid]:
    if not cells["siren"]:
        listing.skipped.append(Finding(listing.file.name, line, f"{cells['nom']} n'a pas de SIREN."))
        return
    counted = {"population_totale": "totale", "population_municipale": "municipale"}
    year = read.year(cells["annee_population"]) if cells.get("annee_population") else listing.file.year
    departments = read.departments(cells["departements"])
    yield EpciSaid(
        line,
        read.siren(cells["siren"]),
        read.name(cells["nom"]),
        departments,
        _seat(cells.get("departement_siege", ""), departments),
        read.populations(cells, counted, year),
    )


def _seat(text: str, departments: Sequence[str]) -> str | None:
    if not text:
        return None
    (seat,) = found if len(found := read.departments(text)) == 1 else ("",)
    if seat not in departments:
        raise ValueError(f"département du siège « {text[:20]} » : ce n'est pas l'un des siens.")
    return seat


def _cog(_listing: Listing, line: int, cells: Cells) -> Iterator[CommuneSaid]:
    if cells["typecom"].upper() == "COM":  # associated and delegated communes, arrondissements are parts of others
        yield CommuneSaid(line, read.code_insee(cells["com"]), read.name(cells["libelle"]))


def _reference_populations(listing: Listing, line: int, cells: Cells) -> Iterator[CommuneSaid]:
    code = cells["com"]
    if not code:  # the file of Mayotte leaves it out, and the name too
        department = read.departments(cells["dep"])[0]
        code = f"{department[:2]}{cells['codcom'].zfill(5 - len(department[:2]))}"
    counted = {"pmun": "municipale", "ptot": "totale"}
    yield CommuneSaid(
        line,
        read.code_insee(code),
        cells.get("commune", "")[:200],
        populations=read.populations(cells, counted, listing.file.year),
    )


def _siren(listing: Listing, line: int, cells: Cells) -> Iterator[CommuneSaid]:
    if not cells["siren"]:
        return
    yield CommuneSaid(
        line,
        read.code_insee(cells["insee"]),
        read.name(cells["nom_com"]),
        read.siren(cells["siren"]),
        populations=_suffixed(listing, cells, {"pmun": "municipale", "ptot": "totale"}),
    )


def _members(listing: Listing, line: int, cells: Cells) -> Iterator[CommuneSaid | EpciSaid]:
    if not cells["siren"] or not cells["siren_membre"]:
        return
    code, epci = read.code_insee(cells["insee"]), read.siren(cells["siren"])
    yield CommuneSaid(
        line,
        code,
        read.name(cells.get("nom_membre", "") or code),
        read.siren(cells["siren_membre"]),
        None,
        True,
        epci,
        _suffixed(listing, cells, {"pmun": "municipale", "ptot": "totale"}),
    )
    year = listing.as_of.year - DELAY if listing.as_of else None
    titles = ("raison_sociale", "dept", "total_pop_mun", "total_pop_tot")
    yield _group(epci, *(cells.get(title, "") for title in titles), year)._replace(
        line=line, departments=(department_of(code),)
    )


@lru_cache(maxsize=4_000)  # said again by each commune
def _group(siren: str, name: str, seat: str, municipale: str, totale: str, year: int | None) -> EpciSaid:  # noqa: PLR0917
    cells = {"total_pop_mun": municipale, "total_pop_tot": totale}
    counted = {"total_pop_mun": "municipale", "total_pop_tot": "totale"}
    found = read.departments(seat)[0] if seat else None
    return EpciSaid(0, siren, read.name(name), (), found, read.populations(cells, counted, year))


def _suffixed(listing: Listing, cells: Cells, counted: dict[str, str]) -> tuple[tuple[str, int, int | None], ...]:
    """Populations in columns that name the year in which they are in force."""
    if listing.as_of is None:
        return ()
    columns = {f"{prefix}_{listing.as_of.year}": kind for prefix, kind in counted.items()}
    return read.populations(cells, columns, listing.as_of.year - DELAY)


def _merge(epcis: dict[str, EpciSaid], said: EpciSaid) -> None:
    """One EPCI out of the lines of its members."""
    known = epcis.setdefault(said.siren, said)
    if (known.name, known.seat, known.populations) != (said.name, said.seat, said.populations):
        raise ValueError(f"l'intercommunalité {said.siren} est dite autrement à la ligne {known.line}.")
    if said.departments[0] not in known.departments:
        departments = tuple(sorted({*known.departments, *said.departments}))
        epcis[said.siren] = known._replace(departments=departments)


def _usual_names(listing: Listing, line: int, cells: Cells) -> Iterator[CommuneSaid]:  # noqa: ARG001 - as the others
    names = tuple(dict.fromkeys(one.strip() for one in cells["noms_usuels"].split("|") if one.strip()))
    if not names or len(names) > MOST_USUAL_NAMES or any(len(one) > 80 for one in names):
        raise ValueError(f"noms d'usage : de 1 à {MOST_USUAL_NAMES}, de 80 caractères au plus, séparés par « | ».")
    if read.siren(cells["siren"]) in listing.usual_names:
        raise ValueError(f"{cells['siren']} est déjà plus haut.")
    listing.usual_names[read.siren(cells["siren"])] = names
    yield from ()


Reader = Callable[[Listing, int, Cells], Iterator[CommuneSaid | EpciSaid]]
READERS: dict[Layout, Reader] = {
    Layout.COMMUNES: _communes,
    Layout.EPCI: _epci,
    Layout.COG: _cog,
    Layout.POPULATIONS: _reference_populations,
    Layout.SIREN: _siren,
    Layout.MEMBERS: _members,
    Layout.USUAL_NAMES: _usual_names,
}
