"""How many files are read at once, whichever thread or process asks: a place is a locked file."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tripartite.bounded.refusals import Busy

PAUSE = 0.02
_TURN = threading.Lock()


@contextmanager
def a_turn() -> Iterator[None]:
    """The one turn of this process, not waited for. Raises Busy when somebody else has it."""
    if not _TURN.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        _TURN.release()


@contextmanager
def a_place(folder: Path, *, places: int, patience: float) -> Iterator[None]:
    """One of the first `places` places of a folder, waited for `patience` seconds. Raises Busy when none is free.

    The system takes a lock back from whoever dies.
    """
    folder.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience
    held = _taken(folder, places)
    while held is None:
        if time.monotonic() >= deadline:
            raise Busy
        time.sleep(PAUSE)
        held = _taken(folder, places)
    try:
        yield
    finally:
        os.close(held)


def _taken(folder: Path, places: int) -> int | None:
    for place in range(places):
        opened = os.open(folder / f"{place}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(opened)
        except OSError:
            os.close(opened)
            raise
        else:
            return opened
    return None
