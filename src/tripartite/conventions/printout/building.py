"""Building the paper of a convention or an amendment: the text filled in, the parties in their order."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import count

from tripartite.conventions.printout.filling import COURT, facts_of
from tripartite.conventions.printout.model_text import AMENDMENT, CONVENTION, Annex, Article, ModelText
from tripartite.conventions.printout.paper import ConventionPaper
from tripartite.conventions.printout.parts import (
    PaperParty,
    Party,
    Price,
    QuoteReference,
    Section,
    ServiceTaken,
    Tariff,
    Term,
)
from tripartite.conventions.printout.phrases import Facts, blocks_of, lines_of_text
from tripartite.documents.style import PLAIN, PaperStyle
from tripartite.pricing.grid import Grid
from tripartite.pricing.price_list import price_list


def convention_paper(
    *,
    text: ModelText,
    number: str | None,
    reference: str,
    issued_on: date,
    parties: Sequence[Party],
    services: Sequence[ServiceTaken],
    quotes: Sequence[QuoteReference],
    grid: Grid,
    bearing: Collection[str],
    term: Term,
    court: str = COURT,
    amends: str | None = None,
    changes: Sequence[str] = (),
    style: PaperStyle = PLAIN,
) -> ConventionPaper:
    """The paper of a convention, or of an amendment to the convention `amends`, whose `changes` it lists.

    `number` None makes a draft. The parties may come in any order: the text says who signs, and in which order.
    `bearing` are the interpretations that bear on the prices taken: the annex says those, and those that it names.
    Raises ValueError when the parties are not those of the text, or the text is of another kind.
    """
    if text.kind != (CONVENTION if amends is None else AMENDMENT):
        raise ValueError(f"{text.code}: not a text for this paper")
    facts = facts_of(
        parties=parties,
        services=services,
        grid=grid,
        term=term,
        reference=reference,
        number=number,
        issued_on=issued_on,
        amends=amends,
        court=court,
        endings=text.endings,
    )
    return ConventionPaper(
        text=text.code,
        kind=text.kind,
        heading=facts.fill(text.title),
        number=number,
        reference=reference,
        issued_on=issued_on,
        amends=amends,
        changes=tuple(changes),
        parties=ordered_parties(text, parties),
        visas=filled_visas(text, facts),
        articles=tuple(section(article, facts) for article in text.articles),
        annexes=tuple(section(annex, facts) for annex in text.annexes),
        services=tuple(services),
        quotes=tuple(quotes),
        term=term,
        tariff=tariff_of(grid, bearing, slots_of_parties(grid, parties)),
        style=style,
    )


def ordered_parties(text: ModelText, parties: Sequence[Party]) -> tuple[PaperParty, ...]:
    """The parties as the text orders them."""
    by_role = {party.role: party for party in parties}
    expected = [signatory.code for signatory in text.signatories]
    if sorted(by_role) != sorted(expected) or len(parties) != len(expected):
        raise ValueError(f"{text.code}: expects {', '.join(expected)}, not {', '.join(by_role)}")
    return tuple(PaperParty(by_role[signatory.code], signatory.called) for signatory in text.signatories)


def filled_visas(text: ModelText, facts: Facts) -> tuple[str, ...]:
    """The visas that hold, filled in."""
    lines = [line for visa in text.visas for line in lines_of_text(visa)]
    return tuple(facts.fill(line.text) for line in lines if facts.holds(line.condition))


def section(part: Article | Annex, facts: Facts) -> Section:
    """An article or an annex, filled in."""
    decision = isinstance(part, Article) and part.decision
    return Section(part.key, facts.fill(part.title), blocks_of(part.text, facts), part.table, decision)


def slots_of_parties(grid: Grid, parties: Sequence[Party]) -> dict[str, int]:
    """The colour of each issuer: that of the party, as on screens; those who sign nothing come after."""
    known = {party.role: party.slot for party in parties if party.slot is not None}
    free = count(max(known.values(), default=0) + 1)
    return {code: known[code] if code in known else next(free) for code in grid.issuers}


def tariff_of(grid: Grid, bearing: Collection[str], slots: Mapping[str, int]) -> Tariff:
    """The whole tariff of the act, as the annex prints it, and the interpretations that bear on what is taken, or that
    a category of the tariff names.
    """
    named_there = {
        found.interpretation for scale in grid.scales.values() for one in scale.ranges.values() for found in one
    }
    families = [family.name for family in grid.families.values()]
    named = {issuer.short_name: slots[code] for code, issuer in grid.issuers.items()}
    return Tariff(
        act=grid.act.citation,
        body=grid.act.body,
        grid=grid.code,
        version=grid.version,
        prices=tuple(
            Price(
                row.family,
                row.services,
                row.charge,
                row.frequency,
                named[row.issuer],
                row.issuer,
                row.condition,
                row.price,
            )
            for row in sorted(price_list(grid), key=lambda row: families.index(row.family))
        ),
        interpretations=tuple(
            (code, reading.title, reading.on_paper)
            for code, reading in grid.interpretations.items()
            if code in bearing or code in named_there
        ),
        basis=grid.basis,
    )
