"""The page of an invoice: what it asks, its papers, what became of it; crediting, cancelling, payments, reminders."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.billing.printout.kept import FORM_LABELS, quantities_said
from tripartite.billing.queries.originals import left_of
from tripartite.billing.queries.seen import INVOICE, invoice_mark
from tripartite.billing.services.crediting import cancel_invoice, credit_lines
from tripartite.billing.services.foreseeing import Foreseen, credit_if
from tripartite.billing.services.notices import notice_pdf
from tripartite.billing.services.paying import pay_invoice, undo_share
from tripartite.billing.services.reminding import remind_invoice
from tripartite.billing.states import PORTAL_NEXT, SENT_BACK, InvoiceState, PortalStatus
from tripartite.documents.queries import payload_of
from tripartite.journal.queries import told_about
from tripartite.web.billing.card import standing_badge
from tripartite.web.billing.forms import CancelForm, CreditLinesForm, PayForm, UndoForm
from tripartite.web.billing.own import can, own_invoice
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404, pdf_answer
from tripartite.web.shell.seen import told_when_stale

if TYPE_CHECKING:
    from tripartite.billing.models import CreditNote, Invoice


@require_GET
@requires(Action.BILLING_READ)
def show(request: HttpRequest, invoice_id: int) -> HttpResponse:
    return _page(request, own_invoice(request, invoice_id))


def _page(
    request: HttpRequest,
    invoice: Invoice,
    *,
    shown: dict[str, forms.Form] | None = None,
    foreseen: tuple[str, Foreseen] | None = None,
    status: int = 200,
) -> HttpResponse:
    today, bound = timezone.localdate(), shown or {}
    lines, said = list(invoice.lines.all()), quantities_said(payload_of(invoice.document))
    mark = {"made_on": invoice_mark(invoice)}
    shares = list(invoice.payment_shares.all())
    facts = list(invoice.portal_facts.all())
    last = facts[-1] if facts else None
    undone = {one.undoes_id for one in shares}
    context = {
        "invoice": invoice,
        "badge": standing_badge(invoice, today),
        "lines": [(line, left_of(line), text) for line, text in zip(lines, said, strict=True)],
        "order": getattr(invoice, "revenue_order", None),
        "papers": [(form.value, label) for form, label in FORM_LABELS.items()],
        "shares": [(one, one.undoes_id is None and one.pk not in undone) for one in shares],
        "portal": facts[::-1],
        "sent_back": last if last and last.status in SENT_BACK and invoice.state == InvoiceState.ISSUED else None,
        "portal_next": PORTAL_NEXT.get(PortalStatus(last.status), "") if last else "",
        "replaced_by": list(invoice.replacements.all()),
        "overdue": invoice.owed_cents > 0 and invoice.due_on < today,
        "can": can(request),
        "forms": {
            "credit": bound.get("credit") or _credit_form(invoice, initial=mark),
            "cancel": bound.get("cancel") or CancelForm(initial=mark, auto_id="cancel_%s"),
            "pay": bound.get("pay")
            or PayForm(initial=mark | {"received_on": today, "amount": _owed(invoice)}, auto_id="pay_%s"),
            "undo": bound.get("undo") or UndoForm(initial=mark, auto_id="undo_%s"),
        },
        "open": next(iter(bound), ""),
        "foreseen": foreseen,
        "confirmed": [(name, request.POST.get(name, "")) for name in next(iter(bound.values())).fields]
        if foreseen
        else [],
        "entries": told_about(INVOICE, invoice.pk),
    }
    return render(request, "web/billing/invoice.html", context, status=status)


def _owed(invoice: Invoice) -> str:
    """What is owed, as the field of an amount has it."""
    cents = invoice.owed_cents
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100},{abs(cents) % 100:02d}" if cents else ""


def _credit_form(invoice: Invoice, data: Any = None, **options: Any) -> CreditLinesForm:
    left = [(line, cents) for line in invoice.lines.all() if (cents := left_of(line)) > 0]
    return CreditLinesForm(data, lines=left, auto_id="credit_%s", **options)


def _credited(
    request: HttpRequest, invoice: Invoice, name: str, form: forms.Form, verb: Callable[[], CreditNote]
) -> HttpResponse:
    """Show the credit note that would be issued; issue it once confirmed."""

    def act() -> HttpResponse:
        with told_when_stale(form):
            if "confirmed" not in request.POST:
                return _page(request, invoice, shown={name: form}, foreseen=(name, credit_if(verb)))
            made = verb()
        return say_done(request, f"Avoir {made.number} émis.", "invoice", invoice.pk)

    return act_on(request, act, form=form) or _page(request, invoice, shown={name: form}, status=422)


@require_GET
@requires(Action.BILLING_READ)
def notice(request: HttpRequest, invoice_id: int) -> HttpResponse:
    """The *avis des sommes à payer* of an invoice that has its order; why there is none, where a mention is not set."""
    invoice = own_invoice(request, invoice_id)
    order = or_404(getattr(invoice, "revenue_order", None))

    def act() -> HttpResponse:
        return pdf_answer(notice_pdf(order.pk), f"avis-{invoice.number}.pdf")

    return act_on(request, act) or redirect("invoice", invoice.pk)


@require_POST
@requires(Action.BILLING_CREDIT)
def credit(request: HttpRequest, invoice_id: int) -> HttpResponse:
    invoice = own_invoice(request, invoice_id, Action.BILLING_CREDIT)
    form = _credit_form(invoice, request.POST)

    def verb() -> CreditNote:
        return credit_lines(
            invoice_id=invoice.pk,
            amounts=form.amounts,
            reason=form.cleaned_data["reason"],
            on=timezone.localdate(),
            actor=actor_of(request),
            at=timezone.now(),
            seen=form.cleaned_data["made_on"],
        )

    return _credited(request, invoice, "credit", form, verb)


@require_POST
@requires(Action.BILLING_CREDIT)
def cancel(request: HttpRequest, invoice_id: int) -> HttpResponse:
    invoice = own_invoice(request, invoice_id, Action.BILLING_CREDIT)
    form = CancelForm(request.POST, auto_id="cancel_%s")

    def verb() -> CreditNote:
        return cancel_invoice(
            invoice_id=invoice.pk,
            reason=form.cleaned_data["reason"],
            again=form.cleaned_data["again"] == "yes",
            on=timezone.localdate(),
            actor=actor_of(request),
            at=timezone.now(),
            seen=form.cleaned_data["made_on"],
        )

    return _credited(request, invoice, "cancel", form, verb)


def _done(  # noqa: PLR0917 - private
    request: HttpRequest, invoice: Invoice, name: str, form: forms.Form, verb: Callable[[], object], words: str
) -> HttpResponse:
    def act() -> HttpResponse:
        with told_when_stale(form):
            verb()
        return say_done(request, words, "invoice", invoice.pk)

    return act_on(request, act, form=form) or _page(request, invoice, shown={name: form}, status=422)


@require_POST
@requires(Action.PAYMENT_RECORD)
def pay(request: HttpRequest, invoice_id: int) -> HttpResponse:
    invoice = own_invoice(request, invoice_id, Action.PAYMENT_RECORD)
    form = PayForm(request.POST, auto_id="pay_%s")

    def verb() -> object:
        given = form.cleaned_data
        return pay_invoice(
            invoice_id=invoice.pk,
            received_on=given["received_on"],
            amount_cents=given["amount"],
            payer=given["payer"],
            reference=given["reference"],
            actor=actor_of(request),
            at=timezone.now(),
            seen=given["made_on"],
        )

    return _done(
        request, invoice, "pay", form, verb, "Paiement noté. Ce que la facture ne demande pas est gardé à part."
    )


@require_POST
@requires(Action.PAYMENT_RECORD)
def undo(request: HttpRequest, invoice_id: int, share_id: int) -> HttpResponse:
    invoice = own_invoice(request, invoice_id, Action.PAYMENT_RECORD)
    form = UndoForm(request.POST, auto_id="undo_%s")

    def verb() -> object:
        return undo_share(
            share_id=share_id,
            reason=form.cleaned_data["reason"],
            actor=actor_of(request),
            at=timezone.now(),
            seen=form.cleaned_data["made_on"],
        )

    if share_id not in {one.pk for one in invoice.payment_shares.all()}:
        return redirect("invoice", invoice.pk)
    return _done(request, invoice, "undo", form, verb, "Rapprochement défait : la somme est gardée à part.")


@require_POST
@requires(Action.PAYMENT_RECORD)
def remind(request: HttpRequest, invoice_id: int) -> HttpResponse:
    invoice = own_invoice(request, invoice_id, Action.PAYMENT_RECORD)

    def act() -> HttpResponse:
        made = remind_invoice(
            invoice_id=invoice.pk, on=timezone.localdate(), actor=actor_of(request), at=timezone.now()
        )
        return say_done(request, made.words, "invoice", invoice.pk)

    return act_on(request, act) or redirect("invoice", invoice.pk)
