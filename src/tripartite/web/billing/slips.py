"""« Bordereaux »: what waits for its order, making a slip of it, its orders, its flow to the accountant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.billing.pes.tables import COLUMNS
from tripartite.billing.queries.debtors import debtor_of
from tripartite.billing.queries.invoices import slip_list, to_order
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.queries.slips import SLIP, flow_state, flows_told, slip_by_id, slip_years
from tripartite.billing.queries.titles import title_rows
from tripartite.billing.services.flows import answer_flow, make_flow
from tripartite.billing.services.foreseeing import refusal_of, rejected_for
from tripartite.billing.services.ordering import order_reductions, order_revenue
from tripartite.billing.states import FLOW_LABELS, SLIP_LABELS, FlowState, SlipKind, Unsendable
from tripartite.documents.queries import pdf_of
from tripartite.journal.queries import told_about
from tripartite.typed import whole_number
from tripartite.web.billing.forms import AnswerForm
from tripartite.web.billing.own import own_issuer
from tripartite.web.shell.access import actor_of, check_right, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.billing.models import RevenueSlip

PAGE = 25
WAITING = 100
"""How many papers that wait for their order are shown, and ticked, at once."""
MOST_TOLD = 20
BADGES = {
    FlowState.NONE: "quiet",
    FlowState.MADE: "wait",
    FlowState.ACCEPTED: "good",
    FlowState.REFUSED: "bad",
    FlowState.BY_TABLE: "quiet",
}


@require_GET
@requires(Action.REVENUE_ORDER)
def list_slips(request: HttpRequest) -> HttpResponse:
    """What waits, by kind of slip; the slips of a fiscal year or of all, or their orders as a file."""
    issuer, typed = own_issuer(request), request.GET.get("exercice", "")
    years = slip_years(issuer.code)
    year = said if (said := whole_number(typed, digits=4)) in years else 0
    if (layout := wanted_layout(request)) and (year or years):
        return _titles(issuer.code, year or years[0], layout=layout)
    found = slip_list(issuer.code)
    page = Paginator(found.filter(fiscal_year=year) if year else found, PAGE).get_page(request.GET.get("page"))
    told = flows_told([one.pk for one in page.object_list])
    invoices, notes = to_order(issuer.code)
    context = {
        "issuer": issuer,
        "settings": settings_on(issuer.code, timezone.localdate()),
        "waiting": [
            (kind.value, _waiting(request, kind, found), seen_of(found))
            for kind, found in ((SlipKind.ORDINARY, invoices), (SlipKind.REDUCTION, notes))
        ],
        "page": page,
        "slips": [(one, _total(one), _badge(flow_state(one, told[one.pk]))) for one in page.object_list],
        "years": years,
        "year": year,
    }
    return render(request, "web/billing/slips.html", context)


def _waiting(request: HttpRequest, kind: SlipKind, found: Sequence[Any]) -> Page[Any]:
    return Paginator(found, WAITING).get_page(request.GET.get(f"attend-{kind.value}"))


def seen_of(found: Sequence[Any]) -> str:
    """The mark of all that waits, as a page shows it: how many, for how much."""
    return f"{len(found)}:{sum(one.gross_cents for one in found)}"


def _badge(state: FlowState) -> tuple[str, str]:
    return BADGES[state], FLOW_LABELS[state]


def _total(slip: Any) -> int:
    return sum(order.amount_cents for order in slip.orders.all())


def _titles(issuer: str, year: int, *, layout: Any, slip_id: int = 0, name: str = "") -> HttpResponse:
    rows = title_rows(issuer, fiscal_year=year, slip_id=slip_id)
    cells = ([row[column] for column in COLUMNS] for row in rows)
    return export(name or f"titres-{issuer}-{year}", list(COLUMNS.values()), cells, layout)


@require_POST
@requires(Action.REVENUE_ORDER)
def make(request: HttpRequest) -> HttpResponse:
    """Make a slip of what is ticked, or of all that waits (`all`, the mark of what was shown), once it was said how
    many orders that makes, for how much, and what the accountant's system would reject: those are then left out, or
    all leave in a table (`unsendable`).
    """
    issuer, typed = own_issuer(request), request.POST.get("kind", "")
    kind = SlipKind(typed) if typed in set(SlipKind) else SlipKind.ORDINARY
    ticked = {value for value in request.POST.getlist("paper") if value.isascii() and value.isdigit()}
    invoices, notes = to_order(issuer.code)
    waiting: Sequence[Any] = invoices if kind is SlipKind.ORDINARY else notes
    whole = request.POST.get("all", "")
    chosen = list(waiting) if whole else [one for one in waiting if str(one.pk) in ticked]
    if whole and whole != seen_of(waiting):
        messages.error(request, "Depuis cet affichage, ce qui attend son titre a changé : le relire.")
        return redirect("slip-list")

    unsendable = request.POST.get("unsendable", "")
    said: dict[str, Any] = {"issuer": issuer.code, "on": timezone.localdate(), "actor": actor_of(request)}
    said["unsendable"] = Unsendable(unsendable) if unsendable in set(Unsendable) else Unsendable.REFUSE

    def verb() -> RevenueSlip:
        keys = [one.pk for one in chosen]
        if kind is SlipKind.ORDINARY:
            return order_revenue(invoice_ids=keys, at=timezone.now(), **said)
        return order_reductions(credit_note_ids=keys, at=timezone.now(), **said)

    def act() -> HttpResponse:
        if chosen and "confirmed" not in request.POST:
            refusal = refusal_of(verb)
            amiss = refusal.papers if refusal else frozenset()
            context = {
                "issuer": issuer,
                "kind": kind.value,
                "label": SLIP_LABELS[kind],
                "chosen": chosen,
                "whole": whole,
                "total": sum(one.gross_cents for one in chosen),
                "reasons": refusal.reasons[:MOST_TOLD] if refusal else (),
                "amiss": [one for one in chosen if one.number in amiss],
                "sent": len(chosen) - len(amiss),
            }
            return render(request, "web/billing/confirm_slip.html", context)
        slip = verb()
        return say_done(request, f"Bordereau {slip.number}/{slip.fiscal_year} fait.", "slip", slip.pk)

    return act_on(request, act) or redirect("slip-list")


def _own_slip(request: HttpRequest, slip_id: int) -> RevenueSlip:
    """The slip, page 404 when there is none, 403 when it is another issuer's."""
    found: RevenueSlip = or_404(slip_by_id(slip_id))
    check_right(request, Action.REVENUE_ORDER, found.issuer)
    return found


@require_GET
@requires(Action.REVENUE_ORDER)
def show(request: HttpRequest, slip_id: int) -> HttpResponse:
    """The orders of a slip, or the file of them; where its flow is, and what would have it rejected."""
    slip = _own_slip(request, slip_id)
    if layout := wanted_layout(request):
        name = f"bordereau-{slip.issuer}-{slip.fiscal_year}-{slip.number}"
        return _titles(slip.issuer, slip.fiscal_year, layout=layout, slip_id=slip.pk, name=name)
    return _page(request, slip)


def _page(request: HttpRequest, slip: RevenueSlip, form: AnswerForm | None = None, status: int = 200) -> HttpResponse:
    flows = flows_told([slip.pk])[slip.pk]
    state = flow_state(slip, flows)
    context = {
        "slip": slip,
        "orders": [
            (one, invoice, debtor_of(one, invoice.body))
            for one in slip.orders.all()
            if (invoice := one.invoice or (one.credit_note and one.credit_note.invoice))
        ],
        "total": _total(slip),
        "flows": flows[::-1],
        "badge": _badge(state),
        "to_make": state in (FlowState.NONE, FlowState.REFUSED),
        "refused": state is FlowState.REFUSED,
        "amiss": _amiss(slip, len(flows) + 1) if state in (FlowState.NONE, FlowState.REFUSED) else [],
        "entries": told_about(SLIP, slip.pk),
        "form": form or AnswerForm(),
    }
    return render(request, "web/billing/slip.html", context, status=status)


def _amiss(slip: RevenueSlip, attempt: int) -> list[str]:
    """What would have the flow rejected, a sentence each."""
    return rejected_for(slip, attempt=attempt, on=timezone.localdate() if attempt > 1 else None)[:MOST_TOLD]


@require_POST
@requires(Action.REVENUE_ORDER)
def write(request: HttpRequest, slip_id: int) -> HttpResponse:
    """Write the flow of a slip, or another in the place of one refused."""
    slip = _own_slip(request, slip_id)

    def act() -> HttpResponse:
        made = make_flow(slip_id=slip.pk, actor=actor_of(request), at=timezone.now())
        sign = " À signer avant de le transmettre." if made.to_sign else ""
        return say_done(
            request, f"Flux {made.file_name} gardé : le télécharger, le transmettre.{sign}", "slip", slip.pk
        )

    return act_on(request, act) or redirect("slip", slip.pk)


@require_POST
@requires(Action.REVENUE_ORDER)
def answer(request: HttpRequest, slip_id: int) -> HttpResponse:
    """Note by hand what the accountant answered of the flow."""
    slip = _own_slip(request, slip_id)
    form = AnswerForm(request.POST)

    def act() -> HttpResponse:
        given = form.cleaned_data
        answer_flow(
            slip_id=slip.pk,
            accepted=given["answer"] == FlowState.ACCEPTED,
            reason=given["reason"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return say_done(request, "Réponse du comptable notée.", "slip", slip.pk)

    if not form.is_valid():
        return _page(request, slip, form, status=422)
    return act_on(request, act) or redirect("slip", slip.pk)


@require_GET
@requires(Action.REVENUE_ORDER)
def flow(request: HttpRequest, slip_id: int, document_id: int) -> HttpResponse:
    """A flow that was kept of a slip, the same bytes each time."""
    slip = _own_slip(request, slip_id)
    found = or_404(next((one for one in flows_told([slip.pk])[slip.pk] if one.document_id == document_id), None))
    headers = {
        "Content-Disposition": f'attachment; filename="{found.file_name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(pdf_of(found.document_id), content_type="application/xml", headers=headers)
