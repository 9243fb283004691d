"""Recording the acts that empower people to sign, for a public body or for one's own issuer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.rights import Action
from tripartite.documents.queries import document_by_id, pdf_of
from tripartite.parties.queries.bodies import body_by_identifier, issuer_by_code
from tripartite.parties.queries.mandates import mandate_by_id, mandates_of
from tripartite.parties.services.mandates import end_mandate, record_mandate
from tripartite.quotes.queries.requests import accepted_quotes, accepted_version, request_by_reference
from tripartite.web.conventions.forms import MandateEndForm, MandateForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.converters import Code
from tripartite.web.shell.deposits import read_upload

if TYPE_CHECKING:
    from tripartite.parties.models import Mandate


@requires(Action.MANDATE_RECORD)
def body_mandates(request: HttpRequest, siren: str) -> HttpResponse:
    body = or_404(body_by_identifier("siren", siren))
    return _page(request, body.name, {"body_id": body.pk}, mandates_of(body_id=body.pk), back=_back(request))


def _back(request: HttpRequest) -> str | None:
    """The request that the page was opened from, if the address names one."""
    named = request.GET.get("retour", "")
    return named if re.fullmatch(Code.regex, named) else None


@requires(Action.MANDATE_RECORD)
def own_mandates(request: HttpRequest) -> HttpResponse:
    """Those of the account's own issuer: the address names none."""
    code = request.user.issuer.code  # type: ignore[union-attr]
    issuer = issuer_by_code(code)
    return _page(request, issuer.name if issuer else code, {"issuer": code}, mandates_of(issuer=code), back=None)


def _page(
    request: HttpRequest, name: str, holder: dict[str, Any], found: Sequence[Mandate], *, back: str | None
) -> HttpResponse:
    form = MandateForm(request.POST or None, request.FILES or None, initial=_who_accepted(back, holder))

    def act() -> HttpResponse:
        given, now = dict(form.cleaned_data), timezone.now()
        scan = given.pop("scan")
        kept = read_upload(scan) if scan else None
        record_mandate(**holder, **given, scan=kept, actor=actor_of(request), at=now)
        return say_done(request, "Pouvoir de signer enregistré.", *(("request", back) if back else (request.path,)))

    if answer := act_on(request, act, form=form):
        return answer
    context = {"form": form, "name": name, "mandates": found, "back": back, "today": timezone.localdate()}
    return render(request, "web/conventions/mandates/list.html", context, status=status_of(form))


def _who_accepted(reference: str | None, holder: dict[str, Any]) -> dict[str, str]:
    """The name and the function that the quotes of that file, if it is one of that body, were accepted with."""
    asked = request_by_reference(reference) if reference else None
    version = accepted_version(asked.pk) if asked and asked.beneficiary_id == holder.get("body_id") else None
    answers = [quote.answer for quote in accepted_quotes(version.pk)] if version else []
    return {"person": answers[0].person, "function": answers[0].function} if answers else {}


@requires(Action.MANDATE_RECORD)
def end(request: HttpRequest, mandate_id: int) -> HttpResponse:
    """The end of a power: a change of mayor never touches what was signed."""
    mandate = _mandate(request, mandate_id)
    form: forms.Form = MandateEndForm(request.POST or None)

    def act() -> HttpResponse:
        end_mandate(mandate_id=mandate.pk, **form.cleaned_data, actor=actor_of(request), at=timezone.now())
        there = ("body-mandates", mandate.body.siren) if mandate.body else ("own-mandates",)
        return say_done(request, "Fin du pouvoir notée. Les papiers signés restent ce qu'ils sont.", *there)

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
