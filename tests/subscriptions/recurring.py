"""What falls due for what recurs alone, of several bodies: without what is due once, which a later step knows."""

from collections.abc import Collection
from datetime import date

from tripartite.subscriptions.queries.due import accepted_of, recurring_of
from tripartite.subscriptions.queries.due_items import DueItem
from tripartite.subscriptions.queries.running import cost_reading


def due_of_bodies(body_ids: Collection[int], *, since: date, until: date) -> dict[int, list[DueItem]]:
    readings = cost_reading(body_ids)
    return recurring_of(readings, accepted_of(readings.values()), since=since, until=until)
