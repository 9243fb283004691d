"""What the paper of a convention says, gathered from the file."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.conf import settings

from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.printout.building import convention_paper
from tripartite.conventions.printout.casting import cast_as_signed, cast_for
from tripartite.conventions.printout.deliberation import DeliberationPaper, deliberation_paper
from tripartite.conventions.printout.model_text import read_model
from tripartite.conventions.printout.paper import ConventionPaper
from tripartite.conventions.printout.parts import Mandate, Party, QuoteReference, ServiceTaken, Term
from tripartite.conventions.printout.taking import services_left, services_taken, what_changes
from tripartite.conventions.queries.conventions import adopted_text, convention_by_id, conventions_to_amend
from tripartite.conventions.queries.holdings import lasting
from tripartite.conventions.services.errors import ConventionError
from tripartite.parties.queries.bodies import body_by_id, issuers, slots_among
from tripartite.parties.queries.facts import BodyFacts, facts_of
from tripartite.parties.queries.looks import issuers_on, renamed, style_of
from tripartite.parties.queries.mandates import mandate_by_id
from tripartite.pricing.calendar import last_day, last_notice_day
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import Holding
from tripartite.pricing.order import KIND_LABELS
from tripartite.quotes.queries.requests import accepted_quotes, estimate_of, request_by_id
from tripartite.quotes.states import QuoteState
from tripartite.tariffs.queries import grid_by_code

IN_HAND = (QuoteState.ISSUED, QuoteState.ACCEPTED)


def paper_of(
    convention: Convention, *, number: str | None, issued_on: date, text: str | None = None
) -> ConventionPaper:
    """The paper of a convention as it stands; `number` None marks a draft, `text` puts another text model in place."""
    read = convention_by_id(convention.pk)
    assert read is not None  # noqa: S101 - the caller has it
    body = body_by_id(read.beneficiary_id)
    grid = grid_by_code(read.version.grid)
    assert body is not None  # noqa: S101 - a protected foreign key
    assert grid is not None  # noqa: S101 - the quotes were made with it
    facts = facts_of(body, on=issued_on)
    registered = issuers_on(issued_on)
    grid = renamed(grid, registered)
    known = {one.code: one for one in registered}
    slots = slots_among(registered, grid.issuers)
    quotes = [_quote(quote, read.version.issued_on, grid, slots) for quote in accepted_quotes(read.version_id)]
    ends_on = last_day(read.due_on, read.years) if read.due_on else None
    signing = list(read.signatories.all())
    return convention_paper(
        text=cast_for(text, grid) if text else cast_as_signed(read.text.text, [one.role for one in signing]),
        number=number,
        reference=read.request.reference,
        issued_on=issued_on,
        parties=[_party(one, facts, known) for one in signing],
        services=_taken(read, grid, slots),
        quotes=quotes,
        grid=grid,
        bearing=_bearing(read.version, [quote.issuer for quote in accepted_quotes(read.version_id)]),
        term=Term(
            starts_on=read.due_on,
            ends_on=ends_on,
            years=read.years,
            tacit_renewals=read.tacit_renewals,
            notice_months=read.notice_months,
            last_notice_on=last_notice_day(ends_on, read.notice_months) if ends_on else None,
        ),
        court=settings.CONFIG.court,
        amends=read.parent.number if read.parent else None,
        changes=read.changes.splitlines(),
        style=style_of(known[one.role] for one in signing if one.role in known),
    )


def services_of(convention: Convention) -> list[ServiceTaken]:
    """The services that a convention says are taken, or that an amendment leaves, in the order of the grid."""
    grid = grid_by_code(convention.version.grid)
    if grid is None:
        return []
    registered = issuers()
    return _taken(convention, renamed(grid, registered), slots_among(registered, grid.issuers))


def _taken(convention: Convention, grid: Grid, slots: dict[str, int]) -> list[ServiceTaken]:
    if convention.parent_id:
        return _left(convention.version, grid, slots)
    return services_taken(estimate_of(convention.version_id), grid, slots)


def _left(version: Any, grid: Grid, slots: dict[str, int]) -> list[ServiceTaken]:
    """What is in service once the quotes of a version, that of an amendment, are carried out."""
    change = estimate_of(version.pk)
    left = lasting(Holding.after(version.order), grid)
    whole = estimate_of(version.pk, order={"lines": left.as_lines()}) if left else change._replace(lines=())
    return services_left(whole, change, grid, slots)


def changes_of(convention: Convention) -> list[str]:
    """What the accepted quotes of an amendment change, a line each: its first words."""
    order = convention.version.order
    grid = grid_by_code(convention.version.grid)
    return what_changes(Holding.read(order.get("in_service", ())), Holding.after(order), grid) if grid else []


def deliberation_of(*, request_id: int, on: date) -> DeliberationPaper:
    """The draft of the deliberation by which the beneficiary approves its convention, from the quotes in hand, or the
    amendment that they make to the one in force.

    Raises ConventionError when there is no quote in hand or no adopted text.
    """
    request = request_by_id(request_id)
    offer = request.offer if request else ""
    texts = {kind: adopted_text(kind, offer=offer) for kind in ("deliberation", "convention")}
    versions = list(request.versions.all()) if request else []
    quotes = [quote for quote in versions[-1].quotes.all() if quote.state in IN_HAND] if versions else []
    if request is None or not quotes:
        raise ConventionError("Il n'y a pas de devis en main : le projet de délibération en reprend les prix.")
    if texts["deliberation"] is None or texts["convention"] is None:
        raise ConventionError("Aucun modèle de délibération ou de convention n'est adopté.")
    body, grid = body_by_id(request.beneficiary_id), grid_by_code(versions[-1].grid)
    assert body is not None  # noqa: S101 - a protected foreign key
    assert grid is not None  # noqa: S101 - the quotes were made with it
    registered = issuers_on(on)
    grid = renamed(grid, registered)
    known, slots = {one.code: one for one in registered}, slots_among(registered, grid.issuers)
    text = cast_for(texts["deliberation"].text, grid)
    proposed = read_model(texts["convention"].text).term
    amended = next(iter(conventions_to_amend(body.pk, versions[-1].order, offer=request.offer)), None)
    unnamed = [Signatory(role=one.code) for one in text.signatories]
    return deliberation_paper(
        text=text,
        reference=request.reference,
        issued_on=on,
        parties=[_party(one, facts_of(body, on=on), known) for one in unnamed],
        services=_left(versions[-1], grid, slots)
        if amended
        else services_taken(estimate_of(versions[-1].pk), grid, slots),
        quotes=[_quote(quote, versions[-1].issued_on, grid, slots) for quote in quotes],
        grid=grid,
        bearing=_bearing(versions[-1], [quote.issuer for quote in quotes]),
        term=Term(
            starts_on=None,
            ends_on=None,
            years=proposed.years if proposed else 1,
            tacit_renewals=proposed.tacit_renewals if proposed and not amended else 0,
            notice_months=proposed.notice_months if proposed and not amended else 0,
            last_notice_on=None,
        ),
        court=settings.CONFIG.court,
        amends=amended.number if amended else None,
    )


def _bearing(version: Any, issuers: Collection[str]) -> set[str]:
    """The interpretations that bear on the prices that these issuers quote in a version."""
    lines = [line for line in version.estimate["lines"] if line["issuer"] in issuers]
    return {code for line in lines for code in line.get("interpretations", ())}


def _quote(quote: Any, issued_on: date, grid: Grid, slots: dict[str, int]) -> QuoteReference:
    return QuoteReference(
        number=quote.number,
        issuer_name=grid.issuers[quote.issuer].name,
        slot=slots[quote.issuer],
        issued_on=issued_on,
        first_year_cents=quote.first_year_cents,
        yearly_cents=quote.yearly_cents,
        once_cents=quote.once_cents,
        term_cents=quote.term_cents,
        net=quote.totals.net,
    )


def _party(signatory: Signatory, facts: BodyFacts, known: Mapping[str, Any]) -> Party:
    mandate = mandate_by_id(signatory.mandate_id) if signatory.mandate_id else None
    said = (
        None
        if mandate is None
        else Mandate(
            act=mandate.get_act_display(),
            organ=mandate.organ,
            number=mandate.number,
            adopted_on=mandate.adopted_on,
            enforceable_on=mandate.enforceable_on,
        )
    )
    if signatory.role == "beneficiary":
        return Party(
            role=signatory.role,
            name=facts.name,
            kind_label=KIND_LABELS[facts.kind],
            siren=facts.siren,
            siret=facts.siret,
            address=tuple((facts.address or "").splitlines()),
            signatory_name=signatory.name or None,
            signatory_function=signatory.function or None,
            mandate=said,
            slot=None,
        )
    issuer = known.get(signatory.role)
    return Party(
        role=signatory.role,
        name=issuer.name if issuer else signatory.role,
        kind_label="",
        siren=issuer.siret[:9] if issuer and issuer.siret else None,
        siret=issuer.siret if issuer else None,
        address=tuple((issuer.address or "").splitlines()) if issuer else (),
        signatory_name=signatory.name or None,
        signatory_function=signatory.function or None,
        mandate=said,
        slot=issuer.slot if issuer else None,
    )
