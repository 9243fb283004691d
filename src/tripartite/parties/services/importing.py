"""Bringing the directory up to date with a file: what is new, changed, merged or gone; run again, it changes nothing.

Three moments, each apart: read the files (`reading`, `movements`), compare with the directory (`comparing`), write.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from tripartite.journal.services import Actor, record
from tripartite.parties.models import Figure, PublicBody
from tripartite.parties.services.comparing import COMPARED, Comparison, Departure, compare
from tripartite.parties.services.movements import read_movements
from tripartite.parties.services.reading import (
    MOST_FINDINGS,
    DirectoryFile,
    Finding,
    ImportRefused,
    Listing,
    Row,
    read_listing,
)
from tripartite.parties.services.revision import mark_changed
from tripartite.pricing.order import Kind

Key = TypeVar("Key")
BATCH = 1000
PLURALS = {Kind.COMMUNE: "communes connues", Kind.EPCI: "intercommunalités connues"}
MOST_GONE_PER_CENT = 5
"""Above this share of a département's bodies gone at once, the file is taken for a partial one."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do (`dry`). Each entry is a line to print, in French."""

    dry: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    merged: tuple[str, ...]
    gone: tuple[str, ...]
    unchanged: int
    figures: int
    skipped: tuple[Finding, ...]


def import_directory(
    files: Sequence[DirectoryFile],
    *,
    actor: Actor,
    at: datetime,
    movements: DirectoryFile | None = None,
    department: str | None = None,
    dry: bool = False,
    accept_removals: bool = False,
) -> ImportReport:
    """Load files of communes and of EPCI: adds, corrects and ends bodies, never deletes one.

    A listed body of a département that a file covers, and that the file no longer has, is gone: it keeps its papers
    and gets a last day, that of INSEE's `movements` file where given (with the body it went into), else the eve of
    the import. A commune whose INSEE code passed to another SIREN went into it. `department` keeps only the bodies
    that extend over one département, and is taken as the seat's for an EPCI of several. Populations are added as
    figures, never written over; of a column that a file lacks, it says
    nothing. `dry` writes nothing and says what would be done.

    Raises ImportRefused, with every finding, when a file cannot be read, or when more than one body in twenty of a
    département would go (a partial file?) unless `accept_removals`; nothing is written then. Run again with the same
    file, it changes nothing.
    """
    listings = sorted((read_listing(file) for file in files), key=lambda listing: listing.kind is Kind.COMMUNE)
    _refuse_doubles(listings)
    mergers = read_movements(movements) if movements else {}
    with transaction.atomic():
        comparison = compare([_kept(listing, department) for listing in listings], mergers, seat=department)
        if not accept_removals:
            _refuse_removals(comparison, listings)
        if not dry:
            _write(comparison, actor, at)
    skipped = [finding for listing in listings for finding in listing.skipped]
    return ImportReport(
        dry=dry,
        added=tuple(f"{row.name} ({row.siren})" for row in comparison.added),
        changed=tuple(
            f"{change.body.name} ({change.body.siren}) : {', '.join(change.labels)}" for change in comparison.changed
        ),
        merged=tuple(_departure(one) for one in comparison.departures if one.into),
        gone=tuple(_departure(one) for one in comparison.departures if not one.into),
        unchanged=comparison.unchanged,
        figures=len(comparison.figures),
        skipped=tuple(skipped),
    )


def _kept(listing: Listing, department: str | None) -> Listing:
    """The listing, narrowed to one département."""
    if department is None:
        return listing
    rows = [row for row in listing.rows if department in row.departments]
    if not rows:
        raise ImportRefused([Finding(listing.file.name, 1, f"aucune ligne du département {department}.")])
    return replace(listing, rows=rows)


def _refuse_doubles(listings: Iterable[Listing]) -> None:
    """A body is listed by one file alone: two could say different things of it."""
    seen: dict[str, str] = {}
    findings: list[Finding] = []
    for listing in listings:
        own = {code: row.line for row in listing.rows for code in (row.siren, row.code_insee) if code}
        doubles = [code for code in own if code in seen][:MOST_FINDINGS]
        findings += [Finding(listing.file.name, own[code], f"{code} est déjà dans {seen[code]}.") for code in doubles]
        seen |= dict.fromkeys(own, listing.file.name)
    if findings:
        raise ImportRefused(findings)


def _refuse_removals(comparison: Comparison, listings: Iterable[Listing]) -> None:
    names = {listing.kind: listing.file.name for listing in listings}
    findings = []
    for (kind, department), (gone, known) in sorted(comparison.removals().items()):
        if gone > 1 and gone * 100 > known * MOST_GONE_PER_CENT:
            message = (
                f"{gone} des {known} {PLURALS[kind]} du département {department} n'y sont plus. Si ce fichier"
                " est bien complet, recommencer avec --accept-removals."
            )
            findings.append(Finding(names[kind], 1, message))
    if findings:
        raise ImportRefused(findings)


def _write(comparison: Comparison, actor: Actor, at: datetime) -> None:
    """Write what the comparison found. Bodies that go are ended first: their INSEE code may live on with another."""
    today = timezone.localdate(at)
    _end(comparison.departures, today)
    _free_codes(comparison)
    added = [_new_body(row, comparison.sources[row.siren], at, comparison.seat_of(row)) for row in comparison.added]
    PublicBody.objects.bulk_create(added, batch_size=BATCH)
    for change in comparison.changed:
        for name, value in change.values.items():
            setattr(change.body, name, value)
    PublicBody.objects.bulk_update(
        [change.body for change in comparison.changed],
        [*COMPARED, "department", "listed", "ended_on", "merged_into"],
        batch_size=BATCH // 4,
    )
    ids = dict(PublicBody.objects.values_list("siren", "pk"))
    _link(comparison, ids)
    figures = [
        Figure(
            body_id=ids[siren],
            measure=Figure.Measure.POPULATION,
            counted=counted,
            value=value,
            year=year,
            applies_on=in_force_on(year) if year else today,
            source=comparison.sources[siren],
            recorded_at=at,
        )
        for siren, (counted, value, year) in comparison.figures
    ]
    Figure.objects.bulk_create(figures, batch_size=BATCH)
    if not comparison.is_empty:
        mark_changed()
        _record(comparison, actor, at)


def in_force_on(reference_year: int) -> date:
    """The day a legal population comes into force: 1st of January, three years after its reference year
    (décret n° 2003-485 du 5 juin 2003, authenticated each December for the year that follows)."""
    return date(reference_year + 3, 1, 1)


def _end(departures: Iterable[Departure], today: date) -> None:
    for one in departures:
        one.body.ended_on = one.ended_on or today - timedelta(days=1)
        one.body.save(update_fields=["ended_on"])


def _free_codes(comparison: Comparison) -> None:
    """INSEE codes that pass from one living body to another are let go before anybody takes them."""
    moving = [change.body.pk for change in comparison.changed if "code_insee" in change.values]
    for pks in _batched(moving, BATCH):
        PublicBody.objects.filter(pk__in=pks).update(code_insee=None)


def _new_body(row: Row, source: str, at: datetime, seat: str | None) -> PublicBody:
    return PublicBody(
        siren=row.siren,
        kind=row.kind.value,
        name=row.name,
        department=seat,
        departments=" ".join(row.departments),
        code_insee=row.code_insee,
        postal_codes=" ".join(row.postal_codes or ()),
        listed=True,
        source=source,
        created_at=at,
    )


def _link(comparison: Comparison, ids: dict[str, int]) -> None:
    """Point communes to their EPCI and merged bodies to what they went into, now that all of them have a key."""
    members: dict[str | None, list[int]] = {}
    for siren, epci in comparison.epci_of.items():
        members.setdefault(epci, []).append(ids[siren])
    for epci, communes in members.items():
        for pks in _batched(communes, BATCH):
            PublicBody.objects.filter(pk__in=pks).update(epci_id=ids[epci] if epci else None)
    for one in comparison.departures:
        if one.into:
            one.body.merged_into_id = ids[one.into]
            one.body.save(update_fields=["merged_into"])


def _batched(keys: Iterable[Key], size: int) -> Iterator[list[Key]]:
    """Lists of at most `size`: a database takes so many parameters in one query."""
    rest = iter(keys)
    while batch := list(islice(rest, size)):
        yield batch


def _departure(one: Departure) -> str:
    text = f"{one.body.name} ({one.body.siren})"
    if one.ended_on:
        text += f", jusqu'au {one.ended_on:%d/%m/%Y}"
    return f"{text}, dans {one.into_name} ({one.into})" if one.into else text


def _record(comparison: Comparison, actor: Actor, at: datetime) -> None:
    """One line for the import, and one for each body that ended: its own page tells it."""
    counts = (
        f"{len(comparison.added)} ajoutés, {len(comparison.changed)} modifiés, {len(comparison.departures)} disparus,"
        f" {len(comparison.figures)} populations"
    )
    details = {
        "sources": sorted(set(comparison.sources.values())),
        "changed": [{"siren": c.body.siren, "before": c.before, "after": c.values} for c in comparison.changed],
        "departed": [one.body.siren for one in comparison.departures],
    }
    text = f"Import de l'annuaire : {counts}."
    record(
        actor=actor,
        at=at,
        action="parties.import-directory",
        subject_kind="directory",
        subject_id="bodies",
        text=text,
        details=json.loads(json.dumps(details, default=str)),  # days as text
    )
    for one in comparison.departures:
        record(
            actor=actor,
            at=at,
            action="parties.end-body",
            subject_kind="body",
            subject_id=one.body.pk,
            text=f"N'existe plus : {_departure(one)}.",
        )
