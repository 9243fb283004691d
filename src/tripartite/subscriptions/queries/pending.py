"""What a day brings to what runs: asked of the database, so that 280 000 subscriptions cost no more than those due.

See services/daily.py.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from tripartite.conventions.queries.conventions import conventions_ended
from tripartite.parties.queries.crossing import crossing_figures
from tripartite.pricing.classing import category_bounds, classed_services
from tripartite.pricing.grid import Grid
from tripartite.subscriptions.models import Notice, QuantityChange, Subscription
from tripartite.subscriptions.queries.days import runs_on
from tripartite.tariffs.queries import RunningTariffs, rules_from, running_tariffs

LOOKED_BACK = timedelta(days=731)
"""How long a figure or a tariff stays new: beyond, every due date has met it."""


class Due(NamedTuple):
    """The key of a row, and how a person names it."""

    key: int
    words: str


def subscriptions_to_end(*, on: date) -> list[Due]:
    """What goes on beyond the last day of its convention, once that day is known; what is prepaid goes on."""
    conventions = conventions_ended(on=on).values("pk")
    ended = Subscription.objects.filter(convention__in=conventions, term_years__isnull=True)
    last = Coalesce("convention__ended_on", "convention__ends_on")
    beyond = Q(ends_on__gt=last) & Q(ends_on__gt=F("starts_on"))
    return _due(ended.filter(Q(ends_on__isnull=True) | beyond))


def subscriptions_to_take_over(*, on: date) -> list[Due]:
    """What bodies merged into others still have, from the day after their last day."""
    merged = Subscription.objects.filter(body__merged_into__isnull=False, body__ended_on__lt=on, starts_on__lt=on)
    beyond = Q(ends_on__gt=F("body__ended_on")) & Q(ends_on__gt=F("starts_on"))
    return _due(merged.filter(Q(ends_on__isnull=True) | beyond))


def _due(found: "QuerySet[Subscription]") -> list[Due]:
    rows = found.order_by("pk").values_list("pk", "name", "body__name")
    return [Due(key, f"{name}, {body}") for key, name, body in rows]


def tariff_name(grid: str, body_id: int) -> str:
    """The name of the notice that tells a body of a tariff."""
    return f"tariff:{grid}:{body_id}"


def figures_name(body_id: int, figure_id: int) -> str:
    """The name of the notice that tells a body of a figure."""
    return f"figures:{body_id}:{figure_id}"


def tariffs_to_announce(*, on: date) -> Iterator[tuple[Grid, Due]]:
    """The tariffs that what runs has not taken yet, with the bodies to tell: one query a tariff."""
    tariffs = running_tariffs()
    for grid in tariffs.grids:
        if rules_from(grid) <= on - LOOKED_BACK:
            continue
        told = Notice.objects.filter(
            name=Concat(Value(f"tariff:{grid.code}:"), Cast(OuterRef("body_id"), CharField()), output_field=CharField())
        )
        bodies = subscribers_of(grid, tariffs, on=on).filter(~Exists(told))
        rows = bodies.order_by("body_id").values_list("body_id", "body__name").distinct()
        yield from ((grid, Due(key, name)) for key, name in rows)


def subscribers_of(grid: Grid, tariffs: RunningTariffs, *, on: date) -> "QuerySet[Subscription]":
    """What runs on a day under another tariff of the same offer, that this one prices, and that can still run when it
    rules: what stops before takes it only if it is renewed.
    """
    others = [one.code for one in tariffs.grids if one.offer == grid.offer and one.code != grid.code]
    elsewhere = QuantityChange.objects.filter(subscription=OuterRef("pk"), grid__in=others)
    running = Subscription.objects.filter(runs_on(on), term_years__isnull=True, service__in=list(grid.services))
    first = rules_from(grid)
    return running.filter(Exists(elsewhere), runs_on(first) if first > on else Q())


def category_candidates(*, on: date, tariffs: RunningTariffs | None = None) -> list[tuple[int, int]]:
    """The bodies with a service priced by category that have figures in two of them, each with the last such figure.
    `tariffs`: those of who has read them already.
    """
    bounds: dict[str, set[int]] = {}
    services: set[str] = set()
    for grid in (tariffs or running_tariffs()).grids:
        services |= classed_services(grid).keys()
        for measure, lasts in category_bounds(grid).items():
            bounds.setdefault(measure, set()).update(lasts)
    running = Subscription.objects.filter(runs_on(on), term_years__isnull=True, service__in=services)
    found: dict[int, int] = {}
    for body_id, figure_id in crossing_figures(bounds, since=on - LOOKED_BACK, bodies=running.values("body_id")):
        found[body_id] = max(figure_id, found.get(body_id, 0))
    return sorted(found.items())


def figures_to_announce(*, on: date) -> list[tuple[int, int]]:
    """The bodies to tell of a figure that may change their category, with that figure: two queries more."""
    candidates = category_candidates(on=on)
    told = set(Notice.objects.filter(name__startswith="figures:").values_list("name", flat=True)) if candidates else ()
    return [(body_id, figure_id) for body_id, figure_id in candidates if figures_name(body_id, figure_id) not in told]
