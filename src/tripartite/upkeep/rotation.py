"""Which backups are kept: the last of each day, week and month, so many of each. Pure."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

NAME = re.compile(r"tripartite-(\d{4}-\d{2}-\d{2}-\d{4})\.zip")
STAMP = "%Y-%m-%d-%H%M"


@dataclass(frozen=True, slots=True)
class Keep:
    """How many days, weeks and months that have a backup keep their last one."""

    days: int
    weeks: int
    months: int


def backup_name(at: datetime) -> str:
    """The name of the backup made at that local instant: `tripartite-2026-11-27-0330.zip`."""
    return f"tripartite-{at.strftime(STAMP)}.zip"


def made_on(name: str) -> datetime | None:
    """The local instant that a name says; None when it is not the name of a backup."""
    found = NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], STAMP) if found else None  # noqa: DTZ007 - local, as the name says it
    except ValueError:
        return None


def read_keep(text: str) -> Keep:
    """« 7,4,12 »: seven days, four weeks, twelve months. Raises ValueError for anything else, or none at all."""
    days, weeks, months = (int(part) for part in text.split(","))
    if min(days, weeks, months) < 0 or not days + weeks + months:
        raise ValueError(text)
    return Keep(days, weeks, months)


def surplus(names: Iterable[str], keep: Keep) -> list[str]:
    """The backups that none of the days, weeks or months to keep needs, the oldest first; the newest never is one,
    nor what does not bear the name of a backup."""
    dated = sorted(((at, name) for name in names if (at := made_on(name)) is not None), reverse=True)
    periods: list[tuple[int, Callable[[datetime], object]]] = [
        (keep.days, lambda at: at.date()),
        (keep.weeks, lambda at: at.isocalendar()[:2]),
        (keep.months, lambda at: (at.year, at.month)),
    ]
    kept = {name for _, name in dated[:1]}
    for number, period in periods:
        seen: list[object] = []
        for at, name in dated:
            if period(at) not in seen and len(seen) < number:
                seen.append(period(at))
                kept.add(name)
    return [name for _, name in reversed(dated) if name not in kept]
