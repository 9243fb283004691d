"""The invoices of an issuer: looked for, taken away; the files of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from tripartite.accounts.rights import Action
from tripartite.billing.printout.kept import Form, kept_file
from tripartite.billing.queries.invoices import (
    NO_EPCI,
    STANDING_LABELS,
    Standing,
    credit_note_list,
    epcis_billed,
    invoice_list,
    years_billed,
)
from tripartite.sheets import Cell, Cents
from tripartite.typed import clean_line, whole_number
from tripartite.web.billing.card import portal_badge, standing_badge
from tripartite.web.billing.own import own_issuer
from tripartite.web.shell.access import requires
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.billing.models import CreditNote

PAGE = 25
COLUMNS = (
    *("numéro", "structure", "SIREN", "EPCI", "émise le", "à payer le", "exercice", "HT", "TVA", "TTC"),
    *("avoirs", "payé", "reste dû", "état", "titre", "relancée le", "Chorus Pro"),
)


@require_GET
@requires(Action.BILLING_READ)
def list_invoices(request: HttpRequest) -> HttpResponse:
    """The page of a list, or all of it by `?format=csv|xlsx`."""
    issuer, today = own_issuer(request), timezone.localdate()
    typed = {name: clean_line(request.GET.get(name, ""))[:100] for name in ("q", "etat", "exercice", "epci", "service")}
    numbers = {name: _number(request.GET.get(name, "")) for name in ("structure", "campagne")}
    found = invoice_list(
        issuer=issuer.code,
        standing=Standing(typed["etat"]) if typed["etat"] in set(Standing) else None,
        text=typed["q"],
        fiscal_year=_number(typed["exercice"]),
        epci=typed["epci"],
        service=typed["service"],
        body_id=numbers["structure"],
        run_id=numbers["campagne"],
        on=today,
    )
    if layout := wanted_layout(request):
        return export(f"factures-{issuer.code}-{today:%Y-%m-%d}", COLUMNS, _exported(found), layout)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "issuer": issuer,
        "page": page,
        "rows": [(_with_portal(one), standing_badge(one, today)) for one in page.object_list],
        "typed": typed,
        "kept": {name: value for name, value in {**numbers, "service": typed["service"]}.items() if value},
        "states": [(one.value, STANDING_LABELS[one]) for one in Standing],
        "years": years_billed(issuer.code),
        "epcis": [*epcis_billed(issuer.code), (NO_EPCI, "aucune")],
        "filtered": bool(request.GET),
    }
    return render(request, "web/billing/invoices.html", context)


CREDIT_COLUMNS = (
    *("numéro", "émis le", "exercice", "structure", "SIREN", "facture", "HT", "TVA", "TTC", "motif", "titre"),
)


@require_GET
@requires(Action.BILLING_READ)
def list_credit_notes(request: HttpRequest) -> HttpResponse:
    """The credit notes of an issuer, a page of them or all by `?format=csv|xlsx`."""
    issuer, today, year = own_issuer(request), timezone.localdate(), _number(request.GET.get("exercice", ""))
    found = credit_note_list(issuer=issuer.code, fiscal_year=year)
    if layout := wanted_layout(request):
        return export(f"avoirs-{issuer.code}-{today:%Y-%m-%d}", CREDIT_COLUMNS, map(_credit_row, found), layout)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [(one, getattr(one, "revenue_order", None)) for one in page.object_list]
    context = {"issuer": issuer, "page": page, "rows": rows, "year": year, "years": years_billed(issuer.code)}
    return render(request, "web/billing/credit_notes.html", context)


def _credit_row(one: CreditNote) -> list[Cell]:
    order = getattr(one, "revenue_order", None)
    return [
        one.number,
        one.issued_on,
        one.fiscal_year,
        one.invoice.buyer_name,
        one.invoice.body.siren,
        one.invoice.number,
        *(Cents(cents) for cents in (one.net_cents, one.vat_cents, one.gross_cents)),
        one.reason,
        f"{order.number}/{order.fiscal_year}" if order else "",
    ]


def _with_portal(one: Any) -> Any:
    """An invoice of a list, with the badge of what Chorus Pro last said."""
    one.portal = portal_badge(one.portal_status, one.portal_words)
    return one


def _number(typed: str) -> int:
    return whole_number(typed) or 0


def _exported(found: Iterable[Any]) -> Iterator[list[Cell]]:
    for one in found:
        order = getattr(one, "revenue_order", None)
        yield [
            one.number,
            one.buyer_name,
            one.body.siren,
            one.body.epci.name if one.body.epci else "",
            one.issued_on,
            one.due_on,
            one.fiscal_year,
            Cents(one.net_cents),
            Cents(one.vat_cents + one.rounding_cents),
            Cents(one.gross_cents),
            Cents(one.credited_cents),
            Cents(one.paid_cents),
            Cents(one.owed_cents),
            one.state_label,
            f"{order.number}/{order.fiscal_year}" if order else "",
            one.reminded_on,
            (portal_badge(one.portal_status, one.portal_words) or ("", ""))[1],
        ]


@require_GET
@requires(Action.BILLING_READ)
def billing_file(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """A form of an invoice, or of a credit note, of one's own issuer."""
    if form not in set(Form):
        raise Http404
    return file_answer(or_404(kept_file(issuer=own_issuer(request).code, number=number, form=Form(form))))


def file_answer(found: Any) -> HttpResponse:
    """A PDF is read in the browser, data are saved."""
    way = "inline" if found.media_type == "application/pdf" else "attachment"
    disposition = {"Content-Disposition": f'{way}; filename="{found.name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(found.content, content_type=found.media_type, headers=disposition)
