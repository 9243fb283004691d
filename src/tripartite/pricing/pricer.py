"""The price of an order under a grid: pure, exact, explained.

What is held and what is ordered count together in recurring charges, and what is held is then taken off; once
and term charges bear on the order alone (see the estimate contract). What is given up of what is held no longer counts
in the first, and gives nothing back of the others: a recurring line may then be below zero. What is set up already, of
what is ordered, pays its going live no more. A figure that is not known hides the prices that need it, and them alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from tripartite.pricing.bodies import Body
from tripartite.pricing.cases import Case, Options, count
from tripartite.pricing.describing import described, disagreements
from tripartite.pricing.estimate import RECURRING, Estimate, Line, Net, Status
from tripartite.pricing.estimate import Warning as Notice
from tripartite.pricing.french import day_text
from tripartite.pricing.gathering import (
    NOTHING,
    Gathered,
    Taken,
    check_limits,
    check_links,
    gather,
    gather_ended,
    gather_set_up,
)
from tripartite.pricing.grid import Charge, Grid
from tripartite.pricing.money import HALF_CENT, MICROS_PER_CENT, to_cents
from tripartite.pricing.order import Order, OrderError
from tripartite.pricing.outcomes import Amount, Blank, Included, OnRequest, Outcome, Refused
from tripartite.pricing.prices import Price
from tripartite.pricing.totals import total_lines, with_vat
from tripartite.pricing.working import Working

NO_OPTIONS: Options = ()
PRICED, INCLUDED, ON_REQUEST, CONDITIONAL, MISSING = (
    Status.PRICED,
    Status.INCLUDED,
    Status.ON_REQUEST,
    Status.CONDITIONAL,
    Status.MISSING,
)
_make = tuple.__new__
"""Builds a named tuple from its values in place, without the cost of its Python constructor: a line is built
twenty times in an ordinary order."""


def price_order(grid: Grid, order: Order, beneficiary: dict[str, Any] | None = None) -> Estimate:
    """Price an order under a grid, whatever the day: the caller picked the grid.

    `beneficiary` is the contract's object as the door knows it; it is completed with the category.
    Amounts of the answer are integer cents, TTC, with their HT beside them where the grid is voted HT. A day on which
    the grid does not apply is a warning. Raises OrderError with the contract's codes; nothing is guessed. A figure that
    is not known refuses the order only when no price of it can be told: the lines that need it say so otherwise
    (`Status.MISSING`).
    """
    if not order.lines and not order.ended:
        raise OrderError("empty-order", "La demande ne contient aucun service : ajoutez-en un.")
    notices = _check_day(grid, order) + _check_eligibility(grid, order)
    ordered = gather(grid, order.lines)
    held = gather(grid, order.in_service, held=True) if order.in_service else NOTHING
    ended, kept = gather_ended(grid, order.ended, held) if order.ended else (NOTHING, held)
    check_limits(grid, ordered, kept)
    notices += check_links(grid, ordered, kept, all_of_it=bool(ended))
    body = Body(order.beneficiary, grid.facts)
    to_set_up = gather_set_up(grid, order.set_up, ordered) if order.set_up else NOTHING
    pricer = _Pricer(grid, body, ordered, held, ended, kept, to_set_up)
    lines = pricer.lines()
    if pricer.lacking is not None and all(line.status is MISSING for line in lines):
        raise pricer.lacking
    if grid.basis == "HT":
        lines = with_vat(lines, _rates(grid, order, lines))
    notices += disagreements(grid, body)
    return Estimate(
        grid.code,
        order.on,
        described(grid, order, body, beneficiary),
        tuple(lines),
        total_lines(grid.issuers, lines),
        tuple(notices),
        grid.basis,
    )


def _check_day(grid: Grid, order: Order) -> list[Notice]:
    if grid.applies_on(order.on):
        return []
    begins = f"à partir du {day_text(grid.applies_from)}"
    days = (
        begins if grid.applies_until is None else f"du {day_text(grid.applies_from)} au {day_text(grid.applies_until)}"
    )
    message = f"La grille {grid.code} s'applique {days} : le {day_text(order.on)} est hors de ses jours."
    return [Notice("outside-grid-days", message)]


def _rates(grid: Grid, order: Order, lines: Sequence[Line]) -> dict[str, int | None]:
    """The VAT that each issuer of these lines, voted HT, adds on the day. Raises OrderError where none is set."""
    rates: dict[str, int | None] = {}
    for code in dict.fromkeys(line.issuer for line in lines):
        issuer = grid.issuers[code]
        setting = issuer.vat_on(order.on)
        if setting is None:
            first = f" (le premier est du {day_text(issuer.vat[0].starts_on)})" if issuer.vat else ""
            raise OrderError(
                "missing-vat",
                f"Le tarif est voté hors taxes, et {issuer.short_name} n'a aucun réglage de TVA au"
                f" {day_text(order.on)}{first} : il manque [[issuer.vat]], avec un taux ou « exempt »,"
                f" depuis ce jour ou avant.",
            )
        rates[code] = setting.rate
    return rates


def _check_eligibility(grid: Grid, order: Order) -> list[Notice]:
    rule, beneficiary = grid.eligibility, order.beneficiary
    if rule.departments:
        if beneficiary.department is None:
            raise OrderError("missing-fact", "Indiquez le département de la collectivité.")
        if beneficiary.department not in rule.departments:
            raise OrderError("not-eligible", rule.message)
    if beneficiary.kind in rule.to_confirm:
        return [Notice("eligibility-to-confirm", rule.to_confirm_message, rule.interpretation)]
    if rule.kinds and beneficiary.kind not in rule.kinds:
        raise OrderError("not-eligible", rule.message)
    if beneficiary.client_class is not None and beneficiary.client_class not in grid.client_classes:
        known = ", ".join(grid.client_classes) or "aucune dans cette grille"
        raise OrderError("bad-order", f"Classe de client inconnue : choisir parmi {known}.")
    return []


class _Pricer:
    """The lines of one order, charge by charge in grid order."""

    __slots__ = ("body", "ended", "grid", "held", "kept", "lacking", "ordered", "taxed_in", "to_set_up")

    def __init__(  # noqa: PLR0917 - all that an order was made into
        self,
        grid: Grid,
        body: Body,
        ordered: Gathered,
        held: Gathered,
        ended: Gathered,
        kept: Gathered,
        to_set_up: Gathered,
    ) -> None:
        self.grid, self.body, self.ordered, self.held = grid, body, ordered, held
        self.ended, self.kept, self.to_set_up = ended, kept, to_set_up
        self.lacking: OrderError | None = None
        """Why the first line that waits for a figure has no price."""
        self.taxed_in = grid.basis == "TTC"

    def lines(self) -> list[Line]:
        lines: list[Line] = []
        charges, charges_of = self.grid.charges, self.grid.charges_of
        body, ordered, held = self.body, self.ordered, self.held
        places = {place for code in ordered for place in charges_of[code]}
        if self.ended:
            places |= {at for code in self.ended for at in charges_of[code] if charges[at].frequency in RECURRING}
        for place in sorted(places):
            charge = charges[place]
            if charge.unless_ordered and not ordered.keys().isdisjoint(charge.unless_ordered):
                continue
            if self.to_set_up and self.grid.sets_up(charge) and not self.to_set_up.keys().isdisjoint(charge.services):
                self._left_to_set_up(charge, lines)
                continue
            if len(charge.services) > 1:
                self._shared(charge, lines)
                continue
            code = charge.services[0]
            if self.ended and charge.frequency in RECURRING:
                self._changed(charge, code, lines)
                continue
            by_held = held.get(code) if held and charge.frequency in RECURRING else None
            for options, taken in ordered[code].items():
                already = by_held.get(options) if by_held else None
                for entries, quantity, line in (
                    _terms(charge.years, taken) if charge.years.__class__ is str else (taken,)
                ):
                    self._issue(charge, code, Case(body, entries, options, quantity), already, line, lines)
        return lines

    def _shared(self, charge: Charge, lines: list[Line]) -> None:
        """One line for all the services that the charge counts, named after the first one ordered, or ended."""
        taken = _together(charge, self.ordered)
        already = _together(charge, self.held) if self.held and charge.frequency in RECURRING else None
        first = next(code for code in charge.services if code in self.ordered or code in self.ended)
        case = Case(self.body, taken.entries, NO_OPTIONS, taken.quantity)
        kept = _together(charge, self.kept) if self.ended and already else None
        self._issue(charge, first, case, already if already and already.entries else None, taken.line, lines, kept)

    def _left_to_set_up(self, charge: Charge, lines: list[Line]) -> None:
        """The lines of going live, due for what is not set up already."""
        left = {**self.ordered, **self.to_set_up}
        if len(charge.services) > 1:
            whole, rest = _together(charge, self.ordered), _together(charge, left)
            first = next(code for code in charge.services if code in self.ordered)
            self._set_up(charge, first, NO_OPTIONS, whole, rest, lines)
            return
        code = charge.services[0]
        for options, taken in self.ordered[code].items():
            self._set_up(charge, code, options, taken, left[code][options], lines)

    def _set_up(  # noqa: PLR0917 - private, called twice
        self, charge: Charge, code: str, options: Options, whole: Taken, rest: Taken, lines: list[Line]
    ) -> None:
        """The lines of going live for what is left (`rest`) of what is ordered; they tell what is set up already."""
        case = Case(self.body, rest.entries, options, rest.quantity)
        if rest.quantity == whole.quantity:
            self._issue(charge, code, case, None, whole.line, lines)
            return
        place = len(lines)
        due = case if rest.entries else Case(self.body, whole.entries, options, whole.quantity)
        self._issue(charge, code, due, None, whole.line, lines)
        done = whole.quantity - rest.quantity
        for at in range(place, len(lines)):
            line = lines[at]
            assert isinstance(line.how, Working)  # noqa: S101 - as `_issue` makes it
            how = line.how._replace(total=case, set_up=done)
            net = None if line.net is None else line.net._replace(unit_amount=None)
            line = line._replace(quantity=whole.quantity, unit_amount=None, how=how, net=net)
            if not rest.entries and line.status is not INCLUDED:
                nothing = None if net is None else Net(None, 0, None, None)
                line = line._replace(
                    amount_cents=0, first_year_amount_cents=None, status=PRICED, reason="", missing="", net=nothing
                )
            lines[at] = line

    def _changed(self, charge: Charge, code: str, lines: list[Line]) -> None:
        """The lines of a recurring charge where something is given up: for each choice of options, what changes."""
        ordered, ended = self.ordered.get(code, {}), self.ended.get(code, {})
        for options in dict.fromkeys((*ordered, *ended)):
            taken = ordered.get(options, NONE_TAKEN)
            already = self.held.get(code, {}).get(options)
            kept = self.kept.get(code, {}).get(options, NONE_TAKEN)
            case = Case(self.body, taken.entries, options, taken.quantity)
            self._issue(charge, code, case, already, taken.line, lines, kept if already else None)

    def _issue(  # noqa: PLR0917 - the hot path takes its arguments in place
        self,
        charge: Charge,
        code: str,
        case: Case,
        already: Taken | None,
        place: int,
        lines: list[Line],
        kept: Taken | None = None,
    ) -> None:
        """Add the lines of one charge, one per issuer that has a price. `kept` is what stays of what is held
        (`already`): all of it when None.
        """
        total, held, quantity = case, None, case.quantity
        if already is not None:
            stays = already if kept is None else kept
            quantity += stays.quantity - already.quantity
            total = Case(self.body, case.entries + stays.entries, case.options, case.quantity + stays.quantity)
            held = Case(self.body, already.entries, case.options, already.quantity)
        years = _years(charge, total) if charge.years is not None else None
        services = charge.services if len(charge.services) == 1 else self._counted(charge)
        unit: int | None
        amount: int | None
        held_cents = 0
        taxed_in = self.taxed_in
        for issuer, price in charge.prices.items():
            missing = ""
            try:
                outcome = price.on(total) if total.entries else self._nothing_left(price, held)
                if outcome.__class__ is Blank:
                    continue
                if outcome.__class__ is Refused:
                    _refuse(outcome, place)
                if outcome.__class__ is Amount and held is None and charge.conditional is None:
                    micros, unit, first = outcome
                    if first is None:
                        amount = (micros + HALF_CENT) // MICROS_PER_CENT  # to_cents in place: amounts are positive
                    else:
                        unit, amount, first = _cents(outcome)
                    status, reason = PRICED, ""
                else:
                    unit, amount, first, status, reason, held_cents = self._value(charge, outcome, price, held)
            except OrderError as error:
                if not error.figure:
                    raise
                self.lacking = self.lacking or error
                missing, status, reason = error.figure, MISSING, error.message
                unit = amount = first = None
                held_cents = 0
            lines.append(
                _make(
                    Line,
                    (
                        code,
                        charge.code,
                        issuer,
                        charge.frequency,
                        years,
                        quantity,
                        unit if taxed_in else None,
                        amount,
                        first,
                        status,
                        reason,
                        services,
                        case.options,
                        _make(Working, (price, charge, total, held, held_cents, 0)),
                        None if taxed_in else Net(unit, amount, first, None),
                        missing,
                    ),
                )
            )

    @staticmethod
    def _nothing_left(price: Price, held: Case | None) -> Outcome:
        """What is due once everything is given up: nothing, where something was due."""
        before = price.on(held) if held is not None else Blank()
        return Amount(0) if isinstance(before, Amount) else before

    @staticmethod
    def _value(
        charge: Charge, outcome: Outcome, price: Price, held: Case | None
    ) -> tuple[int | None, int | None, int | None, Status, str, int]:
        """Unit (micros), amount and first-year amount (cents), status, reason, and cents due for what is held."""
        unit = amount = first = None
        held_cents = 0
        status, reason = PRICED, ""
        before = None if held is None else price.on(held)
        if before.__class__ is OnRequest:
            outcome = before
        elif before.__class__ is Amount and outcome.__class__ is Included:
            outcome = Amount(0)
        if outcome.__class__ is Amount:
            unit, amount, first = _cents(outcome)
            if before is not None:
                unit, amount, first, held_cents = _less((unit, amount, first), before)
        elif outcome.__class__ is Included:
            status, amount = INCLUDED, 0
        elif isinstance(outcome, OnRequest):
            status, reason = ON_REQUEST, outcome.reason
        if charge.conditional is not None:
            status, reason = CONDITIONAL, charge.conditional
        return unit, amount, first, status, reason, held_cents

    def _counted(self, charge: Charge) -> tuple[str, ...]:
        held = self.held if charge.frequency in RECURRING else NOTHING
        return tuple(code for code in charge.services if code in self.ordered or code in held)


NONE_TAKEN = Taken((), 0, 0)


def _refuse(outcome: Any, place: int) -> NoReturn:
    raise OrderError("bad-quantity", outcome.message, line=place)


def _cents(amount: Amount) -> tuple[int | None, int, int | None]:
    """Unit (micros), amount and first-year amount (cents), on the basis that was voted: the one rounding of a line."""
    micros, unit, first = amount
    return unit, to_cents(micros), None if first is None else to_cents(first)


def _less(now: tuple[int | None, int, int | None], before: Outcome) -> tuple[int | None, int, int | None, int]:
    """The difference that the order makes: what is due in all, less what is held."""
    unit, amount, first = now
    if not isinstance(before, Amount):
        return None, amount, first, 0
    unit_before, amount_before, first_before = _cents(before)
    if first is not None or first_before is not None:
        # what has no price of its own for the first year costs the same then
        first = (amount if first is None else first) - (amount_before if first_before is None else first_before)
    return unit if unit == unit_before else None, amount - amount_before, first, amount_before


def _together(charge: Charge, gathered: Gathered) -> Taken:
    everything = [taken for code in charge.services if code in gathered for taken in gathered[code].values()]
    return Taken(
        tuple(entry for taken in everything for entry in taken.entries),
        sum((taken.quantity for taken in everything), start=0),
        min((taken.line for taken in everything), default=0),
    )


def _terms(name: object, taken: Taken) -> Iterator[Taken]:
    """What is taken, apart for each number of years: a term of two years and one of three are two lines."""
    for years in sorted({entry[str(name)] for entry in taken.entries}):
        entries = tuple(entry for entry in taken.entries if entry[str(name)] == years)
        yield Taken(entries, count(entries), taken.line)


def _years(charge: Charge, case: Case) -> int | None:
    years = charge.years
    if years.__class__ is int:
        return years
    if isinstance(years, Mapping):
        ((option, values),) = years.items()
        return values[dict(case.options)[option]]
    if isinstance(years, str):
        return int(case.entries[0][years])
    return years
