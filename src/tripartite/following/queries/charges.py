"""What an intervention makes due, « uniquement en cas d'intervention », for what runs that day: priced by the grid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from tripartite.conventions.queries.conventions import amendments_of, convention_by_id
from tripartite.conventions.states import ConventionState
from tripartite.following.models import DueCharge
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import Line, Status
from tripartite.pricing.grid import Charge, Grid
from tripartite.pricing.money import amount_text
from tripartite.pricing.order import OrderError
from tripartite.pricing.pricer import price_order
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.days import does_run
from tripartite.subscriptions.queries.running import cost_reading

SIGNED = frozenset({ConventionState.SIGNED, ConventionState.IN_FORCE, ConventionState.ENDED})


@dataclass(frozen=True, slots=True)
class ConditionalCharge:
    """A charge of one issuer that an intervention makes due. `amount_cents` (TTC) is None where it is on request.

    `settled` says, in French, why nothing is due: it arose before, or was ordered; « » when it would arise.
    """

    subscription: Any
    grid: Grid
    charge: Charge
    line: Line
    settled: str

    @property
    def issuer(self) -> str:
        return self.line.issuer

    @property
    def amount_cents(self) -> int | None:
        return self.line.amount_cents

    @property
    def basis(self) -> str:
        """What its tariff votes: « TTC » or « HT »."""
        return self.grid.basis

    @property
    def amount_text(self) -> str:
        """The amount, TTC, after its HT where its tariff votes HT."""
        gross, net = self.line.amount_cents, self.line.net
        return "" if gross is None else amount_text(gross, net and net.amount_cents)


def conditional_charges(subscription: Any, *, on: date, reading: Reading | None = None) -> list[ConditionalCharge]:
    """What an intervention on a running service would make due that day, issuer by issuer; often nothing.

    The grid and the figures are those that price, that day, what was added last; the quantity is all that runs.
    Raises OrderError when that grid cannot price it.
    """
    reading = reading or cost_reading([subscription.body_id])[subscription.body_id]
    held = next((one for one in reading.subscriptions if one.pk == subscription.pk), None)
    ruled = [one for one in reading.ruled(held, on) if one is not None] if held else []
    if not ruled:
        return []
    grid = ruled[-1].grid
    if not any(charge.conditional for charge in grid.charges_on(subscription.service)):
        return []
    order = {"beneficiary": dict(ruled[-1].facts), "lines": [one.lot.line.as_json() for one in ruled]}
    lines = price_order(grid, parse_order(order).order(on=on)).lines
    wanted = [line for line in lines if line.status is Status.CONDITIONAL]
    chain = _chain(subscription) if wanted else []
    due = _due_before(chain)
    ordered = frozenset(code for key in {one.convention_id for one in chain} for code in ordered_services(key))
    found = []
    for line in wanted:
        charge = grid.charge_of(line.service, line.charge, line.issuer)
        settled = due.get((line.issuer, line.charge), "")
        if not settled and not ordered.isdisjoint(charge.unless_ordered):
            settled = "déjà commandée avec la convention ou l'un de ses avenants"
        found.append(ConditionalCharge(subscription, grid, charge, line, settled))
    return found


def _chain(subscription: Any) -> list[Any]:
    """It and all that it continues, one after the other."""
    found = [subscription]
    while found[-1].continues is not None:
        found.append(found[-1].continues)
    return found


def _due_before(chain: Iterable[Any]) -> dict[tuple[str, str], str]:
    """The charges that arose already, by issuer and charge: since when."""
    return {
        (one.issuer, one.charge): f"déjà due depuis l'intervention du {one.due_on:%d/%m/%Y}"
        for one in DueCharge.objects.filter(subscription__in=[held.pk for held in chain], annulment=None)
    }


def ordered_services(convention_id: int) -> frozenset[str]:
    """All the services that a convention and its amendments in force order."""
    convention = convention_by_id(convention_id)
    papers = [one for one in (convention, *amendments_of(convention_id)) if one and one.state in SIGNED]
    return frozenset(line["service"] for one in papers for line in one.version.order["lines"])


def charges_in_case(body_id: int, *, on: date) -> list[ConditionalCharge]:
    """What an intervention would make due, service by service, for all that runs for a body that day."""
    reading = cost_reading([body_id])[body_id]
    return [one for each in _running(reading, on) for one in _charges_or_nothing(each, reading, on)]


def _running(reading: Reading, on: date) -> Iterable[Any]:
    for one in reading.subscriptions:
        if does_run(one, on=on):
            yield one


def _charges_or_nothing(subscription: Any, reading: Reading, on: date) -> list[ConditionalCharge]:
    try:
        return conditional_charges(subscription, on=on, reading=reading)
    except OrderError:
        return []
