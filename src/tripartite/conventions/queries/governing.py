"""What conventions say of what runs under them, as plain values: a directory has tens of thousands."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from tripartite.conventions.models import Convention
from tripartite.many import Among, as_text, read_day


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


def governing_by_id(convention_ids: Collection[int]) -> dict[int, Governing]:
    """Several conventions, by their keys: one query."""
    rows = (
        Convention.objects.filter(Among("pk", convention_ids))
        .order_by()
        .annotate(begins=as_text("in_force_on"), stops=as_text("ended_on"))
    )
    columns = ("pk", "number", "parent_id", "beneficiary_id", "request__offer", "years", "tacit_renewals")
    found: Iterable[tuple[Any, ...]] = rows.values_list(*columns, "begins", "stops")
    return {
        key: Governing._make((key, *said, begins and read_day(begins), stops and read_day(stops)))
        for key, *said, begins, stops in found
    }
