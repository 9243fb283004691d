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


@contextmanager
def undone() -> Iterator[None]:
    """What is told is undone at its end; what must be a transaction of its own may be within, as in Django's tests."""
    from django.db import transaction  # noqa: PLC0415 - the settings read the environment first

    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)
