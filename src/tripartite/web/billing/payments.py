"""Payments: the list, one noted by hand, what is kept aside shared between invoices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.billing.queries.invoices import invoices_paid, payment_list
from tripartite.billing.queries.matching import likely
from tripartite.billing.queries.owed import unmatched_cents
from tripartite.billing.queries.suggesting import paid_back_aside, payment_by_id, suggested_invoices
from tripartite.billing.services.paying import pay_back, record_payment, share_payment
from tripartite.sheets import Cell, Cents
from tripartite.typed import clean_line
from tripartite.web.billing.forms import NoteForm, PayBackForm, ShareForm
from tripartite.web.billing.own import can, own_issuer
from tripartite.web.shell.access import actor_of, check_right, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.exports import export, wanted_layout

if TYPE_CHECKING:
    from tripartite.billing.models import Payment

PAGE = 25
COLUMNS = ("reçu le", "montant", "à part", "de qui", "référence", "factures", "noté par")


@require_GET
@requires(Action.BILLING_READ)
def list_payments(request: HttpRequest) -> HttpResponse:
    return _list(request)


def _list(request: HttpRequest, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    issuer, today = own_issuer(request), timezone.localdate()
    aside = request.GET.get("lesquels") == "a-part"
    found = payment_list(issuer=issuer.code, unmatched=aside)
    if layout := wanted_layout(request):
        return export(f"paiements-{issuer.code}-{today:%Y-%m-%d}", COLUMNS, _exported(found), layout)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    certain = likely(issuer.code, page.object_list) if aside else {}
    context = {
        "issuer": issuer,
        "page": page,
        "rows": [(one, invoices_paid(one), certain.get(one.pk)) for one in page.object_list],
        "aside": aside,
        "unmatched": unmatched_cents(issuer.code),
        "form": form or NoteForm(initial={"received_on": today, "token": uuid4().hex}, auto_id="pay_%s"),
        "can": can(request),
    }
    return render(request, "web/billing/payments.html", context, status=status)


def _exported(found: Iterable[Payment]) -> Iterator[list[Cell]]:
    for one in found:
        numbers = ", ".join(number for _, number in invoices_paid(one))
        yield [
            one.received_on,
            Cents(one.amount_cents),
            Cents(one.unmatched_cents),
            one.payer,
            one.reference,
            numbers,
            one.recorded_by,
        ]


@require_POST
@requires(Action.PAYMENT_RECORD)
def note(request: HttpRequest) -> HttpResponse:
    """Note a payment that no invoice has yet: its page then says of which it may be."""
    form = NoteForm(request.POST, auto_id="pay_%s")

    def act() -> HttpResponse:
        given = form.cleaned_data
        made = record_payment(
            source_key=f"form:{given['token']}",
            issuer=own_issuer(request).code,
            received_on=given["received_on"],
            amount_cents=given["amount"],
            payer=given["payer"],
            reference=given["reference"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return say_done(request, "Paiement noté : dire de quelles factures il est.", "payment", made.pk)

    return act_on(request, act, form=form) or _list(request, form, status=422)


@require_GET
@requires(Action.BILLING_READ)
def show(request: HttpRequest, payment_id: int) -> HttpResponse:
    return _page(request, _own(request, payment_id, Action.BILLING_READ))


def _own(request: HttpRequest, payment_id: int, action: Action) -> Payment:
    found = or_404(payment_by_id(payment_id))
    check_right(request, action, found.issuer)
    return found


def _page(
    request: HttpRequest,
    payment: Payment,
    form: ShareForm | None = None,
    back: PayBackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    text = clean_line(request.GET.get("q", ""))[:100]
    found = suggested_invoices(payment, text=text) if payment.unmatched_cents else []
    context = {
        "payment": payment,
        "form": form or ShareForm(found=found, left=payment.unmatched_cents),
        "back": back or _back_form(payment),
        "q": text,
        "can": can(request),
    }
    return render(request, "web/billing/payment.html", context, status=status)


def _back_form(payment: Payment, data: QueryDict | None = None) -> PayBackForm:
    left = payment.unmatched_cents
    initial = {"left": left, "amount": f"{left // 100},{left % 100:02d}", "paid_on": timezone.localdate()}
    noted = paid_back_aside(payment) if left > 0 else []
    return PayBackForm(data, initial=initial, auto_id="back_%s", noted=noted)


@require_POST
@requires(Action.PAYMENT_RECORD)
def give_back(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Note that what is kept aside was paid back."""
    payment = _own(request, payment_id, Action.PAYMENT_RECORD)
    form = _back_form(payment, request.POST)

    def act() -> HttpResponse:
        given = form.cleaned_data
        pay_back(
            payment_id=payment.pk,
            amount_cents=given["amount"],
            left_cents=given["left"],
            paid_on=given["paid_on"],
            by_id=given.get("by"),
            reason=given["reason"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return say_done(request, "Somme rendue : noté.", "payment", payment.pk)

    return act_on(request, act, form=form) or _page(request, payment, back=form, status=422)


@require_POST
@requires(Action.PAYMENT_RECORD)
def share(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Share what is kept aside between the invoices that the form names."""
    payment = _own(request, payment_id, Action.PAYMENT_RECORD)
    text = clean_line(request.POST.get("q", ""))[:100]
    found = suggested_invoices(payment, text=text)
    form = ShareForm(request.POST, found=found, left=payment.unmatched_cents)

    def act() -> HttpResponse:
        share_payment(payment_id=payment.pk, shares=form.shares, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Paiement rapproché.", "payment", payment.pk)

    return act_on(request, act, form=form) or _page(request, payment, form, status=422)


@require_POST
@requires(Action.PAYMENT_RECORD)
def settle(request: HttpRequest, payment_id: int) -> HttpResponse:
    """Share what is kept aside between the invoices that the list showed it to be surely of, at once."""
    payment = _own(request, payment_id, Action.PAYMENT_RECORD)
    there = f"{reverse('payment-list')}?lesquels=a-part"
    found = likely(payment.issuer, [payment]).get(payment.pk)
    if found is None or found.mark != request.POST.get("seen"):
        messages.error(request, "Ce paiement ou sa facture ont changé : relire, puis rapprocher.")
        return redirect(there)

    def act() -> HttpResponse:
        shares = {invoice.pk: cents for invoice, cents in found.shares}
        share_payment(payment_id=payment.pk, shares=shares, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Paiement rapproché.", there)

    return act_on(request, act) or redirect(there)
