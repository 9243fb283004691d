"""What falls due on one day for what recurs, as it is known: pure, over what the costs read. See decision 73."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from tripartite.pricing.due_periods import ONE_DAY, Beat, Period, falls_due, period_at
from tripartite.pricing.estimate import RECURRING, Line, Status
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.money import euros, number_text, read_number_text
from tripartite.pricing.order import OrderError
from tripartite.pricing.proration import Prorata, part_due, part_left
from tripartite.subscriptions.models import SubscriptionRow
from tripartite.subscriptions.queries.agreeing import like
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind, LotDue, item_key
from tripartite.subscriptions.queries.groups import Group, Ruled, arrival, groups_of, in_order_of_arrival
from tripartite.subscriptions.queries.holdings import standing


class Share(NamedTuple):
    """What some lots cost for a whole period, after all that ran before them: a line of theirs, its amount (cents, as
    voted; None: no price) and how it came about.
    """

    line: Line
    amount: int | None
    why: str
    grid: Grid
    lots: tuple[Ruled, ...]
    period: Period


def items_on(reading: Reading, on: date) -> Mapping[str, DueItem]:
    """What falls due on a day, by key, as the reading knows it: what begins a period that day, and what a change within
    a period gives back, or makes due. Lots are counted in the order in which they came. Worked out once a reading.
    """
    if on not in reading.due:
        reading.due[on] = _items_on(reading, on)
    return reading.due[on]


def _items_on(reading: Reading, on: date) -> Mapping[str, DueItem]:
    found: dict[str, DueItem] = {}
    for share in _shares(reading, on, lambda ruled, beat: _begins(ruled, beat, on)):
        _add(found, _due(reading, share, on))
    for item in _adjustments(reading, on):
        _add(found, item)
    return {key: item for key, item in found.items() if item.amount_cents != 0}


def _begins(ruled: Ruled, beat: Beat, on: date) -> bool:
    return ruled.lot.first_on == on or falls_due(beat, ruled.anchor_on, on)


def _shares(reading: Reading, on: date, wanted: Callable[[Ruled, Beat], bool]) -> Iterator[Share]:
    """What the lots that are wanted cost on a day, each after those that came before it: those of another grid or of
    other facts too, so that a year asks lot by lot the price of the whole, while a new tariff takes them in turn.
    """
    groups = groups_of(reading.ruled_on(on, []), reading.situations)
    for group in groups:
        lots = in_order_of_arrival(group.lots)
        others = [one for other in groups if other is not group for one in other.lots]
        others = in_order_of_arrival(one for one in others if one.grid.offer == group.grid.offer)
        for beat in _beats(group.grid):
            for start, end, period in _segments(lots, others, beat, on, wanted):
                part, before = replace(group, lots=lots[start:end]), replace(group, lots=lots[:start])
                held = [one.lot.line for one in others if arrival(one) < arrival(lots[start])]
                yield from _priced(reading, part, before, held, beat, period, on)


def _beats(grid: Grid) -> set[Beat]:
    """How the charges of a grid that recur fall due."""
    return {
        Beat(grid.issuers[issuer].rhythm, charge.frequency)
        for charge in grid.charges
        if charge.frequency in RECURRING
        for issuer in charge.prices
    }


def _segments(
    lots: Sequence[Ruled], others: Sequence[Ruled], beat: Beat, on: date, wanted: Callable[[Ruled, Beat], bool]
) -> Iterator[tuple[int, int, Period]]:
    """Where the lots that are wanted stand, those that follow one another and have the same period together; apart, two
    between which another lot came that is counted with them.
    """
    start = 0
    while start < len(lots):
        if not wanted(lots[start], beat):
            start += 1
            continue
        period, end = period_at(beat, lots[start].anchor_on, on), start + 1
        while end < len(lots) and wanted(lots[end], beat):
            if period_at(beat, lots[end].anchor_on, on) != period or _comes_between(others, lots[start], lots[end]):
                break
            end += 1
        yield start, end, period
        start = end


def _comes_between(others: Sequence[Ruled], first: Ruled, last: Ruled) -> bool:
    """Whether a lot came between two, of a service that a charge counts with theirs."""
    together = {service for charge in last.grid.charges_on(last.subscription.service) for service in charge.services}
    return any(arrival(first) < arrival(one) < arrival(last) and one.subscription.service in together for one in others)


def _priced(  # noqa: PLR0917 - private, called once
    reading: Reading, part: Group, before: Group, held: list[HeldLine], beat: Beat, period: Period, on: date
) -> Iterator[Share]:
    try:
        lines = reading.priced(part, [*held, *before.lines])
    except OrderError as refusal:
        yield from _unpriced(part, beat, period, refusal.message.rstrip("."))
        return
    for line in lines:
        if Beat(part.grid.issuers[line.issuer].rhythm, line.frequency) != beat or reading.has_left(line, part, on):
            continue
        lots = tuple(one for one in part.lots if one.subscription.service in line.services) or tuple(part.lots)
        amount, why = _amount(reading, line, part, before, held)
        yield Share(line, amount, why, part.grid, lots, period)


def _unpriced(part: Group, beat: Beat, period: Period, why: str) -> Iterator[Share]:
    """The charges of lots that cannot be priced, a figure being unknown: they are due all the same."""
    for one in part.lots:
        for charge in part.grid.charges_on(one.subscription.service):
            for issuer in charge.prices:
                if Beat(part.grid.issuers[issuer].rhythm, charge.frequency) != beat:
                    continue
                line = Line(
                    service=one.subscription.service,
                    charge=charge.code,
                    issuer=issuer,
                    frequency=charge.frequency,
                    years=None,
                    quantity=one.lot.line.total,
                    unit_amount=None,
                    amount_cents=None,
                    first_year_amount_cents=None,
                    status=Status.ON_REQUEST,
                    reason=why,
                    services=charge.services,
                    options=one.lot.line.what.options,
                    how=_Refused(),
                )
                yield Share(line, None, why, part.grid, (one,), period)


class _Refused:
    """How a line that cannot be priced is explained: by its reason."""

    def explanation_of(self, line: Line) -> str:
        return line.reason

    def interpretations_of(self, line: Line) -> tuple[str, ...]:  # noqa: ARG002 - nothing bears on no amount
        return ()


def _amount(reading: Reading, line: Line, part: Group, before: Group, held: list[HeldLine]) -> tuple[int | None, str]:
    """The amount of a line of some lots, with the words that explain it. What an agent agreed for exactly that much
    counts first; then what was agreed for all, less what came before.
    """
    if line.status is not Status.ON_REQUEST:
        first = line.voted_first_year_cents if part.first_year else None
        return (line.voted_cents if first is None else first), line.explanation
    if (agreed := reading.agreed_for(line, part, [*held, *before.lines])) is not None:
        return agreed.amount, agreed.by.words
    if before.lots:
        whole = replace(part, lots=[*before.lots, *part.lots])
        all_of_it, came_before = (like(line, reading.priced(one, held)) for one in (whole, before))
        agreed = reading.agreed_for(all_of_it, whole, held) if all_of_it else None
        if agreed is not None and came_before is not None:
            known, _ = _amount(reading, came_before, before, replace(before, lots=[]), held)
            if known is not None:
                return agreed.amount - known, agreed.by.words
    return None, line.reason.rstrip(".") or "sur devis"


def _due(reading: Reading, share: Share, on: date) -> DueItem:
    """The item of a share from a day to the end of its period."""
    amount, why = share.amount, share.why
    if amount is not None and on > share.period.starts_on:
        prorata = share.grid.prorata_of(share.line.issuer)
        part = part_due(amount, prorata, period=share.period, first_on=on, last_on=share.period.ends_on)
        amount, why = part.amount_cents, why if part.is_whole else f"{why} ; {part.why}"
    return _item(reading, share, on, ItemKind.DUE, amount, why)


def _item(  # noqa: PLR0917 - private
    reading: Reading, share: Share, on: date, kind: ItemKind, amount: int | None, why: str, mark: str = ""
) -> DueItem:
    line = share.line
    keys = sorted({one.subscription.pk for one in share.lots})
    charge = (line.service, line.charge, line.options)
    return DueItem(
        key=item_key(reading.body.pk, line.issuer, charge, "+".join(map(str, keys)), on) + mark,
        kind=kind,
        body_id=reading.body.pk,
        issuer=line.issuer,
        service=line.service,
        service_name=share.grid.services[line.service].name,
        charge=line.charge,
        charge_name=share.grid.charge_of(line.service, line.charge, line.issuer).name,
        options=line.options,
        frequency=line.frequency,
        on=on,
        since=on,
        until=share.period.ends_on,
        quantity=number_text(line.quantity),
        amount_cents=amount,
        basis=share.grid.basis,
        explanation=why,
        grid=share.grid.code,
        citation=share.grid.act.citation,
        lots=tuple(
            LotDue(one.subscription.pk, one.lot.first_on, number_text(one.lot.line.total), one.lot.convention_id)
            for one in share.lots
        ),
        unit_amount=line.voted_unit,
    )


def _add(found: dict[str, DueItem], item: DueItem) -> None:
    """What a charge asks twice for the same lots and period, other lots having come in between, is one item."""
    same = found.get(item.key)
    if same is None:
        found[item.key] = item
        return
    amounts = (same.amount_cents, item.amount_cents)
    total = None if None in amounts else sum(one or 0 for one in amounts)
    lots = (*same.lots, *(lot for lot in item.lots if lot not in same.lots))
    words = f"{same.explanation} ; {item.explanation}"
    quantity = number_text(read_number_text(same.quantity) + read_number_text(item.quantity))
    found[item.key] = replace(same, amount_cents=total, lots=lots, explanation=words, quantity=quantity)


def _adjustments(reading: Reading, on: date) -> Iterator[DueItem]:
    """Within a period: what a reduction, an end or a withdrawal gives back where the grid says so, what a day that an
    act fixes for what runs makes due or gives back where a part of a year is counted.
    """
    lessened = {one.pk for one in reading.subscriptions if lessens(one, reading, on)}
    imposed = {one.subscription.pk for one in reading.ruled_on(on, []) if _imposed(one, on)} - lessened
    for keys in (lessened, imposed):
        if not keys:
            continue
        before = _by_charge(reading, on - ONE_DAY, keys)
        after = _by_charge(reading, on, keys)
        for named, share in before.items():
            later = after.get(named)
            if share.amount is None or (later is not None and later.amount is None):
                continue
            difference = (later.amount or 0 if later else 0) - share.amount
            if keys is lessened:
                yield from _given_back(reading, share, difference, on)
            elif later is not None:
                yield from _made_due(reading, later, difference, on)


def lessens(one: SubscriptionRow, reading: Reading, on: date) -> bool:
    """Whether a day is the first on which less of a subscription runs, or is owed to one of its issuers. What another
    body takes over does not end: what was reduced before stays so.
    """
    if one.term_years is not None or reading.span(one).starts_on >= on:
        return False
    if not reading.runs(one, on):
        return reading.runs(one, on - ONE_DAY) and not getattr(one, "goes_on_elsewhere", False)
    if any(change.removed and change.on == on for change, _ in standing(reading.span(one).changes)):
        return True
    return reading.runs(one, on - ONE_DAY) and reading.left_on(one) == on - ONE_DAY


def _imposed(ruled: Ruled, on: date) -> bool:
    """Whether a lot takes that day, within its year, a tariff whose act fixes the day."""
    return ruled.priced_on == on and ruled.lot.on < on and ruled.grid.running_from is not None


def _by_charge(reading: Reading, on: date, keys: set[int]) -> dict[tuple[object, ...], Share]:
    """What some subscriptions cost on a day, charge by charge, within a period that began before the next day."""
    found: dict[tuple[object, ...], Share] = {}
    for share in _shares(reading, on, lambda ruled, _: ruled.subscription.pk in keys):
        line = share.line
        pks = tuple(sorted({one.subscription.pk for one in share.lots}))
        named = (line.issuer, line.service, line.charge, line.options, pks)
        same = found.get(named)
        if same is not None and same.amount is not None and share.amount is not None:
            lots = (*same.lots, *share.lots)
            found[named] = share._replace(amount=same.amount + share.amount, lots=lots)
        else:
            found[named] = share
    return found


def _given_back(reading: Reading, share: Share, difference: int, on: date) -> Iterator[DueItem]:
    if difference >= 0 or not share.grid.due.gives_back or on > share.period.ends_on:
        return
    prorata = share.grid.prorata_of(share.line.issuer)
    back = -part_left(-difference, prorata, period=share.period, last_on=on - ONE_DAY)
    if back:
        first, last = share.period.starts_on, on - ONE_DAY
        kept = part_due(-difference, prorata, period=share.period, first_on=first, last_on=last)
        whole = f"{euros(-difference)} pour la période entière, dont {kept.why} restent dus"
        why = f"rendu du {on:%d/%m/%Y} au {share.period.ends_on:%d/%m/%Y} : {whole} ; {share.why}"
        yield _item(reading, share, on, ItemKind.CREDIT, back, why, ":back")


def _made_due(reading: Reading, share: Share, difference: int, on: date) -> Iterator[DueItem]:
    prorata = share.grid.prorata_of(share.line.issuer)
    if prorata is Prorata.NONE or on == share.period.starts_on or not difference:
        return
    part = part_due(difference, prorata, period=share.period, first_on=on, last_on=share.period.ends_on)
    why = f"jour fixé par l'acte, {part.why} ; {share.why}"
    yield _item(reading, share, on, ItemKind.DIFFERENCE, part.amount_cents, why, ":act")
