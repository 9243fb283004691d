"""What runs for a body, in memory: its lots, their days, what was learnt when. No database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from tripartite.conventions.models import Convention
from tripartite.parties.models import Figure, PublicBody
from tripartite.pricing.grid import Grid
from tripartite.quotes.queries.agreed import AgreedPrices
from tripartite.subscriptions.models import EndNote, QuantityChange, Subscription
from tripartite.subscriptions.queries.costs import Reading
from tripartite.tariffs.queries import RunningTariffs, rules_from

FACTS = {"kind": "commune", "department": "62", "population": 1994, "population_kind": "municipale"}


def instant(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)


def body(figures: Sequence[tuple[date, int, date]] = ((date(2020, 1, 1), 1994, date(2020, 1, 1)),)) -> PublicBody:
    """A commune with its populations: from which day each counts, how many, the day it was learnt."""
    one = PublicBody(pk=1, siren="216207274", kind="commune", name="Ruitz", department="62")
    known = [
        Figure(
            pk=place,
            measure="population",
            counted="municipale",
            value=value,
            applies_on=on,
            source="essai",
            recorded_at=instant(at),
        )
        for place, (on, value, at) in enumerate(figures, start=1)
    ]
    one.read_figures = known
    return one


def added(grid: Grid, on: date, service: str, quantity: int, *, learnt: date | None = None, **facts: Any) -> Any:
    """So much of a service from a day on."""
    line = {"service": service, "quantity": quantity}
    at = instant(learnt or on)
    return QuantityChange(on=on, first_on=on, line=line, grid=grid.code, facts=FACTS | facts, recorded_at=at)


def removed(grid: Grid, on: date, quantity: int, *, learnt: date | None = None) -> Any:
    """So much less of it from a day on."""
    at = instant(learnt or on)
    return QuantityChange(on=on, first_on=on, removed=str(quantity), grid=grid.code, facts=FACTS, recorded_at=at)


def subscription(
    key: int, changes: Sequence[Any], *, ends: Sequence[tuple[date | None, date]] = (), anchor: date | None = None
) -> Subscription:
    """A subscription with its changes; `ends` are the last days noted, each with the day it was learnt."""
    ordered = sorted(changes, key=lambda change: change.on)
    first = ordered[0]
    service = first.line["service"]
    last = ends[-1][0] if ends else None
    one = Subscription(
        pk=key, service=service, name=service, anchor_on=anchor or first.on, starts_on=first.on, ends_on=last
    )
    one.convention = Convention(years=3)
    notes = [EndNote(ends_on=end, recorded_at=instant(learnt)) for end, learnt in ends]
    one._prefetched_objects_cache = {"changes": ordered, "end_notes": notes}
    return one


def reading(
    subscriptions: Sequence[Subscription],
    *grids: Grid,
    learnt: dict[str, date] | None = None,
    of: PublicBody | None = None,
    agreed: AgreedPrices | None = None,
) -> Reading:
    """All that the costs of a body need."""
    tariffs = RunningTariffs(tuple(sorted(grids, key=rules_from, reverse=True)), learnt or {})
    return Reading(of or body(), subscriptions, tariffs, agreed or AgreedPrices())
