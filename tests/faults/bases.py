"""A database under attack: copied from another, read as it has committed, the same on SQLite and on PostgreSQL."""

import re
import shutil
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.bounds import PATIENCE

Rows = dict[str, list[tuple[str, ...]]]
"""Every row of every table, in the order of its first column."""
NUMBERED = ("quote", "invoice", "credit-note", "convention")
"""The kinds of papers of which every number taken has one."""
SEQUENCES = (
    "SELECT s.oid::regclass::text, d.refobjid::regclass::text, a.attname, pg_sequence_last_value(s.oid) FROM pg_class s"
    " JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0"
    " JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE s.relkind = 'S'"
)


@dataclass(frozen=True)
class Base:
    """A database by its address: a file on SQLite, a name on a server on PostgreSQL."""

    vendor: str
    name: str
    server: str = ""
    """PostgreSQL: how to reach the server, the name left out."""

    @property
    def url(self) -> str:
        """The address as the settings read it."""
        return f"sqlite:///{self.name}" if self.vendor == "sqlite" else self.server.format(self.name)

    @property
    def stem(self) -> str:
        """Its name alone, which those of its copies begin with."""
        return Path(self.name).stem

    def copy(self, name: str) -> "Base":
        """Another base with all that this one holds, in place of whatever bore that name."""
        if self.vendor == "sqlite":
            made = Base("sqlite", str(Path(self.name).with_name(f"{name}.sqlite3")))
            made.drop()
            shutil.copy(self.name, made.name)
            if Path(f"{self.name}-wal").exists():
                shutil.copy(f"{self.name}-wal", f"{made.name}-wal")
            return made
        made = Base("postgresql", name, self.server)
        made.drop()
        self.wait_until_left()
        self.elsewhere(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        return made

    def empty(self, name: str) -> "Base":
        """A base without any table."""
        made = Base(
            self.vendor, str(Path(self.name).with_name(f"{name}.sqlite3")) if not self.server else name, self.server
        )
        made.drop()
        if self.vendor != "sqlite":
            self.elsewhere(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return made

    def drop(self) -> None:
        """Leave nothing of it."""
        if self.vendor == "sqlite":
            for end in ("", "-wal", "-shm", "-journal"):
                Path(f"{self.name}{end}").unlink(missing_ok=True)
        else:
            self.elsewhere(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def wait_until_left(self) -> None:
        """Wait until the server has seen that whoever spoke to this base is dead: what it held is then undone."""
        until = time.monotonic() + PATIENCE
        speakers = f"SELECT 1 FROM pg_stat_activity WHERE datname = '{self.name}'"  # noqa: S608 - our own name
        while self.vendor != "sqlite" and self.elsewhere(speakers):
            assert time.monotonic() < until, f"somebody still speaks to {self.name}"
            time.sleep(0.005)

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """What the base answers; what it is told to do is committed."""
        with self._open() as speak:
            return speak(question)

    def rows(self) -> Rows:
        """All that is committed, but for the length of a paper, which may be the same by chance when its bytes are not
        (`broken_laws` holds one to the other).
        """
        with self._open() as speak:
            return {
                name: sorted(map(_plain, speak(f'SELECT {_columns(name)} FROM "{name}"')), key=_place)  # noqa: S608
                for name in self._tables(speak)
            }

    def sequences(self) -> list[tuple[Any, ...]]:
        """Where PostgreSQL counts its keys from: no transaction gives one back, which no number of ours depends on."""
        return [] if self.vendor == "sqlite" else self.ask(SEQUENCES)

    def rewind(self, sequences: list[tuple[Any, ...]]) -> None:
        """Have the keys count on from the last row that each table has, or from there, so that what is done twice is
        compared row by row."""
        for name, table, column, last in sequences:
            [(used,)] = self.ask(f"SELECT COALESCE(MAX({column}), 0) FROM {table}")  # noqa: S608 - our own tables
            latest = max(last or 0, used)
            self.ask(f"SELECT setval('{name}', {latest or 1}, {str(bool(latest)).lower()})")

    def _tables(self, speak: Any) -> list[str]:
        own = (
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            if self.vendor == "sqlite"
            else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        return sorted(name for (name,) in speak(own))

    @contextmanager
    def _open(self) -> Iterator[Any]:
        if self.vendor == "sqlite":
            with closing(sqlite3.connect(self.name, timeout=20, isolation_level=None)) as found:
                yield lambda question: found.execute(question).fetchall()
            return
        import psycopg  # noqa: PLC0415 - only where it is asked for

        with psycopg.connect(self.url, autocommit=True) as found:

            def speak(question: str) -> list[tuple[Any, ...]]:
                done = found.execute(question)  # type: ignore[arg-type]
                return done.fetchall() if done.description else []

            yield speak

    def elsewhere(self, statement: str) -> list[tuple[Any, ...]]:
        """What the server of PostgreSQL answers, through another base of its own."""
        return Base(self.vendor, "postgres", self.server).ask(statement)


def _columns(table: str) -> str:
    """What is read of a table of ours."""
    if table != "documents_document":
        return "*"
    from django.apps import apps  # noqa: PLC0415 - Django is set up by then

    fields = apps.get_model("documents", "Document")._meta.concrete_fields
    return ", ".join(field.column for field in fields if field.column != "size")


def _place(row: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return len(row[0]), row


def _plain(row: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(sha256(value).hexdigest() if isinstance(value, bytes | memoryview) else str(value) for value in row)


def tested_base(folder: Path) -> Base:
    """A copy of the database of the tests, as it stands."""
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        path = folder / "tested.sqlite3"
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")  # as a file in service is
        return Base("sqlite", str(path))
    known = connection.settings_dict
    connection.close()
    port = f"&port={known['PORT']}" if known["PORT"] else ""
    server = f"postgresql://{known['USER']}:{known['PASSWORD']}@/{{}}?host={known['HOST']}{port}"
    return Base("postgresql", known["NAME"], server)


def broken_laws(base: Base) -> list[str]:
    """What no instant may show: a paper that is not that of its hash, a number twice, a gap, an item billed twice."""
    found = []
    digest = {"sqlite": "pdf", "postgresql": "encode(sha256(pdf), 'hex')"}[base.vendor]
    for key, kept, size, here, length in base.ask(
        f"SELECT d.id, d.sha256, d.size, {digest}, length(pdf) FROM documents_document d"  # noqa: S608 - our own words
        " LEFT JOIN documents_content c ON c.document_id = d.id"
    ):
        actual = sha256(here).hexdigest() if isinstance(here, bytes) else here
        if (actual, length) != (kept, size):
            found.append(f"the paper {key} is not that of its hash")
    ranks = defaultdict(list)
    for kind, number in base.ask("SELECT kind, number FROM documents_document WHERE number IS NOT NULL"):
        match = re.fullmatch(r"(.+-\d{4})-(\d{5})", number)
        if match and kind in NUMBERED:
            ranks[f"{kind} {match[1]}"].append(int(match[2]))
    for series, taken in ranks.items():
        if sorted(taken) != list(range(min(taken), max(taken) + 1)):
            found.append(f"{series} is not without gap nor double: {sorted(taken)}")
    for (digest,) in base.ask(
        "SELECT digest FROM billing_billeditem WHERE credited_by_id IS NULL GROUP BY digest HAVING COUNT(*) > 1"
    ):
        found.append(f"{digest} is billed twice")
    return found
