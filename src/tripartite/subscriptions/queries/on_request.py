"""What runs, or will, without a price of the tariff: which lines, since when, what was given, what waits for whom."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max, Q

from tripartite.pricing.calendar import last_due_on
from tripartite.pricing.estimate import RECURRING, Status
from tripartite.pricing.grid import Grid, offer_of
from tripartite.pricing.on_request import may_be_on_request
from tripartite.pricing.outcomes import beside_on_request
from tripartite.quotes.queries.agreed import Agreement, Priced
from tripartite.subscriptions.models import Notice, QuantityChange, Subscription, SubscriptionRow
from tripartite.subscriptions.queries.cost_lines import RunningLine
from tripartite.subscriptions.queries.costs import Reading, priced_as
from tripartite.subscriptions.queries.days import does_run, runs_on
from tripartite.subscriptions.queries.effects import changes_ahead
from tripartite.subscriptions.queries.pending import LOOKED_BACK, category_candidates, subscribers_of
from tripartite.subscriptions.queries.running import readings_of_many
from tripartite.tariffs.queries import RunningTariffs, rules_from, running_tariffs

ASKED = "price-wanted:"
"""How the notices begin that say that a price was asked of the agents of an issuer."""


@dataclass(frozen=True, slots=True)
class OnRequest:
    """A charge of what runs for a body that the tariff leaves on request, since the day `since`, for the reason `why`:
    empty where there is none but the ordinary one.

    `price` is the one that an agent gave; None: it waits. `basis` is what the tariff votes, TTC or HT. `subscription`
    is what the charge counts, the first begun.
    """

    body: Any
    what: Priced
    service_name: str
    charge_name: str
    why: str
    since: date
    price: Agreement | None
    subscription: SubscriptionRow
    basis: str = "TTC"

    @property
    def name(self) -> str:
        """Under which name its price is asked, once."""
        options = ",".join(f"{key}={value}" for key, value in self.what.options)
        what = self.what
        asked = f"{what.offer}:{what.issuer}:{what.service}/{what.charge}:{options}:{what.quantity}"
        return f"{ASKED}{self.body.pk}:{asked}:{self.since:%Y-%m-%d}"[:200]


def on_request_lines(reading: Reading, *, on: date) -> list[OnRequest]:
    """The lines on request of a day, and of the later ones on which tariffs, figures and quantities known change what
    runs; one that waits for its price before one that has it. No query.
    """
    noted = {change.on for one in reading.subscriptions for change in one.dated_changes if change.on > on}
    ahead = {change.on for change in changes_ahead(reading, on=on)}
    begins = {one.starts_on for one in reading.subscriptions if one.starts_on > on}
    found: dict[Priced, OnRequest] = {}
    for day in sorted({on} | noted | ahead | begins):
        for line in reading.cost(day).lines:
            if line.priced.status is not Status.ON_REQUEST:
                continue
            one = _on_request(reading, line, day)
            known = found.get(one.what)
            if known is None or (known.price is not None and one.price is None):
                found[one.what] = one
    return sorted(found.values(), key=lambda one: (one.since, one.service_name, one.what))


def _on_request(reading: Reading, line: RunningLine, day: date) -> OnRequest:
    offer = offer_of(line.grid)
    running = [one for one in reading.subscriptions if one.offer == offer and does_run(one, on=day)]
    counted = [one for one in running if one.service in line.priced.services] or running
    what, first = priced_as(line.priced, offer), min(counted, key=lambda one: (one.starts_on, one.pk))
    return OnRequest(
        body=reading.body,
        what=what,
        service_name=line.service_name,
        charge_name=line.charge_name,
        why=beside_on_request(line.priced.reason).rstrip("."),
        since=_unpriced_since(reading, line, what, first.anchor_on, day),
        price=line.price,
        subscription=first,
        basis="TTC" if line.priced.net is None else "HT",
    )


def _unpriced_since(reading: Reading, line: RunningLine, what: Priced, anchor_on: date, day: date) -> date:
    """The day that prices a line; its due date before it, where the same was on request already and has no price: a
    tariff that takes what runs within its year leaves what had fallen due waiting for the same price.
    """
    due = last_due_on(anchor_on, day) if anchor_on <= day else line.priced_on
    if line.price is not None or due >= line.priced_on:
        return line.priced_on
    before = (one for one in reading.cost(due).lines if one.priced.status is Status.ON_REQUEST and one.price is None)
    same = (one.priced_on for one in before if priced_as(one.priced, what.offer) == what)
    return min(same, default=line.priced_on)


def lines_asked(*, on: date) -> list[OnRequest]:
    """The lines on request of every body for which a price was asked, or is to be by the day's work, on a day and
    later, the oldest first."""
    asked = Notice.objects.filter(name__startswith=ASKED, body__isnull=False).order_by("body_id")
    tariffs = running_tariffs()
    new = (body_id for body_id, _ in to_look_at(on=on, tariffs=tariffs))
    bodies = sorted({*asked.values_list("body_id", flat=True).distinct(), *new})
    found = [
        line
        for readings in readings_of_many(bodies, tariffs=tariffs)
        for reading in readings.values()
        for line in on_request_lines(reading, on=on)
    ]
    return sorted(found, key=lambda line: (line.since, line.body.name, line.what))


def prices_waited_for(*, on: date) -> Counter[str]:
    """How many prices each issuer has yet to give to what runs, by its code."""
    return Counter(line.what.issuer for line in lines_asked(on=on) if line.price is None)


def to_look_at(*, on: date, tariffs: RunningTariffs | None = None) -> Iterator[tuple[int, str]]:
    """The bodies in which something new may have left a line on request, each with the name of what is new: a figure
    that crosses a category, a tariff, more or less of a service. What was looked at already is left out.
    """
    tariffs = tariffs or running_tariffs()
    wanted = [*_new_figures(on, tariffs), *_new_tariffs(on, tariffs), *_new_quantities(on, tariffs)]
    seen = (
        set(Notice.objects.filter(name__startswith="on-request:").values_list("name", flat=True)) if wanted else set()
    )
    yield from ((body_id, name) for body_id, name in dict.fromkeys(wanted) if name not in seen)


def _new_figures(on: date, tariffs: RunningTariffs) -> list[tuple[int, str]]:
    candidates = category_candidates(on=on, tariffs=tariffs)
    return [(body_id, f"on-request:{body_id}:figure-{key}") for body_id, key in candidates]


def _new_tariffs(on: date, tariffs: RunningTariffs) -> Iterator[tuple[int, str]]:
    for grid in tariffs.grids:
        services = _services(grid)
        if rules_from(grid) <= on - LOOKED_BACK or not services:
            continue
        bodies = subscribers_of(grid, tariffs, on=on).filter(service__in=services).order_by("body_id")
        for body_id in bodies.values_list("body_id", flat=True).distinct():
            yield body_id, f"on-request:{body_id}:{grid.code}"


def _new_quantities(on: date, tariffs: RunningTariffs) -> list[tuple[int, str]]:
    services = {service for grid in tariffs.grids for service in _services(grid)}
    running = Subscription.objects.filter(Q(starts_on__gt=on) | runs_on(on), term_years__isnull=True)
    changed = QuantityChange.objects.filter(
        subscription__in=running.filter(service__in=services), recorded_at__date__gt=on - LOOKED_BACK
    )
    last = changed.order_by("subscription__body_id").values_list("subscription__body_id").annotate(Max("pk"))
    return [(body_id, f"on-request:{body_id}:change-{key}") for body_id, key in last]


def _services(grid: Grid) -> set[str]:
    """The services of a grid that some recurring charge may leave on request."""
    return {
        service
        for charge in grid.charges
        if charge.frequency in RECURRING and any(may_be_on_request(price) for price in charge.prices.values())
        for service in charge.services
    }
