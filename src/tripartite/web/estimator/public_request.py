"""« Demander ces devis »: from a public estimate to a request that the agents see."""

from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, dumps, loads
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from tripartite.limits import Costly
from tripartite.quotes.queries.declared import Declared
from tripartite.quotes.queries.requests import request_by_token
from tripartite.quotes.services.asking import NewBody, ask_quotes
from tripartite.quotes.services.requests import Contact
from tripartite.web.estimator.asking import Asked, address_of, read_asked
from tripartite.web.estimator.forms import PublicRequestForm
from tripartite.web.estimator.selection import NAMED, PUBLIC
from tripartite.web.shell.access import actor_of
from tripartite.web.shell.acting import act_on
from tripartite.web.shell.limits import count_costly, wait_text
from tripartite.web.shell.robots import new_stamp

SALT = "tripartite.web.request-received"


def request_quotes(request: HttpRequest) -> HttpResponse:
    """The form beside the price it bears on; an address without a price goes back to the estimator."""
    asked = read_asked(request, PUBLIC)
    if asked is None or not asked.ready:
        return redirect(address_of(asked.selection) if asked else "estimator")
    stated = asked.facts is None
    staff = "staff" in asked.selection.facts
    if request.method != "POST":
        initial = {"stamp": new_stamp(), "body_name": asked.selection.typed.get(NAMED, "")}
        form = PublicRequestForm(staff_declared=staff, stated=stated, initial=initial)
        return _page(request, asked, form)
    form = PublicRequestForm(request.POST, staff_declared=staff, stated=stated)
    if form.is_valid() and (already := request_by_token(form.token)):
        return _received(already.reference)
    if form.is_valid() and (wait := count_costly(request, Costly.REQUEST)):
        form.add_error(None, f"Trop de demandes sont parties de votre réseau. Réessayez dans {wait_text(wait)}.")
        refused = _page(request, asked, form, status=429)
        refused["Retry-After"] = str(int(wait.total_seconds()))
        return refused
    answer = act_on(request, lambda: _received(_create(request, asked, form)), form=form)
    return answer or _page(request, asked, form, status=422)


def request_received(request: HttpRequest, sealed: str) -> HttpResponse:
    """The reference of a request just made, for whoever made it."""
    try:
        reference = loads(sealed, salt=SALT)
    except BadSignature:
        raise Http404 from None
    return render(request, "web/estimator/received.html", {"reference": reference})


def _page(request: HttpRequest, asked: Asked, form: PublicRequestForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "asked": asked,
        "screen": asked.screen,
        "facts": asked.facts,
        "form": form,
        "address": address_of(asked.selection),
        "retention_months": settings.CONFIG.retention_months,
    }
    return render(request, "web/estimator/request.html", context, status=status)


def _received(reference: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("request-received", args=[dumps(reference, salt=SALT)]))


def _create(request: HttpRequest, asked: Asked, form: PublicRequestForm) -> str:
    """The reference of the request, made with the body and the figures that the directory did not have."""
    given = form.cleaned_data
    contact = Contact(given["name"], given["function"], given["email"], given["phone"])
    facts = asked.selection.facts
    counts = (("population", "municipale"), ("staff", given.get("counted", "")))
    return ask_quotes(
        beneficiary=asked.facts.body_id if asked.facts else _new_body(asked, given),
        figures=[Declared(measure, counted, facts[measure]) for measure, counted in counts if measure in facts],
        declared_by=f"{contact.name}, {contact.function}"[:200],
        order=asked.selection.order,
        offer=asked.offer,
        contact=contact,
        origin="public",
        note=given["note"],
        token=form.token,
        actor=actor_of(request),
        at=timezone.now(),
    ).request.reference


def _new_body(asked: Asked, given: dict[str, Any]) -> NewBody:
    typed = asked.selection.facts
    return NewBody(
        kind=typed["kind"],
        name=given["body_name"],
        siren=given["siren"],
        department=typed.get("department", ""),
        client_class=typed.get("client_class", ""),
    )
