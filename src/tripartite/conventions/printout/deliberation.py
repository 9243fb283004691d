"""The draft of the beneficiary's deliberation: a sequence of plain blocks, read alike by the PDF and the ODT."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from tripartite.conventions.printout.building import filled_visas, ordered_parties, section, slots_of_parties, tariff_of
from tripartite.conventions.printout.filling import COURT, executive_of, facts_of, organ_of
from tripartite.conventions.printout.model_text import DELIBERATION, ModelText
from tripartite.conventions.printout.parts import Party, QuoteReference, Section, ServiceTaken, Tariff, Term
from tripartite.conventions.printout.phrases import UNKNOWN
from tripartite.conventions.printout.tariff_table import PriceMatrix, PriceRow, issuers_of, laid_out
from tripartite.conventions.printout.wording import blocks_payload, legal_name_of
from tripartite.pricing.french import day_text
from tripartite.pricing.grid import Grid
from tripartite.pricing.money import euros

DELIBERATION_MODEL = "deliberation-2026-11-24"
SESSION = ("Séance du", "Convocation du", "Membres en exercice", "Présents", "Représentés", "Votants")
VOTE = ("Pour", "Contre", "Abstentions")
PlainBlock = dict[str, Any]
Cell = str | list[str]


@dataclass(frozen=True, slots=True)
class DeliberationPaper:
    """A draft to be completed, voted and signed by the beneficiary: never numbered here, always a draft."""

    text: str
    subject: str
    reference: str
    issued_on: date
    beneficiary: Party
    organ: str
    executive: str
    visas: tuple[str, ...]
    articles: tuple[Section, ...]
    annexes: tuple[Section, ...]
    services: tuple[ServiceTaken, ...]
    quotes: tuple[QuoteReference, ...]
    tariff: Tariff

    @property
    def model(self) -> str:
        """The Typst model that prints it."""
        return DELIBERATION_MODEL

    @property
    def title(self) -> str:
        return f"Projet de délibération {legal_name_of(self.beneficiary).of}"

    def as_payload(self) -> dict[str, Any]:
        """The paper for JSON, as both its forms read it."""
        return {
            "kind": "deliberation",
            "model": self.model,
            "text": self.text,
            "title": self.title,
            "subject": self.subject,
            "draft": True,
            "body": legal_name_of(self.beneficiary).heading,
            "reference": self.reference,
            "issued_on": self.issued_on.isoformat(),
            "foot": f"{self.title} · dossier {self.reference}",
            "blocks": list(_blocks(self)),
        }

    def as_editable(self) -> bytes:
        """The same words as an ODT, to be completed in a word processor; the same bytes each time."""
        from tripartite.documents.editable import editable_document  # noqa: PLC0415 - slow to import

        return editable_document(title=self.title, issued_on=self.issued_on, blocks=list(_blocks(self)))


def deliberation_paper(
    *,
    text: ModelText,
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
) -> DeliberationPaper:
    """The draft deliberation by which the beneficiary approves the convention, or an amendment to the convention
    `amends`, and empowers who signs it.

    Raises ValueError when the parties are not those of the text, or the text is of another kind.
    """
    if text.kind != DELIBERATION:
        raise ValueError(f"{text.code}: not a text for this paper")
    facts = facts_of(
        parties=parties,
        services=services,
        grid=grid,
        term=term,
        reference=reference,
        number=None,
        issued_on=issued_on,
        amends=amends,
        court=court,
    )
    beneficiary = next(one.party for one in ordered_parties(text, parties) if one.party.role == "beneficiary")
    return DeliberationPaper(
        text=text.code,
        subject=facts.fill(text.title) if amends is None else f"Avenant à la convention tripartite n° {amends}",
        reference=reference,
        issued_on=issued_on,
        beneficiary=beneficiary,
        organ=organ_of(beneficiary),
        executive=executive_of(beneficiary),
        visas=filled_visas(text, facts),
        articles=tuple(section(article, facts) for article in text.articles),
        annexes=tuple(section(annex, facts) for annex in text.annexes),
        services=tuple(services),
        quotes=tuple(quotes),
        tariff=tariff_of(grid, bearing, slots_of_parties(grid, parties)),
    )


def _blocks(paper: DeliberationPaper) -> Iterator[PlainBlock]:
    """The deliberation from top to bottom."""
    yield {"kind": "title", "text": "Projet de délibération"}
    yield {"kind": "strong", "text": f"{legal_name_of(paper.beneficiary).heading} — {paper.organ}"}
    yield {"kind": "facts", "rows": [*([label, UNKNOWN] for label in SESSION), ["Objet", paper.subject]]}
    for visa in paper.visas:
        yield {"kind": "paragraph", "text": f"Vu {visa} ;"}
    for part in paper.articles:
        if not part.decision:
            yield {"kind": "heading", "text": part.title}
            yield from _part(paper, part)
    yield {"kind": "strong", "text": f"{with_article(paper.organ)}, après en avoir délibéré :"}
    decisions = [part for part in paper.articles if part.decision]
    for number, part in enumerate(decisions, start=1):
        yield {"kind": "heading", "text": f"Article {number}. {part.title}"}
        yield from _part(paper, part)
    yield {"kind": "heading", "text": "Vote"}
    yield {"kind": "facts", "rows": [[label, UNKNOWN] for label in VOTE]}
    executive = paper.executive[:1].upper() + paper.executive[1:]
    yield {"kind": "signatures", "names": [executive, "Le secrétaire de séance"]}
    for number, annex in enumerate(paper.annexes, start=1):
        yield {"kind": "annex", "text": f"Annexe {number}. {annex.title}"}
        yield from _part(paper, annex)


def with_article(organ: str) -> str:
    """« Le conseil municipal », « L'organe délibérant », « La commission permanente »."""
    if organ[:1].lower() in "aeiouéè":
        return f"L'{organ}"
    return f"{'La' if organ.startswith('commission') else 'Le'} {organ}"


def _part(paper: DeliberationPaper, part: Section) -> Iterator[PlainBlock]:
    """A section, its table after its first paragraph."""
    blocks = blocks_payload(part.blocks)
    yield from blocks[:1]
    match part.table:
        case "services":
            yield _services(paper.services)
        case "quotes":
            yield _quotes(paper.quotes, paper.tariff.basis)
        case "prices":
            yield from _prices(paper.tariff)
    yield from blocks[1:]


def _table(
    headers: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[Cell]], figures: int = 0
) -> PlainBlock:
    """A table: its last `figures` columns hold amounts, a cell is a text or lines. Widths are shares."""
    return {
        "kind": "table",
        "headers": list(headers),
        "widths": list(widths),
        "rows": [list(row) for row in rows],
        "figures": figures,
    }


def _services(services: Sequence[ServiceTaken]) -> PlainBlock:
    names = [part.name for part in services[0].parts] if services else []
    rows = [
        [service.name, service.quantity_text, *(" ; ".join(part.sentences) or "sans objet" for part in service.parts)]
        for service in services
    ]
    return _table(["Service", "Quantité", *names], [4, 2, *(4 for _ in names)], rows)


def _quotes(quotes: Sequence[QuoteReference], basis: str) -> PlainBlock:
    """What each quote comes to, on the basis that was voted; what is paid, TTC, beside what is voted HT."""
    first, yearly = "Première année", "Puis chaque année"
    # Voted TTC, the last two columns are the first two: the same names, once.
    amounts = {
        f"{first}, {basis}": [quote.voted.first_year_cents for quote in quotes],
        f"{yearly}, {basis}": [quote.voted.yearly_cents for quote in quotes],
        f"{first}, TTC": [quote.first_year_cents for quote in quotes],
        f"{yearly}, TTC": [quote.yearly_cents for quote in quotes],
    }
    names = [*(f"{quote.issuer_name}, {_number(quote)}" for quote in quotes), "Ensemble"]
    columns = [[*map(euros, column), euros(sum(column))] for column in amounts.values()]
    rows = [list(row) for row in zip(names, *columns, strict=True)]
    return _table(["Devis", *amounts], [6, *(3 for _ in amounts)], rows, figures=len(amounts))


def _number(quote: QuoteReference) -> str:
    if quote.number is None or quote.issued_on is None:
        return "devis à émettre"
    return f"devis n°\u00a0{quote.number} du {day_text(quote.issued_on)}"


def _prices(tariff: Tariff) -> Iterator[PlainBlock]:
    """The amounts of each issuer side by side, in the order of the act; each scale is a table of its own."""
    issuers = [name for _, name in issuers_of(tariff)]
    headers, widths = ["Prestation", *(f"{name}, {tariff.basis}" for name in issuers)], [9, *(8 for _ in issuers)]
    parts = [part for _, of_family in laid_out(tariff) for part in of_family]
    for is_matrix, group in groupby(parts, key=lambda part: isinstance(part, PriceMatrix)):
        if not is_matrix:
            yield _table(headers, widths, [_row(part) for part in group if isinstance(part, PriceRow)])
            continue
        for part in group:
            if isinstance(part, PriceMatrix):
                yield {"kind": "strong", "text": part.service}
                titles = [
                    f"{charge}, {frequency} : {issuer}, {tariff.basis}" for charge, frequency, _, issuer in part.columns
                ]
                rows = [[condition[:1].upper() + condition[1:], *prices] for condition, prices in part.rows]
                yield _table(["Condition", *titles], [9, *(5 for _ in titles)], rows, figures=len(titles))


def _row(part: PriceRow) -> list[Cell]:
    return [f"{part.service} : {part.charge[:1].lower()}{part.charge[1:]}, {part.frequency}", *map(list, part.cells)]
