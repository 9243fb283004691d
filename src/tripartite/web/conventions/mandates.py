"""Recording the acts that empower people to sign, for a public body or for one's own issuer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.queries import Deposit, waiting_deposits
from tripartite.accounts.rights import Action
from tripartite.documents.queries import document_by_id, pdf_of
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.bodies import body_by_identifier, issuer_by_code
from tripartite.parties.queries.mandates import mandate_by_id, mandates_of, why_not_ended
from tripartite.parties.services.mandates import complete_mandate, end_mandate, record_mandate
from tripartite.quotes.queries.accords import accords_in_hand
from tripartite.quotes.queries.requests import request_by_reference
from tripartite.quotes.services.powers import record_act_of_request
from tripartite.web.conventions.forms import MandateCompletionForm, MandateEndForm, MandateForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of, turn_away
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.converters import Code
from tripartite.web.shell.deposits import read_upload

if TYPE_CHECKING:
    from tripartite.parties.models import Mandate
    from tripartite.quotes.models import Request


@requires(Action.MANDATE_RECORD)
def body_mandates(request: HttpRequest, siren: str) -> HttpResponse:
    """The acts of a body. Opened from a file (`retour`), the new one serves it at once, and a paper deposited there
    (`acte`) is its copy."""
    body = or_404(body_by_identifier("siren", siren))
    asked = _file(request, body.pk)
    deposit = _deposit(request, asked)
    initial = _who_speaks(asked) if asked else {}
    form = MandateForm(request.POST or None, request.FILES or None, initial=initial, deposited=deposit is not None)

    def record(**said: Any) -> object:
        if asked is None:
            return record_mandate(body_id=body.pk, **said)
        return record_act_of_request(request_id=asked.pk, deposited=deposit.document if deposit else None, **said)

    back = asked.reference if asked else None
    return _page(request, form, record, body.name, mandates_of(body_id=body.pk), back=back, deposit=deposit)


def _file(request: HttpRequest, body_id: int) -> Request | None:
    """The request that the page was opened from, if the address names one of that body."""
    named = request.GET.get("retour", "")
    asked = request_by_reference(named) if re.fullmatch(Code.regex, named) else None
    return asked if asked and asked.beneficiary_id == body_id else None


def _deposit(request: HttpRequest, asked: Request | None) -> Deposit | None:
    """The deposit that the address names, if it still waits in that file."""
    named = request.GET.get("acte", "")
    waiting = waiting_deposits([asked.pk]).get(asked.pk, []) if asked else []
    return next((one for one in waiting if str(one.document) == named), None)


def _who_speaks(asked: Request) -> dict[str, str]:
    """The name and the function that the quotes of that file were accepted with; else its contact's, when it is the
    head of its body."""
    answers = accords_in_hand(asked)
    if answers:
        return {"person": answers[0].person, "function": answers[0].function}
    return {"person": asked.contact_name, "function": asked.contact_function} if asked.contact_function else {}


@requires(Action.MANDATE_RECORD)
def own_mandates(request: HttpRequest) -> HttpResponse:
    """Those of the account's own issuer: the address names none."""
    code = request.user.issuer.code  # type: ignore[union-attr]
    issuer = issuer_by_code(code)
    form = MandateForm(request.POST or None, request.FILES or None)

    def record(**said: Any) -> object:
        return record_mandate(issuer=code, **said)

    return _page(request, form, record, issuer.name if issuer else code, mandates_of(issuer=code))


def _page(
    request: HttpRequest,
    form: MandateForm,
    record: Callable[..., object],
    name: str,
    found: Sequence[Mandate],
    *,
    back: str | None = None,
    deposit: Deposit | None = None,
) -> HttpResponse:
    def act() -> HttpResponse:
        given = dict(form.cleaned_data)
        scan = given.pop("scan", None)
        record(**given, scan=read_upload(scan) if scan else None, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Pouvoir de signer enregistré.", *(("request", back) if back else (request.path,)))

    if answer := act_on(request, act, form=form):
        return answer
    context = {"form": form, "name": name, "mandates": found, "back": back, "deposit": deposit}
    return render(request, "web/conventions/mandates/list.html", context, status=status_of(form))


@requires(Action.MANDATE_RECORD)
def complete(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """What an act still lacked: what rests on it follows."""
    mandate = _mandate(request, mandate_id)
    present = {name: getattr(mandate, name) or "" for name in ("organ", "number", "enforceable_on")}
    form = MandateCompletionForm(
        request.POST or None, request.FILES or None, initial=present | {"covers": mandate.covers}
    )

    def act() -> HttpResponse:
        given = dict(form.cleaned_data)
        scan = given.pop("scan")
        kept = read_upload(scan) if scan else None
        complete_mandate(mandate_id=mandate.pk, **given, scan=kept, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Acte complété. Ce qui repose sur lui en tient compte.", *_list_of(mandate))

    if answer := act_on(request, act, form=form):
        return answer
    subject = ("issuer", mandate.issuer.code) if mandate.issuer else ("body", mandate.body_id)
    entries = [entry for entry in entries_about(*subject) if entry.details.get("mandate") == mandate.pk][::-1]
    context = {"form": form, "mandate": mandate, "entries": entries}
    return render(request, "web/conventions/mandates/complete.html", context, status=status_of(form))


def _list_of(mandate: Mandate) -> tuple[str, ...]:
    return ("body-mandates", mandate.body.siren) if mandate.body else ("own-mandates",)


@requires(Action.MANDATE_RECORD)
def end(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """The end of a power: a change of mayor never touches what was signed."""
    mandate = _mandate(request, mandate_id)
    if refusal := why_not_ended(mandate):
        return turn_away(request, refusal, *_list_of(mandate))
    form: forms.Form = MandateEndForm(request.POST or None)

    def act() -> HttpResponse:
        end_mandate(mandate_id=mandate.pk, **form.cleaned_data, actor=actor_of(request), at=timezone.now())
        words = "Fin du pouvoir notée. Les papiers signés restent ce qu'ils sont."
        return say_done(request, words, *_list_of(mandate))

    return act_on(request, act, form=form) or render(
        request,
        "web/conventions/mandates/end.html",
        {"form": form, "mandate": mandate},
        status=status_of(form),
    )


@requires(Action.CONVENTION_READ)
def mandate_scan(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """The copy of an act."""
    mandate = _mandate(request, mandate_id)
    document = or_404(document_by_id(mandate.document_id) if mandate.document_id else None)
    return HttpResponse(pdf_of(document.pk), content_type=document.media_type)


def _mandate(request: HttpRequest, mandate_id: int) -> Mandate:
    """An act of a public body, or of the account's own issuer."""
    mandate = mandate_by_id(mandate_id)
    own = request.user.issuer_id  # type: ignore[union-attr]
    if mandate is None or (mandate.issuer_id is not None and mandate.issuer_id != own):
        raise Http404
    return mandate
