"""All that many bodies ever had, as plain values: what runs for a whole directory has hundreds of thousands of rows."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, TextField
from django.db.models.functions import Cast

from tripartite.conventions.queries.endings import parts_withdrawn
from tripartite.conventions.queries.governing import governing_by_id
from tripartite.many import Among, as_text, keys_told, read_day
from tripartite.parties.queries.bodies import with_facts
from tripartite.questions import KEYS, Question
from tripartite.subscriptions.models import EndNote, QuantityChange, ReadSubscription, Subscription
from tripartite.subscriptions.queries.changes import change_columns, changes_by_subscription
from tripartite.subscriptions.queries.own_columns import OWN_COLUMNS, with_own_days

TRUE = frozenset({"1", "true"})
"""What is true, as SQLite writes it, and PostgreSQL."""


def held_by_many(bodies: Mapping[int, Any]) -> list[ReadSubscription]:
    """All that bodies, by their keys, ever had, in the order in which it began, each convention read once for all that
    runs under it. One query where nothing ever ran; else five, and three more where something was taken over: changes
    and ends are found by their bodies, far fewer than what they have.
    """
    told = keys_told(bodies)
    rows = ROWS.ask(told)
    if not rows:
        return []
    conventions = governing_by_id({convention_id for _, _, convention_id, *_ in rows})
    left = parts_withdrawn({key: one.parent_id for key, one in conventions.items()})
    changes = changes_by_subscription(CHANGES.ask(told), (key for key, *_ in rows))
    ends = _ends(told)
    former = _former({key for *_, key, _, _ in rows if key is not None})
    options: Any = cache(json.loads)
    return [
        ReadSubscription(
            pk=key,
            body_id=body_id,
            convention_id=convention_id,
            service=service,
            name=name,
            end_reason=end_reason,
            term_years=term_years,
            anchor_on=read_day(anchor_on),
            starts_on=read_day(starts_on),
            ends_on=ends_on and read_day(ends_on),
            continues_id=continues_id,
            options=options(chosen),
            goes_on_elsewhere=elsewhere in TRUE,
            body=bodies[body_id],
            convention=conventions[convention_id],
            continues=former.get(continues_id),
            dated_changes=changes[key],
            dated_ends=ends.get(key, ()),
            part_left=left.get(convention_id),
        )
        for (
            key,
            body_id,
            convention_id,
            service,
            name,
            end_reason,
            term_years,
            anchor_on,
            starts_on,
            ends_on,
            continues_id,
            chosen,
            elsewhere,
        ) in rows
    ]


def goes_on_elsewhere() -> Exists:
    """Whether another body took a subscription over."""
    return Exists(Subscription.objects.filter(continues=OuterRef("pk")).exclude(body=OuterRef("body")))


def _columns(bodies: Any) -> Any:
    """The columns of its own of what runs, then the other ones of `ReadSubscription`, the options as text, and whether
    another took it over, as the base writes it: for Django to make a boolean of it, row by row, took as long as to read
    the rows.
    """
    found = with_own_days(Subscription.objects.filter(Among("body", bodies)))
    elsewhere = Cast(goes_on_elsewhere(), TextField())
    found = found.annotate(chosen=as_text("options"), elsewhere=elsewhere)
    return found.values_list(*OWN_COLUMNS, "continues_id", "chosen", "elsewhere")


ROWS = Question[tuple[Any, ...]](_columns, KEYS)
CHANGES = Question[tuple[Any, ...]](
    lambda bodies: change_columns(QuantityChange.objects.filter(Among("subscription__body", bodies))), KEYS
)
ENDS = Question[EndNote](lambda bodies: EndNote.objects.filter(Among("subscription__body", bodies)), KEYS)


def _ends(told: str) -> dict[int, list[EndNote]]:
    ends: dict[int, list[EndNote]] = {}
    for note in ENDS.ask(told):
        ends.setdefault(note.subscription_id, []).append(note)
    return ends


def _former(keys: Iterable[int]) -> dict[int | None, Subscription]:
    """What others took over, by key, with the bodies that had it and their figures."""
    bodies = Prefetch("body", queryset=with_facts())
    return {one.pk: one for one in Subscription.objects.filter(pk__in=keys).prefetch_related(bodies)} if keys else {}
