"""An empty base that the migrations have made: on SQLite kept from one run to the next until a migration changes, on
PostgreSQL copied by the server for each process of a run.

Migrating takes longer than most test files do: every process of tests that starts would pay it. What is kept is laid in
the base in memory before Django migrates it, which then finds nothing to do, or only what is new. One process migrates;
those that start with it wait for what it keeps.
"""

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

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
def in_turn() -> Iterator[None]:
    """One process at a time; the system gives the turn of one that dies to the next."""
    FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (FOLDER / "turn.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


def copied_from_kept(name: str) -> bool:
    """Have Django copy the test base of this process from the PostgreSQL base of that name, if there is one."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    creation = cast("Any", connection.creation)
    with creation._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            return False
    connection.settings_dict["TEST"]["TEMPLATE"] = name
    return True


def keep_on_server(name: str) -> None:
    """Keep a PostgreSQL base that was just migrated under a name, on its server."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    migrated, creation = connection.settings_dict["NAME"], cast("Any", connection.creation)
    connection.close()  # a base is copied while nobody is in it
    with creation._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{migrated}"')


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
