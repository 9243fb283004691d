"""What bounds a test, on any machine: what it may cost in memory, and how long it waits before it gives up."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 600
"""Seconds after which a test stops waiting for another process, and fails: far more than the slowest machine takes."""


@contextmanager
def costing_less_than(mebibytes: int) -> Iterator[None]:
    """Fails when what is done inside has held more memory than that at once: a measure that no clock changes."""
    tracemalloc.start()
    try:
        yield
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < mebibytes * 1024 * 1024, f"{most} bytes"
