"""Doing what a form asks: a service is called, and what it refuses is said in the form, or on top of the page."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tripartite.accounts.services.codes import CodeError
from tripartite.accounts.services.people import AccountError
from tripartite.billing.services.errors import BillingError
from tripartite.conventions.printout.model_text import ModelError
from tripartite.conventions.services.errors import ConventionError
from tripartite.documents.key_certificate import CertificateRefused
from tripartite.documents.scans import ScanRefused
from tripartite.jobs.kinds import JobError
from tripartite.journal.seen import StaleError
from tripartite.messages.services.queueing import MessageError
from tripartite.parties.services.errors import FieldErrors
from tripartite.pricing.order import OrderError
from tripartite.quotes.services.errors import QuoteError
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.tariffs.services import TariffError

REFUSALS = (
    AccountError,
    BillingError,
    CertificateRefused,
    CodeError,
    ConventionError,
    FieldErrors,
    JobError,
    MessageError,
    ModelError,
    OrderError,
    QuoteError,
    ScanRefused,
    StaleError,
    SubscriptionError,
    TariffError,
)
"""What services raise, in French, when a rule refuses what was asked."""


def act_on(
    request: HttpRequest,
    act: Callable[[], HttpResponse | None],
    *,
    form: forms.Form | None = None,
    field: str | None = None,
) -> HttpResponse | None:
    """What `act` answers; None when the form is not valid, or when a service refuses.

    A refusal is then in the form: at the fields that it names, at `field`, or on top of it. Without a form, it is said
    on top of the next page. `act` also answers None once it has itself put into the form what is wrong.
    """
    if form is not None and not form.is_valid():
        return None
    try:
        return act()
    except REFUSALS as refusal:
        if form is None:
            messages.error(request, str(refusal))
        else:
            _say(refusal, form, field)
    return None


def say_done(request: HttpRequest, words: str, to: str, *args: object) -> HttpResponse:
    """The answer of what was done: the page of that name, with `words` on top."""
    messages.success(request, words)
    return redirect(to, *args)


def turn_away(request: HttpRequest, refusal: str, to: str, *args: object) -> HttpResponse:
    """The answer of an act's page when the act would be refused as things stand, whatever were typed: no form, but the
    page of that name, with the reason on top."""
    messages.error(request, refusal)
    return redirect(to, *args)


def status_of(form: forms.Form) -> int:
    """200 for a form to fill in, 422 for one that comes back refused."""
    return 422 if form.is_bound else 200


def _say(refusal: Exception, form: forms.Form, field: str | None) -> None:
    match refusal:
        case FieldErrors(fields=fields):
            found = fields
        case AccountError(field=str(named)):
            found = {named: str(refusal)}
        case _:
            found = {field or "": str(refusal)}
    for name, words in found.items():
        form.add_error(name if name in form.fields else None, words)
