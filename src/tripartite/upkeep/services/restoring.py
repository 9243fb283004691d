"""Putting a backup back, in an installation that has nothing yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.apps.registry import Apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from tripartite.documents.queries import PapersKept, last_numbers, papers_kept
from tripartite.journal.services import Actor, record
from tripartite.upkeep.archive import ArchiveReader, Manifest, TableKept, opened
from tripartite.upkeep.errors import BackupError
from tripartite.upkeep.queries.records import BACKUP
from tripartite.upkeep.tables import fields_of, kept_models, rows_going_out, schema_here


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and that it was found the same."""

    manifest: Manifest
    files: int
    papers: PapersKept
    older: bool
    """Whether the schema of the backup was older, and brought up to date."""


def restore_backup(*, path: Path, name: str, actor: Actor, at: datetime) -> Restored:
    """Put back all that a backup holds, in an empty installation, and compare: every row, every paper and its hash,
    the last number of each series. The journal says so, under the `name` of the backup.

    All is put back or nothing: rows go in as one transaction, which what is read again confirms. Raises BackupError
    when the file is damaged or from a newer version, when it is not read again as it was written, or when there is
    something here already.
    """
    with opened(path) as reader:
        files = reader.check()
        here = schema_here()
        state = _past_models(reader.manifest)
        _refuse_what_is_here(here, reader.manifest)
        older = _prepare(here, reader.manifest)
        try:
            _load(reader, state, older=older)
        except DatabaseError as error:
            raise BackupError(f"La base a refusé ce que contient la sauvegarde : {error}") from error
        call_command("migrate", verbosity=0, interactive=False)
        papers = _compared(reader.manifest)
        done = Restored(reader.manifest, files, papers, older)
    _tell(done, name, actor, at)
    return done


def _past_models(manifest: Manifest) -> Apps:
    """The models as the backup knew them. Raises BackupError when its schema is not one of ours."""
    loader = MigrationLoader(connection)
    targets = _targets(manifest)
    unknown = [f"{app}.{name}" for app, name in targets if (app, name) not in loader.graph.nodes]
    if unknown:
        raise BackupError(
            f"Cette sauvegarde vient d'une version plus récente ({manifest.version}) : elle connaît {unknown[0]}."
            " Mettre d'abord l'application à jour."
        )
    state: Apps = loader.project_state(targets).apps
    return state


def _targets(manifest: Manifest) -> list[tuple[str, str]]:
    return [(app, name) for app, names in manifest.schema.items() for name in names]


def _refuse_what_is_here(here: dict[str, tuple[str, ...]], manifest: Manifest) -> None:
    if not here:
        return
    present = set(connection.introspection.table_names())
    for model in kept_models(apps):
        if model._meta.db_table in present and model._base_manager.exists():  # noqa: SLF001
            raise BackupError(
                "Cette installation contient déjà quelque chose"
                f" ({model._meta.db_table}) : une sauvegarde se remet dans une base vide."  # noqa: SLF001
            )
    if here != {app: tuple(names) for app, names in manifest.schema.items()}:
        raise BackupError(
            "Les tables de cette base ne sont pas celles de la sauvegarde : partir d'une base sans aucune table"
            " (ne pas lancer « tripartite setup » avant)."
        )


def _prepare(here: dict[str, tuple[str, ...]], manifest: Manifest) -> bool:
    """Make the tables as the backup knew them; whether later ones are to come."""
    executor = MigrationExecutor(connection)
    if not here:
        executor.migrate(_targets(manifest))
    leaves = {key for key in executor.loader.graph.leaf_nodes() if key[0] in manifest.schema}
    return leaves != set(_targets(manifest)) or _has_new_applications(manifest)


def _has_new_applications(manifest: Manifest) -> bool:
    return {model._meta.app_label for model in kept_models(apps)} - set(manifest.schema) != set()  # noqa: SLF001


@transaction.atomic
def _load(reader: ArchiveReader, past: Apps, *, older: bool) -> None:
    """Write every row, then read them all again. Raises BackupError, and nothing stays, when one is not the same."""
    models = {model._meta.label_lower: model for model in kept_models(past)}  # noqa: SLF001
    for table in reader.manifest.tables:
        if table.label not in models:
            raise BackupError(f"Cette sauvegarde contient une table inconnue : {table.label}.")
        _load_rows(models[table.label], table, reader.rows(table))
    _set_sequences([models[table.label] for table in reader.manifest.tables])
    for table in reader.manifest.tables:
        digest, number = sha256(), 0
        for line in rows_going_out(models[table.label], table.columns, _stands_for):
            digest.update(line)
            number += 1
        if (number, digest.hexdigest()) != (table.rows, table.sha256):
            raise BackupError(f"La table {table.label}, relue, n'est pas celle de la sauvegarde : rien n'est gardé.")
    if not older:
        _compared(reader.manifest)


def _load_rows(model: type[Model], table: TableKept, rows: Iterable[list[Any]]) -> None:
    """Write the rows of a table as they were, their keys with them."""
    fields = fields_of(model, table.columns)
    coming = iter(rows)
    size = 20 if any(field.get_internal_type() == "BinaryField" for field in fields) else 500
    while batch := list(islice(coming, size)):
        model._base_manager.bulk_create(  # noqa: SLF001
            model(**{field.attname: _typed(field, value) for field, value in zip(fields, row, strict=True)})
            for row in batch
        )


def _set_sequences(models: Iterable[type[Model]]) -> None:
    """Have each table count on from its last row: PostgreSQL does not see the keys that come with their rows."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def _typed(field: Any, value: object) -> object:
    """A value as its column takes it. JSON stays as it is; bytes are bytes already."""
    if value is None or field.get_internal_type() in {"JSONField", "BinaryField"}:
        return value
    return field.to_python(value)


def _stands_for(name: str, content: bytes) -> dict[str, object]:
    return {"$file": name, "size": len(content), "sha256": sha256(content).hexdigest()}


def _compared(manifest: Manifest) -> PapersKept:
    """The papers and numbers found again. Raises BackupError when they are not those of the backup."""
    found = papers_kept()
    expected: Any = manifest.papers
    if (found.number, found.digest, found.last_number, found.last_sha256, list(found.altered)) != (
        expected["number"],
        expected["digest"],
        expected["last_number"],
        expected["last_sha256"],
        list(expected["altered"]),
    ):
        raise BackupError("Les papiers remis ne sont pas ceux de la sauvegarde : base à ne pas servir.")
    if tuple(last_numbers()) != manifest.counters:
        raise BackupError("Les derniers numéros remis ne sont pas ceux de la sauvegarde : base à ne pas servir.")
    return found


@transaction.atomic
def _tell(done: Restored, name: str, actor: Actor, at: datetime) -> None:
    record(
        actor=actor,
        at=at,
        action="upkeep.restore",
        subject_kind=BACKUP,
        subject_id=name[:60],
        text=f"Sauvegarde {name} remise en place : {done.papers.number} papiers, {done.manifest.rows} lignes.",
    )


@transaction.atomic
def note_drill(*, name: str, papers: int, actor: Actor, at: datetime) -> None:
    """Tell the journal that a backup was put back elsewhere and found whole, so that `tripartite check` knows."""
    record(
        actor=actor,
        at=at,
        action="upkeep.drill",
        subject_kind=BACKUP,
        subject_id=name[:60],
        text=f"Sauvegarde {name} remise à l'essai : {papers} papiers retrouvés.",
    )
