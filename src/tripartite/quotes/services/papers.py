"""The papers of a request: what each issuer's quote says, numbered or as a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tripartite.documents.style import PaperStyle
from tripartite.parties.queries.facts import BodyFacts, postal_address
from tripartite.parties.queries.looks import style_of
from tripartite.pricing.estimate import Estimate, Status
from tripartite.pricing.grid import Grid
from tripartite.pricing.naming import legal_name
from tripartite.quotes.models import QuoteVersion, Request
from tripartite.quotes.printout.building import line_key, quote_paper
from tripartite.quotes.printout.paper import QuotePaper
from tripartite.quotes.printout.parts import AgentPrice, Companion, Contact, Figure, IssuerIdentity, Recipient, Vat
from tripartite.quotes.queries.pricing_lines import RequestLine
from tripartite.quotes.queries.requests import RequestEstimate
from tripartite.quotes.services.changes import Change
from tripartite.quotes.services.errors import QuoteError

POPULATION_LABELS = {"municipale": "Population municipale", "totale": "Population totale"}
STAFF_LABELS = {"agents": "Agents", "etp": "Équivalents temps plein"}


@dataclass(frozen=True, slots=True)
class IssuerSettings:
    """An issuer as its papers need it, and how long its quotes are valid (days after the day of issue)."""

    identity: IssuerIdentity
    validity_days: int
    conditions: str

    def valid_until(self, issued_on: date) -> date:
        """The last day of validity, included: a quote of 1 March valid 90 days is good until 30 May at midnight."""
        return issued_on + timedelta(days=self.validity_days)


def issuer_settings(grid: Grid, registered: Sequence[Any]) -> dict[str, IssuerSettings]:
    """The issuers of a grid, in its order, out of all that are registered. Raises QuoteError when one never was."""
    known = {issuer.code: issuer for issuer in registered}
    missing = [code for code in grid.issuers if code not in known]
    if missing:
        raise QuoteError(f"Émetteur inconnu : {', '.join(missing)}. Adoptez la grille avant d'émettre.")
    return {
        code: IssuerSettings(
            IssuerIdentity(
                code=code,
                slot=known[code].slot,
                name=known[code].name,
                short_name=known[code].short_name,
                part=grid.issuers[code].part,
                siret=known[code].siret,
                address=tuple((known[code].address or "").splitlines()),
                email=known[code].email,
                phone=known[code].phone,
                website=known[code].website,
            ),
            known[code].quote_validity_days,
            known[code].quote_conditions,
        )
        for code in grid.issuers
    }


@dataclass(frozen=True, slots=True)
class Edition:
    """What all the papers issued together share; `registered` are all the issuers, as `issuers_on` answers them."""

    request: Request
    grid: Grid
    estimate: Estimate
    found: RequestEstimate
    facts: BodyFacts
    issued_on: date
    version: int
    changes: Sequence[Change]
    superseded: Mapping[str, str]
    registered: Sequence[Any]
    before: QuoteVersion | None = None


def build_papers(edition: Edition, numbers: Mapping[str, str | None]) -> dict[str, QuotePaper]:
    """One paper per issuer of the grid, each naming the others. `numbers` None makes drafts.

    Raises QuoteError when an issuer has no VAT setting on the day.
    """
    settings = issuer_settings(edition.grid, edition.registered)
    recipient, style = _recipient(edition), style_of(one for one in edition.registered if one.code in settings)
    return {code: _paper(edition, settings, code, numbers, recipient, style) for code in settings}


def _paper(  # noqa: PLR0917 - private, called once
    edition: Edition,
    settings: Mapping[str, IssuerSettings],
    code: str,
    numbers: Mapping[str, str | None],
    recipient: Recipient,
    style: PaperStyle,
) -> QuotePaper:
    mine = settings[code]
    vat = edition.grid.issuers[code].vat_on(edition.issued_on)
    if vat is None:
        raise QuoteError(f"{mine.identity.short_name} : aucun réglage de TVA au {edition.issued_on:%d/%m/%Y}.")
    return quote_paper(
        grid=edition.grid,
        lines=edition.estimate.lines,
        agent_prices=agent_prices(edition.found.lines, code),
        issuer=mine.identity,
        recipient=recipient,
        contact=_contact(edition.request),
        number=numbers[code],
        issued_on=edition.issued_on,
        valid_until=mine.valid_until(edition.issued_on),
        vat=Vat(vat.rate, vat.mention),
        companions=[
            Companion(
                name=other.identity.short_name,
                slot=other.identity.slot,
                number=numbers[other_code],
                first_year_cents=edition.found.totals[other_code].first_year_cents,
                yearly_cents=edition.found.totals[other_code].yearly_cents,
                lacks=edition.found.totals[other_code].lacks,
            )
            for other_code, other in settings.items()
            if other_code != code
        ],
        conditions=mine.conditions,
        version=edition.version,
        supersedes=edition.superseded.get(code),
        changes=_changes(edition, code, mine),
        request=", ".join(filter(None, (edition.request.reference, edition.request.amendment))),
        style=style,
    )


def _changes(edition: Edition, code: str, mine: IssuerSettings) -> list[str]:
    """What this issuer's quote changes: a party signs for its own, and need not look for it among the others'."""
    own = [change.text for change in edition.changes if change.bears_on(code)]
    if edition.changes and not own:
        return [f"Rien ne change pour {mine.identity.short_name} : seul l'autre devis change."]
    return own


def agent_prices(
    lines: Sequence[RequestLine], issuer: str
) -> dict[tuple[str, str, tuple[tuple[str, str], ...]], AgentPrice]:
    """The prices given by agents to the lines on request of an issuer."""
    return {
        line_key(item.line): AgentPrice(item.price.amount_cents, item.price.reason)
        for item in lines
        if item.price is not None and item.line.issuer == issuer and item.line.status is Status.ON_REQUEST
    }


def _recipient(edition: Edition) -> Recipient:
    facts, used = edition.facts, edition.estimate.beneficiary
    figures = []
    if used.get("population") is not None:
        label = POPULATION_LABELS.get(used.get("population_kind") or "", "Population")
        year = used.get("population_year")
        figures.append(Figure(f"{label} {year}" if year else label, used["population"], used.get("population_source")))
    if used.get("staff") is not None:
        figures.append(
            Figure(STAFF_LABELS.get(used.get("staff_kind") or "", "Agents"), used["staff"], used.get("staff_source"))
        )
    return Recipient(
        name=facts.name,
        siren=facts.siren,
        siret=facts.siret,
        address=postal_address(facts),
        figures=tuple(figures),
        legal=legal_name(facts.name, facts.kind).named,
    )


def _contact(request: Request) -> Contact | None:
    if not request.contact_name:
        return None
    return Contact(
        name=request.contact_name,
        function=request.contact_function or None,
        email=request.contact_email or None,
        phone=request.contact_phone or None,
    )
