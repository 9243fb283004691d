"""What runs costs a year, on any day, issuer by issuer and line by line. See docs/decisions/0070-subscriptions.md."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from tripartite.conventions.queries.endings import PartLeft
from tripartite.parties.queries.facts import priced_facts
from tripartite.pricing.bodies import Body
from tripartite.pricing.calendar import last_due_on, next_due_after
from tripartite.pricing.due_rules import Late
from tripartite.pricing.estimate import Line, Status
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.lacking import Lacks
from tripartite.pricing.money import number_text
from tripartite.pricing.order import OrderError
from tripartite.quotes.queries.agreed import AgreedPrices, Agreement, Priced
from tripartite.subscriptions.models import SubscriptionRow
from tripartite.subscriptions.queries.agreeing import Agreed, agreed_amount
from tripartite.subscriptions.queries.beyond import beyond_maximum
from tripartite.subscriptions.queries.cost_lines import RunningCost, RunningLine, net_totals_of, with_vat
from tripartite.subscriptions.queries.days import last_day_of
from tripartite.subscriptions.queries.due_items import DueItem
from tripartite.subscriptions.queries.groups import Group, Ruled, groups_of, in_order_of_arrival
from tripartite.subscriptions.queries.holdings import Lot, lots_on
from tripartite.subscriptions.queries.renewing import if_renewed
from tripartite.subscriptions.queries.situations import Situations, Worked, a_year, yearly_amount
from tripartite.subscriptions.queries.spans import Span, asked_of, days_learnt, span_known
from tripartite.tariffs.queries import RunningTariffs

Ruling = tuple[Grid, Mapping[str, Any], date, bool]
"""What prices a lot: its grid, its facts, since when, and whether it is in its first year."""

Known = dict[tuple[date, date | None], Mapping[str, Any]]
"""The facts of due dates already met, each as it was known on a day (None: on any)."""


class PricedGroup(NamedTuple):
    """Lots that one grid prices together, what of the same offer they came on top of, and their lines (`Priced`)."""

    group: Group
    held: Sequence[HeldLine]
    worked: Worked
    about: Body | None


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the cost of one body needs, read beforehand: nothing more is asked of the database.

    `subscriptions` come with their changes, and with the issuer that withdrew its part (`with_changes`), `body`
    with its figures. What was recorded after the day `known` is left out (`as_known`). `met` keeps the facts of due
    dates already met, `due` what falls due on days already met (`due_days`); what runs on a day, and what prices it,
    are worked out once whoever asks.
    """

    body: Any
    subscriptions: Sequence[SubscriptionRow]
    tariffs: RunningTariffs
    agreed: AgreedPrices
    situations: Situations = field(default_factory=Situations)
    known: date = date.max
    met: Known = field(default_factory=dict)
    due: dict[date, Mapping[str, DueItem]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _views: "dict[int, Reading]" = field(default_factory=dict, init=False, repr=False, compare=False)
    _learnt: list[date] = field(default_factory=list, init=False, repr=False, compare=False)
    _spans: dict[int, Span] = field(default_factory=dict, init=False, repr=False, compare=False)
    _runs: dict[date, tuple[SubscriptionRow, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _lots: dict[tuple[int, date], tuple[Lot, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _said: dict[tuple[int, date, date | None], Mapping[str, Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _rulings: dict[tuple[object, ...], Ruling] = field(default_factory=dict, init=False, repr=False, compare=False)
    _ruled: dict[tuple[int, date], list[Ruled | None]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def as_known(self, day: date) -> "Reading":
        """The same, as it was known at the end of a day. Between two days on which something was learnt nothing
        differs: one reading answers for all of them, with what it has already worked out.
        """
        known = min(day, self.known)
        learnt = self.learnt()
        place = bisect_right(learnt, known)
        if place == len(learnt) and self.known == date.max:
            return self
        if place not in self._views:
            self._views[place] = replace(
                self, tariffs=self.tariffs.known_on(known), agreed=self.agreed.known_on(known), known=known
            )
        return self._views[place]

    def under(self, tariffs: RunningTariffs) -> "Reading":
        """The same under other tariffs, as all of it is known: what runs, of what facts, is not worked out again."""
        other = replace(self, tariffs=tariffs)
        other._spans.update(self._spans)  # noqa: SLF001 - one of its own kind
        other._runs.update(self._runs)  # noqa: SLF001 - one of its own kind
        other._lots.update(self._lots)  # noqa: SLF001 - one of its own kind
        other._said.update(self._said)  # noqa: SLF001 - one of its own kind
        return other

    def learnt(self) -> Sequence[date]:
        """The days on which something of all this was recorded, in order."""
        if not self._learnt:
            self._learnt.extend(
                sorted({date.min, *days_learnt(self.body, self.subscriptions, self.tariffs, self.agreed)})
            )
        return self._learnt

    def span(self, subscription: SubscriptionRow) -> Span:
        """What of a subscription is known, and its days."""
        span = self._spans.get(subscription.pk)
        if span is None:
            span = self._spans[subscription.pk] = span_known(subscription, self.known)
        return span

    def runs(self, subscription: SubscriptionRow, on: date) -> bool:
        """Whether a subscription runs on a day, by the ends that were known."""
        span = self.span(subscription)
        return span.starts_on <= on and (span.last_on is None or on <= span.last_on)

    def running(self, on: date) -> tuple[SubscriptionRow, ...]:
        """What runs on a day, in its order."""
        if on not in self._runs:
            self._runs[on] = tuple(one for one in self.subscriptions if self.runs(one, on))
        return self._runs[on]

    def cost(self, on: date) -> RunningCost:
        """The cost on a day, past or future."""
        warnings: list[str] = []
        groups = groups_of(self.ruled_on(on, warnings), self.situations)
        unread = Lacks(unpriced=bool(warnings))
        priced: list[PricedGroup] = []
        held: dict[str, tuple[HeldLine, ...]] = {}
        for group in groups:
            already = held.get(group.grid.offer, ())
            found = self._price(group, already, warnings)
            if isinstance(found, Lacks):
                unread = unread.plus(found)
            else:
                priced.append(found)
            held[group.grid.offer] = (*already, *group.lines)
        renewed = if_renewed(self._stopped(on), on)
        totals = dict.fromkeys(_issuers(groups), 0)
        lacking = dict.fromkeys(totals, unread)
        if self._add_up(priced, totals):
            return RunningCost(
                on,
                lambda: self._lines(priced, on),
                totals,
                not unread,
                tuple(warnings),
                lacking,
                renewed,
                find_beyond=lambda: beyond_maximum(groups),
            )
        lines = self._lines(priced, on)
        for line in lines:
            totals[line.issuer] += line.yearly_cents or 0
            if line.yearly_cents is None:
                lacking[line.issuer] = lacking[line.issuer].plus(_lacks_of(line.priced))
        complete = not unread and not any(lacking.values())
        return RunningCost(
            on,
            lambda: lines,
            totals,
            complete,
            tuple(warnings),
            lacking,
            renewed,
            net_totals_of(lines),
            lambda: beyond_maximum(groups),
        )

    def _add_up(self, priced: Sequence[PricedGroup], totals: dict[str, int]) -> bool:
        """Add to the totals what groups cost, where their lines need not be looked at one by one to know it."""
        sums = [one.worked.sums(first_year=one.group.first_year) for one in priced]
        if None in sums or self._leaves():
            return False
        for each in filter(None, sums):
            for issuer, cents in each.items():
                totals[issuer] += cents
        return True

    def _lines(self, priced: Sequence[PricedGroup], on: date) -> list[RunningLine]:
        """The lines of groups on a day, but those of an issuer that has withdrawn, with their VAT."""
        leaves = self._leaves()
        return with_vat(
            [
                self._running(line, one)
                for one in priced
                for line in one.worked.lines
                if not leaves or not self.has_left(line, one.group, on)
            ]
        )

    def _leaves(self) -> bool:
        """Whether an issuer has withdrawn its part from one of the conventions."""
        return any(one.part_left is not None for one in self.subscriptions)

    def _stopped(self, on: date) -> Sequence[SubscriptionRow]:
        """What may not run on a day, by all that is known."""
        if self.known != date.max:
            return self.subscriptions
        if len(self.running(on)) == len(self.subscriptions):
            return ()
        return [one for one in self.subscriptions if not self.runs(one, on)]

    def ruled_on(self, on: date, warnings: list[str]) -> tuple[Ruled, ...]:
        """Every lot that recurs on a day, with what prices it; `warnings` gains what has no grid."""
        found: list[Ruled] = []
        for subscription in self.running(on):
            for ruled in self.ruled(subscription, on):
                if ruled is None:
                    warnings.append(f"{subscription.name} : sa grille est introuvable.")
                elif ruled.grid.recurs(subscription.service):
                    found.append(ruled)
        return tuple(found)

    def ruled(self, subscription: SubscriptionRow, on: date) -> list[Ruled | None]:
        """The lots of a subscription on a day, each with what prices it; None for one whose grid is not adopted."""
        found = self._ruled.get((subscription.pk, on))
        if found is None:
            span = self.span(subscription)
            found = [self._rule(subscription, lot, span.anchor_on, on) for lot in self._lots_of(subscription, span, on)]
            self._ruled[subscription.pk, on] = found
        return found

    def lots(self, subscription: SubscriptionRow, on: date) -> tuple[Lot, ...]:
        """The lots of a subscription on a day."""
        return self._lots_of(subscription, self.span(subscription), on)

    def _lots_of(self, subscription: SubscriptionRow, span: Span, on: date) -> tuple[Lot, ...]:
        changes = span.changes
        if len(changes) == 1:
            on = min(on, next(iter(changes)).on)  # the same ever since, for most
        found = self._lots.get((subscription.pk, on))
        if found is None:
            found = self._lots[subscription.pk, on] = lots_on(changes, on)
        return found

    def _rule(self, subscription: SubscriptionRow, lot: Lot, anchor: date, on: date) -> Ruled | None:
        """What prices a lot on a day. Lots of one body that came together, and that the same grids price, are ruled
        alike: that is worked out once.
        """
        own = self.tariffs.by_code(lot.grid)
        if own is None:
            return None
        service = subscription.service
        due = last_due_on(anchor, on)
        former = None if subscription.continues is None else asked_of(subscription, due)
        if former is not None:
            return Ruled(subscription, lot, *self._ruling(service, lot, own, due, on, former), anchor)
        having = self.tariffs.having(service, like=own)
        asked = (id(having), own.code, lot.on, lot.first_on, lot.learnt_on, id(lot.facts), due, on)
        ruling = self._rulings.get(asked)
        if ruling is None:
            ruling = self._rulings[asked] = self._ruling(service, lot, own, due, on, None)
        return Ruled(subscription, lot, *ruling, anchor)

    def _ruling(self, service: str, lot: Lot, own: Grid, due: date, on: date, former: Any) -> Ruling:  # noqa: PLR0917
        """Until its first due date a lot keeps its quote's grid and facts; then those of the last due date, as they
        were known when it could first be asked: that day, or the one on which the lot was recorded (decision 72). What
        fell due before a merger was learnt keeps the facts of the body of which it was asked.
        """
        grid, facts, priced_on, first_year = own, lot.facts, lot.on, due <= lot.first_on
        if due > lot.on:
            asked_on = due if former else max(due, lot.learnt_on)
            grid = self.tariffs.ruling(service, like=own, on=due, known_on=asked_on) or own
            if grid.due.late_figures is Late.DIFFERENCE:
                facts = self._joined(lot, due, None)
            elif former:
                facts = {**lot.facts, **priced_facts(former, on=due, known_on=due)}
            else:
                facts = self._joined(lot, due, asked_on)
            priced_on, first_year = due, False
        imposed = self.tariffs.imposed(service, like=own, after=priced_on, on=on, known_on=lot.learnt_on)
        if imposed:
            grid, priced_on = imposed
        return grid, facts, priced_on, first_year

    def _joined(self, lot: Lot, due: date, known_on: date | None) -> Mapping[str, Any]:
        """What a lot was said of, with the facts of a due date in their place: one value for lots said of the same."""
        asked = (id(lot.facts), due, known_on)
        found = self._said.get(asked)
        if found is None:
            found = self._said[asked] = {**lot.facts, **self._facts(due, known_on)}
        return found

    def _facts(self, due: date, known_on: date | None) -> Mapping[str, Any]:
        """The facts of a due date; with `known_on`, as they were known on that other day."""
        if self.known != date.max:
            known_on = min(known_on or self.known, self.known)
        if (due, known_on) not in self.met:
            self.met[due, known_on] = priced_facts(self.body, on=due, known_on=known_on)
        return self.met[due, known_on]

    def _price(self, group: Group, held: Sequence[HeldLine], warnings: list[str]) -> PricedGroup | Lacks:
        """A group with its lines; what it leaves out where it has no price at all. `warnings` gains why it has none, or
        why some line has none.
        """
        try:
            worked, about = self.situations.priced(group.grid, group.facts, group.lines, held, on=group.priced_on)
        except OrderError as refusal:
            names = " ; ".join(dict.fromkeys(ruled.subscription.name for ruled in group.lots))
            warnings.append(f"{names} : {refusal.message}")
            return Lacks(missing=(refusal.figure,)) if refusal.figure else Lacks(unpriced=True)
        for line in worked.lines:
            if line.status is Status.MISSING:
                told = f"{group.grid.services[line.service].name} : {line.reason}"
                if told not in warnings:
                    warnings.append(told)
        return PricedGroup(group, held, worked, about)

    def has_left(self, line: Line, group: Group, on: date) -> bool:
        """Whether the issuer of a line has withdrawn, on a day, from every convention that the line comes from."""
        days = [self.left_on(ruled.subscription, line.issuer) for ruled in group.counted(line.services)]
        return all(day is not None and day < on for day in days)

    def left_on(self, subscription: Any, issuer: str | None = None) -> date | None:
        """The last day of the part of an issuer (None: of any) that withdrew from the convention of what runs
        (`with_changes`), if that was known."""
        left: PartLeft | None = subscription.part_left
        if left is None or timezone.localdate(left.part_left_at) > self.known:
            return None
        return left.part_left_on if issuer in (None, left.part_left_by) else None

    def _running(self, line: Line, found: PricedGroup) -> RunningLine:
        group = found.group
        amount = yearly_amount(line, first_year=group.first_year)
        counted = group.counted(line.services)
        agreed: Agreement | None = None
        if line.status is Status.ON_REQUEST:
            given = self.agreed_for(line, replace(group, lots=in_order_of_arrival(counted)), found.held)
            amount, agreed = (a_year(line, given.amount), given.by) if given else (None, None)
        first = counted[0] if len(counted) == 1 else min(counted, key=_begun)
        net = None if line.net is None else amount
        return RunningLine(line, group.grid, amount, first.priced_on, self._due_on(first), agreed, net, found.about)

    def _due_on(self, ruled: Ruled) -> date | None:
        """The next due date of what a lot belongs to; None where it stops before."""
        one = ruled.subscription
        due = next_due_after(one.anchor_on, max(ruled.priced_on, one.starts_on))
        last = self.span(one).last_on if self.known == date.max else last_day_of(one)
        return due if last is None or due <= last else None

    def agreed_for(self, line: Line, group: Group, held: Sequence[HeldLine]) -> Agreed | None:
        """What agents of its issuer agreed for a line that the grid leaves on request, of lots that came in that order
        on top of what is held.
        """

        def agreement(line: Line, counted: Sequence[Ruled]) -> Agreement | None:
            priced_on = max(ruled.priced_on for ruled in counted)
            known_on = max(priced_on, *(one.lot.learnt_on for one in counted))
            return self.agreed.of(priced_as(line, group.grid.offer), on=priced_on, known_on=known_on)

        def price(lots: Sequence[Ruled]) -> list[Line]:
            return self.priced(replace(group, lots=list(lots)), held)

        return agreed_amount(line, group.lots, agreement=agreement, price=price)

    def priced(self, group: Group, held: Sequence[HeldLine]) -> list[Line]:
        """The recurring lines of a group on top of what is held. Raises OrderError."""
        return self.situations.priced(group.grid, group.facts, group.lines, held, on=group.priced_on).told()


def _begun(ruled: Ruled) -> tuple[date, int]:
    return ruled.subscription.anchor_on, ruled.subscription.pk


def priced_as(line: Line, offer: str) -> Priced:
    """What an agent prices in a line on request of an offer."""
    return Priced(line.issuer, line.service, line.charge, line.options, number_text(line.quantity), offer)


def _lacks_of(line: Line) -> Lacks:
    """What a line without a price leaves out of its total."""
    return Lacks(missing=(line.missing,)) if line.status is Status.MISSING else Lacks(on_request=True)


def _issuers(groups: Iterable[Group]) -> list[str]:
    return list(dict.fromkeys(code for group in groups for code in group.grid.issuers))
