"""Prices worked out once per situation: bodies of a directory that hold the same, under the same facts, share them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from tripartite.pricing.bodies import Body
from tripartite.pricing.bounds import most_of
from tripartite.pricing.contract import parse_order
from tripartite.pricing.estimate import RECURRING, Frequency, Line, Status
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.order import Beneficiary, Kind, OrderError
from tripartite.pricing.pricer import price_order
from tripartite.pricing.within_maximum import within_maximum
from tripartite.pricing.working import Working, told_of

Facts = tuple[tuple[str, Any], ...]

COUNTED = frozenset({"population", "population_kind", "staff"})
"""What bodies priced alike may differ in: their figures, and how these were counted."""


@dataclass(frozen=True, slots=True)
class Worked:
    """The recurring lines of a situation, and what they add up to, worked out once for all the bodies in it."""

    lines: Sequence[Line]
    _sums: dict[bool, Mapping[str, int] | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    def sums(self, *, first_year: bool) -> Mapping[str, int] | None:
        """What each issuer asks a year for them, in cents TTC; None where a line does not say it by itself: without a
        price, on request, or voted HT (its VAT is computed on all that the issuer asks).
        """
        if first_year not in self._sums:
            self._sums[first_year] = self._added_up(first_year)
        return self._sums[first_year]

    def _added_up(self, first_year: bool) -> Mapping[str, int] | None:
        found: dict[str, int] = {}
        for line in self.lines:
            amount = None if line.status is Status.ON_REQUEST else yearly_amount(line, first_year=first_year)
            if amount is None or line.net is not None:
                return None
            found[line.issuer] = found.get(line.issuer, 0) + amount
        return found


def yearly_amount(line: Line, *, first_year: bool) -> int | None:
    """What a recurring line costs a year as the grid prices it, on the basis that was voted; None without a price."""
    amount = line.voted_cents
    if first_year and line.voted_first_year_cents is not None:
        amount = line.voted_first_year_cents
    return a_year(line, amount)


def a_year(line: Line, amount: int | None) -> int | None:
    """An amount of a recurring line over a year: twelve of them where it is monthly."""
    return amount * 12 if amount is not None and line.frequency is Frequency.MONTHLY else amount


class Asked(NamedTuple):
    """What prices asked of a body: its category on these scales, and these figures as they are."""

    scales: tuple[str, ...]
    figures: tuple[str, ...]


Alike = dict[Asked, dict[tuple[str | int | None, ...], Worked]]
"""The lines of bodies that differ by their figures alone: by what was asked of each, then by what it answered. Whoever
answers the same is priced alike.
"""


class Priced(NamedTuple):
    """The recurring lines of a situation, as they were worked out for the first body met in it; `about` is the one that
    asks, where it is another. Most lines are never explained: they are told of it (`told_of`) when they are.
    """

    worked: Worked
    about: Body | None = None

    @property
    def lines(self) -> Sequence[Line]:
        return self.worked.lines

    def told(self) -> list[Line]:
        """The lines, explained with the figures of the body that asks."""
        return [told_of(line, self.about) for line in self.lines]


class Met(NamedTuple):
    """What the same lots cost the bodies met that hold them: by their facts; and, for those alike but for their
    figures, by the other facts.
    """

    known: dict[Facts, Priced | OrderError]
    alike: dict[Facts, Alike]


@dataclass(frozen=True, slots=True)
class Situations:
    """What each situation met costs: the recurring lines, or the refusal of the grid."""

    _met: dict[object, Met] = field(default_factory=dict)

    def priced(
        self,
        grid: Grid,
        facts: Mapping[str, Any],
        lines: Sequence[HeldLine],
        held: Sequence[HeldLine],
        *,
        on: date,
    ) -> Priced:
        """The recurring lines of what is added to what is held, under a grid and facts, at the VAT of a day. Raises
        OrderError when the grid refuses.
        """
        known = tuple(line for line in held if line.what.service in grid.services)
        vat = tuple(issuer.vat_on(on) for issuer in grid.issuers.values())
        met = self._met.setdefault((grid.code, tuple(lines), known, vat), Met({}, {}))
        told = said(facts)
        if told not in met.known:
            kept = tuple(pair for pair in told if pair[0] not in COUNTED)
            alike = met.alike.setdefault(kept, {})
            met.known[told] = _found(grid, facts, alike) or _priced(grid, facts, lines, known, on, alike)
        found = met.known[told]
        if isinstance(found, OrderError):
            raise found
        return found


def said(facts: Mapping[str, Any]) -> Facts:
    """Facts as one value, equal for equal facts."""
    return tuple(sorted(facts.items()))


def _found(grid: Grid, facts: Mapping[str, Any], alike: Alike) -> Priced | None:
    """The lines of a body that was priced alike."""
    if not alike or not all(_is_figure(facts, name) for name in ("population", "staff")):
        return None
    body = Body(beneficiary_of(facts), grid.facts)
    for asked, known in alike.items():
        categories = (grid.scales[scale].known_category(body) for scale in asked.scales)
        worked = known.get((*categories, *map(facts.get, asked.figures)))
        if worked is not None:
            return Priced(worked, body)
    return None


def _is_figure(facts: Mapping[str, Any], name: str) -> bool:
    value = facts.get(name)
    return value is None or (type(value) is int and 0 <= value <= most_of(name))


def beneficiary_of(facts: Mapping[str, Any]) -> Beneficiary:
    """Who the facts of a lot speak of, as prices and categories ask it."""
    return Beneficiary(
        kind=Kind(facts["kind"]),
        department=facts.get("department"),
        population=facts.get("population"),
        staff=facts.get("staff"),
        client_class=facts.get("client_class"),
        population_kind=facts.get("population_kind"),
    )


def _priced(  # noqa: PLR0917 - private, called once
    grid: Grid,
    facts: Mapping[str, Any],
    lines: Sequence[HeldLine],
    held: Sequence[HeldLine],
    on: date,
    alike: Alike,
) -> Priced | OrderError:
    asked = within_maximum(grid, lines, held)
    if lines and not asked:
        return Priced(Worked(()))
    payload = {
        "beneficiary": dict(facts),
        "lines": [line.as_json() for line in asked],
        "in_service": [line.as_json() for line in held],
    }
    try:
        found = price_order(grid, parse_order(payload).order(on=on)).lines
    except OrderError as refusal:
        return refusal
    wanted = Worked([one for one in found if one.frequency in RECURRING and one.status is not Status.CONDITIONAL])
    _keep(found, wanted, alike)
    return Priced(wanted)


def _keep(found: Sequence[Line], wanted: Worked, alike: Alike) -> None:
    """Keep lines for the bodies to come, unless a figure is missing, or a scale left the body without a category."""
    bodies = {id(line.how.total.body): line.how.total.body for line in found if isinstance(line.how, Working)}
    if len(bodies) != 1 or any(line.status is Status.MISSING for line in found):
        return
    (body,) = bodies.values()
    categories = tuple(standing.category for standing in body.standings.values())
    if None not in categories:
        asked = Asked(tuple(body.standings), tuple(sorted(body.read)))
        answered = (*categories, *map(body.classed, asked.figures))
        alike.setdefault(asked, {})[answered] = wanted
