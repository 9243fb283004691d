"""The changes of many subscriptions, as plain values: what runs for a whole directory has hundreds of thousands."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db.models import QuerySet

from tripartite.many import InstantText, as_text, read_day, read_day_of
from tripartite.pricing.holding import HeldLine
from tripartite.subscriptions.models import QuantityChange, ReadChange


def change_columns(found: QuerySet[QuantityChange]) -> Any:
    """The columns of the changes found, for `changes_by_subscription`: days and texts as the base writes them."""
    return found.annotate(
        day=as_text("on"),
        first_day=as_text("first_on"),
        said=as_text("line"),
        known=as_text("facts"),
        learnt=InstantText("recorded_at"),
    ).values_list(
        "pk",
        "subscription_id",
        "day",
        "first_day",
        "said",
        "removed",
        "grid",
        "known",
        "convention_id",
        "corrects_id",
        "learnt",
    )


def changes_by_subscription(columns: Iterable[tuple[Any, ...]], keys: Iterable[int]) -> dict[int, list[ReadChange]]:
    """Changes (`change_columns`), in their order, by the keys of their subscriptions. What many say alike (a line, the
    facts of a body, a day) is read once.
    """
    read: dict[int, list[ReadChange]] = {key: [] for key in keys}
    held, facts = cache(_held), cache(_facts)
    for key, of, on, first_on, said, removed, grid, known, convention, corrects, learnt in columns:
        change = ReadChange(
            key,
            of,
            read_day(on),
            read_day(first_on),
            held(said),
            removed,
            grid,
            facts(known),
            convention,
            corrects,
            read_day_of(learnt),
        )
        read.setdefault(of, []).append(change)
    return read


def _held(text: str | None) -> HeldLine | None:
    line = None if text is None else json.loads(text)
    return None if line is None else HeldLine.read(line)


def _facts(text: str) -> Mapping[str, Any]:
    facts: Mapping[str, Any] = json.loads(text)
    return facts
