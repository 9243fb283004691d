"""What runs costs, line by line: what a line says, what they add up to, and the VAT of what is voted HT."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from tripartite.pricing.bodies import Body
from tripartite.pricing.estimate import Line, Status, voted_text
from tripartite.pricing.grid import Charge, Grid
from tripartite.pricing.lacking import NOTHING_LACKS, Lacks, Sum
from tripartite.pricing.vat import add_vat
from tripartite.pricing.working import told_of
from tripartite.quotes.queries.agreed import Agreement
from tripartite.subscriptions.queries.beyond import Beyond
from tripartite.subscriptions.queries.renewing import IfRenewed


class RunningLine(NamedTuple):
    """A yearly charge of what runs. `yearly_cents` is TTC, None when no price is agreed yet for a line on request;
    `yearly_net_cents` is the HT of a tariff voted HT, None where it is voted TTC.

    `price` is the one that an agent gave where the grid has none; `due_on` is the next due date, None where it stops
    before. `of` is the grid that prices it, whose names are read when they are shown. `priced` may have been worked out
    for another body that is priced alike; `line` is told of this one, `about`, which most lines are never asked.
    """

    priced: Line
    of: Grid
    yearly_cents: int | None
    priced_on: date
    due_on: date | None
    price: Agreement | None = None
    yearly_net_cents: int | None = None
    about: Body | None = None

    @property
    def line(self) -> Line:
        """The line of the estimate, which can be explained."""
        return told_of(self.priced, self.about)

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
        return self.of.services[self.priced.service].name

    @property
    def charge_name(self) -> str:
        return self._charge.name

    @property
    def place(self) -> str:
        """Where the act votes its charge."""
        return self._charge.place

    @property
    def _charge(self) -> Charge:
        return self.of.charge_of(self.priced.service, self.priced.charge, self.priced.issuer)

    @property
    def yearly_text(self) -> str:
        """The yearly amount on the basis that was voted: « 12,00 € », « 10,00 € HT »; « sur devis » without a price."""
        voted = self.yearly_cents if self.yearly_net_cents is None else self.yearly_net_cents
        return "sur devis" if voted is None else voted_text(self.priced, voted)

    @property
    def agreed(self) -> str:
        """The number of the quote that says the price given by an agent; « » where no quote does."""
        return self.price.quote if self.price else ""

    @property
    def issuer(self) -> str:
        return self.priced.issuer

    @property
    def no_price(self) -> str:
        """What stands for the amount where there is none."""
        return "à calculer" if self.priced.status is Status.MISSING else "sur devis"


@dataclass(frozen=True, eq=False)
class RunningCost:
    """What a body pays a year for what runs on a day: lines, totals per issuer (integer cents, TTC), what to know.
    `net_totals` has the HT of the issuers all of whose lines are voted HT. The lines are composed when they are asked
    for: of a whole directory only the totals are.

    `lacks` is what the total of each issuer leaves out; `complete` is false when one leaves out something. `if_renewed`
    says which conventions have reached their last day: what they had running is not counted, unless they are renewed.
    `beyond` says what costs nothing more, the tariff letting one body take no more of it.
    """

    on: date
    compose: Callable[[], Sequence[RunningLine]] = field(repr=False)
    totals: dict[str, int]
    complete: bool
    warnings: tuple[str, ...]
    lacks: dict[str, Lacks]
    if_renewed: tuple[IfRenewed, ...] = ()
    net_totals: Mapping[str, int] = field(default_factory=dict)
    find_beyond: Callable[[], tuple[Beyond, ...]] = field(default=tuple, repr=False)

    @cached_property
    def beyond(self) -> tuple[Beyond, ...]:
        """What costs nothing more, in the order in which it is priced."""
        return self.find_beyond()

    @cached_property
    def lines(self) -> tuple[RunningLine, ...]:
        """The lines, in the order of grids and services."""
        return tuple(self.compose())

    def sum_of(self, issuer: str) -> Sum:
        """What an issuer asks a year, with what that leaves out; zero for one that asks nothing."""
        return Sum(self.totals.get(issuer, 0), self.lacks.get(issuer, NOTHING_LACKS))


def with_vat(lines: Sequence[RunningLine]) -> list[RunningLine]:
    """The lines with the TTC of what is voted HT: the VAT of each issuer is computed once a rate, then shared."""
    taxed: dict[tuple[str, int | None], list[int]] = {}
    for place, line in enumerate(lines):
        if line.priced.net is not None and line.yearly_net_cents is not None:
            taxed.setdefault((line.issuer, line.priced.net.rate), []).append(place)
    found = list(lines)
    for (_, rate), places in taxed.items():
        splits = add_vat([lines[place].yearly_net_cents or 0 for place in places], rate)
        for place, split in zip(places, splits, strict=True):
            found[place] = lines[place]._replace(yearly_cents=split.gross)
    return found


def net_totals_of(lines: Sequence[RunningLine]) -> dict[str, int]:
    """The HT of the issuers all of whose lines are voted HT."""
    taxed_in = {line.issuer for line in lines if line.priced.net is None}
    found: dict[str, int] = {}
    for line in lines:
        if line.issuer not in taxed_in:
            found[line.issuer] = found.get(line.issuer, 0) + (line.yearly_net_cents or 0)
    return found
