"""One request: what it asks for, what it costs, what happens next, and all that can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.queries import deposits_of, those_waiting
from tripartite.accounts.rights import Action, may
from tripartite.conventions.queries.access import not_told
from tripartite.conventions.queries.cohort import formers_of
from tripartite.conventions.queries.conventions import conventions_of_request, conventions_to_amend
from tripartite.documents.queries import pdf_of
from tripartite.following.queries.deadlines import letters_of_request
from tripartite.following.queries.interventions import interventions_of_request
from tripartite.going_live.queries.activations import activations_of_request
from tripartite.journal.queries import told_about
from tripartite.journal.seen import StaleError
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.estimate import Status, Totals
from tripartite.pricing.grid import Charge, Grid, Service
from tripartite.pricing.outcomes import ON_REQUEST, beside_on_request
from tripartite.quotes.queries.declared_figures import shown_figures
from tripartite.quotes.queries.fates import Fate, fate_of, version_fates
from tripartite.quotes.queries.pricing_lines import RequestLine
from tripartite.quotes.queries.requests import (
    RequestEstimate,
    estimate_request,
    facts_for,
    is_expired,
    quote_by_number,
    request_with_all,
)
from tripartite.quotes.queries.seen import contact_mark, order_mark
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import estimate_digest, issue_quotes, preview_quotes
from tripartite.quotes.services.on_request import price_mark, price_on_request_line
from tripartite.quotes.services.requests import Contact, cancel_request, duplicate_request, update_contact
from tripartite.quotes.states import RequestState
from tripartite.subscriptions.queries.running import cost_reading
from tripartite.tariffs.queries import grid_by_code
from tripartite.web.agenda.display import shown_rows
from tripartite.web.billing.references import own_references
from tripartite.web.estimator.display import when
from tripartite.web.estimator.selection import order_query
from tripartite.web.going_live.card import cards_of
from tripartite.web.requests.accord import changes_before_answer, what_answer_lacks
from tripartite.web.requests.forms import CancelForm, ContactCorrectionForm, PriceForm
from tripartite.web.requests.next_step import next_step
from tripartite.web.running.cost import now_and_ahead
from tripartite.web.shell.access import actor_of, check_right, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404, pdf_answer
from tripartite.web.shell.held_by_group import group_notices, service_names
from tripartite.web.shell.offers import several_offers
from tripartite.web.shell.own_offer import has_part_in
from tripartite.web.shell.seen import told_when_stale

if TYPE_CHECKING:
    from tripartite.parties.models import Issuer
    from tripartite.quotes.models import QuoteVersion, Request

STALE = "La demande a changé depuis l'affichage : relisez-la avant de recommencer."


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the page shows it, with the form that prices it where this account may."""

    item: RequestLine
    service: Service
    charge: Charge
    when: str
    form: PriceForm | None

    @property
    def status(self) -> str:
        return self.item.line.status.value

    @property
    def reason(self) -> str:
        """Why there is no computed price, unless the explanation says it already."""
        line = self.item.line
        if line.status is Status.ON_REQUEST and ON_REQUEST in line.explanation:
            return "" if line.reason in line.explanation else beside_on_request(line.reason)
        return "" if line.reason in line.explanation else line.reason

    @property
    def waits(self) -> bool:
        return self.item.waits


@dataclass(frozen=True, slots=True)
class Panel:
    """One issuer's part: its lines and totals."""

    issuer: Issuer
    rows: tuple[Row, ...]
    totals: Totals


def _request(reference: str) -> Request:
    return or_404(request_with_all(reference))


@requires(Action.REQUEST_READ)
def show_request(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, _request(reference))


def _page(
    request: HttpRequest, asked: Request, *, forms_shown: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    found = estimate_request(asked, on=today)
    shown = forms_shown or {}
    versions = list(asked.versions.all())
    panels = _panels(request, asked, found, shown.get("price"))
    entries = told_about("request", asked.pk)
    amends = conventions_to_amend(asked.beneficiary_id, asked.order, offer=asked.offer)
    told, offers, theirs = version_fates(asked), several_offers(), has_part_in(request, asked.offer)
    cards = cards_of(activations_of_request(asked.pk), on=today) if asked.state == RequestState.ENGAGED else []
    visits = shown_rows(interventions_of_request(asked.pk))
    deposits = deposits_of(asked.pk)
    waiting = those_waiting({asked.pk: deposits}).get(asked.pk, [])
    conventions = conventions_of_request(asked.pk)
    if _lost(asked, shown, panels):
        messages.error(request, STALE)
    context = {
        "asked": asked,
        "found": found,
        "panels": panels,
        "cards": cards,
        "next": next_step(
            asked,
            found,
            versions,
            cards,
            today,
            waiting,
            conventions=conventions,
            fate=told.get(versions[-1].pk) if versions else None,
        ),
        "contact_changes": changes_before_answer(asked, versions),
        "accord_lacks": what_answer_lacks(asked, versions, today),
        "versions": [_version(version, today, told[version.pk]) for version in reversed(versions)],
        "declared": shown_figures(asked, facts_for(asked, on=today)) if asked.declared_figures.all() else [],
        "issuers": {issuer.code: issuer for issuer in issuers()},
        "digest": estimate_digest(found) if found.estimate else "",
        "cancel_form": shown.get("cancel") or CancelForm(),
        "contact_form": shown.get("contact") or ContactCorrectionForm(initial=_contact(asked, entries)),
        "contact_open": "contact" in shown or "contact" in request.GET,
        "cancel_open": "cancel" in shown,
        "received": asked.state == RequestState.RECEIVED,
        "cancelled": asked.state == RequestState.CANCELLED,
        "engaged": asked.state == RequestState.ENGAGED,
        "prices": _prices(asked, today) if asked.state == RequestState.ENGAGED else {},
        "revise_query": order_query(asked.order, asked.beneficiary.siren, offer=asked.offer if offers else ""),
        "order_mark": order_mark(asked, entries),
        "interventions": visits,
        "names": service_names(today) if visits else {},
        "letters": letters_of_request(asked.pk),
        "entries": entries[::-1],
        "deposits": deposits,
        "to_read": {one.document for one in waiting},
        "conventions": conventions,
        "not_told": not_told(asked, conventions),
        "former": formers_of([asked.beneficiary_id]).get(asked.beneficiary_id),
        "held_by_group": group_notices(asked.beneficiary, asked.order, offer=asked.offer, on=today),
        "amends": amends,
        "offer": offers.get(asked.offer, ""),
        "quoted": asked.state == RequestState.QUOTED,
        "asks": own_references(request.user, asked.beneficiary_id),
        "can": {
            "revise": theirs and may(request.user, Action.REQUEST_REVISE),
            "issue": theirs and may(request.user, Action.QUOTES_ISSUE),
            "declare": may(request.user, Action.FIGURE_DECLARE),
            "cancel": theirs and may(request.user, Action.REQUEST_CANCEL),
            "create": theirs and may(request.user, Action.REQUEST_CREATE),
            "answer": theirs and may(request.user, Action.ANSWER_RECORD),
            "empower": may(request.user, Action.MANDATE_RECORD),
            "convene": theirs and may(request.user, Action.CONVENTION_WRITE),
            "trace": may(request.user, Action.TRACE_READ),
            "intervene": may(request.user, Action.INTERVENTION_RECORD),
        },
    }
    return render(request, "web/requests/page.html", context, status=status)


def _prices(asked: Request, today: date) -> dict[str, Any]:
    """What the body of an engaged file pays now, and from when it changes: a new tariff, a new figure."""
    reading = cost_reading([asked.beneficiary_id])[asked.beneficiary_id]
    return now_and_ahead(reading, on=today) if reading.subscriptions else {}


def _lost(asked: Request, shown: dict[str, forms.Form], panels: list[Panel]) -> bool:
    """True when a form was refused that the page as it stands now does not show any more."""
    if "price" in shown:
        return not any(row.form is shown["price"] for panel in panels for row in panel.rows)
    return "cancel" in shown and asked.state == RequestState.CANCELLED


def _contact(asked: Request, entries: Sequence[Any]) -> dict[str, str]:
    names = ("name", "function", "email", "phone")
    return {name: getattr(asked, f"contact_{name}") for name in names} | {
        "note": asked.note,
        "made_on": contact_mark(asked, entries),
    }


def _panels(request: HttpRequest, asked: Request, found: RequestEstimate, bound: forms.Form | None) -> list[Panel]:
    if found.estimate is None:
        return []
    grid = grid_by_code(found.estimate.grid)
    assert grid is not None  # noqa: S101 - the estimate was made with it
    pricing = asked.state == RequestState.RECEIVED
    return [
        Panel(
            issuer,
            tuple(
                _row(grid, item, _price_form(request, item, bound, grid.basis) if pricing else None)
                for item in found.lines
                if item.line.issuer == issuer.code
            ),
            found.totals[issuer.code],
        )
        for issuer in issuers()
        if issuer.code in found.totals
    ]


def _row(grid: Grid, item: RequestLine, form: PriceForm | None) -> Row:
    line = item.line
    charge = grid.charge_of(line.service, line.charge, line.issuer)
    return Row(item, grid.services[line.service], charge, when(line), form)


def _price_form(request: HttpRequest, item: RequestLine, bound: forms.Form | None, basis: str) -> PriceForm | None:
    if item.line.status is not Status.ON_REQUEST:
        return None
    if not may(request.user, Action.LINE_PRICE, issuer=item.line.issuer):
        return None
    if isinstance(bound, PriceForm) and bound.data.get("fingerprint") == item.fingerprint:
        return bound
    return PriceForm(
        initial={"fingerprint": item.fingerprint, "made_on": price_mark(item)},
        auto_id=f"id_{item.fingerprint[:10]}_%s",
        gives_up=item.line.quantity < 0,
        basis=basis,
    )


def _version(version: QuoteVersion, today: date, fate: Fate) -> dict[str, Any]:
    quotes = list(version.quotes.all())
    return {
        "version": version,
        "fate": fate,
        "changes": version.what_changed.splitlines(),
        "quotes": [{"quote": quote, "expired": is_expired(quote, on=today)} for quote in quotes],
    }


def _price_options(asked: Request, fingerprint: str) -> dict[str, Any]:
    """What the form that prices a line needs to know of it."""
    found = estimate_request(asked, on=timezone.localdate())
    gives_up = any(item.fingerprint == fingerprint and item.line.quantity < 0 for item in found.lines)
    return {"gives_up": gives_up, "basis": found.estimate.basis if found.estimate else "TTC"}


@require_POST
@requires(Action.LINE_PRICE)
def price_line(request: HttpRequest, reference: str) -> HttpResponse:
    asked = _request(reference)
    form = PriceForm(request.POST, **_price_options(asked, request.POST.get("fingerprint", "")))
    issuer = request.user.issuer.code  # type: ignore[union-attr]
    check_right(request, Action.LINE_PRICE, issuer)
    if not form.is_valid():
        return _page(request, asked, forms_shown={"price": form}, status=422)

    def act() -> HttpResponse:
        try:
            with told_when_stale(form):
                price_on_request_line(
                    request_id=asked.pk,
                    fingerprint=form.cleaned_data["fingerprint"],
                    amount_cents=form.cleaned_data["amount"],
                    reason=form.cleaned_data["reason"],
                    issuer=issuer,
                    actor=actor_of(request),
                    at=timezone.now(),
                    seen=form.cleaned_data["made_on"] if "made_on" in form.data else None,
                )
        except StaleError as stale:
            form.add_error(None, str(stale))
            return _page(request, _request(reference), forms_shown={"price": form}, status=422)
        return say_done(request, "Prix enregistré.", "request", reference)

    return act_on(request, act) or redirect("request", reference)


@require_POST
@requires(Action.QUOTES_ISSUE)
def issue(request: HttpRequest, reference: str) -> HttpResponse:
    asked = _request(reference)

    def act() -> HttpResponse:
        quotes = issue_quotes(
            request_id=asked.pk, actor=actor_of(request), at=timezone.now(), seen=request.POST.get("seen")
        )
        return say_done(request, f"Devis émis : {' et '.join(quote.number for quote in quotes)}.", "request", reference)

    return act_on(request, act) or redirect("request", reference)


@requires(Action.REQUEST_READ)
def preview(request: HttpRequest, reference: str, issuer: str) -> HttpResponse:
    """The paper as it would be issued today, marked as a draft."""
    try:
        papers = preview_quotes(request=_request(reference), on=timezone.localdate())
    except QuoteError as refusal:
        messages.error(request, str(refusal))
        return redirect("request", reference)
    if issuer not in papers:
        raise Http404
    return pdf_answer(papers[issuer], f"projet-{reference}-{issuer}.pdf")


@requires(Action.REQUEST_READ)
def quote_pdf(request: HttpRequest, number: str) -> HttpResponse:  # noqa: ARG001 - the guard reads it
    quote = or_404(quote_by_number(number))
    return pdf_answer(pdf_of(quote.document_id), f"{quote.number}.pdf")


@require_POST
@requires(Action.REQUEST_CREATE)
def duplicate(request: HttpRequest, reference: str) -> HttpResponse:
    asked = _request(reference)

    def act() -> HttpResponse:
        copy = duplicate_request(request_id=asked.pk, actor=actor_of(request), at=timezone.now())
        return say_done(request, f"Demande {copy.reference} créée, copie de {reference}.", "request", copy.reference)

    return act_on(request, act) or redirect("request", reference)


@require_POST
@requires(Action.REQUEST_CANCEL)
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    asked = _request(reference)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, forms_shown={"cancel": form}, status=422)

    def act() -> HttpResponse:
        cancel_request(
            request_id=asked.pk, reason=form.cleaned_data["reason"], actor=actor_of(request), at=timezone.now()
        )
        return say_done(request, "Demande annulée. Ses devis restent lisibles.", "request", reference)

    return act_on(request, act) or redirect("request", reference)


@require_POST
@requires(Action.REQUEST_REVISE)
def correct_contact(request: HttpRequest, reference: str) -> HttpResponse:
    asked = _request(reference)
    form = ContactCorrectionForm(request.POST)

    def act() -> HttpResponse:
        given = form.cleaned_data
        contact = Contact(given["name"], given["function"], given["email"], given["phone"])
        with told_when_stale(form):
            updated = update_contact(
                request_id=asked.pk,
                contact=contact,
                note=given["note"],
                actor=actor_of(request),
                at=timezone.now(),
                seen=given["made_on"],
            )
        fate = fate_of(updated) if updated.state == RequestState.QUOTED else None
        again = " Les devis ne sont pas parvenus à cette adresse : envoyez-les." if fate and fate.missed else ""
        words = f"Contact corrigé. Les devis déjà émis gardent ce qu'ils disent.{again}"
        return say_done(request, words, "request", reference)

    return act_on(request, act, form=form) or _page(request, asked, forms_shown={"contact": form}, status=422)
