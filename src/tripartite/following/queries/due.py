"""All that falls due between two days, whatever makes it due: what recurs, what goes live, what an intervention asks.

This is the one answer on which a bill rests (decision 73).
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from django.db.models import Q
from django.utils import timezone

from tripartite.following.models import DueCharge
from tripartite.going_live.queries.due import once_due
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.grid import Grid
from tripartite.subscriptions.queries.due import due_of_bodies
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind, LotDue, in_order, item_key
from tripartite.tariffs.queries import running_tariffs


def all_due(body_ids: Collection[int], *, since: date, until: date) -> dict[int, list[DueItem]]:
    """What falls due between two days, both included, for several bodies, in order."""
    found = due_of_bodies(body_ids, since=since, until=until)
    for item in once_due(body_ids, since=since, until=until):
        found[item.body_id].append(item)
    for item in _per_act(body_ids, since, until):
        found[item.body_id].append(item)
    return {body_id: sorted(items, key=in_order) for body_id, items in found.items()}


def _per_act(body_ids: Collection[int], since: date, until: date) -> Iterator[DueItem]:
    """What interventions make due: three queries. It falls due the day it is recorded, and is given back the day it is
    annulled.
    """
    window = (since, until)
    wanted = Q(recorded_at__date__range=window) | Q(annulment__recorded_at__date__range=window)
    rows = DueCharge.objects.filter(wanted, subscription__body__in=body_ids)
    tariffs = running_tariffs()
    for row in rows.select_related("subscription", "annulment").order_by("pk"):
        item = _item(row, tariffs.by_code(row.grid), timezone.localdate(row.recorded_at))
        if since <= item.on <= until:
            yield item
        annulled = getattr(row, "annulment", None)
        if annulled is None or not since <= (day := timezone.localdate(annulled.recorded_at)) <= until:
            continue
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
