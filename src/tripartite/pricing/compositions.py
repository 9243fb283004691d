"""Forms of price made of others: tables, plans, sums, choices, bounds, a first year of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from tripartite.pricing.cases import Case, Measure, Number
from tripartite.pricing.money import rate_text
from tripartite.pricing.outcomes import BLANK, INCLUDED, Amount, Blank, Included, OnRequest, Outcome, Refused
from tripartite.pricing.prices import NoPrice, Part, Price, When
from tripartite.pricing.scales import Scale
from tripartite.pricing.units import Unit


@dataclass(frozen=True, slots=True)
class ByDimension(Price):
    """A table: the cell at the body's category, kind or class of client, and at the options chosen."""

    dimensions: tuple[Scale | str, ...]
    cells: Mapping[tuple[str, ...], Price]
    otherwise: Price

    def _cell(self, case: Case) -> Price:
        key: list[str] = []
        for dimension in self.dimensions:
            if isinstance(dimension, Scale):
                standing = dimension.standing_of(case.body)
                if standing.category is None:
                    return NoPrice(OnRequest(standing.because))
                key.append(standing.category)
            elif dimension == "kind":
                key.append(case.body.beneficiary.kind.value)
            elif dimension == "client_class":
                key.append(case.body.client_class())
            else:
                key.append(dict(case.options)[dimension])
        return self.cells.get(tuple(key), self.otherwise)

    def on(self, case: Case) -> Outcome:
        return self._cell(case).on(case)

    def explain(self, case: Case, unit: Unit) -> str:
        standings = [scale.standing_of(case.body).because for scale in self.dimensions if isinstance(scale, Scale)]
        cell = self._cell(case)
        if isinstance(cell, NoPrice) and isinstance(cell.outcome, OnRequest) and cell.outcome.reason in standings:
            return cell.explain(case, unit)
        return " : ".join([*standings, cell.explain(case, unit)])

    def interpretations(self, case: Case) -> tuple[str, ...]:
        settled: tuple[str, ...] = ()
        for scale in self.dimensions:
            if isinstance(scale, Scale):
                settled += scale.standing_of(case.body).interpretations
        return settled + self._cell(case).interpretations(case)

    def parts(self) -> Iterator[Part]:
        for key, cell in self.cells.items():
            yield Part(key, " / ".join(key), cell)


class Plan(NamedTuple):
    """A plan: what it allows at most (by quantity name or figure), and its price."""

    name: str
    limits: tuple[tuple[Measure, int], ...]
    price: Price


@dataclass(frozen=True, slots=True)
class Plans(Price):
    """The cheapest plan whose every limit is respected; beyond them all, `beyond`."""

    plans: tuple[Plan, ...]
    beyond: Price

    def plan(self, case: Case) -> Plan | None:
        """The cheapest plan that fits (the first of equals), None beyond them all."""
        fitting = [plan for plan in self.plans if all(measure.of(case) <= most for measure, most in plan.limits)]
        return min(fitting, key=lambda plan: _rank(plan.price.on(case)), default=None)

    def on(self, case: Case) -> Outcome:
        plan = self.plan(case)
        return (plan.price if plan else self.beyond).on(case)

    def explain(self, case: Case, unit: Unit) -> str:
        plan = self.plan(case)
        if plan is None:
            return self.beyond.explain(case, unit)
        return f"formule « {plan.name} », la moins chère qui convient : {plan.price.explain(case, unit)}"

    def interpretations(self, case: Case) -> tuple[str, ...]:
        plan = self.plan(case)
        return (plan.price if plan else self.beyond).interpretations(case)

    def parts(self) -> Iterator[Part]:
        for place, plan in enumerate(self.plans):
            yield Part(("plans", place), plan.name, plan.price)
        yield Part(("beyond",), None, self.beyond)


def _rank(outcome: Outcome) -> tuple[bool, Number]:
    """Orders outcomes, the cheapest first; what has no price comes after all that has one."""
    if isinstance(outcome, Amount):
        return False, outcome.micros
    return isinstance(outcome, OnRequest | Refused), 0


class Branch(NamedTuple):
    """A price and the condition under which it is the one."""

    when: When
    price: Price


@dataclass(frozen=True, slots=True)
class Choose(Price):
    """The price of the first branch whose condition holds, else `otherwise`."""

    branches: tuple[Branch, ...]
    otherwise: Price

    def _chosen(self, case: Case) -> Price:
        for branch in self.branches:
            if branch.when.holds(case):
                return branch.price
        return self.otherwise

    def on(self, case: Case) -> Outcome:
        return self._chosen(case).on(case)

    def explain(self, case: Case, unit: Unit) -> str:
        return self._chosen(case).explain(case, unit)

    def interpretations(self, case: Case) -> tuple[str, ...]:
        return self._chosen(case).interpretations(case)

    def parts(self) -> Iterator[Part]:
        for place, price in enumerate((*(branch.price for branch in self.branches), self.otherwise)):
            yield Part(("choose", place), f"choix {place + 1}", price)


@dataclass(frozen=True, slots=True)
class Sum(Price):
    """Parts that add up: a fixed part and a variable one. One part on request puts the whole on request."""

    terms: tuple[Price, ...]

    def on(self, case: Case) -> Outcome:
        total: Number = 0
        first: Number = 0
        differs = computed = included = False
        for part in self.terms:
            outcome = part.on(case)
            match outcome:
                case OnRequest() | Refused():
                    return outcome
                case Amount(micros, _, first_year):
                    computed = True
                    total += micros
                    first += micros if first_year is None else first_year
                    differs = differs or first_year is not None
                case Included():
                    included = True
                case Blank():
                    pass
        if not computed:
            return INCLUDED if included else BLANK
        return Amount(total, None, first if differs else None)

    def explain(self, case: Case, unit: Unit) -> str:
        return " + ".join(part.explain(case, unit) for part in self.terms if not isinstance(part.on(case), Blank))

    def interpretations(self, case: Case) -> tuple[str, ...]:
        return tuple(code for part in self.terms for code in part.interpretations(case))

    def parts(self) -> Iterator[Part]:
        for place, part in enumerate(self.terms):
            yield Part(("sum", place), f"part {place + 1}", part)


@dataclass(frozen=True, slots=True)
class Bounded(Price):
    """A price held between a least and a most amount, in micros."""

    price: Price
    least: int | None
    most: int | None

    def on(self, case: Case) -> Outcome:
        outcome = self.price.on(case)
        if not isinstance(outcome, Amount):
            return outcome
        first = None if outcome.first_year is None else self._held(outcome.first_year)
        return Amount(self._held(outcome.micros), None, first)

    def _held(self, micros: Number) -> Number:
        if self.least is not None and micros < self.least:
            return self.least
        if self.most is not None and micros > self.most:
            return self.most
        return micros

    def explain(self, case: Case, unit: Unit) -> str:
        text = self.price.explain(case, unit)
        outcome = self.price.on(case)
        if isinstance(outcome, Amount) and self._held(outcome.micros) != outcome.micros:
            word = "minimum" if self._held(outcome.micros) == self.least else "maximum"
            return f"{text}, ramené au {word} de {rate_text(int(self._held(outcome.micros)))}"
        return text

    def interpretations(self, case: Case) -> tuple[str, ...]:
        return self.price.interpretations(case)

    def parts(self) -> Iterator[Part]:
        yield Part((), "", self.price)


@dataclass(frozen=True, slots=True)
class FirstYear(Price):
    """A first year priced otherwise than the following ones. Both must be amounts, or the first outcome counts."""

    first: Price
    following: Price

    def on(self, case: Case) -> Outcome:
        first, following = self.first.on(case), self.following.on(case)
        if isinstance(following, Included):
            following = Amount(0)
        if isinstance(first, Included):
            first = Amount(0)
        if isinstance(first, Amount) and isinstance(following, Amount):
            return Amount(following.micros, following.unit, first.micros)
        return following if isinstance(first, Amount) else first

    def explain(self, case: Case, unit: Unit) -> str:
        first, following = self.first.explain(case, unit), self.following.explain(case, unit)
        return f"première année : {first} ; années suivantes : {following}"

    def interpretations(self, case: Case) -> tuple[str, ...]:
        return self.first.interpretations(case) + self.following.interpretations(case)

    def parts(self) -> Iterator[Part]:
        yield Part(("first_year",), "première année", self.first)
        yield Part((), "années suivantes", self.following)
