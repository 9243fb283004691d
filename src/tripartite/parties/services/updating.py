"""An update of the directory that is prepared (`preparing`), and read: completed, applied, or given up.

Applying is a job (jobs/kinds.py): a national list takes its time.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction

from tripartite.jobs.kinds import JobError, Unit
from tripartite.jobs.services.starting import abandon_job, start_job
from tripartite.jobs.states import UNFINISHED
from tripartite.journal.services import Actor, record
from tripartite.parties.models import DirectoryUpdate
from tripartite.parties.queries.updates import files_without_year, summary
from tripartite.parties.services.comparing import Comparison
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.importing import compared, write_compared
from tripartite.parties.services.layouts import Listing
from tripartite.parties.services.listing import FIRST_YEAR, LAST_YEAR
from tripartite.parties.services.preparing import SEEN, listings_of, start_reading, token

KIND = "directory-update"
KEPT_FOR = timedelta(days=30)
"""How long an update that nobody settles keeps what was read of its files."""
COMPLETED = "Cette mise à jour n'attend plus rien."
INCOMPLETE = "Il manque ce que ses fichiers ne disent pas : le compléter d'abord."
NOT_PREPARED = "Cette mise à jour est déjà appliquée, ou abandonnée."
UNREAD = "Ses fichiers sont encore en lecture : lire d'abord ce qui changerait."


def start_update(*, update_id: int, on: date, actor: Actor, at: datetime) -> Any:
    """Start the job that applies a prepared update, in the name of `actor`; pressed twice, it is one.

    Raises FieldErrors when it is settled already, or still read, or when the directory has changed since it was
    prepared: what it would change is then compared again, by a job, to be read.
    """
    with transaction.atomic():
        update = DirectoryUpdate.objects.select_for_update().get(pk=update_id)
        _check_prepared(update)
        if update.report.get(SEEN) == token():
            return start_job(
                kind=KIND,
                title=f"Mise à jour de l'annuaire : {summary(update)}"[:200],
                on=on,
                parameters={"update": update.pk},
                once=f"{KIND}:{update.pk}",
                actor=actor,
                at=at,
            )
        start_reading(update, on=on, actor=actor, at=at)
    raise FieldErrors({"update": "L'annuaire a changé depuis : relire ce qui changerait, puis appliquer."})


def _check_prepared(update: DirectoryUpdate) -> None:
    if update.state == DirectoryUpdate.State.READING:
        raise FieldErrors({"update": UNREAD})
    if update.state == DirectoryUpdate.State.INCOMPLETE:
        raise FieldErrors({"update": INCOMPLETE})
    if update.state != DirectoryUpdate.State.PREPARED:
        raise FieldErrors({"update": NOT_PREPARED})


def list_units(*, on: date, parameters: dict[str, Any]) -> Iterable[Unit]:  # noqa: ARG001 - the signature of a kind
    """The one unit of an update."""
    return [Unit(str(parameters["update"]), "Comparer, écrire")]


class _Ready(NamedTuple):
    """What the files of an update say, and what they would change in the directory of that token."""

    listings: list[Listing]
    comparison: Comparison
    token: str


def prepare_unit(*, key: str, on: date, parameters: dict[str, Any]) -> _Ready | None:  # noqa: ARG001
    """All that takes long and writes nothing, before the transaction: nobody waits for it. None for an update that is
    settled: it keeps no files.
    """
    update = DirectoryUpdate.objects.get(pk=int(key))
    seen, listings = token(), listings_of(update)
    return _Ready(listings, compared(listings, update.department), seen) if listings else None


def run_prepared(
    *,
    key: str,
    on: date,  # noqa: ARG001
    parameters: dict[str, Any],  # noqa: ARG001
    prepared: _Ready | None,
    actor: Actor,
    at: datetime,
) -> str:
    """Apply a prepared update. Raises JobError when it keeps its files no more, ImportRefused when they disagree."""
    update = DirectoryUpdate.objects.select_for_update().get(pk=int(key))
    if update.state != DirectoryUpdate.State.PREPARED:
        return "déjà fait"
    if prepared is None:
        raise JobError(NOT_PREPARED)
    same = prepared.token == token()  # where somebody changed the directory meanwhile, it is compared again
    comparison = prepared.comparison if same else compared(prepared.listings, update.department)
    write_compared(comparison, prepared.listings, actor=actor, at=at, department=update.department, update=update)
    update.files.update(content=None, table=None)
    return summary(update)


@transaction.atomic
def complete_update(
    *, update_id: int, years: Mapping[int, int], department: str | None, on: date, actor: Actor, at: datetime
) -> None:
    """Say what the files of an incomplete update do not: the reference year of each that lacks it, by its key, and the
    département to which to keep them (None: all). They are not read again: the job that starts only compares.

    Raises FieldErrors when it is not incomplete any more, or for a year that is missing still, or that is none.
    """
    update = DirectoryUpdate.objects.select_for_update().get(pk=update_id)
    if update.state != DirectoryUpdate.State.INCOMPLETE:
        raise FieldErrors({"update": COMPLETED})
    for file in files_without_year(update.files.all()):
        year = years.get(file.pk)
        if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
            raise FieldErrors({"update": f"{file.name} : année de référence attendue, comme 2023."})
        file.year, file.year_given = year, year
        file.save(update_fields=["year", "year_given"])
    update.department = department
    update.save(update_fields=["department"])
    start_reading(update, on=on, actor=actor, at=at)


@transaction.atomic
def give_up_update(*, update_id: int, actor: Actor, at: datetime) -> DirectoryUpdate:
    """Give up an update, be it prepared, incomplete or read still: nothing is changed. Raises FieldErrors when it is
    settled.
    """
    update = DirectoryUpdate.objects.select_for_update().get(pk=update_id)
    if update.state == DirectoryUpdate.State.READING:
        if update.job is not None and update.job.state in UNFINISHED:
            abandon_job(job_id=update.job.pk, actor=actor, at=at)
    elif update.state != DirectoryUpdate.State.INCOMPLETE:
        _check_prepared(update)
    update.state, update.settled_at, update.settled_by = DirectoryUpdate.State.GIVEN_UP, at, actor.label
    update.save(update_fields=["state", "settled_at", "settled_by"])
    update.files.update(content=None, table=None)
    record(
        actor=actor,
        at=at,
        action="parties.give-up-update",
        subject_kind="directory",
        subject_id="bodies",
        text=f"Mise à jour de l'annuaire préparée le {update.prepared_at:%d/%m/%Y}, abandonnée.",
        details={"update": update.pk},
    )
    return update
