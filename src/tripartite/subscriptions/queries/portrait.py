"""What a body has on a day, service by service, as its page tells it: how much, since when, until when, why then."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tripartite.pricing.calendar import next_due_after
from tripartite.pricing.cases import Number
from tripartite.pricing.french import counted
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import ContractLine
from tripartite.pricing.money import number_text
from tripartite.pricing.units import Unit
from tripartite.subscriptions.models import QuantityChange, Subscription, SubscriptionRow
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.days import last_day_of
from tripartite.subscriptions.queries.holdings import lots_on, standing, total_of


@dataclass(frozen=True, slots=True)
class ServiceHeld:
    """A subscription on a day: how much of it runs, its next due date, the grids that price it.

    No due date for what is prepaid, nor for what ends before it: `why` says so.
    """

    subscription: SubscriptionRow
    quantity: Number
    unit: Unit | None
    due_on: date | None
    grids: tuple[Grid, ...]

    @property
    def why(self) -> str:
        """Why it is due then, or is not."""
        return _why(self.subscription, self.due_on)

    @property
    def quantity_text(self) -> str:
        """« 4 comptes »; a service that is held once has no quantity to say."""
        if self.unit is None:
            return number_text(self.quantity)
        return f"{number_text(self.quantity)} {self.unit.singular if self.quantity < 2 else self.unit.plural}"


@dataclass(frozen=True, slots=True)
class DatedChange:
    """A change of quantity: how much more or less from its day on, how much runs then, for which reason; and what it
    was said to be before it was corrected, the first one first.
    """

    change: QuantityChange
    difference: Number
    total: Number
    former: tuple[tuple[QuantityChange, str], ...] = ()

    @property
    def text(self) -> str:
        """« + 3 », « − 2 », « annulé »."""
        if not self.difference:
            return "annulé"
        return f"{'+' if self.difference > 0 else '−'} {number_text(max(self.difference, -self.difference))}"


def services_held(reading: Reading, *, on: date) -> list[ServiceHeld]:
    """What a body has on a day, in the order in which it began. No query."""
    return [_held(reading, one, on) for one in reading.running(on)]


def lines_of(reading: Reading, *, offer: str, on: date) -> list[ContractLine]:
    """What a body holds of an offer on a day, as `held_lines` answers it. No query."""
    running = (one for one in reading.running(on) if one.offer == offer)
    return [lot.line.as_json() for one in running for lot in reading.lots(one, on)]


def services_ended(reading: Reading, *, on: date) -> list[SubscriptionRow]:
    """What a body had and has no more on a day, the last ended first. No query."""
    ended = [one for one in reading.subscriptions if one.ends_on is not None and one.ends_on < on]
    return sorted(ended, key=lambda one: (one.ends_on or on, one.pk), reverse=True)


def services_to_come(reading: Reading, *, on: date) -> list[SubscriptionRow]:
    """What begins after a day. No query."""
    return [one for one in reading.subscriptions if one.starts_on > on]


def dated_changes(subscription: Subscription) -> list[DatedChange]:
    """Its changes of quantity in their order, each with what runs from its day on."""
    found: list[DatedChange] = []
    rows = list(subscription.changes.all())
    by_key = {one.pk: one for one in rows}
    changes = [change for change, _ in standing(rows)]
    for place, change in enumerate(changes):
        former: list[tuple[QuantityChange, str]] = []
        before = change
        while before.corrects_id is not None:
            before = by_key[before.corrects_id]
            former.insert(0, (before, DatedChange(before, difference_of(before), 0).text))
        total = total_of(lots_on(changes[: place + 1], change.on))
        found.append(DatedChange(change, difference_of(change), total, tuple(former)))
    return found


def difference_of(change: QuantityChange) -> Number:
    """How much more runs by a change, or less (below zero); zero for one that was annulled."""
    return change.held.total if change.held is not None else -Fraction(change.removed or 0)


def yearly_of_each(reading: Reading, *, on: date) -> dict[int, Mapping[str, int | None]]:
    """What each subscription costs a year on a day, by issuer (integer cents; None: no price yet).

    A price that counts several services together goes to the first of them that the body has, of its offer.
    """
    running = [one for one in reading.running(on) if one.term_years is None]
    found: dict[int, dict[str, int | None]] = {one.pk: {} for one in running}
    of_offers: dict[str, list[SubscriptionRow]] = {}
    cost = reading.cost(on)
    unpaid = {each.subscription.pk for each in cost.beyond if each.all_of_it}
    for one in running:
        if one.pk not in unpaid:
            of_offers.setdefault(one.offer, []).append(one)
    for line in cost.lines:
        owner = _owner(
            of_offers.get(line.of.offer, []), line.priced.services or (line.priced.service,), dict(line.priced.options)
        )
        if owner is None:
            continue
        known = found[owner.pk].get(line.issuer, 0)
        amount = line.yearly_cents
        found[owner.pk][line.issuer] = None if known is None or amount is None else known + amount
    return {key: dict(amounts) for key, amounts in found.items()}


def _owner(
    running: list[SubscriptionRow], services: tuple[str, ...], options: Mapping[str, str]
) -> SubscriptionRow | None:
    for service in services:
        same = [one for one in running if one.service == service]
        if same:
            return next((one for one in same if one.options == options), same[0])
    return None


def _held(reading: Reading, one: SubscriptionRow, on: date) -> ServiceHeld:
    ruled = [each for each in reading.ruled(one, on) if each is not None]
    grids = tuple(dict.fromkeys(each.grid.code for each in ruled))
    by_code = {each.grid.code: each.grid for each in ruled}
    service = by_code[grids[-1]].services.get(one.service) if grids else None
    due = next_due_after(one.anchor_on, on)
    last = last_day_of(one)
    due_on = None if one.term_years or (last is not None and last < due) else due
    return ServiceHeld(
        subscription=one,
        quantity=total_of(reading.lots(one, on)),
        unit=service.unit if service and not service.held_once else None,
        due_on=due_on,
        grids=tuple(by_code[code] for code in grids),
    )


def _why(one: SubscriptionRow, due_on: date | None) -> str:
    if one.term_years:
        years = f"{counted(one.term_years, 'an')}"
        return f"payé d'avance pour {years} : rien n'est dû avant la fin"
    if due_on is None and one.ends_on is None:
        last = last_day_of(one)
        return (
            f"la convention ne va pas plus loin que le {last:%d/%m/%Y} : plus d'échéance si elle n'est pas renouvelée"
        )
    if due_on is None:
        return "s'arrête avant la prochaine échéance"
    begun = f"anniversaire de la mise en service du {one.anchor_on:%d/%m/%Y}"
    if one.continues_id and one.starts_on != one.anchor_on and one.continues:
        return f"{begun}, gardée depuis {one.continues.body.name}"
    return begun
