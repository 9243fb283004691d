"""All that many bodies ever had, as plain values: what runs for a whole directory has hundreds of thousands of rows."""

import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from django.db.models import Exists, ExpressionWrapper, IntegerField, OuterRef, Prefetch

from tripartite.conventions.queries.endings import parts_withdrawn
from tripartite.conventions.queries.governing import governing_by_id
from tripartite.many import Among, as_text, read_day
from tripartite.parties.queries.bodies import with_facts
from tripartite.subscriptions.models import EndNote, QuantityChange, ReadSubscription, Subscription
from tripartite.subscriptions.queries.changes import changes_by_subscription


def held_by_many(bodies: Mapping[int, Any]) -> list[ReadSubscription]:
    """All that bodies, by their keys, ever had, in the order in which it began, each convention read once for all that
    runs under it. One query where nothing ever ran; else five, and three more where something was taken over: changes
    and ends are found by their bodies, far fewer than what they have.
    """
    rows = _rows(bodies)
    if not rows:
        return []
    conventions = governing_by_id({convention_id for _, _, convention_id, *_ in rows})
    left = parts_withdrawn({key: one.parent_id for key, one in conventions.items()})
    changes = changes_by_subscription(
        QuantityChange.objects.filter(Among("subscription__body", bodies)), (key for key, *_ in rows)
    )
    ends = _ends(bodies)
    former = _former({key for *_, key, _, _ in rows if key is not None})
    options: Any = cache(json.loads)
    return [
        ReadSubscription(
            pk=key,
            body_id=body_id,
            convention_id=convention_id,
            service=service,
            name=name,
            anchor_on=read_day(anchor_on),
            starts_on=read_day(starts_on),
            ends_on=ends_on and read_day(ends_on),
            end_reason=end_reason,
            term_years=term_years,
            continues_id=continues_id,
            options=options(chosen),
            goes_on_elsewhere=bool(elsewhere),
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
            anchor_on,
            starts_on,
            ends_on,
            end_reason,
            term_years,
            continues_id,
            chosen,
            elsewhere,
        ) in rows
    ]


def goes_on_elsewhere() -> Exists:
    """Whether another body took a subscription over."""
    return Exists(Subscription.objects.filter(continues=OuterRef("pk")).exclude(body=OuterRef("body")))


def _rows(body_ids: Collection[int]) -> list[tuple[Any, ...]]:
    """The columns of `ReadSubscription`, the days and the options as text, and whether another took it over, as the
    base says it: for Django to make a boolean of it, row by row, took as long as to read the rows.
    """
    found = Subscription.objects.filter(Among("body", body_ids))
    elsewhere = ExpressionWrapper(goes_on_elsewhere(), output_field=IntegerField())
    days = {f"{name}_text": as_text(name) for name in ("anchor_on", "starts_on", "ends_on")}
    return list(
        found.annotate(**days, chosen=as_text("options"), elsewhere=elsewhere).values_list(
            "pk",
            "body_id",
            "convention_id",
            "service",
            "name",
            "anchor_on_text",
            "starts_on_text",
            "ends_on_text",
            "end_reason",
            "term_years",
            "continues_id",
            "chosen",
            "elsewhere",
        )
    )


def _ends(body_ids: Collection[int]) -> dict[int, list[EndNote]]:
    ends: dict[int, list[EndNote]] = {}
    for note in EndNote.objects.filter(Among("subscription__body", body_ids)):
        ends.setdefault(note.subscription_id, []).append(note)
    return ends


def _former(keys: Iterable[int]) -> dict[int | None, Subscription]:
    """What others took over, by key, with the bodies that had it and their figures."""
    bodies = Prefetch("body", queryset=with_facts())
    return {one.pk: one for one in Subscription.objects.filter(pk__in=keys).prefetch_related(bodies)} if keys else {}
