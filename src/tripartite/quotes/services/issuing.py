"""Issuing the quotes of a request: numbers, papers and rows in one transaction, or nothing."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone

from tripartite.documents.numbers import take_numbers
from tripartite.documents.render import render_all
from tripartite.documents.services import NewPaper, store_documents
from tripartite.journal.services import Actor
from tripartite.parties.queries.looks import issuers_on
from tripartite.parties.queries.signature import letter_signature
from tripartite.pricing.estimate import Totals
from tripartite.pricing.grid import Grid
from tripartite.pricing.money import number_text
from tripartite.questions import KEY, Question
from tripartite.quotes.models import Quote, QuoteLine, QuoteVersion, Request
from tripartite.quotes.printout.paper import MODEL, QuotePaper
from tripartite.quotes.queries.estimating import Estimator
from tripartite.quotes.queries.requests import RequestEstimate, estimate_request, facts_for
from tripartite.quotes.services.changes import Change, total_changes, what_changed
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.letters import Occasion, write_quotes_issued
from tripartite.quotes.services.papers import Edition, build_papers
from tripartite.quotes.services.premises import check_premises
from tripartite.quotes.services.requests import check_living, journal, locked, move, move_quote
from tripartite.quotes.states import QuoteState, RequestState
from tripartite.rows import add_values, insert_values, update_rows

LAST_VERSION = Question[QuoteVersion](
    lambda request: (
        QuoteVersion.objects.filter(request=request)
        .prefetch_related(Prefetch("quotes", Quote.objects.select_related("answer")))
        .order_by("-version")[:1]
    ),
    KEY,
)
"""The last version of a request, with its quotes and what was answered to them."""


@transaction.atomic
def issue_quotes(
    *, request_id: int, actor: Actor, at: datetime, seen: str | None = None, occasion: Occasion | None = None
) -> tuple[Quote, ...]:
    """Issue one quote per issuer of the grid in force that day, each numbered in its own yearly series, and write to
    the contact of the request, if it has an address (`occasion`: when the letter says why it comes).

    `seen` is the digest (`estimate_digest`) of what the agent had before the eyes: issuing is refused when the
    amounts are no longer those. Raises QuoteError when a line on request has no price, when the quotes are issued
    already, or when the order has no price any more; then no number is taken and nothing is written.
    """
    request = locked(request_id, beside="beneficiary__epci")
    if request.state != RequestState.RECEIVED:
        raise QuoteError(
            "Les devis de cette demande sont déjà émis : modifiez-la pour émettre une nouvelle version."
            if request.state != RequestState.CANCELLED
            else "Cette demande est annulée."
        )
    check_premises(request)
    day = timezone.localdate(at)
    check_living(request.beneficiary, on=day)
    edition = _edition(request, day)
    if seen is not None and seen != estimate_digest(edition.found):
        raise QuoteError("Les montants ont changé depuis l'affichage : relisez-les avant d'émettre.")
    if edition.found.unknown:
        raise QuoteError(f"Cette demande ne peut pas encore être chiffrée. {edition.found.unknown}")
    if edition.found.waiting:
        raise QuoteError(_waiting(edition))
    taken = take_numbers(issuers=edition.grid.issuers, series="quote", year=day.year)
    numbers = {code: f"{code.upper()}-{day.year}-{taken[code]:05d}" for code in edition.grid.issuers}
    papers = build_papers(edition, numbers)
    version = _write_version(edition, actor, at)
    quotes = _write_quotes(version, edition.found, papers, numbers, at)
    move(request, RequestState.QUOTED)
    update_rows([request], ["state"])
    issued = ", ".join(quote.number for quote in quotes)
    journal(request, actor, at, "quotes.issue", f"Devis émis (version {edition.version}) : {issued}.", numbers=numbers)
    write_quotes_issued(
        request=request,
        quotes=quotes,
        before=edition.before,
        occasion=occasion,
        signature=letter_signature(edition.registered),
        actor=actor,
        at=at,
    )
    return quotes


def preview_quotes(*, request: Request, on: date) -> dict[str, bytes]:
    """The PDF that each issuer's quote would be, marked as a draft, without a number. Writes nothing.

    Raises QuoteError when the order has no price any more.
    """
    edition = _edition(request, on)
    papers = build_papers(edition, dict.fromkeys(edition.grid.issuers))
    rendered = render_all([(MODEL, paper.as_payload()) for paper in papers.values()])
    return dict(zip(papers, rendered, strict=True))


def estimate_digest(found: RequestEstimate) -> str:
    """What tells one estimate of a request from another: its lines, the prices given, its grid."""
    lines = [(item.fingerprint, item.amount_cents, item.line.status) for item in found.lines]
    grid = found.estimate.grid if found.estimate else None
    return hashlib.sha256(json.dumps([grid, lines]).encode()).hexdigest()[:24]


def _edition(request: Request, day: date) -> Edition:
    facts = facts_for(request, on=day)
    estimator = Estimator(today=day)
    estimator.know([facts], day)
    found = estimate_request(request, on=day, estimator=estimator)
    if found.estimate is None:
        message = found.refusal.message if found.refusal else ""
        raise QuoteError(f"Cette demande ne peut plus être chiffrée. {message}")
    grid = estimator.grid_of(found.estimate)
    assert grid is not None  # noqa: S101 - the estimate was made with it
    before = LAST_VERSION.sole(request.pk)
    registered = issuers_on(day)
    return Edition(
        request=request,
        grid=grid,
        estimate=found.estimate,
        found=found,
        facts=facts,
        issued_on=day,
        version=before.version + 1 if before else 1,
        changes=_changes(before, found, request, grid, registered) if before else (),
        superseded={quote.issuer: quote.number for quote in before.quotes.all()} if before else {},
        registered=registered,
        before=before,
    )


def _changes(
    before: QuoteVersion, found: RequestEstimate, request: Request, grid: Grid, registered: Sequence[Any]
) -> tuple[Change, ...]:
    assert found.estimate is not None  # noqa: S101 - checked by the caller
    sentences = what_changed(before.estimate, found.estimate, request.order, before.order, grid)
    names = {issuer.code: issuer.short_name for issuer in registered}
    was = {quote.issuer: quote.first_year_cents for quote in before.quotes.all()}
    now = {code: total.first_year_cents for code, total in found.totals.items()}
    totals = total_changes(was, now, names, taxed=grid.basis == "HT")
    return (*sentences, *totals)


def _waiting(edition: Edition) -> str:
    lines = ", ".join(
        f"{edition.grid.services[item.line.service].name} ({edition.grid.issuers[item.line.issuer].short_name})"
        for item in edition.found.waiting
    )
    return f"Ces lignes sur devis attendent un prix : {lines}."


def _write_version(edition: Edition, actor: Actor, at: datetime) -> QuoteVersion:
    if edition.before:
        _supersede(edition.request)
    told = {
        "request_id": edition.request.pk,
        "version": edition.version,
        "grid": edition.grid.code,
        "order": edition.request.order,
        "estimate": edition.estimate.as_json(),
        "what_changed": "\n".join(change.text for change in edition.changes),
        "issued_on": edition.issued_on,
        "issued_at": at,
        "issued_by": actor.label,
    }
    (version,) = add_values(QuoteVersion, [told])
    version.request = edition.request
    return version


def _supersede(request: Request) -> None:
    """The quotes in hand give way to those that are issued."""
    in_hand = Quote.objects.select_for_update(of=("self",)).filter(
        version__request=request, state__in=(QuoteState.ISSUED, QuoteState.ACCEPTED)
    )
    for quote in in_hand:
        move_quote(quote, QuoteState.SUPERSEDED)


def _write_quotes(
    version: QuoteVersion,
    found: RequestEstimate,
    papers: dict[str, QuotePaper],
    numbers: dict[str, str],
    at: datetime,
) -> tuple[Quote, ...]:
    payloads = {code: paper.as_payload() for code, paper in papers.items()}
    rendered = render_all([(MODEL, payload) for payload in payloads.values()])
    titles = {code: f"Devis {numbers[code]}, {paper.recipient.name}" for code, paper in papers.items()}
    kept = store_documents(
        [
            NewPaper("quote", code, numbers[code], titles[code], MODEL, payload, pdf)
            for (code, payload), pdf in zip(payloads.items(), rendered, strict=True)
        ],
        at=at,
    )
    told = [
        {
            "version_id": version.pk,
            "issuer": code,
            "number": numbers[code],
            "state": QuoteState.ISSUED,
            "valid_until": paper.valid_until,
            "document_id": document.pk,
            **_columns(found.totals[code]),
        }
        for (code, paper), document in zip(papers.items(), kept, strict=True)
    ]
    quotes = add_values(Quote, told)
    for quote, document in zip(quotes, kept, strict=True):
        quote.version, quote.document = version, document
    rows = [row for quote, paper in zip(quotes, papers.values(), strict=True) for row in _rows(quote, paper)]
    insert_values(QuoteLine, rows)
    return tuple(quotes)


def _columns(totals: Totals) -> dict[str, int | None]:
    """The columns of a quote that have its totals; those of its HT are empty where its tariff votes TTC."""
    net = totals.net
    return {
        "once_cents": totals.once_cents,
        "yearly_cents": totals.yearly_cents,
        "term_cents": totals.term_cents,
        "first_year_cents": totals.first_year_cents,
        "once_net_cents": net and net.once_cents,
        "yearly_net_cents": net and net.yearly_cents,
        "term_net_cents": net and net.term_cents,
        "first_year_net_cents": net and net.first_year_cents,
    }


def _rows(quote: Quote, paper: QuotePaper) -> list[dict[str, Any]]:
    return [
        {
            "quote_id": quote.pk,
            "position": position,
            "service": line.service,
            "charge": line.charge,
            "options": dict(line.options),
            "quantity": number_text(line.quantity),
            "frequency": line.frequency.value,
            "years": line.years,
            "status": line.status.value,
            "amount_cents": line.amount_cents,
            "first_year_amount_cents": line.first_year_amount_cents,
            "on_request": line.on_request,
            "reason": line.note,
        }
        for position, line in enumerate((*paper.lines, *paper.conditional), start=1)
    ]
