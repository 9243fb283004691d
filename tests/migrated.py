"""An empty SQLite base that the migrations have made, kept from one run to the next until a migration changes.

Migrating takes longer than most test files do: every process of tests that starts would pay it. What is kept is laid in
the base in memory before Django migrates it, which then finds nothing to do, or only what is new.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "tripartite"
FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tripartite-tests"
KEPT = 8


def kept_base() -> Path:
    """Where the base of these very migrations, and of this Django, is kept."""
    said = hashlib.sha256(f"{version('django')} {sqlite3.sqlite_version}".encode())
    for path in [*sorted(SOURCE.glob("*/migrations/*.py")), SOURCE / "journal" / "append_only.py"]:
        said.update(f"{path.relative_to(SOURCE)}\n".encode() + path.read_bytes())
    return FOLDER / f"{said.hexdigest()[:32]}.sqlite3"


def lay_kept(connection: sqlite3.Connection) -> None:
    """Fill an empty base with what is kept, if something is."""
    path = kept_base()
    if path.is_file():
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as kept:
            kept.backup(connection)


def keep(connection: sqlite3.Connection) -> None:
    """Keep a base that was just migrated, whole or not at all, and let the oldest go."""
    path = kept_base()
    if path.is_file():
        return
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = path.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(written)) as copy:
        connection.backup(copy)
    written.replace(path)
    for old in sorted(FOLDER.glob("*.sqlite3"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
        old.unlink(missing_ok=True)


@contextmanager
def put_back() -> Iterator[None]:
    """Whatever migrations do to the base, it stands again where the newest leave it: on SQLite as it was, for nothing;
    on PostgreSQL by migrating it, with all that it holds then.
    """
    from django.db import connection  # noqa: PLC0415 - Django is set up by then
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(":memory:")) as kept:
            connection.connection.backup(kept)
            try:
                yield
            finally:
                kept.backup(connection.connection)
        return
    try:
        yield
    finally:
        MigrationExecutor(connection).migrate(newest)
