"""What an agent writes down for a town hall: an answer received on paper or by telephone, the act that empowers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tripartite.accounts.rights import Action
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.papers import deliberation_of
from tripartite.documents.render import render as render_paper
from tripartite.parties.queries.mandates import mandates_of
from tripartite.quotes.queries.closed import why_not_answered, why_not_justified
from tripartite.quotes.queries.requests import request_with_all
from tripartite.quotes.services.answers import Person, accept_quotes, justify_acceptance, refuse_quotes
from tripartite.quotes.states import RequestState
from tripartite.web.requests.forms import PaperAnswerForm, RefusalForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of, turn_away
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.deposits import read_upload

if TYPE_CHECKING:
    from tripartite.quotes.models import Request


def _request(reference: str) -> Request:
    return or_404(request_with_all(reference))


@requires(Action.ANSWER_RECORD)
def accept_on_paper(request: HttpRequest, reference: str) -> HttpResponse:
    """A « bon pour accord » received on paper, with its scan."""
    asked = _request(reference)
    if refusal := why_not_answered(asked, RequestState.ACCEPTED):
        return turn_away(request, refusal, "request", reference)
    versions = list(asked.versions.all())
    numbers = [quote.number for quote in versions[-1].quotes.all()] if versions else []
    form = PaperAnswerForm(request.POST or None, request.FILES or None, numbers=numbers)

    def act() -> HttpResponse:
        given, now = form.cleaned_data, timezone.now()
        accept_quotes(
            request_id=asked.pk,
            person=Person(given["person"], given["function"]),
            way="paper",
            answered_on=given["answered_on"],
            numbers={given["only"]} if given["only"] else None,
            explanation=given["explanation"],
            scan=read_upload(given["scan"]),
            actor=actor_of(request),
            at=now,
        )
        return say_done(request, "Accord enregistré.", "request", reference)

    context = {"form": form, "asked": asked, "title": "Accord reçu sur papier", "words": "Enregistrer l'accord"}
    return act_on(request, act, form=form) or render(
        request, "web/requests/answer.html", context, status=status_of(form)
    )


@requires(Action.ANSWER_RECORD)
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """A refusal told to an agent."""
    asked = _request(reference)
    if refusal := why_not_answered(asked, RequestState.REFUSED):
        return turn_away(request, refusal, "request", reference)
    form = RefusalForm(request.POST or None)

    def act() -> HttpResponse:
        given = form.cleaned_data
        refuse_quotes(
            request_id=asked.pk,
            person=Person(given["person"], given["function"]),
            way="paper",
            answered_on=given["answered_on"],
            reason=given["reason"],
            actor=actor_of(request),
            at=timezone.now(),
        )
        return say_done(request, "Refus enregistré.", "request", reference)

    context = {"form": form, "asked": asked, "title": "Devis refusés", "words": "Enregistrer le refus"}
    return act_on(request, act, form=form) or render(
        request, "web/requests/answer.html", context, status=status_of(form)
    )


@requires(Action.MANDATE_RECORD)
def justify(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose, among the acts of the beneficiary, the one that empowered whoever accepted."""
    asked = _request(reference)
    if refusal := why_not_justified(asked, on=timezone.localdate()):
        return turn_away(request, refusal, "request", reference)
    found = mandates_of(body_id=asked.beneficiary_id)
    chosen = next((act.pk for act in found if str(act.pk) == request.POST.get("mandate")), None)
    form = forms.Form(request.POST if request.method == "POST" else None)

    def act() -> HttpResponse | None:
        if chosen is None:
            form.add_error(None, "Choisissez un acte de la liste.")
            return None
        justify_acceptance(request_id=asked.pk, mandate_id=chosen, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Pouvoir justifié : l'accord compte.", "request", reference)

    if answer := act_on(request, act, form=form):
        return answer
    context = {
        "asked": asked,
        "mandates": found,
        "chosen": chosen or (found[0].pk if found else None),
        "error": " ".join(map(str, form.non_field_errors())),
    }
    return render(request, "web/requests/justify.html", context, status=status_of(form))


@requires(Action.REQUEST_READ)
def deliberation(request: HttpRequest, reference: str, layout: str) -> HttpResponse:
    """The draft of the beneficiary's deliberation, as PDF or as an editable document."""
    return deliberation_file(request, _request(reference), layout)


def deliberation_file(request: HttpRequest, asked: Request, layout: str) -> HttpResponse:
    """The same, for whoever may see the file."""
    try:
        paper = deliberation_of(request_id=asked.pk, on=timezone.localdate())
    except ConventionError as refusal:
        messages.error(request, str(refusal))
        return redirect("request", asked.reference)
    name = f"projet-de-deliberation-{asked.reference}.{layout}"
    if layout == "odt":
        content, media_type = paper.as_editable(), "application/vnd.oasis.opendocument.text"
    else:
        content, media_type = render_paper(paper.model, paper.as_payload()), "application/pdf"
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
