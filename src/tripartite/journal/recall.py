"""What was read of the whole base, kept by the process while the journal says that nothing was done since.

Every act writes its line in its own transaction: what was read after the last line holds until the next one. What no
line tells, as what becomes of a letter, is read anew after `settings.RECALLED_FOR`. Only for what every page asks or
what bears on everything (issuers, tariffs, queues), and for values that nobody changes.

A page opens its own recall (`recalling`); elsewhere, and inside a transaction, which may yet be undone, all is read.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic_ns
from typing import TypeVar, cast

from django.conf import settings
from django.db import connection

T = TypeVar("T")
LATE = 2000
"""Among so many lines, one that comes after those that took their number later is seen: its act was longer."""
MOST = 200
"""Values kept: all are forgotten beyond."""


class _Page:
    """What the journal was when a page first asked; asked again after an act."""

    mark: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: tuple[int, int]
    until: int
    """Nanoseconds of the machine's own count."""

    value: object


_PAGE: ContextVar[_Page | None] = ContextVar("page", default=None)
_KEPT: dict[tuple[Hashable, ...], _Kept] = {}


@contextmanager
def recalling() -> Iterator[None]:
    """While a page is made, what is asked of `recalled` is recalled."""
    before = _PAGE.set(_Page())
    try:
        yield
    finally:
        _PAGE.reset(before)


def forget_mark() -> None:
    """An act is done: whatever is asked next by this page asks the journal again."""
    if (page := _PAGE.get()) is not None:
        page.mark = None


def recalled(*name: Hashable, read: Callable[[], T]) -> T:
    """The value of that name, and of what it depends on besides the base; read where it is not known. One query a
    page."""
    page, kept_for = _PAGE.get(), settings.RECALLED_FOR // timedelta(microseconds=1) * 1000
    if page is None or not kept_for or connection.in_atomic_block:
        return read()
    page.mark = mark = page.mark or journal_mark()
    key = (connection.settings_dict["NAME"], *name)
    known = _KEPT.get(key)
    if known is not None and known.mark == mark and monotonic_ns() < known.until:
        return cast("T", known.value)
    value = read()
    if len(_KEPT) >= MOST:
        _KEPT.clear()
    _KEPT[key] = _Kept(mark, monotonic_ns() + kept_for, value)
    return value


def journal_mark() -> tuple[int, int]:
    """What changes whenever a line is added: the last one, and how many of the last thousands are there. One query,
    written here: every page asks it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT MAX(id), COUNT(*) FROM journal_entry WHERE id > (SELECT MAX(id) FROM journal_entry) - %s", [LATE]
        )
        last, lines = cursor.fetchone()
    return last or 0, lines
