"""Preparing an update of the directory: the files are kept, read by a job one after the other, then compared.

A kind of job (jobs/kinds.py): a unit for each file, then one that compares. Each is read before its transaction, in a
process apart, so that nobody waits for it; what was read is kept, and never read again. Where the files lack only what
is said beside them, the update waits for it (`completing`), and is compared then.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tripartite.jobs.kinds import Unit
from tripartite.jobs.services.starting import start_job
from tripartite.journal.services import Actor
from tripartite.parties.models import DirectoryRevision, DirectoryUpdate, UpdateFile
from tripartite.parties.queries.updates import files_without_year, summary
from tripartite.parties.services.importing import bring_in, update_file
from tripartite.parties.services.layouts import Listing, recognized
from tripartite.parties.services.listing import NO_YEAR, check_announced, listing_of, read_listing
from tripartite.parties.services.reading import (
    MOST_FINDINGS,
    DirectoryFile,
    Finding,
    ImportRefused,
    SaidBeside,
    Table,
    YearMissing,
    check_size,
)
from tripartite.parties.services.report import ImportReport, lines_of, year_said
from tripartite.parties.states import Layout
from tripartite.pricing.money import number_text

KIND = "directory-reading"
COMPARE = "compare"
SEEN = "revision"
"""Under this name, the report of a prepared update keeps the token of the directory that it was compared with."""
ANY_YEAR = 2000
"""Of what a file says that does not say its year, the lines are checked under this one."""
GIVEN_UP = "rien à faire : la mise à jour est abandonnée, ou lue déjà"


@transaction.atomic
def deposit_update(
    *, files: Sequence[DirectoryFile], department: str | None, on: date, actor: Actor, at: datetime
) -> DirectoryUpdate:
    """Keep files to bring in, and start the job that reads them and says what they would change.

    Raises ImportRefused for a file that is too big to be read, or whose year or source cannot be.
    """
    for file in files:
        check_size(file)
        check_announced(file)
    update = DirectoryUpdate.objects.create(
        state=DirectoryUpdate.State.READING, department=department, prepared_at=at, prepared_by=actor.label
    )
    for file in files:
        kept = update_file(update, file)
        kept.content = zlib.compress(file.content)
        kept.save()
    start_reading(update, on=on, actor=actor, at=at)
    return update


def start_reading(update: DirectoryUpdate, *, on: date, actor: Actor, at: datetime) -> None:
    """Start the job that reads what is not read yet of an update, held by the caller, and compares."""
    update.state = DirectoryUpdate.State.READING
    update.job = start_job(
        kind=KIND,
        title="Lecture de fichiers pour l'annuaire",
        on=on,
        parameters={"update": update.pk},
        actor=actor,
        at=at,
    )
    update.save(update_fields=["state", "job"])


def list_units(*, on: date, parameters: dict[str, Any]) -> Iterable[Unit]:  # noqa: ARG001 - the signature of a kind
    """A unit for each file that is not read yet; comparing alone once all are."""
    left = [one for one in UpdateFile.objects.filter(update=parameters["update"]) if _is_left(one)]
    return [Unit(str(one.pk), f"Lire {one.name}") for one in left] or [_comparison()]


def next_units(*, on: date, parameters: dict[str, Any], done: Iterable[tuple[str, str]]) -> list[Unit]:  # noqa: ARG001
    """Comparing, once every file has been read; nothing while one is not, which is to be tried again."""
    left = any(_is_left(one) for one in UpdateFile.objects.filter(update=parameters["update"]))
    return [] if left or any(key == COMPARE for key, _ in done) else [_comparison()]


@dataclass(frozen=True, slots=True)
class _FileFound:
    """What reading a file told: its kind, its year, its lines and its table; or why it is refused."""

    layout: Layout | None = None
    year: int | None = None
    lines: int = 0
    table: bytes | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Compared:
    """What the files would change in the directory of that token; or why they are refused together, or what to add."""

    report: dict[str, object]
    token: str
    state: DirectoryUpdate.State = DirectoryUpdate.State.PREPARED


def prepare_unit(*, key: str, on: date, parameters: dict[str, Any]) -> _FileFound | _Compared | None:  # noqa: ARG001
    """Read a file, or compare; nothing is written. Raises Busy, to be tried again, when too many are being read."""
    update = DirectoryUpdate.objects.get(pk=parameters["update"])
    if update.state != DirectoryUpdate.State.READING:
        return None
    if key == COMPARE:
        return _compare(update)
    file = UpdateFile.objects.get(pk=int(key), update=update)
    return _read(file) if _is_left(file) else None


def run_prepared(
    *,
    key: str,
    on: date,  # noqa: ARG001
    parameters: dict[str, Any],
    prepared: _FileFound | _Compared | None,
    actor: Actor,
    at: datetime,
) -> str:
    """Keep what was read of a file, or what comparing told: the update is then prepared, incomplete or refused."""
    update = DirectoryUpdate.objects.select_for_update().get(pk=parameters["update"])
    if update.state != DirectoryUpdate.State.READING:
        return GIVEN_UP
    match prepared:
        case _FileFound():
            return _keep_file(UpdateFile.objects.get(pk=int(key), update=update), prepared)
        case _Compared(state=DirectoryUpdate.State.REFUSED):
            update.settled_at, update.settled_by = at, actor.label
            update.files.update(content=None, table=None)
        case None:
            return GIVEN_UP
    update.state = prepared.state
    update.report = prepared.report | {SEEN: prepared.token}
    update.save(update_fields=["state", "report", "settled_at", "settled_by"])
    return f"{summary(update)} : la mise à jour dit pourquoi" if "findings" in update.report else summary(update)


def _keep_file(file: UpdateFile, found: _FileFound) -> str:
    file.layout, file.year = found.layout.value if found.layout else "", found.year
    file.content, file.table, file.findings = None, found.table, list(found.findings)
    file.save(update_fields=["layout", "year", "content", "table", "findings"])
    if found.layout is None:
        return f"refusé : {found.findings[0]}"
    asked = ", année à dire" if file in files_without_year([file]) else ""
    return f"{found.layout.label}, {number_text(found.lines)} lignes{asked}"


def listings_of(update: DirectoryUpdate) -> list[Listing]:
    """What the files of an update say, of those that it still keeps. Raises ImportRefused, as when they were read."""
    return [_listing(one) for one in update.files.all() if one.table is not None or one.content is not None]


def token() -> str:
    """What changes with every change of the directory."""
    return DirectoryRevision.objects.values_list("token", flat=True).first() or ""


def _comparison() -> Unit:
    return Unit(COMPARE, "Comparer avec l'annuaire")


def _is_left(file: UpdateFile) -> bool:
    return file.table is None and not file.findings and file.content is not None


def _read(kept: UpdateFile) -> _FileFound:
    file = _file(kept)
    try:
        layout, table = recognized(file)
        try:
            listing = listing_of(file, layout, table)
        except YearMissing:
            checked = listing_of(replace(file, year=ANY_YEAR), layout, table)
            return _FileFound(layout, None, lines_of(checked), table.packed())
    except ImportRefused as refused:
        return _FileFound(findings=tuple(map(str, refused.findings[:MOST_FINDINGS])))
    return _FileFound(layout, year_said(listing), lines_of(listing), table.packed())


def _listing(kept: UpdateFile) -> Listing:
    if kept.table is None:
        return read_listing(_file(kept))
    return listing_of(_file(kept), Layout(kept.layout), Table.unpacked(bytes(kept.table)))


def _file(kept: UpdateFile) -> DirectoryFile:
    content = zlib.decompress(bytes(kept.content)) if kept.content is not None else b""
    return DirectoryFile(kept.name, content, kept.source, kept.year_given)


def _compare(update: DirectoryUpdate) -> _Compared:
    files = list(update.files.all())
    findings = [line for one in files for line in one.findings]
    state = DirectoryUpdate.State.REFUSED if findings else DirectoryUpdate.State.INCOMPLETE
    seen = token()  # before: what changes while they are compared makes the update one to compare again
    findings += [str(Finding(one.name, 1, NO_YEAR)) for one in files_without_year(files)]
    if not findings:
        try:
            return _Compared(_report(update).as_json(), seen)
        except ImportRefused as refused:
            beside = isinstance(refused, SaidBeside)
            state = DirectoryUpdate.State.INCOMPLETE if beside else DirectoryUpdate.State.REFUSED
            findings = list(map(str, refused.findings))
    return _Compared({"findings": findings[:MOST_FINDINGS]}, seen, state)


def _report(update: DirectoryUpdate) -> ImportReport:
    return bring_in(
        listings_of(update),
        actor=Actor(update.prepared_by),
        at=update.prepared_at,
        department=update.department,
        dry=True,
    )
