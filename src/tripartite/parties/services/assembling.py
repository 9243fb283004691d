"""Putting together what several files say of each body: who bore each code on each file's day, and who says what best.

Pure: no database, and the order of the files does not matter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from tripartite.parties.queries.folding import fold
from tripartite.parties.queries.history import History, Movement
from tripartite.parties.services.layouts import COMPLETE, CommuneSaid, EpciSaid, Listing, department_of
from tripartite.parties.services.reading import Finding
from tripartite.parties.states import Change, Layout
from tripartite.pricing.order import Kind

NAMES_COMMUNES = (Layout.COG, Layout.COMMUNES)
"""The files whose names of communes are written over those known; the others name only what is new."""
POPULATIONS = (Layout.POPULATIONS, Layout.COMMUNES, Layout.EPCI, Layout.MEMBERS, Layout.SIREN)
"""Who is believed first, where two files give one population of one year."""
MOST_TOLD = 200


class Known(NamedTuple):
    """A commune or an EPCI of the directory, as far as it helps to read files."""

    siren: str
    name: str
    code_insee: str | None
    ended_on: date | None


class Said(NamedTuple):
    """A population, and the file that says it."""

    counted: str
    value: int
    year: int | None
    source: str


@dataclass(slots=True)
class Row:
    """All that the files say of a body; None where they say nothing. `ended` is the movement by which it is no more."""

    siren: str
    kind: Kind
    source: str
    name: str
    names: bool = False
    departments: tuple[str, ...] = ()
    seat: str | None = None
    code_insee: str | None = None
    postal_codes: tuple[str, ...] | None = None
    says_epci: bool = False
    epci: str | None = None
    populations: dict[tuple[str, int | None], Said] = field(default_factory=dict)
    ended: Movement | None = None
    complete: bool = False


@dataclass(slots=True)
class Assembly:
    """The rows by SIREN, what was left aside, and which kinds and départements the files list whole."""

    rows: dict[str, Row] = field(default_factory=dict)
    skipped: list[Finding] = field(default_factory=list)
    covered: dict[Kind, set[str]] = field(default_factory=dict)
    unknown_codes: set[str] = field(default_factory=set)


class _Place(NamedTuple):
    """Where what a file says of a code belongs: the code now, or the movement by which that commune ended."""

    code: str
    end: Movement | None


def assemble(
    listings: Sequence[Listing], known: Iterable[Known], history: History, *, department: str | None
) -> Assembly:
    """What the files say of each body, those of one département alone where one is given.

    A SIREN that an older list gives to a code is that of the commune that bore the code then. A code without a SIREN in
    any file is that of the commune of the directory that bears it, or that bore it before it changed code; else the
    line is left aside, with the reason.
    """
    return _Assembler(listings, known, history, department).assembled()


class _Assembler:
    """The work of `assemble`, in steps."""

    def __init__(
        self, listings: Sequence[Listing], known: Iterable[Known], history: History, department: str | None
    ) -> None:
        self.listings = sorted(listings, key=_rank)
        self.history = history
        self.department = department
        self.known = {one.siren: one for one in known}
        self.living = {one.code_insee: one for one in self.known.values() if one.code_insee and one.ended_on is None}
        self.assembly = Assembly()
        self.bearers: dict[str, str] = {}
        self.former_bearers: dict[tuple[str, Movement], str] = {}
        self.bearing: set[str] = set()

    def assembled(self) -> Assembly:
        placed = [(listing, said, self._place(said, listing)) for listing in self.listings for said in listing.communes]
        if self.department is not None:
            placed = [one for one in placed if self.department == department_of(one[2].code or one[1].code)]
        for _, said, place in sorted(placed, key=lambda one: _newest(one[0])):
            if said.siren and place.end is None:
                self.bearers.setdefault(place.code, said.siren)
            elif said.siren and place.end is not None:
                self.former_bearers.setdefault((place.code, place.end), said.siren)
        self.bearing = set(self.bearers.values())
        for listing in self.listings:
            for group in listing.epcis:
                if self.department is None or self.department in group.departments:
                    self._add_epci(listing, group)
        for listing, said, place in placed:
            self._add_commune(listing, said, place)
        return self.assembly

    def _place(self, said: CommuneSaid, listing: Listing) -> _Place:
        code, history = said.code, self.history
        if listing.as_of is not None:
            end = history.end_of(code, listing.as_of)
        elif history.lives(code):
            end = self._end_of_namesake(code, said.name)
        else:
            end = history.end_of(code)
        seen: set[Movement] = set()
        while end is not None and end.change is Change.RECODED and end not in seen:
            seen.add(end)
            code, end = end.into, history.end_of(end.into, end.on - timedelta(days=1))
        return _Place(code, end)

    def _end_of_namesake(self, code: str, name: str) -> Movement | None:
        """The movement by which the commune that bore a code under this very name left it to one of another name."""
        return next(
            (
                one
                for one in self.history.leaving.get(code, ())
                if one.change is Change.MERGED
                and one.into == code
                and one.on == self.history.last_birth(code)
                and fold(one.name) == fold(name) != fold(one.into_name)
            ),
            None,
        )

    def _add_commune(self, listing: Listing, said: CommuneSaid, place: _Place) -> None:
        if place.end is not None:
            self._add_former(listing, said, place.end)
            return
        siren = self._siren_of(place.code)
        if siren is None:
            self.assembly.unknown_codes.add(place.code)
            if listing.layout is not Layout.COMMUNES:  # those without a SIREN are told already
                self._leave(listing, said, f"{said.name or said.code} ({said.code}) : aucun fichier ne dit son SIREN.")
            return
        if said.siren is not None and said.siren != siren:
            self._leave(listing, said, f"{said.name} ({said.code}) : un fichier plus récent donne le SIREN {siren}.")
            return
        row = self._row(siren, Kind.COMMUNE, listing, self.history.name_after(said.code, said.name))
        row.code_insee, row.departments = place.code, (department_of(place.code),)
        row.complete = row.complete or listing.layout in COMPLETE
        if listing.layout in NAMES_COMMUNES and not row.names:
            row.name, row.names = said.name, True
        if said.postal_codes is not None and row.postal_codes is None:
            row.postal_codes = said.postal_codes
        if said.says_epci and not row.says_epci:
            row.says_epci, row.epci = True, said.epci
        self._add_populations(row, listing, said)
        if listing.layout in COMPLETE and listing.layout is not Layout.MEMBERS:
            self.assembly.covered.setdefault(Kind.COMMUNE, set()).update(row.departments)

    def _add_former(self, listing: Listing, said: CommuneSaid, end: Movement) -> None:
        """What a file says of a commune that has ended since: kept with it, when its SIREN is known."""
        siren = said.siren or self._former_bearer(end)
        if siren is None:
            return
        row = self._row(siren, Kind.COMMUNE, listing, said.name)
        if siren not in self.bearing:  # a commune nouvelle that kept the SIREN of one of its communes goes on
            row.code_insee, row.departments, row.ended = end.code, (department_of(end.code),), end
        self._add_populations(row, listing, said)

    def _former_bearer(self, end: Movement) -> str | None:
        """The commune that ended by a movement: that of a file, else of the directory, be its end written already or
        not.
        """
        if (end.code, end) in self.former_bearers:
            return self.former_bearers[end.code, end]
        ended = (one for one in self.known.values() if one.code_insee == end.code and one.ended_on == end.last_day)
        found = next(ended, None)
        if found is not None:
            return found.siren
        living = self.living.get(end.code)
        return living.siren if living and self._is_former(living) else None

    def _is_former(self, body: Known) -> bool:
        code = body.code_insee or ""
        return not self.history.lives(code) or self._end_of_namesake(code, body.name) is not None

    def _siren_of(self, code: str) -> str | None:
        """The SIREN of the commune that bears a code now."""
        seen: set[str] = set()
        while code and code not in seen:
            seen.add(code)
            if code in self.bearers:
                return self.bearers[code]
            living = self.living.get(code)
            if living is not None and (len(seen) > 1 or not self._is_former(living)):
                return living.siren
            code = self.history.before(code)
        return None

    def _add_epci(self, listing: Listing, said: EpciSaid) -> None:
        row = self._row(said.siren, Kind.EPCI, listing, said.name)
        if not row.names:
            row.name, row.names = said.name, True
        row.departments = tuple(sorted({*row.departments, *said.departments}))
        row.seat = row.seat or said.seat
        row.complete = True
        self._add_populations(row, listing, said)
        self.assembly.covered.setdefault(Kind.EPCI, set()).update(said.departments)

    def _row(self, siren: str, kind: Kind, listing: Listing, name: str) -> Row:
        row = self.assembly.rows.get(siren)
        if row is None:
            row = self.assembly.rows[siren] = Row(siren, kind, listing.file.source, name)
        return row

    def _add_populations(self, row: Row, listing: Listing, said: CommuneSaid | EpciSaid) -> None:
        for counted, value, year in said.populations:
            found = Said(counted, value, year, listing.file.source)
            present = row.populations.get((counted, year))
            if present is None:
                row.populations[counted, year] = found

    def _leave(self, listing: Listing, said: CommuneSaid, why: str) -> None:
        self.assembly.skipped.append(Finding(listing.file.name, said.line, why))


def _rank(listing: Listing) -> tuple[int, int, str, str]:
    """The files in the order in which they are believed, whatever that in which they are given."""
    place = POPULATIONS.index(listing.layout) if listing.layout in POPULATIONS else -1
    return place, _newest(listing), listing.file.source, listing.file.name


def _newest(listing: Listing) -> int:
    return -(listing.as_of or date.max).toordinal()
