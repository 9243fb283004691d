"""What was read of the whole base, kept by the process while the journal says that nothing was done since.

Every act writes its line in its own transaction: what was read after the last line holds until the next one. What no
line tells, as what becomes of a letter, is read anew after `settings.RECALLED_FOR`. Only for what is asked at each page
and bears on everything (queues, counts), and for values that nobody changes.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from time import monotonic
from typing import TypeVar, cast

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max, Subquery

from tripartite.journal.models import Entry

T = TypeVar("T")
LATE = 2000
"""Among so many lines, one that comes after those that took their number later is seen: its act was longer."""
MOST = 200
"""Values kept: all are forgotten beyond."""


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: tuple[int, int]
    until: float
    value: object


_KEPT: dict[tuple[Hashable, ...], _Kept] = {}


class Recall:
    """What a page may recall: `recall("queues", day, read=…)`. One query, the first time; none where nothing is kept,
    nor inside a transaction, which may yet be undone."""

    def __init__(self) -> None:
        self._kept_for = settings.RECALLED_FOR.total_seconds()
        self._mark: tuple[int, int] | None = None

    def __call__(self, *name: Hashable, read: Callable[[], T]) -> T:
        """The value of that name, and of what it depends on besides the base; read where it is not known."""
        if not self._kept_for or connection.in_atomic_block:
            return read()
        self._mark = self._mark or journal_mark()
        key = (connection.settings_dict["NAME"], *name)
        known = _KEPT.get(key)
        if known is not None and known.mark == self._mark and monotonic() < known.until:
            return cast("T", known.value)
        value = read()
        if len(_KEPT) >= MOST:
            _KEPT.clear()
        _KEPT[key] = _Kept(self._mark, monotonic() + self._kept_for, value)
        return value


def journal_mark() -> tuple[int, int]:
    """What changes whenever a line is added: the last one, and how many of the last thousands are there. One query."""
    last = Entry.objects.order_by("-pk").values("pk")[:1]
    found = Entry.objects.filter(pk__gt=Subquery(last) - LATE).order_by()
    told = found.aggregate(last=Max("pk"), lines=Count("pk"))
    return told["last"] or 0, told["lines"]
