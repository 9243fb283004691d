"""The changes of many subscriptions, as plain values: what runs for a whole directory has hundreds of thousands."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from tripartite.pricing.holding import HeldLine
from tripartite.subscriptions.models import QuantityChange, ReadChange


def changes_by_subscription(found: QuerySet[QuantityChange], keys: Iterable[int]) -> dict[int, list[ReadChange]]:
    """The changes found, in their order, by the keys of their subscriptions: one query. What many say alike (a line,
    the facts of a body) is read once; the base says the day of an instant.
    """
    read: dict[int, list[ReadChange]] = {key: [] for key in keys}
    held, facts = cache(_held), cache(_facts)
    learnt = TruncDate("recorded_at", tzinfo=timezone.get_default_timezone())
    columns = found.annotate(
        said=Cast("line", TextField()), known=Cast("facts", TextField()), learnt=learnt
    ).values_list(
        "pk",
        "subscription_id",
        "on",
        "first_on",
        "said",
        "removed",
        "grid",
        "known",
        "convention_id",
        "corrects_id",
        "learnt",
    )
    for key, of, on, first_on, said, removed, grid, known, convention, corrects, learnt_on in columns:
        change = ReadChange(
            key, of, on, first_on, held(said), removed, grid, facts(known), convention, corrects, learnt_on
        )
        read.setdefault(of, []).append(change)
    return read


def _held(text: str | None) -> HeldLine | None:
    line = None if text is None else json.loads(text)
    return None if line is None else HeldLine.read(line)


def _facts(text: str) -> Mapping[str, Any]:
    facts: Mapping[str, Any] = json.loads(text)
    return facts
