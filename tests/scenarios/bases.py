"""The empty database on which stories are told: SQLite, or PostgreSQL on a server of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.server import running_server

BASES = ("sqlite", "postgresql")


@contextmanager
def empty_base(name: str, folder: Path) -> Iterator[str]:
    """Its address, for as long as it lasts. Raises ImportError where the wheel of PostgreSQL is not installed."""
    if name == "postgresql":
        with running_server(folder, safe=False) as url:
            yield url
    else:
        yield f"sqlite:///{folder}/recit.sqlite3"
