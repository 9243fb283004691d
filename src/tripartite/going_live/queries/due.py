"""What falls due once: charges of going live, terms prepaid, acts ordered, as accepted quotes say them (decision 73).

They fall due the day a going-live is recorded: never before it is done. A line gone live in parts is due in parts that
add up to the quotes; what is put right makes its difference due, or gives it back.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils import timezone

from tripartite.going_live.models import GoneLive
from tripartite.parties.queries.bodies import bearer_of
from tripartite.pricing.cases import Options
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Frequency, Line, Status
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.money import number_text
from tripartite.pricing.order import OrderError
from tripartite.pricing.pricer import price_order
from tripartite.quotes.queries.agreed import AcceptedLines, accepted_lines
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind, LotDue, in_order, item_key
from tripartite.tariffs.queries import RunningTariffs, running_tariffs

PAID_ONCE = frozenset({Frequency.ONCE, Frequency.PER_ACT, Frequency.TERM})

Named = tuple[str, str, str, Options]
"""An issuer, a service, a charge, options."""


class Asked(NamedTuple):
    """What a charge asks once for what has gone live: the line, and its amount (cents, as voted)."""

    line: Line
    amount: int


def once_due(
    body_ids: Collection[int], *, since: date, until: date, tariffs: RunningTariffs | None = None
) -> list[DueItem]:
    """What falls due once between two days, both included, for several bodies, in order: five queries, one fewer with
    the tariffs that the caller has read.
    """
    parts = _parts(body_ids)
    accepted, tariffs = accepted_lines({part.activation.version_id for part in parts}), tariffs or running_tariffs()
    found: list[DueItem] = []
    for version, rows in groupby(parts, key=lambda part: part.activation.version_id):
        if (grid := tariffs.by_code(accepted[version].grid)) is not None:
            found += _of_version(list(rows), accepted[version], grid)
    wanted = [item for item in found if item.body_id in set(body_ids) and since <= item.on <= until]
    return sorted(wanted, key=in_order)


def _parts(body_ids: Collection[int]) -> list[GoneLive]:
    """The parts gone live of every file that bears on these bodies, file by file, in the order in which they came."""
    of_bodies = Q(activation__body__in=body_ids) | Q(subscription__body__in=body_ids)
    of_bodies |= Q(activation__body__merged_into__in=body_ids)
    versions = GoneLive.objects.filter(of_bodies).values("activation__version")
    found = GoneLive.objects.filter(activation__version__in=versions)
    related = ("activation__body__merged_into__merged_into", "activation__version", "subscription")
    return list(found.select_related(*related).order_by("activation__version_id", "recorded_at", "pk"))


def _of_version(parts: Sequence[GoneLive], accepted: AcceptedLines, grid: Grid) -> Iterator[DueItem]:
    """What each day of a file makes due: the price of all that has gone live by then, less that of the eve."""
    before: dict[Named, Asked] = {}
    known: list[GoneLive] = []
    for learnt, rows in groupby(parts, key=lambda part: timezone.localdate(part.recorded_at)):
        new = list(rows)
        known += new
        standing = _standing(known)
        after = _asked(standing, accepted, grid)
        for named in dict.fromkeys([*before, *after]):
            item = _item(named, before.get(named), after.get(named), _of_the_day(new), learnt, accepted, grid)
            if item is not None:
                yield item
        before = after


def _of_the_day(new: Sequence[GoneLive]) -> list[tuple[GoneLive, int]]:
    """What a day adds: the parts that stand when it ends, each with the key of the first that it stands for, among
    those of the day. What is put right the day it was noted keeps its name.
    """
    first = {part.pk: part.pk for part in new}
    for part in new:
        if part.corrects_id in first:
            first[part.pk] = first[part.corrects_id]
    return [(part, first[part.pk]) for part in _standing(new)]


def _standing(parts: Iterable[GoneLive]) -> list[GoneLive]:
    """The parts that count: a correction takes the place of what it corrects."""
    rows = list(parts)
    corrected = {one.corrects_id for one in rows}
    return [one for one in rows if one.pk not in corrected]


def _asked(parts: Sequence[GoneLive], accepted: AcceptedLines, grid: Grid) -> dict[Named, Asked]:
    """What the charges that are paid once ask for all these parts together, as their quotes were priced."""
    if not parts:
        return {}
    payload = {
        "beneficiary": dict(parts[0].activation.facts),
        "lines": [part.line for part in parts],
        "in_service": list(accepted.order.get("in_service", ())),
    }
    try:
        lines = price_order(grid, parse_order(payload).order(on=accepted.issued_on)).lines
    except OrderError:
        return {}
    found: dict[Named, Asked] = {}
    for line in lines:
        if line.frequency not in PAID_ONCE or line.status is Status.CONDITIONAL or line.issuer not in accepted.quotes:
            continue
        named = (line.issuer, line.service, line.charge, line.options)
        amount = line.voted_cents
        if line.status is Status.ON_REQUEST:
            amount = accepted.agreed.get((*named, number_text(line.quantity)))
        if amount:
            found[named] = Asked(line, amount)
    return found


def _item(  # noqa: PLR0917 - private, called once
    named: Named,
    was: Asked | None,
    now: Asked | None,
    parts: Sequence[tuple[GoneLive, int]],
    learnt: date,
    accepted: AcceptedLines,
    grid: Grid,
) -> DueItem | None:
    amount = (now.amount if now else 0) - (was.amount if was else 0)
    asked = now or was
    if not amount or asked is None:
        return None
    issuer, service, charge, options = named
    able = [one for one in parts if HeldLine.read(one[0].line).what.service in asked.line.services] or list(parts)
    own = [part for part, _ in able]
    first, last = _days(own, asked.line.frequency)
    body = own[0].subscription.body_id if own[0].subscription else _bearer(own[0])
    partly = was is not None and now is not None
    words = (
        f"{asked.line.explanation} ; {number_text(asked.line.quantity)} en tout" if partly else asked.line.explanation
    )
    lots = "+".join(f"p{key}" for _, key in able)
    return DueItem(
        key=item_key(body, issuer, (service, charge, options), lots, first),
        kind=ItemKind.DUE if amount > 0 else ItemKind.CREDIT,
        body_id=body,
        issuer=issuer,
        service=service,
        service_name=grid.services[service].name,
        charge=charge,
        charge_name=grid.charge_of(service, charge, issuer).name,
        options=options,
        frequency=asked.line.frequency,
        on=learnt,
        since=first,
        until=last,
        quantity=number_text(sum((HeldLine.read(part.line).total for part in own), start=0)),
        amount_cents=amount,
        basis=grid.basis,
        explanation=words,
        grid=grid.code,
        citation=grid.act.citation,
        lots=tuple(
            LotDue(
                part.subscription_id,
                part.live_on,
                number_text(HeldLine.read(part.line).total),
                part.activation.convention_id,
            )
            for part in own
        ),
        quotes=(accepted.quotes[issuer],),
        unit_amount=asked.line.voted_unit,
    )


def _days(parts: Sequence[GoneLive], frequency: Frequency) -> tuple[date, date]:
    """The days that are paid: those of the term for what is prepaid, the day it was done otherwise."""
    first = min(part.live_on for part in parts)
    terms: list[Any] = [part.subscription for part in parts if part.subscription and part.subscription.term_years]
    if frequency is Frequency.TERM and terms:
        return first, max(one.ends_on or first for one in terms)
    return first, first


def _bearer(part: GoneLive) -> int:
    """The body that bears what was done, where nothing runs of it."""
    return bearer_of(part.activation.body, on=part.live_on).pk


def bodies_gone_live() -> list[int]:
    """The keys of the bodies for which something went live, whether or not it runs: one query."""
    return list(GoneLive.objects.order_by().values_list("activation__body", flat=True).distinct())
