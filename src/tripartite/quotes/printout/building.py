"""Building the paper of one issuer out of the estimate of an order."""

from collections.abc import Mapping, Sequence
from datetime import date

from tripartite.documents.style import PLAIN, PaperStyle
from tripartite.pricing.estimate import RECURRING, Frequency, Line, Status, voted_text
from tripartite.pricing.grid import Grid
from tripartite.pricing.lacking import Lacks
from tripartite.pricing.money import MICROS_PER_CENT
from tripartite.pricing.outcomes import beside_on_request
from tripartite.pricing.totals import due_with_vat
from tripartite.pricing.vat import RateTotal, Split, add, add_vat, split_vat
from tripartite.quotes.printout.paper import QuotePaper
from tripartite.quotes.printout.parts import (
    AgentPrice,
    Companion,
    Contact,
    IssuerIdentity,
    LineKey,
    PaperLine,
    PaperTotals,
    Recipient,
    Tariff,
    Vat,
)


class UnpricedLineError(ValueError):
    """A numbered quote was asked while a line « sur devis » has no price yet."""


def line_key(line: Line) -> LineKey:
    """What names a line of an issuer: its service, its charge, its options."""
    return line.service, line.charge, line.options


def quote_paper(
    *,
    grid: Grid,
    lines: Sequence[Line],
    agent_prices: Mapping[LineKey, AgentPrice],
    issuer: IssuerIdentity,
    recipient: Recipient,
    contact: Contact | None,
    number: str | None,
    issued_on: date,
    valid_until: date,
    vat: Vat,
    companions: Sequence[Companion] = (),
    conditions: str = "",
    version: int = 1,
    supersedes: str | None = None,
    changes: Sequence[str] = (),
    request: str | None = None,
    style: PaperStyle = PLAIN,
) -> QuotePaper:
    """The quote of `issuer` for the lines of an estimate (those of other issuers are passed over).

    `agent_prices` gives the price of each line « sur devis » by `line_key`, with its reason. `number` None makes a
    draft, where such a line may still wait; `valid_until` is the last day, included; `supersedes` is the number of
    the quote that this version replaces and `changes` what it changes, one sentence each; `conditions` is free
    text, one paragraph a line; `style` is how it looks. Raises UnpricedLineError when a numbered quote has a line
    without a price.
    """
    own = [line for line in lines if line.issuer == issuer.code]
    counted = [line for line in own if line.status is not Status.CONDITIONAL]
    on_request = [line for line in counted if line.status is Status.ON_REQUEST and line_key(line) not in agent_prices]
    missing = [line for line in own if line.status is Status.MISSING]
    if (waiting := [*on_request, *missing]) and number is not None:
        raise UnpricedLineError(", ".join(f"{line.service} ({line.charge})" for line in waiting))
    figures = tuple(dict.fromkeys(line.missing for line in missing))
    printed = _lines(grid, counted, agent_prices, vat)
    conditional = _lines(grid, [line for line in own if line.status is Status.CONDITIONAL], agent_prices, vat)
    return QuotePaper(
        issuer=issuer,
        recipient=recipient,
        contact=contact,
        number=number,
        issued_on=issued_on,
        valid_until=valid_until,
        version=version,
        supersedes=supersedes,
        changes=tuple(changes),
        request=request,
        lines=printed,
        conditional=conditional,
        families=tuple((family.code, family.name) for family in grid.families.values()),
        totals=_totals(
            printed,
            vat,
            grid.basis,
            lacks=Lacks(bool(on_request), figures),
        ),
        vat=vat,
        basis=grid.basis,
        companions=tuple(companions),
        tariff=_tariff(grid, own),
        conditions=tuple(part.strip() for part in conditions.splitlines() if part.strip()),
        style=style,
    )


def _lines(
    grid: Grid, lines: Sequence[Line], agent_prices: Mapping[LineKey, AgentPrice], vat: Vat
) -> tuple[PaperLine, ...]:
    """The lines as printed, each with its share of HT and VAT, in the order of the grid's families."""
    if not lines:
        return ()
    places = {family: place for place, family in enumerate(grid.families)}
    ordered = sorted(lines, key=lambda line: places[grid.services[line.service].family])
    prices = [agent_prices.get(line_key(line)) if agent_prices else None for line in ordered]
    voted = [_due_cents(line, price) for line, price in zip(ordered, prices, strict=True)]
    if grid.basis == "HT":
        due = due_with_vat([(line.frequency, cents) for line, cents in zip(ordered, voted, strict=True)], vat.rate)
    else:
        due = split_vat([(cents, vat.rate) for cents in voted]).lines
    return tuple(_line(grid, line, price, split) for line, price, split in zip(ordered, prices, due, strict=True))


def _due_cents(line: Line, price: AgentPrice | None) -> int:
    """What a line asks in the first year, on the basis that was voted: a monthly amount twelve times, the first year's
    own price if any."""
    amount = price.amount_cents if price else line.voted_cents or 0
    if price is None and line.voted_first_year_cents is not None:
        amount = line.voted_first_year_cents
    return amount * 12 if line.frequency is Frequency.MONTHLY else amount


def _line(grid: Grid, line: Line, price: AgentPrice | None, due: Split) -> PaperLine:
    charge = grid.charge_of(line.service, line.charge, line.issuer)
    service = grid.services[line.service]
    unit = charge.unit if len(line.services) > 1 else service.unit
    return PaperLine(
        family=service.family,
        service=line.service,
        charge=line.charge,
        name=_name(grid, line),
        charge_name=charge.name,
        frequency=line.frequency,
        years=line.years,
        quantity=line.quantity,
        unit=unit.of(line.quantity),
        unit_amount=None if price else line.voted_unit,
        amount_cents=price.amount_cents if price else line.voted_cents,
        first_year_amount_cents=None if price else line.voted_first_year_cents,
        status=Status.PRICED if price and line.status is Status.ON_REQUEST else line.status,
        due=due,
        note=_note(line, price),
        on_request=price is not None and line.status is Status.ON_REQUEST,
        options=line.options,
    )


def _name(grid: Grid, line: Line) -> str:
    """The services that the line counts, with the options chosen."""
    names = " + ".join(grid.services[code].name for code in line.services)
    options = grid.services[line.service].options
    chosen = [value.name for option, code in line.options for value in options[option].values if value.code == code]
    return ", ".join((names, *chosen))


def _note(line: Line, price: AgentPrice | None) -> str:
    """What must be read beside the amount: the agent's reason, the band or category, the first year's own price."""
    if price:
        return f"Prix établi sur devis : {price.reason}"
    if line.status is Status.ON_REQUEST:
        return beside_on_request(line.reason)
    if line.status is Status.MISSING:
        return line.reason
    if line.status is Status.INCLUDED:
        return ""
    voted, unit, first_year = line.voted_cents, line.voted_unit, line.voted_first_year_cents
    exact = unit is not None and unit * line.quantity == (voted or 0) * MICROS_PER_CENT
    note = "" if exact else line.explanation
    if line.frequency is Frequency.MONTHLY and voted is not None:
        note = f"{voted_text(line, voted)} par mois{' ; ' + note if note else ''}"
    if first_year is not None and voted is not None:
        first, after = voted_text(line, first_year), voted_text(line, voted)
        note = f"{first} la première année, puis {after}{' ; ' + note if note else ''}"
    return note


def _totals(lines: Sequence[PaperLine], vat: Vat, basis: str, *, lacks: Lacks) -> PaperTotals:
    recurring: list[PaperLine] = []
    term: list[PaperLine] = []
    once: list[PaperLine] = []
    for line in lines:
        frequency = line.frequency
        (term if frequency is Frequency.TERM else recurring if frequency in RECURRING else once).append(line)
    first_yearly = add([line.due for line in recurring])
    yearly = first_yearly
    if any(line.first_year_amount_cents is not None for line in recurring):
        voted = [_yearly_cents(line) for line in recurring]
        untaxed = basis == "HT"
        yearly = add(add_vat(voted, vat.rate)) if untaxed else split_vat([(each, vat.rate) for each in voted]).total
    first_year = add([line.due for line in lines])
    return PaperTotals(
        once=add([line.due for line in once]),
        term=add([line.due for line in term]),
        first_yearly=first_yearly,
        first_year=first_year,
        yearly=yearly,
        rates=(RateTotal(vat.rate, first_year),) if lines else (),
        lacks=lacks,
    )


def _yearly_cents(line: PaperLine) -> int:
    return (line.amount_cents or 0) * (12 if line.frequency is Frequency.MONTHLY else 1)


def _tariff(grid: Grid, lines: Sequence[Line]) -> Tariff:
    bearing = {code for line in lines for code in line.interpretations}
    return Tariff(
        grid=grid.code,
        version=grid.version,
        act=grid.act.citation,
        body=grid.act.body,
        interpretations=tuple(
            (code, reading.title, reading.on_paper) for code, reading in grid.interpretations.items() if code in bearing
        ),
    )
