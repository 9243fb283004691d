"""What falls due between two days for what recurs: pure, over what the costs read (decision 73).

What falls due on a day is reckoned as it was known that day. A fact learnt later changes it only as decision 72 says,
and then by an item of its own on the day it was learnt: windows that follow one another give each item once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.utils import timezone

from tripartite.conventions.queries.conventions import quotes_of_conventions
from tripartite.parties.queries.facts import all_figures
from tripartite.pricing.due_periods import ONE_DAY, Beat, first_days
from tripartite.pricing.due_rules import Late
from tripartite.pricing.estimate import RECURRING
from tripartite.pricing.french import span_text
from tripartite.pricing.money import euros
from tripartite.pricing.outcomes import ON_REQUEST, beside_on_request
from tripartite.subscriptions.models import SubscriptionRow
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.due_days import items_on
from tripartite.subscriptions.queries.due_items import Accepted, DueItem, ItemKind, in_order
from tripartite.subscriptions.queries.spans import beginnings_known
from tripartite.tariffs.queries import rules_from

Fact = tuple[date, date]
"""The day on which something was learnt, and the first one on which it may bear."""


def recurring_due(reading: Reading, *, since: date, until: date) -> list[DueItem]:
    """What falls due from `since` to `until`, both included, for what recurs of a body, in order. No query.

    Facts recorded after `until` change nothing in the answer.
    """
    found: list[DueItem] = []
    for day in _days(reading.as_known(until), since, until):
        found += items_on(reading.as_known(day), day).values()
    facts = list(_facts(reading))
    for learnt, first in sorted(_learnt_late(facts, since, until).items()):
        found += _differences(reading, facts, learnt, first)
    return sorted(found, key=in_order)


def recurring_of(
    readings: Mapping[int, Reading], accepted: Accepted, *, since: date, until: date
) -> dict[int, list[DueItem]]:
    """The same, of several bodies already read (`cost_reading`), with the quotes it comes from (`accepted_of`). No
    query."""
    return {
        body_id: [item.quoted(accepted) for item in recurring_due(reading, since=since, until=until)]
        for body_id, reading in readings.items()
    }


def accepted_of(readings: Iterable[Reading]) -> Accepted:
    """The accepted quotes of the conventions and amendments that set going what bodies have: two queries."""
    subscriptions = [one for reading in readings for one in reading.subscriptions]
    keys = {change.convention_id for one in subscriptions for change in one.dated_changes if change.convention_id}
    return quotes_of_conventions(keys)


def _differences(reading: Reading, facts: Sequence[Fact], learnt: date, first: date) -> Iterator[DueItem]:
    """What a day teaches of what had fallen due since `first`: items never asked, and differences."""
    before, after = reading.as_known(learnt - ONE_DAY), reading.as_known(learnt)
    days = {*_days(before, first, learnt - ONE_DAY), *_days(after, first, learnt - ONE_DAY)}
    for day in sorted(days):
        was, now = items_on(before, day), items_on(after, day)
        for key in {**was, **now}:
            old, new = was.get(key), now.get(key)
            if old is not None and old.amount_cents is not None:
                if new is None or new.amount_cents != old.amount_cents:
                    yield _difference(old, new, learnt)
            elif new is not None and (old is None or new.amount_cents is not None):
                again = old is None and _asked_before(reading, facts, key, day, learnt)
                yield replace(new, on=learnt, key=f"{key}@{learnt:%Y-%m-%d}" if again else key)


def _asked_before(reading: Reading, facts: Sequence[Fact], key: str, day: date, learnt: date) -> bool:
    """Whether what falls due on a day, and was taken back since, was asked before a fact was learnt."""
    known = {day} | {one for one, _ in facts if day < one < learnt}
    return any(key in items_on(reading.as_known(one), day) for one in known)


def _difference(was: DueItem, now: DueItem | None, learnt: date) -> DueItem:
    """What is due, or given back, on the day when an item is learnt to be otherwise; all of it where it is not due."""
    assert was.amount_cents is not None  # noqa: S101 - the caller's
    amount = now.amount_cents if now else 0
    paid = span_text(was.since, was.until)
    told = ON_REQUEST if amount is None else euros(amount)
    why = "" if now is None else beside_on_request(now.explanation) if amount is None else now.explanation
    kept = f" ; {why}" if why else ""
    return replace(
        now or was,
        key=f"{was.key}@{learnt:%Y-%m-%d}",
        kind=ItemKind.DIFFERENCE if now else ItemKind.CREDIT,
        on=learnt,
        amount_cents=None if amount is None else amount - was.amount_cents,
        explanation=f"appris le {learnt:%d/%m/%Y}, {paid} : {told} au lieu de {euros(was.amount_cents)}{kept}",
    )


def _days(reading: Reading, since: date, until: date) -> list[date]:
    """The days of a window on which something may fall due for what recurs."""
    beats = _beats(reading)
    found: set[date] = set()
    for one in reading.subscriptions:
        if one.term_years is not None:
            continue
        for anchor_on, starts_on in beginnings_known(one, reading.known):
            if starts_on > until:
                continue
            for beat in beats:
                found.update(first_days(beat, anchor_on, since=max(since, starts_on), until=until))
            found |= _changes_of(one)
        last = reading.span(one).last_on
        if last is not None and last < date.max:  # that of its convention, noted or not
            found.add(last + ONE_DAY)
    for grid in reading.tariffs.grids:
        if grid.running_from is not None:
            found |= {grid.running_from, reading.tariffs.learnt_on(grid)}
    return sorted(day for day in found if since <= day <= until)


def _changes_of(one: SubscriptionRow) -> set[date]:
    """The days on which how much of a subscription runs, or until when, changes."""
    found = {change.on for change in one.dated_changes}
    ends = [one.ends_on, one.convention.ended_on, one.part_left and one.part_left.part_left_on]
    ends += [note.ends_on for note in one.dated_ends]
    return found | {end + ONE_DAY for end in ends if end is not None and end < date.max}


def _beats(reading: Reading) -> set[Beat]:
    """How the charges of the tariffs fall due."""
    return {
        Beat(issuer.rhythm, charge.frequency)
        for grid in reading.tariffs.grids
        for charge in grid.charges
        if charge.frequency in RECURRING
        for issuer in grid.issuers.values()
    }


def _learnt_late(facts: Iterable[Fact], since: date, until: date) -> dict[date, date]:
    """The days of a window on which a fact was learnt that bears on earlier days, each with the first of them."""
    found: dict[date, date] = {}
    for learnt, holds_from in facts:
        if since <= learnt <= until and holds_from < learnt:
            found[learnt] = min(holds_from, found.get(learnt, learnt))
    return found


def _facts(reading: Reading) -> Iterator[Fact]:
    """What may change what had fallen due: the day each was learnt, and the first one on which it may bear."""
    for one in reading.subscriptions:
        said: dict[int | None, date] = {change.pk: change.on for change in one.dated_changes}
        for change in one.dated_changes:
            yield change.learnt_on, min(change.on, said.get(change.corrects_id, change.on))
        noted = list(one.dated_ends)
        for place, note in enumerate(noted):
            ends = [end for end in (note.ends_on, noted[place - 1].ends_on if place else None) if end is not None]
            yield note.learnt_on, min(ends, default=one.starts_on)
        if one.part_left is not None:
            yield timezone.localdate(one.part_left.part_left_at), one.part_left.part_left_on + ONE_DAY
    tariffs = reading.tariffs
    for grid in tariffs.grids:
        if grid.asks_difference:
            yield tariffs.learnt_on(grid), rules_from(grid)
    if any(grid.due.late_figures is Late.DIFFERENCE for grid in tariffs.grids):
        yield from ((figure.learnt_on, figure.applies_on) for figure in all_figures(reading.body))
    for agreements in reading.agreed.agreements.values():
        yield from ((one.learnt_on, one.since) for one in agreements)
