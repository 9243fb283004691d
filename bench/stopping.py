"""A signal ends a run as an error does: what it started is stopped, what it wrote for itself is removed."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HELD: list[list[int]] = []
"""For each `uninterrupted` in which this process is, the signals that came meanwhile."""


def stop_in_order() -> None:
    """Have each of these signals raise KeyboardInterrupt here, SIGINT too, which a shell's background work ignores. The
    first alone: those that come while this process closes what it opened change nothing.
    """
    for name in SIGNALS:
        if name is not signal.SIGHUP or signal.getsignal(name) is signal.SIG_DFL:  # `nohup` is obeyed
            signal.signal(name, _interrupt)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """What starts here can only be stopped once it has started: a signal that comes before waits until then."""
    HELD.append([])
    try:
        yield
    finally:
        come = HELD.pop()
    if come:
        _interrupt(come[0], None)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    if HELD:
        HELD[-1].append(number)
        return
    for name in SIGNALS:
        signal.signal(name, signal.SIG_IGN)
    raise KeyboardInterrupt(signal.Signals(number).name)
