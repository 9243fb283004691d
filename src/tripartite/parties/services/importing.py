"""Bringing the directory up to date with files: what is new, changed, merged or gone; run again, it changes nothing.

Four moments, each apart: read the files (`listing`, `movements`), put together what they say (`assembling`), compare
with the directory (`comparing`), write.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from itertools import islice
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from tripartite.journal.services import Actor, record
from tripartite.parties.models import CommuneMovement, DirectoryUpdate, Figure, PublicBody, UpdateFile
from tripartite.parties.queries.history import History, Movement
from tripartite.parties.queries.movements import known_history
from tripartite.parties.services.assembling import Known, Row, assemble
from tripartite.parties.services.comparing import WRITTEN, Comparison, Departure, compare
from tripartite.parties.services.layouts import Listing, department_of
from tripartite.parties.services.listing import DELAY, read_listing
from tripartite.parties.services.reading import (
    MOST_FINDINGS,
    DirectoryFile,
    Finding,
    ImportRefused,
    NotOfDepartment,
)
from tripartite.parties.services.report import FileRead, ImportReport, lines_of, year_said
from tripartite.parties.services.revision import mark_changed
from tripartite.parties.services.traits import keep_traits
from tripartite.parties.states import Layout
from tripartite.pricing.order import Kind
from tripartite.rows import insert_rows, update_rows

Key = TypeVar("Key")
BATCH = 1000


def import_directory(
    files: Sequence[DirectoryFile],
    *,
    actor: Actor,
    at: datetime,
    department: str | None = None,
    dry: bool = False,
) -> ImportReport:
    """Load official or own files, known by their titles: adds, corrects and ends bodies, never deletes one.

    Files loaded together answer each other, in any order: the list of communes, their populations, their SIREN, their
    groups, their movements. A body ends on the day that a movement of communes says (inclusive), and goes into the one
    it says; a body that the files no longer list and that no movement ends lives on, marked for somebody to record its
    last day: that day is never guessed. `department` keeps only the bodies that extend over one département, and is
    taken as the seat's for an EPCI of several whose file does not say it. Populations are added as figures, from the
    day they hold (`applies_on`) and as learnt at `at` (`recorded_at`), never written over; of what a file lacks, it
    says nothing. `dry` writes nothing and says what would be done.

    Raises ImportRefused, with every finding, when a file cannot be read or two of a kind list a body twice; nothing is
    written then. Run again with the same files, it changes nothing.
    """
    listings = [read_listing(file) for file in files]
    return bring_in(listings, actor=actor, at=at, department=department, dry=dry)


def bring_in(
    listings: Sequence[Listing],
    *,
    actor: Actor,
    at: datetime,
    department: str | None,
    dry: bool = False,
    update: DirectoryUpdate | None = None,
) -> ImportReport:
    """Load what files say, read already, as `import_directory` does; `update` is the prepared one that this applies."""
    with transaction.atomic():
        comparison = compared(listings, department)
        if dry:
            return _report(listings, comparison, department, dry=True)
        return write_compared(comparison, listings, actor=actor, at=at, department=department, update=update)


@transaction.atomic
def write_compared(
    comparison: Comparison,
    listings: Sequence[Listing],
    *,
    actor: Actor,
    at: datetime,
    department: str | None,
    update: DirectoryUpdate | None = None,
) -> ImportReport:
    """Write what comparing told, of a directory that has not changed since. `comparison` is used once."""
    report = _report(listings, comparison, department, dry=False)
    _write(comparison, listings, report, actor, at)
    _keep(report, [listing.file for listing in listings], department, update, actor, at)
    return report


def compared(listings: Sequence[Listing], department: str | None) -> Comparison:
    """What the files would change in the directory as it is. Raises ImportRefused, as `import_directory` does."""
    _refuse_doubles(listings)
    known = known_history()
    said = [one for listing in listings for one in listing.movements if _concerns(one, department)]
    history = History.of([*known.movements, *said])
    bodies = list(PublicBody.objects.order_by("pk"))
    names = {siren: all_ for listing in listings for siren, all_ in listing.usual_names.items()}
    assembly = assemble(
        listings,
        [Known(one.siren, one.name, one.code_insee, one.ended_on) for one in bodies],
        history,
        department=department,
    )
    comparison = compare(assembly, names, bodies, history, seat=department)
    comparison.movements = sorted(history.movements - known.movements)
    if department is not None and not assembly.rows and any(one.communes or one.epcis for one in listings):
        raise NotOfDepartment([Finding(listings[0].file.name, 1, f"aucune ligne du département {department}.")])
    return comparison


def _concerns(one: Movement, department: str | None) -> bool:
    return department is None or department in {department_of(code) for code in (one.code, one.into) if code}


def _refuse_doubles(listings: Iterable[Listing]) -> None:
    """A body is listed by one file of a kind and day alone: two could say different things of it."""
    seen: dict[tuple[Layout, date | None, str], str] = {}
    findings: list[Finding] = []
    for listing in listings:
        lines = [(one.line, code) for one in listing.communes for code in (one.siren, one.code) if code]
        lines += [(one.line, one.siren) for one in listing.epcis]
        own = {(listing.layout, listing.as_of, code): line for line, code in lines}
        doubles = [key for key in own if key in seen][:MOST_FINDINGS]
        findings += [Finding(listing.file.name, own[key], f"{key[2]} est déjà dans {seen[key]}.") for key in doubles]
        seen |= dict.fromkeys(own, listing.file.name)
    if findings:
        raise ImportRefused(findings)


def _report(listings: Sequence[Listing], comparison: Comparison, department: str | None, *, dry: bool) -> ImportReport:
    former = {one.siren for one in comparison.departures if one.body is None}
    return ImportReport(
        dry=dry,
        files=tuple(_file_read(listing) for listing in listings),
        added=tuple(f"{row.name} ({row.siren})" for row in comparison.added if row.siren not in former),
        changed=tuple(
            f"{change.values.get('name', change.body.name)} ({change.body.siren}) : {', '.join(change.labels)}"
            for change in comparison.changed
        ),
        merged=tuple(_departure(one) for one in comparison.departures if one.into),
        gone=tuple(_departure(one) for one in comparison.departures if not one.into),
        unlisted=tuple(f"{body.name} ({body.siren})" for body in comparison.unlisted),
        unchanged=comparison.unchanged,
        figures=len(comparison.figures),
        movements=len(comparison.movements),
        skipped=tuple(
            str(finding)
            for finding in [*(one for each in listings for one in _aside(each, department)), *comparison.skipped]
        ),
    )


def _aside(listing: Listing, department: str | None) -> list[Finding]:
    """The lines of a file left aside, but for those of communes elsewhere, which nobody asked for."""
    if department is None:
        return listing.skipped
    away = {one.line for one in listing.communes if one.siren is None and department_of(one.code) != department}
    return [finding for finding in listing.skipped if finding.line not in away]


def _file_read(listing: Listing) -> FileRead:
    file = listing.file
    return FileRead(file.name, listing.layout, file.source, year_said(listing), lines_of(listing))


def _write(
    comparison: Comparison, listings: Sequence[Listing], report: ImportReport, actor: Actor, at: datetime
) -> None:
    """Write what the comparison found. Bodies that go are ended first: their INSEE code may live on with another."""
    today = timezone.localdate(at)
    for one in comparison.departures:
        if one.body is not None:
            one.body.ended_on, one.body.end_learnt_on = one.ended_on, today
            one.body.save(update_fields=["ended_on", "end_learnt_on"])
    _free_codes(comparison)
    ends = {one.siren: one.ended_on for one in comparison.departures if one.body is None}
    ids = dict(PublicBody.objects.values_list("siren", "pk"))
    for groups in (True, False):  # what communes belong to comes before them
        rows = [row for row in comparison.added if (row.kind is Kind.EPCI) is groups]
        made = [_new_body(row, comparison, at, ends.get(row.siren)) for row in rows]
        for body in made:
            body.epci_id = ids.get(comparison.epci_of.get(body.siren) or "")
        insert_rows(made)
        ids = dict(PublicBody.objects.values_list("siren", "pk")) if made else ids
    _change(comparison, ids, today)
    _link(comparison, ids)
    figures = [
        Figure(
            body_id=ids[siren],
            measure=Figure.Measure.POPULATION,
            counted=said.counted,
            value=said.value,
            year=said.year,
            applies_on=in_force_on(said.year) if said.year else today,
            source=said.source,
            recorded_at=at,
        )
        for siren, said in comparison.figures
    ]
    insert_rows(figures)
    sources = {one: listing.file.source for listing in listings for one in listing.movements}
    moved = [
        CommuneMovement(**one._asdict(), source=sources.get(one, ""), recorded_at=at) for one in comparison.movements
    ]
    insert_rows(moved)
    if not comparison.is_empty:
        mark_changed()
        _record(comparison, report, actor, at)


def _change(comparison: Comparison, ids: dict[str, int], today: date) -> None:
    for change in comparison.changed:
        keep_traits(change.body, change.values, on=today)
        if "merged_into_id" in change.values:  # reunited to another, or living again
            change.body.end_learnt_on = today if change.values["merged_into_id"] else None
        for name, value in change.values.items():
            setattr(change.body, name, ids[str(value)] if name == "merged_into_id" and value else value)
    for body in comparison.unlisted:
        body.unlisted_on = today
    touched = [*(change.body for change in comparison.changed), *comparison.unlisted]
    update_rows(touched, WRITTEN)


def in_force_on(reference_year: int) -> date:
    """The day a legal population comes into force: 1st of January, three years after its reference year
    (décret n° 2003-485 du 5 juin 2003, authenticated each December for the year that follows)."""
    return date(reference_year + DELAY, 1, 1)


def _free_codes(comparison: Comparison) -> None:
    """INSEE codes that pass from one living body to another are let go before anybody takes them."""
    moving = [change.body.pk for change in comparison.changed if "code_insee" in change.values]
    for pks in _batched(moving, BATCH):
        PublicBody.objects.filter(pk__in=pks).update(code_insee=None)


def _new_body(row: Row, comparison: Comparison, at: datetime, ended_on: date | None) -> PublicBody:
    return PublicBody(
        siren=row.siren,
        kind=row.kind.value,
        name=row.name,
        department=comparison.seat_of(row),
        departments=" ".join(row.departments),
        code_insee=row.code_insee,
        postal_codes=" ".join(row.postal_codes or ()),
        ended_on=ended_on,
        end_learnt_on=timezone.localdate(at) if ended_on else None,
        usual_names=comparison.usual_names.get(row.siren, ""),
        listed=True,
        source=row.source,
        created_at=at,
    )


def _link(comparison: Comparison, ids: dict[str, int]) -> None:
    """Point known communes to their EPCI and merged bodies to what they went into, now that all of them have a key."""
    new = {row.siren for row in comparison.added}
    members: dict[str | None, list[int]] = {}
    for siren, epci in comparison.epci_of.items():
        if siren not in new:
            members.setdefault(epci, []).append(ids[siren])
    for epci, communes in members.items():
        for pks in _batched(communes, BATCH):
            PublicBody.objects.filter(pk__in=pks).update(epci_id=ids[epci] if epci else None)
    into: dict[str, list[int]] = {}
    for one in comparison.departures:
        if one.into:
            into.setdefault(one.into, []).append(ids[one.siren])
    for siren, merged in into.items():
        PublicBody.objects.filter(pk__in=merged).update(merged_into_id=ids[siren])


def _batched(keys: Iterable[Key], size: int) -> Iterator[list[Key]]:
    """Lists of at most `size`: a database takes so many parameters in one query."""
    rest = iter(keys)
    while batch := list(islice(rest, size)):
        yield batch


def _departure(one: Departure) -> str:
    text = f"{one.name} ({one.siren}), jusqu'au {one.ended_on:%d/%m/%Y}"
    return f"{text}, dans {one.into_name} ({one.into})" if one.into else text


def _record(comparison: Comparison, report: ImportReport, actor: Actor, at: datetime) -> None:
    """One line for the import, and one for each body that ended: its own page tells it."""
    counts = (
        f"{len(report.added)} ajoutés, {len(report.changed)} modifiés, {len(comparison.departures)} disparus,"
        f" {report.figures} populations, {report.movements} mouvements"
    )
    details = {
        "sources": sorted({file.source for file in report.files}),
        "files": [asdict(file) | {"layout": file.label} for file in report.files],
        "changed": [{"siren": c.body.siren, "before": c.before, "after": c.values} for c in comparison.changed],
        "departed": [one.siren for one in comparison.departures],
        "unlisted": [body.siren for body in comparison.unlisted],
    }
    record(
        actor=actor,
        at=at,
        action="parties.import-directory",
        subject_kind="directory",
        subject_id="bodies",
        text=f"Import de l'annuaire : {counts}.",
        details=json.loads(json.dumps(details, default=str)),  # days as text
    )
    keys = dict(
        PublicBody.objects.filter(siren__in=[one.siren for one in comparison.departures]).values_list("siren", "pk")
    )
    for one in comparison.departures:
        record(
            actor=actor,
            at=at,
            action="parties.end-body",
            subject_kind="body",
            subject_id=keys[one.siren],
            text=f"N'existe plus : {_departure(one)}.",
        )


def _keep(  # noqa: PLR0917 - private
    report: ImportReport,
    files: Sequence[DirectoryFile],
    department: str | None,
    update: DirectoryUpdate | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep which files, of which year, changed what: where nothing changed, only of an update that was prepared."""
    if update is None:
        if report.is_empty:
            return
        update = DirectoryUpdate(department=department, prepared_at=at, prepared_by=actor.label)
    made = update.pk is None
    update.state, update.report = DirectoryUpdate.State.APPLIED, report.as_json()
    update.settled_at, update.settled_by = at, actor.label
    update.save()
    if made:
        UpdateFile.objects.bulk_create(
            update_file(update, file, layout=read.layout.value, year=read.year)
            for file, read in zip(files, report.files, strict=True)
        )


def update_file(
    update: DirectoryUpdate, file: DirectoryFile, *, layout: str = "", year: int | None = None
) -> UpdateFile:
    """A file as an update keeps it, without its content; `layout` and `year` are what reading it told."""
    return UpdateFile(
        update=update,
        name=file.name[-200:],
        layout=layout,
        source=file.source,
        year=year,
        year_given=file.year,
        size=len(file.content),
        sha256=sha256(file.content).hexdigest(),
    )
