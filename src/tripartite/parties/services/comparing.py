"""Comparing what files list with what the directory holds: reads only, says what an import has to write."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tripartite.parties.models import Figure, PublicBody
from tripartite.parties.services.movements import Merger
from tripartite.parties.services.reading import Listing, Row
from tripartite.pricing.order import Kind

COMPARED = {
    "name": "nom",
    "kind": "nature",
    "departments": "départements",
    "code_insee": "code INSEE",
    "postal_codes": "codes postaux",
}
Population = tuple[str, int, int | None]


@dataclass(frozen=True, slots=True)
class Change:
    """New values of a body's columns, what they were, and how people call them."""

    body: PublicBody
    values: dict[str, object]
    before: dict[str, object]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Departure:
    """A body that the files no longer have, with its last day (inclusive) and the SIREN it went `into`, where known."""

    body: PublicBody
    ended_on: date | None = None
    into: str | None = None
    into_name: str | None = None


@dataclass(slots=True)
class Comparison:
    seat: str | None
    added: list[Row] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    unchanged: int = 0
    figures: list[tuple[str, Population]] = field(default_factory=list)
    epci_of: dict[str, str | None] = field(default_factory=dict)
    sources: dict[str, str] = field(default_factory=dict)
    known: Counter[tuple[Kind, str]] = field(default_factory=Counter)

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.departures or self.figures or self.epci_of)

    def removals(self) -> dict[tuple[Kind, str], tuple[int, int]]:
        """How many bodies go without a successor, of how many known, by kind and département."""
        gone = Counter(_place(one.body) for one in self.departures if not one.into)
        return {place: (count, self.known[place]) for place, count in gone.items()}

    def seat_of(self, row: Row) -> str | None:
        """The département of the seat: the only one, or the one that the directory is loaded for."""
        if len(row.departments) == 1:
            return row.departments[0]
        return self.seat if self.seat in row.departments else None


def compare(listings: Sequence[Listing], mergers: dict[str, Merger], *, seat: str | None) -> Comparison:
    """What has to be written for the directory to say what `listings` do."""
    comparison = Comparison(seat)
    bodies = {body.siren: body for body in PublicBody.objects.select_related("epci").order_by()}
    for body in bodies.values():
        if body.listed and body.ended_on is None:
            comparison.known[_place(body)] += 1
    listed = {row.siren: row for listing in listings for row in listing.rows}
    for listing in listings:
        for row in listing.rows:
            comparison.sources[row.siren] = listing.file.source
            _compare_epci(comparison, listing, row, bodies, listed)
            _compare_row(comparison, row, bodies.get(row.siren))
    for kind in dict.fromkeys(listing.kind for listing in listings):
        of_kind = [listing for listing in listings if listing.kind is kind]
        _find_departures(comparison, kind, of_kind, bodies, mergers)
    _find_figures(comparison, listed)
    return comparison


def _compare_epci(
    comparison: Comparison, listing: Listing, row: Row, bodies: dict[str, PublicBody], listed: dict[str, Row]
) -> None:
    if "siren_epci" not in listing.columns:
        return
    body = bodies.get(row.siren)
    epci = row.epci if row.epci in listed or row.epci in bodies else None
    if (body.epci.siren if body and body.epci else None) != epci:
        comparison.epci_of[row.siren] = epci


def _compare_row(comparison: Comparison, row: Row, body: PublicBody | None) -> None:
    if body is None:
        comparison.added.append(row)
        return
    said = {
        "name": row.name,
        "kind": row.kind.value,
        "departments": " ".join(row.departments),
        "code_insee": row.code_insee,
    }
    if row.postal_codes is not None:
        said["postal_codes"] = " ".join(row.postal_codes)
    values: dict[str, object] = {name: value for name, value in said.items() if getattr(body, name) != value}
    labels = [COMPARED[name] for name in values]
    if "departments" in values and body.department not in row.departments:
        values["department"] = comparison.seat_of(row)
    if body.ended_on is not None:
        values |= {"ended_on": None, "merged_into_id": None}
        labels.append("existe de nouveau")
    if not body.listed:
        values["listed"] = True
        labels.append("désormais tenu par le fichier")
    if row.siren in comparison.epci_of:
        labels.append("intercommunalité")
    if not labels:
        comparison.unchanged += 1
        return
    before = {name: getattr(body, name) for name in values}
    comparison.changed.append(Change(body, values, before, tuple(labels)))


def _find_departures(
    comparison: Comparison,
    kind: Kind,
    listings: Sequence[Listing],
    bodies: dict[str, PublicBody],
    mergers: dict[str, Merger],
) -> None:
    rows = [row for listing in listings for row in listing.rows]
    listed = {row.siren for row in rows}
    skipped = {code for listing in listings for code in listing.skipped_codes}
    covered = {department for row in rows for department in row.departments}
    by_code = {row.code_insee: row for row in rows if row.code_insee}
    for body in bodies.values():
        if body.kind != kind.value or not body.listed or body.ended_on is not None or body.siren in listed:
            continue
        departments = set(body.departments.split())
        told = comparison.seat in departments if comparison.seat else departments <= covered
        if told and body.code_insee not in skipped:
            comparison.departures.append(_departure(body, by_code, mergers))


def _departure(body: PublicBody, by_code: dict[str, Row], mergers: dict[str, Merger]) -> Departure:
    """Where a body went: its INSEE code borne by another SIREN, or what the file of movements says, step by step."""
    successor = by_code.get(body.code_insee or "")
    merger = mergers.get(body.code_insee or "")
    ended_on = merger.ended_on if merger else None
    seen = set()
    while successor is None and merger is not None and merger.into not in seen:
        seen.add(merger.into)
        successor = by_code.get(merger.into)
        merger = mergers.get(merger.into)
    if successor is None:
        return Departure(body, ended_on)
    if ended_on is None:
        ended_on = max((m.ended_on for m in mergers.values() if m.into == successor.code_insee), default=None)
    return Departure(body, ended_on, successor.siren, successor.name)


def _find_figures(comparison: Comparison, listed: dict[str, Row]) -> None:
    """Populations that are not known yet: those that differ from the latest known of their year. A file without a year
    adds one only where it also differs from the latest of all.
    """
    latest: dict[tuple[str, str], int] = {}
    latest_of_year: dict[tuple[str, str, int | None], int] = {}
    rows = Figure.objects.filter(measure=Figure.Measure.POPULATION, declared_by__isnull=True)
    for siren, counted, value, year in rows.order_by("applies_on", "recorded_at", "id").values_list(
        "body__siren", "counted", "value", "year"
    ):
        latest[siren, counted] = latest_of_year[siren, counted, year] = value
    for row in listed.values():
        for counted, value, year in row.populations:
            if year is None and latest.get((row.siren, counted)) == value:
                continue
            if latest_of_year.get((row.siren, counted, year)) != value:
                comparison.figures.append((row.siren, (counted, value, year)))


def _place(body: PublicBody) -> tuple[Kind, str]:
    return Kind(body.kind), body.departments.split()[0] if body.departments else ""
