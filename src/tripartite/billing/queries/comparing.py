"""How far what is billed is from last year, and why: new services, new tariffs, other quantities or categories."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from tripartite.billing.queries.told_otherwise import identity_of
from tripartite.following.queries.due import DueReading
from tripartite.pricing.calendar import anniversary
from tripartite.pricing.estimate import RECURRING
from tripartite.pricing.money import euros
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind

FAR_PERCENT = 20
"""A difference from last year above so much is told."""
Named = tuple[int, str, str, tuple[tuple[str, str], ...]]


def recurs(item: DueItem) -> bool:
    """Whether an item comes again each year: what is compared."""
    return item.kind is ItemKind.DUE and item.frequency in RECURRING


def yearly(items: Iterable[DueItem]) -> list[DueItem]:
    """What comes again each year among items, with what corrects it there: a fact of the year learnt late."""
    known = list(items)
    asked = {identity_of(item.key) for item in known if recurs(item)}
    return [item for item in known if item.frequency in RECURRING and (recurs(item) or identity_of(item.key) in asked)]


def last_year_items(issuer: str, items: Sequence[DueItem], due: DueReading) -> list[DueItem]:
    """What recurs, and fell due a year before the same days. No query."""
    days = [item.on for item in items if recurs(item)]
    if not days:
        return []
    first, last = anniversary(min(days), -1) - timedelta(days=1), anniversary(max(days), -1)
    return [one for own in due.between(first, last).values() for one in own if one.issuer == issuer and recurs(one)]


def total_of(items: Sequence[DueItem]) -> int:
    """What recurs among items, on the basis that was voted, in cents."""
    return sum(item.amount_cents or 0 for item in yearly(items))


def far_from(before: Sequence[DueItem], now: Sequence[DueItem]) -> bool:
    """Whether what recurs is far from what it was; a first year is compared with nothing."""
    was = total_of(before)
    return was > 0 and abs(total_of(now) - was) * 100 > was * FAR_PERCENT


def reasons(before: Sequence[DueItem], now: Sequence[DueItem]) -> Iterator[str]:
    """Why, charge by charge, in French; the largest differences first."""
    was, becomes = _by_charge(before), _by_charge(now)
    told = [
        (abs(_sum(becomes.get(name, [])) - _sum(was.get(name, []))), _reason(was.get(name, []), becomes.get(name, [])))
        for name in {**was, **becomes}
    ]
    yield from (words for difference, words in sorted(told, key=lambda one: (-one[0], one[1])) if difference)


def _reason(was: list[DueItem], now: list[DueItem]) -> str:
    one = (now or was)[-1]
    named = f"{one.service_name}, {one.charge_name}"
    amounts = f"{euros(_sum(was))} → {euros(_sum(now))}"
    if not was:
        return f"nouveau : {named}, {euros(_sum(now))}"
    if not now:
        return f"n'est plus dû : {named}, {euros(_sum(was))}"
    if was[-1].grid != now[-1].grid:
        return f"nouveau tarif : {named}, {amounts}"
    if was[-1].quantity != now[-1].quantity:
        return f"quantité {was[-1].quantity} → {now[-1].quantity} : {named}, {amounts}"
    return f"catégorie ou tranche : {named}, {amounts} ({now[-1].explanation})"


def _by_charge(items: Sequence[DueItem]) -> dict[Named, list[DueItem]]:
    found: dict[Named, list[DueItem]] = {}
    for item in yearly(items):
        found.setdefault((item.body_id, item.service, item.charge, item.options), []).append(item)
    return found


def _sum(items: Sequence[DueItem]) -> int:
    return sum(item.amount_cents or 0 for item in items)
