"""Making a backup while the application runs, and letting the old ones go."""

import errno
import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import IO

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from tripartite.documents.queries import last_numbers, papers_kept
from tripartite.documents.seal_key import seal_certificate
from tripartite.file_errors import reason
from tripartite.journal.services import Actor, record
from tripartite.upkeep.archive import ArchiveWriter, Manifest, TableKept, opened
from tripartite.upkeep.errors import BackupError
from tripartite.upkeep.installation import shown_settings
from tripartite.upkeep.queries.records import BACKUP
from tripartite.upkeep.rotation import Keep, backup_name, surplus
from tripartite.upkeep.snapshot import snapshot
from tripartite.upkeep.tables import LEFT_OUT, columns_of, kept_models, rows_going_out, schema_here
from tripartite.version import VERSION

KEYS_LEFT_OUT = (
    "la clé secrète (TRIPARTITE_SECRET_KEY, ou var/secret-key)",
    "la clé du sceau et son mot de passe (TRIPARTITE_SEAL_FILE, TRIPARTITE_SEAL_PASSWORD, TRIPARTITE_SEAL_PIN)",
    "les mots de passe de la base et du courrier (DATABASE_URL, TRIPARTITE_SMTP)",
)
PARTIAL = ".partial"
REASONS = {
    errno.ENOSPC: "il n'y a plus de place",
    errno.EDQUOT: "il n'y a plus de place",
    errno.EFBIG: "le fichier serait trop grand",
    errno.EACCES: "ce compte n'a pas le droit d'y écrire",
    errno.EPERM: "ce compte n'a pas le droit d'y écrire",
    errno.EROFS: "ce disque ne s'écrit pas",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.EEXIST: "une autre sauvegarde de cette minute s'écrit",
}


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup as it was written and read again."""

    path: Path
    size: int
    sha256: str
    manifest: Manifest
    files: int
    altered: tuple[int, ...]
    """The papers whose bytes were no longer those of their hash: kept as they are, and to be looked into."""


def take_backup(*, folder: Path, environment: Mapping[str, str], actor: Actor, at: datetime) -> BackupMade:
    """Write a backup of this instant into `folder`, read it again, then give it its name; the journal says so.

    It is readable by its owner alone. Until it is whole it bears another name, hidden, so that a backup that was
    killed, or that met a full disk, is never taken for one; the next backup clears it away. Raises BackupError when the
    file cannot be written, or is not read as it was written.
    """
    name = backup_name(timezone.localtime(at))
    path = folder / name
    try:
        if path.exists():
            raise BackupError(f"{path} existe déjà : une sauvegarde par minute.")
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _clear_partial(folder)
        with _written_apart(path) as (draft, file):
            _write(file, environment, at)
            made = _read_again(draft, path)
        _flush_folder(folder)
    except OSError as error:
        why = REASONS.get(error.errno or 0) or reason(error)
        raise BackupError(f"La sauvegarde n'a pas pu s'écrire dans {folder} : {why}.") from None
    _tell(made, actor, at)
    return made


def let_go(*, folder: Path, keep: Keep) -> list[str]:
    """Delete the backups of a folder that none of the days, weeks and months to keep needs; which."""
    gone = surplus((path.name for path in folder.iterdir() if path.is_file()), keep)
    for name in gone:
        (folder / name).unlink()
    return gone


def _write(file: IO[bytes], environment: Mapping[str, str], at: datetime) -> None:
    with ArchiveWriter(file) as writer:
        with snapshot():
            tables = tuple(_add_table(writer, model) for model in kept_models(apps))
            papers, counters, schema = papers_kept(), last_numbers(), schema_here()
        for text_name, text in _texts(environment):
            writer.add_text(text_name, text)
        writer.finish(
            Manifest(
                version=VERSION,
                made_at=at.isoformat(),
                database=connection.vendor,
                schema=schema,
                tables=tables,
                papers=asdict(papers),
                counters=tuple(counters),
                texts=writer.texts,
                left_out=(*KEYS_LEFT_OUT, *dict.fromkeys(LEFT_OUT.values())),
            )
        )
    file.flush()


def _add_table(writer: ArchiveWriter, model: type[Model]) -> TableKept:
    columns = columns_of(model)
    label = model._meta.label_lower  # noqa: SLF001
    return writer.add_table(label, columns, rows_going_out(model, columns, writer.add_file))


def _texts(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What stands beside the tables: settings without secrets, the seal's certificate, the authorities trusted."""
    shown = shown_settings(environment)
    yield "settings.env", "".join(f"{variable}={value}\n" for variable, value in shown.items())
    if certificate := seal_certificate():
        yield "seal.pem", certificate
    folder: Path = settings.CONFIG.trust_folder
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        with suppress(UnicodeDecodeError):
            if path.suffix.lower() in {".pem", ".crt", ".cer", ".crl"} and "PRIVATE KEY" not in (
                text := path.read_text(encoding="ascii")
            ):
                yield f"trust/{path.name}", text


def _read_again(draft: Path, path: Path) -> BackupMade:
    with opened(draft) as reader:
        files = reader.check()
        manifest = reader.manifest
    with draft.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
    return BackupMade(path, draft.stat().st_size, digest, manifest, files, tuple(manifest.papers["altered"]))


@contextmanager
def _written_apart(path: Path) -> Iterator[tuple[Path, IO[bytes]]]:
    """A file beside, held while it is written, that takes its name once the block has ended well."""
    draft = path.with_name(f".{path.name}{PARTIAL}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield draft, file
            file.flush()
            os.fsync(file.fileno())
            draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _clear_partial(folder: Path) -> None:
    """Clear away what a killed backup left; one that is being written is held by its writer."""
    for draft in folder.glob(f".tripartite-*{PARTIAL}"):
        with suppress(OSError), draft.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.unlink()


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@transaction.atomic
def _tell(made: BackupMade, actor: Actor, at: datetime) -> None:
    record(
        actor=actor,
        at=at,
        action="upkeep.backup",
        subject_kind=BACKUP,
        subject_id=made.path.name,
        text=f"Sauvegarde {made.path.name} : {made.manifest.papers['number']} papiers, {made.manifest.rows} lignes.",
        details={"sha256": made.sha256, "size": made.size},
    )
