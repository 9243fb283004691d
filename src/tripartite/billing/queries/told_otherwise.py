"""What was billed the very day it fell due, and is told otherwise since: a going-live noted, billed, then put right the
same day.

What is learnt is known by its day: what is put right that day changes what fell due then, where another day would make
a difference of its own (decision 73). Only such lines are looked at: what falls due is never billed before its day, and
what is learnt on a later day leaves it as it was.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import F, Q

from tripartite.billing.models import BilledItem, BilledLine
from tripartite.following.queries.due import DueReading
from tripartite.pricing.cases import Options
from tripartite.pricing.estimate import Frequency
from tripartite.pricing.money import euros
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind, LotDue

MARK = "~"
"""What an identity bears after it, with a rank, for what it comes to once told otherwise."""


def identity_of(key: str) -> str:
    """What an identity names, whatever was learnt of it, or told otherwise, since."""
    return key.partition("@")[0].partition(MARK)[0]


OF_PAPERS = (("line__invoice", "line__invoice"), ("line__credit_note", "line__credit_note__invoice"))
"""Where a line is printed, and the invoice by which its body is found."""


@dataclass(slots=True)
class _Family:
    """What stands billed of one identity: its own line, where there is one, and those that told it otherwise."""

    own: BilledLine | None = None
    later: list[BilledLine] = field(default_factory=list)
    last: int = 0

    @property
    def cents(self) -> int:
        return sum(map(_signed, [*self.later, *([self.own] if self.own else [])]))


def told_otherwise(issuer: str, due: DueReading, items: Sequence[DueItem], window: tuple[date, date]) -> list[DueItem]:
    """What fell due in a window (both days included), with what is to ask, or to give back, of what was billed the day
    it fell due and is another amount now, or is no more: two queries, one more where there is any. `items` are all that
    fell due to the issuer in the window.
    """
    families = _families(issuer, due, window)
    if not families:
        return list(items)
    known = {item.key: item for item in items}
    left = (_left(item, families[item.key]) if item.key in families else item for item in items)
    found = [item for item in left if item.amount_cents != 0]
    for key, family in families.items():
        if family.own is None:
            continue
        item = _difference(family, known.get(key) or _from_line(key, family.own, due), still=key in known)
        found += [] if item is None else [item]
    return found


def _families(issuer: str, due: DueReading, window: tuple[date, date]) -> Mapping[str, _Family]:
    found: dict[str, _Family] = defaultdict(_Family)
    rows = [row for of in OF_PAPERS for row in _rows(of, issuer, due, window)]
    for row in sorted(rows, key=lambda one: one.pk):
        key, _, rank = row.key.partition(MARK)
        family = found[key]
        family.last = max(family.last, int(rank or 0))
        if row.credited_by_id is not None:
            continue
        if rank:
            family.later.append(row.line)
        else:
            family.own = row.line
    apart = [key for key, family in found.items() if family.later and family.own is None]
    if apart:  # billed again on a later day
        for row in BilledItem.objects.filter(key__in=apart, credited_by__isnull=True).select_related("line"):
            found[row.key].own = row.line
    return found


def _rows(of: tuple[str, str], issuer: str, due: DueReading, window: tuple[date, date]) -> Iterable[BilledItem]:
    """What invoices, or credit notes, said of these bodies the day it fell due, or told otherwise: each found by the
    invoices of the bodies, so one query for each kind of paper.
    """
    paper, invoice = of
    rows = BilledItem.objects.filter(
        Q(**{f"{paper}__issued_on": F("line__fell_due_on")}) | Q(key__contains=MARK),
        **{f"{invoice}__body__in": list(due.readings), f"{invoice}__issuer": issuer},
        line__fell_due_on__range=window,
    )
    return rows.select_related("line")


def _signed(line: BilledLine) -> int:
    return line.amount_cents if line.credit_note_id is None else -line.amount_cents


def _left(item: DueItem, family: _Family) -> DueItem:
    """What an item still asks where its own line was given back to be billed again: less what others took back."""
    if family.own is not None or not family.later or item.amount_cents is None:
        return item
    return replace(item, amount_cents=item.amount_cents - family.cents)


def _difference(family: _Family, told: DueItem, *, still: bool) -> DueItem | None:
    """What is to ask, or to give back, so that what stands billed comes to what is told now: nothing where it falls due
    no more. None where they agree, or where it has no price.
    """
    amount, billed = told.amount_cents if still else 0, family.cents
    if amount is None or amount == billed:
        return None
    return replace(
        told,
        key=f"{told.key}{MARK}{family.last + 1}",
        kind=ItemKind.DIFFERENCE if still else ItemKind.CREDIT,
        amount_cents=amount - billed,
        explanation=f"corrigé depuis la facture : {euros(amount)} au lieu de {euros(billed)} ; {told.explanation}",
    )


def _from_line(key: str, line: BilledLine, due: DueReading) -> DueItem:
    """What a line billed, from what it keeps: nothing falls due under that name any more."""
    body_id = int(key.partition(":")[0])
    return DueItem(
        key=key,
        kind=ItemKind.CREDIT,
        body_id=body_id,
        issuer=key.split(":")[1],
        service=line.service,
        service_name=line.service_name,
        charge=line.charge,
        charge_name=line.charge_name,
        options=_options(key),
        frequency=Frequency(line.frequency),
        on=line.fell_due_on,
        since=line.since,
        until=line.until,
        quantity=line.quantity,
        amount_cents=line.amount_cents,
        basis=line.basis,
        explanation=line.explanation,
        grid=line.grid,
        citation=line.citation,
        lots=tuple(_lots(line, body_id, due)),
        quotes=tuple(line.quotes),
    )


def _options(key: str) -> Options:
    """The options that an identity names."""
    said = key.partition("[")[2].partition("]")[0]
    return tuple((name, value) for name, _, value in (one.partition("=") for one in said.split(",") if one))


def _lots(line: BilledLine, body_id: int, due: DueReading) -> Iterator[LotDue]:
    """What of the service runs or ran for the body: it says from which convention the line came."""
    for one in due.readings[body_id].subscriptions if body_id in due.readings else ():
        if one.service == line.service:
            yield LotDue(one.pk, one.starts_on, line.quantity, one.convention_id)
