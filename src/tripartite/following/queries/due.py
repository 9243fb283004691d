"""All that falls due between two days, whatever makes it due: what recurs, what goes live, what an intervention asks.

This is the one answer on which a bill rests (decision 73).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from tripartite.following.models import DueCharge
from tripartite.going_live.queries.due import once_due
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.grid import Grid
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.due import accepted_of, recurring_of
from tripartite.subscriptions.queries.due_items import Accepted, DueItem, ItemKind, LotDue, in_order, item_key
from tripartite.subscriptions.queries.running import cost_reading
from tripartite.tariffs.queries import RunningTariffs, running_tariffs


@dataclass(frozen=True, slots=True)
class DueReading:
    """What makes anything due for several bodies, read once: any window is then asked of it, without a query."""

    readings: Mapping[int, Reading]
    accepted: Accepted
    apart: Sequence[DueItem]
    """What falls due once and what interventions ask, whatever the day."""

    def between(self, since: date, until: date) -> dict[int, list[DueItem]]:
        """What falls due between two days, both included, body by body, in order."""
        found = recurring_of(self.readings, self.accepted, since=since, until=until)
        for item in self.apart:
            if since <= item.on <= until:
                found[item.body_id].append(item)
        return {body_id: sorted(items, key=in_order) for body_id, items in found.items()}


def read_due(body_ids: Collection[int], tariffs: RunningTariffs | None = None) -> DueReading:
    """What makes anything due for several bodies: eighteen queries, however many they are."""
    tariffs = tariffs or running_tariffs()
    readings = cost_reading(body_ids, tariffs=tariffs)
    once = once_due(body_ids, since=date.min, until=date.max, tariffs=tariffs)
    apart = [*once, *_per_act(body_ids, tariffs)]
    return DueReading(readings, accepted_of(readings.values()), apart)


def all_due(body_ids: Collection[int], *, since: date, until: date) -> dict[int, list[DueItem]]:
    """What falls due between two days, both included, for several bodies, in order."""
    return read_due(body_ids).between(since, until)


def _per_act(body_ids: Collection[int], tariffs: RunningTariffs) -> Iterator[DueItem]:
    """What interventions make due: one query. It falls due the day it is recorded, and is given back the day it is
    annulled.
    """
    rows = DueCharge.objects.filter(subscription__body__in=body_ids)
    for row in rows.select_related("subscription", "annulment").order_by("pk"):
        item = _item(row, tariffs.by_code(row.grid), timezone.localdate(row.recorded_at))
        yield item
        annulled = getattr(row, "annulment", None)
        if annulled is None:
            continue
        day = timezone.localdate(annulled.recorded_at)
        words = f"annulé le {day:%d/%m/%Y} : {annulled.reason} ; {item.explanation}"
        key, back = f"{item.key}@{day:%Y-%m-%d}", -row.amount_cents
        yield replace(item, key=key, kind=ItemKind.CREDIT, on=day, amount_cents=back, explanation=words)


def _item(row: DueCharge, grid: Grid | None, on: date) -> DueItem:
    held = row.subscription
    charge = (row.service, row.charge, tuple(sorted(held.options.items())))
    return DueItem(
        key=item_key(held.body_id, row.issuer, charge, f"v{row.pk}", row.due_on),
        kind=ItemKind.DUE,
        body_id=held.body_id,
        issuer=row.issuer,
        service=row.service,
        service_name=grid.services[row.service].name if grid else held.name,
        charge=row.charge,
        charge_name=grid.charge_of(row.service, row.charge, row.issuer).name if grid else row.charge,
        options=charge[2],
        frequency=Frequency.PER_ACT,
        on=on,
        since=row.due_on,
        until=row.due_on,
        quantity=row.quantity,
        amount_cents=row.amount_cents,
        basis=grid.basis if grid else "TTC",
        explanation=row.explanation,
        grid=row.grid,
        citation=grid.act.citation if grid else "",
        lots=(LotDue(held.pk, row.due_on, row.quantity, held.convention_id),),
    )
