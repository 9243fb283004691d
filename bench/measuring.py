"""Timing by hand: medians over runs, printed with their ratio to a floor."""

import statistics
import time
from collections.abc import Callable


def median_seconds(
    work: Callable[[], object], *, runs: int = 7, times: int = 1, clock: Callable[[], float] = time.perf_counter
) -> float:
    """The median, over `runs`, of the seconds that one call of `work` takes (`times` calls a run), by a clock."""
    durations = []
    for _ in range(runs):
        start = clock()
        for _ in range(times):
            work()
        durations.append((clock() - start) / times)
    return statistics.median(durations)


def line(what: str, figure: str, ratio: float | None = None, floor: str = "") -> None:
    """Print one figure, with how many times its floor it is."""
    against = f"   × {ratio:.1f} {floor}" if ratio is not None else ""
    print(f"  {what:<58} {figure:>14}{against}", flush=True)
