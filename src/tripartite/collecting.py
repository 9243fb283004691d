"""How often Python looks for what nothing holds any more: rarely, for pages and commands make much and keep little."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

BETWEEN = (10_000, 10, 5)
"""So many objects more before the youngest are looked at, then so many such looks before the next age, twice. With
Python's own figures (700, 10, 10) a third of the time of a long list went there. The oldest are looked at every half
million, some six hundred pages: rows and what was prefetched with them hold each other, and what was in hand at a look
passes for old. Looked at every ten million, a server had not given it back after ten thousand pages."""

MUCH = 300_000
"""So many more while a directory is walked: above what a thousand bodies read and priced are (130 000), the next being
read meanwhile. What nothing holds any more waits for no more than that, as it does for the second look otherwise."""

_turn = Lock()
_before: list[tuple[int, int, int]] = []
"""What was set at each entry of `much_is_kept`, those of all threads: the first is what was set outside."""


def collect_rarely() -> None:
    """Keep what is loaded out of all looks to come, and space these: said once the application is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*BETWEEN)


@contextmanager
def much_is_kept() -> Iterator[None]:
    """While what many bodies have is read and walked, chunk by chunk: all of it is held, then goes by itself, and to
    look for what nothing holds would take a sixth of the time. Once the last thread has left, looks are as before.
    """
    with _turn:
        _before.append(gc.get_threshold())
        gc.set_threshold(MUCH, *gc.get_threshold()[1:])
    try:
        yield
    finally:
        with _turn:
            gc.set_threshold(*_before.pop())
