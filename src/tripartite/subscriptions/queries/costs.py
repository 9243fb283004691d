"""What runs costs a year, on any day, issuer by issuer and line by line. See docs/decisions/0070-subscriptions.md."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils import timezone

from tripartite.parties.queries.facts import BodyFacts, facts_of
from tripartite.pricing.calendar import last_due_on, next_due_after
from tripartite.pricing.due_rules import Late
from tripartite.pricing.estimate import RECURRING, Frequency, Line, Status, voted_text
from tripartite.pricing.grid import Charge, Grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.lacking import NOTHING_LACKS, Lacks, Sum
from tripartite.pricing.money import number_text
from tripartite.pricing.order import OrderError
from tripartite.pricing.vat import add_vat
from tripartite.quotes.queries.agreed import AgreedPrices, Agreement, Priced
from tripartite.subscriptions.models import Subscription
from tripartite.subscriptions.queries.agreeing import Agreed, agreed_amount
from tripartite.subscriptions.queries.days import last_day_of
from tripartite.subscriptions.queries.due_items import DueItem
from tripartite.subscriptions.queries.groups import Group, Ruled, groups_of, in_order_of_arrival
from tripartite.subscriptions.queries.holdings import Lot, lots_on
from tripartite.subscriptions.queries.renewing import IfRenewed, if_renewed
from tripartite.subscriptions.queries.situations import Situations
from tripartite.subscriptions.queries.spans import Span, asked_of, days_learnt, span_known
from tripartite.tariffs.queries import RunningTariffs

Known = dict[tuple[date, date | None], Mapping[str, Any]]
"""The facts of due dates already met, each as it was known on a day (None: on any)."""

FACTS = ("kind", "department", "population", "population_kind", "staff", "client_class")


@dataclass(frozen=True, slots=True)
class RunningLine:
    """A yearly charge of what runs. `yearly_cents` is TTC, None when no price is agreed yet for a line on request;
    `yearly_net_cents` is the HT of a tariff voted HT, None where it is voted TTC.

    `price` is the one that an agent gave where the grid has none; `due_on` is the next due date, None where it stops
    before. `of` is the grid that prices it, whose names are read when they are shown.
    """

    line: Line
    of: Grid
    yearly_cents: int | None
    priced_on: date
    due_on: date | None
    price: Agreement | None = None
    yearly_net_cents: int | None = None

    @property
    def grid(self) -> str:
        """The code of its grid."""
        return self.of.code

    @property
    def citation(self) -> str:
        """The act that votes its grid."""
        return self.of.act.citation

    @property
    def service_name(self) -> str:
        return self.of.services[self.line.service].name

    @property
    def charge_name(self) -> str:
        return self._charge.name

    @property
    def place(self) -> str:
        """Where the act votes its charge."""
        return self._charge.place

    @property
    def _charge(self) -> Charge:
        return self.of.charge_of(self.line.service, self.line.charge, self.line.issuer)

    @property
    def yearly_text(self) -> str:
        """The yearly amount on the basis that was voted: « 12,00 € », « 10,00 € HT »; « sur devis » without a price."""
        voted = self.yearly_cents if self.yearly_net_cents is None else self.yearly_net_cents
        return "sur devis" if voted is None else voted_text(self.line, voted)

    @property
    def agreed(self) -> str:
        """The number of the quote that says the price given by an agent; « » where no quote does."""
        return self.price.quote if self.price else ""

    @property
    def issuer(self) -> str:
        return self.line.issuer

    @property
    def no_price(self) -> str:
        """What stands for the amount where there is none."""
        return "à calculer" if self.line.status is Status.MISSING else "sur devis"


@dataclass(frozen=True, slots=True)
class RunningCost:
    """What a body pays a year for what runs on a day: lines, totals per issuer (integer cents, TTC), what to know.
    `net_totals` has the HT of the issuers all of whose lines are voted HT.

    `lacks` is what the total of each issuer leaves out; `complete` is false when one leaves out something. `if_renewed`
    says which conventions have reached their last day: what they had running is not counted, unless they are renewed.
    """

    on: date
    lines: tuple[RunningLine, ...]
    totals: dict[str, int]
    complete: bool
    warnings: tuple[str, ...]
    lacks: dict[str, Lacks]
    if_renewed: tuple[IfRenewed, ...] = ()
    net_totals: Mapping[str, int] = field(default_factory=dict)

    def sum_of(self, issuer: str) -> Sum:
        """What an issuer asks a year, with what that leaves out; zero for one that asks nothing."""
        return Sum(self.totals.get(issuer, 0), self.lacks.get(issuer, NOTHING_LACKS))


@dataclass(frozen=True, slots=True)
class Reading:
    """All that the cost of one body needs, read beforehand: nothing more is asked of the database.

    `subscriptions` come with their changes, and with the issuer that withdrew its part (`with_changes`), `body`
    with its figures. What was recorded after the day `known` is left out (`as_known`). `met` keeps the facts of due
    dates already met, `due` what falls due on days already met (`due_days`); what runs on a day, and what prices it,
    are worked out once whoever asks.
    """

    body: Any
    subscriptions: Sequence[Subscription]
    tariffs: RunningTariffs
    agreed: AgreedPrices
    situations: Situations = field(default_factory=Situations)
    known: date = date.max
    met: Known = field(default_factory=dict)
    due: dict[date, Mapping[str, DueItem]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _views: "dict[int, Reading]" = field(default_factory=dict, init=False, repr=False, compare=False)
    _learnt: list[date] = field(default_factory=list, init=False, repr=False, compare=False)
    _spans: dict[int, Span] = field(default_factory=dict, init=False, repr=False, compare=False)
    _runs: dict[date, tuple[Subscription, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _lots: dict[tuple[int, date], tuple[Lot, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
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

    def learnt(self) -> Sequence[date]:
        """The days on which something of all this was recorded, in order."""
        if not self._learnt:
            self._learnt.extend(
                sorted({date.min, *days_learnt(self.body, self.subscriptions, self.tariffs, self.agreed)})
            )
        return self._learnt

    def span(self, subscription: Subscription) -> Span:
        """What of a subscription is known, and its days."""
        if subscription.pk not in self._spans:
            self._spans[subscription.pk] = span_known(subscription, self.known)
        return self._spans[subscription.pk]

    def runs(self, subscription: Subscription, on: date) -> bool:
        """Whether a subscription runs on a day, by the ends that were known."""
        span = self.span(subscription)
        return span.starts_on <= on and (span.last_on is None or on <= span.last_on)

    def running(self, on: date) -> tuple[Subscription, ...]:
        """What runs on a day, in its order."""
        if on not in self._runs:
            self._runs[on] = tuple(one for one in self.subscriptions if self.runs(one, on))
        return self._runs[on]

    def cost(self, on: date) -> RunningCost:
        """The cost on a day, past or future."""
        warnings: list[str] = []
        groups = groups_of(self.ruled_on(on, warnings), self.situations)
        unread = Lacks(unpriced=bool(warnings))
        lines: list[RunningLine] = []
        held: dict[str, list[HeldLine]] = {}
        for group in groups:
            already = held.setdefault(group.grid.offer, [])
            priced, lacks = self._price(group, already, warnings)
            lines += [line for line in priced if not self.has_left(line.line, group, on)]
            unread = unread.plus(lacks)
            already += group.lines
        lines = _with_vat(lines)
        totals = dict.fromkeys(_issuers(groups), 0)
        lacking = dict.fromkeys(totals, unread)
        for line in lines:
            totals[line.issuer] += line.yearly_cents or 0
            if line.yearly_cents is None:
                lacking[line.issuer] = lacking[line.issuer].plus(_lacks_of(line.line))
        complete = not unread and not any(lacking.values())
        renewed = if_renewed(self.subscriptions, on)
        return RunningCost(on, tuple(lines), totals, complete, tuple(warnings), lacking, renewed, _net_totals(lines))

    def ruled_on(self, on: date, warnings: list[str]) -> tuple[Ruled, ...]:
        """Every lot that recurs on a day, with what prices it; `warnings` gains what has no grid."""
        found: list[Ruled] = []
        for subscription in self.running(on):
            for ruled in self.ruled(subscription, on):
                if ruled is None:
                    warnings.append(f"{subscription.name} : sa grille est introuvable.")
                elif recurs(ruled.grid, subscription.service):
                    found.append(ruled)
        return tuple(found)

    def ruled(self, subscription: Subscription, on: date) -> list[Ruled | None]:
        """The lots of a subscription on a day, each with what prices it; None for one whose grid is not adopted."""
        asked = (subscription.pk, on)
        if asked not in self._ruled:
            self._ruled[asked] = [self._rule(subscription, lot, on) for lot in self.lots(subscription, on)]
        return self._ruled[asked]

    def lots(self, subscription: Subscription, on: date) -> tuple[Lot, ...]:
        """The lots of a subscription on a day."""
        asked = (subscription.pk, on)
        if asked not in self._lots:
            self._lots[asked] = lots_on(self.span(subscription).changes, on)
        return self._lots[asked]

    def _rule(self, subscription: Subscription, lot: Lot, on: date) -> Ruled | None:
        """Until its first due date a lot keeps its quote's grid and facts; then those of the last due date, as they
        were known when it could first be asked: that day, or the one on which the lot was recorded (decision 72). What
        fell due before a merger was learnt keeps the facts of the body of which it was asked.
        """
        own = self.tariffs.by_code(lot.grid)
        if own is None:
            return None
        anchor = self.span(subscription).anchor_on
        due = last_due_on(anchor, on)
        ruled = Ruled(subscription, lot, own, lot.facts, lot.on, first_year=due <= lot.first_on, anchor_on=anchor)
        if due > lot.on:
            former = asked_of(subscription, due)
            asked_on = due if former else max(due, lot.learnt_on)
            grid = self.tariffs.ruling(subscription.service, like=own, on=due, known_on=asked_on) or own
            if grid.due.late_figures is Late.DIFFERENCE:
                facts = self._facts(due, None)
            else:
                facts = facts_json(facts_of(former, on=due, known_on=due)) if former else self._facts(due, asked_on)
            ruled = ruled._replace(grid=grid, facts={**lot.facts, **facts}, priced_on=due, first_year=False)
        imposed = self.tariffs.imposed(
            subscription.service, like=own, after=ruled.priced_on, on=on, known_on=lot.learnt_on
        )
        return ruled._replace(grid=imposed[0], priced_on=imposed[1]) if imposed else ruled

    def _facts(self, due: date, known_on: date | None) -> Mapping[str, Any]:
        """The facts of a due date; with `known_on`, as they were known on that other day."""
        if self.known != date.max:
            known_on = min(known_on or self.known, self.known)
        if (due, known_on) not in self.met:
            self.met[due, known_on] = facts_json(facts_of(self.body, on=due, known_on=known_on))
        return self.met[due, known_on]

    def _price(self, group: Group, held: list[HeldLine], warnings: list[str]) -> tuple[list[RunningLine], Lacks]:
        """The lines of a group, and what is left out where it has no price at all; `warnings` gains why."""
        try:
            lines = self.situations.recurring(group.grid, group.facts, group.lines, held, on=group.priced_on)
        except OrderError as refusal:
            names = ", ".join(dict.fromkeys(ruled.subscription.name for ruled in group.lots))
            warnings.append(f"{names} : {refusal.message}")
            return [], Lacks(missing=(refusal.figure,)) if refusal.figure else Lacks(unpriced=True)
        for line in lines:
            told = f"{group.grid.services[line.service].name} : {line.reason}"
            if line.status is Status.MISSING and told not in warnings:
                warnings.append(told)
        return [self._running(line, group, held) for line in lines], NOTHING_LACKS

    def has_left(self, line: Line, group: Group, on: date) -> bool:
        """Whether the issuer of a line has withdrawn, on a day, from every convention that the line comes from."""
        lots = [ruled for ruled in group.lots if ruled.subscription.service in line.services] or group.lots
        days = [self.left_on(ruled.subscription, line.issuer) for ruled in lots]
        return all(day is not None and day < on for day in days)

    def left_on(self, subscription: Any, issuer: str | None = None) -> date | None:
        """The last day of the part of an issuer (None: of any) that withdrew from the convention of what runs
        (`with_changes`), if that was known."""
        left_at = getattr(subscription, "part_left_at", None)
        if left_at is None or timezone.localdate(left_at) > self.known:
            return None
        ended: date = subscription.part_left_on
        return ended if issuer in (None, subscription.part_left_by) else None

    def _running(self, line: Line, group: Group, held: Sequence[HeldLine]) -> RunningLine:
        amount = line.voted_cents
        if group.first_year and line.voted_first_year_cents is not None:
            amount = line.voted_first_year_cents
        counted = [ruled for ruled in group.lots if ruled.subscription.service in line.services] or group.lots
        agreed: Agreement | None = None
        if line.status is Status.ON_REQUEST:
            found = self.agreed_for(line, replace(group, lots=in_order_of_arrival(counted)), held)
            amount, agreed = found or (None, None)
        if amount is not None and line.frequency is Frequency.MONTHLY:
            amount *= 12
        first = min(counted, key=lambda ruled: (ruled.subscription.anchor_on, ruled.subscription.pk))
        return RunningLine(
            line=line,
            of=group.grid,
            yearly_cents=amount,
            yearly_net_cents=None if line.net is None else amount,
            priced_on=first.priced_on,
            due_on=_due_on(first),
            price=agreed,
        )

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
        return self.situations.recurring(group.grid, group.facts, group.lines, held, on=group.priced_on)


def _with_vat(lines: Sequence[RunningLine]) -> list[RunningLine]:
    """The lines with the TTC of what is voted HT: the VAT of each issuer is computed once a rate, then shared."""
    taxed: dict[tuple[str, int | None], list[int]] = {}
    for place, line in enumerate(lines):
        if line.line.net is not None and line.yearly_net_cents is not None:
            taxed.setdefault((line.issuer, line.line.net.rate), []).append(place)
    found = list(lines)
    for (_, rate), places in taxed.items():
        splits = add_vat([lines[place].yearly_net_cents or 0 for place in places], rate)
        for place, split in zip(places, splits, strict=True):
            found[place] = replace(lines[place], yearly_cents=split.gross)
    return found


def _net_totals(lines: Sequence[RunningLine]) -> dict[str, int]:
    """The HT of the issuers all of whose lines are voted HT."""
    taxed_in = {line.issuer for line in lines if line.line.net is None}
    found: dict[str, int] = {}
    for line in lines:
        if line.issuer not in taxed_in:
            found[line.issuer] = found.get(line.issuer, 0) + (line.yearly_net_cents or 0)
    return found


def _due_on(ruled: Ruled) -> date | None:
    """The next due date of what a lot belongs to; None where it stops before."""
    one = ruled.subscription
    due, last = next_due_after(one.anchor_on, max(ruled.priced_on, one.starts_on)), last_day_of(one)
    return due if last is None or due <= last else None


def priced_as(line: Line, offer: str) -> Priced:
    """What an agent prices in a line on request of an offer."""
    return Priced(line.issuer, line.service, line.charge, line.options, number_text(line.quantity), offer)


def facts_json(facts: BodyFacts) -> dict[str, Any]:
    """The facts that a price depends on, as a lot keeps them; what is not known is left out."""
    known = {name: getattr(facts, name) for name in FACTS}
    return {name: str(value) if name == "kind" else value for name, value in known.items() if value is not None}


def _lacks_of(line: Line) -> Lacks:
    """What a line without a price leaves out of its total."""
    return Lacks(missing=(line.missing,)) if line.status is Status.MISSING else Lacks(on_request=True)


def recurs(grid: Grid, service: str) -> bool:
    """Whether a grid has a charge that comes back for a service."""
    return any(charge.frequency in RECURRING for charge in grid.charges_on(service))


def _issuers(groups: Iterable[Group]) -> list[str]:
    return list(dict.fromkeys(code for group in groups for code in group.grid.issuers))
