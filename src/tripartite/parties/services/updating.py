"""An update of the directory in two acts: prepared, so that what it would change is read; then applied, or given up.

Applying is a job (jobs/kinds.py): a national list takes its time.
"""

import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tripartite.jobs.kinds import JobError, Unit
from tripartite.jobs.services.starting import start_job
from tripartite.journal.services import Actor, record
from tripartite.parties.models import DirectoryRevision, DirectoryUpdate
from tripartite.parties.queries.updates import summary
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.importing import import_directory, update_file
from tripartite.parties.services.reading import DirectoryFile

KIND = "directory-update"
NOT_PREPARED = "Cette mise à jour est déjà appliquée, ou abandonnée."
SEEN = "revision"
"""Under this name, the report of a prepared update keeps the token of the directory that it was compared with."""


def prepare_update(
    *, files: Sequence[DirectoryFile], department: str | None, actor: Actor, at: datetime
) -> DirectoryUpdate:
    """Keep files to bring in, with what they would change today: nothing else is written.

    Raises ImportRefused with every finding of files that cannot be read.
    """
    seen = _token()  # before: what changes while the files are read makes the update one to read again
    report = import_directory(files, actor=actor, at=at, department=department, dry=True)
    with transaction.atomic():
        update = DirectoryUpdate.objects.create(
            state=DirectoryUpdate.State.PREPARED,
            department=department,
            report=report.as_json() | {SEEN: seen},
            prepared_at=at,
            prepared_by=actor.label,
        )
        for file, read in zip(files, report.files, strict=True):
            kept = update_file(update, file, read)
            kept.content = zlib.compress(file.content)
            kept.save()
    return update


def start_update(*, update_id: int, on: date, actor: Actor, at: datetime) -> Any:
    """Start the job that applies a prepared update, in the name of `actor`; pressed twice, it is one.

    Raises FieldErrors when it is settled already, or when the directory has changed since it was prepared: what it
    would change is then worked out again, to be read.
    """
    update = DirectoryUpdate.objects.get(pk=update_id)
    if update.state != DirectoryUpdate.State.PREPARED:
        raise FieldErrors({"update": NOT_PREPARED})
    if update.report.get(SEEN) != _token():
        report = import_directory(_files(update), actor=actor, at=at, department=update.department, dry=True)
        update.report = report.as_json() | {SEEN: _token()}
        update.save(update_fields=["report"])
        raise FieldErrors({"update": "L'annuaire a changé depuis : relire ce qui changerait, puis appliquer."})
    return start_job(
        kind=KIND,
        title=f"Mise à jour de l'annuaire : {summary(update)}"[:200],
        on=on,
        parameters={"update": update.pk},
        once=f"{KIND}:{update.pk}",
        actor=actor,
        at=at,
    )


def list_units(*, on: date, parameters: dict[str, Any]) -> Iterable[Unit]:  # noqa: ARG001 - the signature of a kind
    """The one unit of an update."""
    return [Unit(str(parameters["update"]), "Lire les fichiers, comparer, écrire")]


def run_unit(*, key: str, on: date, parameters: dict[str, Any], actor: Actor, at: datetime) -> str:  # noqa: ARG001
    """Apply a prepared update. Raises JobError when its files can no longer be read so."""
    update = DirectoryUpdate.objects.select_for_update().get(pk=int(key))
    if update.state != DirectoryUpdate.State.PREPARED:
        return "déjà fait"
    files = _files(update)
    if not files:
        raise JobError(NOT_PREPARED)
    import_directory(files, actor=actor, at=at, department=update.department, update=update)
    update.files.update(content=None)
    return summary(update)


@transaction.atomic
def give_up_update(*, update_id: int, actor: Actor, at: datetime) -> DirectoryUpdate:
    """Give up a prepared update: nothing is changed. Raises FieldErrors when it is settled already."""
    update = DirectoryUpdate.objects.select_for_update().get(pk=update_id)
    if update.state != DirectoryUpdate.State.PREPARED:
        raise FieldErrors({"update": NOT_PREPARED})
    update.state, update.settled_at, update.settled_by = DirectoryUpdate.State.GIVEN_UP, at, actor.label
    update.save(update_fields=["state", "settled_at", "settled_by"])
    update.files.update(content=None)
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


def _files(update: DirectoryUpdate) -> list[DirectoryFile]:
    return [
        DirectoryFile(one.name, zlib.decompress(bytes(one.content)), one.source, one.year_given)
        for one in update.files.all()
        if one.content is not None
    ]


def _token() -> str:
    return DirectoryRevision.objects.values_list("token", flat=True).first() or ""
