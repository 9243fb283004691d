"""How a line was worked out, told when asked."""

from typing import NamedTuple, Self

from tripartite.pricing.bodies import Body
from tripartite.pricing.cases import Case, Number
from tripartite.pricing.estimate import Line, Status
from tripartite.pricing.grid import Charge
from tripartite.pricing.money import euros, number_text
from tripartite.pricing.prices import Price, percent_text


def told_of(line: Line, body: Body | None) -> Line:
    """A line worked out for another body that is priced alike, told of this one; None: it is its own."""
    if body is None or not isinstance(line.how, Working):
        return line
    return line._replace(how=line.how.about(body))


class Working(NamedTuple):
    """How a line was worked out: kept to explain it when asked, which most lines never are."""

    price: Price
    charge: Charge
    total: Case
    held: Case | None
    held_cents: int
    set_up: Number = 0

    def about(self, body: Body) -> Self:
        """The same for another body, which the charge prices alike."""
        total, held = self.total, self.held
        return type(self)(
            self.price,
            self.charge,
            Case(body, total.entries, total.options, total.quantity),
            None if held is None else Case(body, held.entries, held.options, held.quantity),
            self.held_cents,
            self.set_up,
        )

    def explanation_of(self, line: Line) -> str:
        if line.status is Status.MISSING:
            return line.reason
        done = f"{number_text(self.set_up)} {self.charge.unit.of(self.set_up)} déjà en place" if self.set_up else ""
        if done and not self.total.entries:
            return f"{done} : la mise en service n'est pas due de nouveau"
        text = self.price.explain(self.total, self.charge.unit) if self.total.entries else "plus rien en service"
        net, voted = line.net, line.voted_cents
        added = "" if net is None or not net.rate or voted is None else f", plus {percent_text(net.rate)} de TVA"
        untaxed = " HT" if added else ""
        if line.status is Status.CONDITIONAL:
            return f"{self.charge.conditional} {text}{untaxed}{added}"
        if self.held is not None and voted is not None and line.status is Status.PRICED:
            held = f"{number_text(self.held.quantity)} {self.charge.unit.of(self.held.quantity)}"
            whole, before = euros(voted + self.held_cents), euros(self.held_cents)
            text += f"{untaxed} = {whole}{untaxed} au total, moins {before}{untaxed} déjà dus pour {held} en service"
            return f"{text}{added}"
        already = f" ; {done}, sans nouvelle mise en service" if done else ""
        return f"{text}{untaxed}{added}{already}"

    def interpretations_of(self, line: Line) -> tuple[str, ...]:
        if line.status is Status.MISSING:
            return self.charge.interpretations
        of_price = self.price.interpretations(self.total) if self.total.entries else ()
        together = self.charge.together if len(line.services) > 1 else ()
        return tuple(dict.fromkeys((*self.charge.interpretations, *together, *of_price)))
