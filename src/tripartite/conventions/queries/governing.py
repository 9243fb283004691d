"""What conventions say of what runs under them, as plain values: a directory has tens of thousands."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from tripartite.conventions.models import Convention
from tripartite.many import Among, as_text, keys_told, read_day
from tripartite.questions import KEYS, Question


class Governing(NamedTuple):
    """A convention as what runs under it reads it: how long it lasts (`Lasting`), whose it is, what names it."""

    pk: int
    number: str | None
    parent_id: int | None
    beneficiary_id: int
    offer: str
    years: int
    tacit_renewals: int
    in_force_on: date | None
    ended_on: date | None

    def __str__(self) -> str:
        return self.number or "convention en préparation"


def _columns(keys: Any) -> Any:
    rows = Convention.objects.filter(Among("pk", keys)).order_by()
    rows = rows.annotate(begins=as_text("in_force_on"), stops=as_text("ended_on"))
    said = ("pk", "number", "parent_id", "beneficiary_id", "request__offer", "years", "tacit_renewals")
    return rows.values_list(*said, "begins", "stops")


ROWS = Question[tuple[Any, ...]](_columns, KEYS)


def governing_by_id(convention_ids: Collection[int]) -> dict[int, Governing]:
    """Several conventions, by their keys: one query."""
    return {
        key: Governing._make((key, *said, begins and read_day(begins), stops and read_day(stops)))
        for key, *said, begins, stops in ROWS.ask(keys_told(convention_ids))
    }
