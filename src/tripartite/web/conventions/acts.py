"""What an agent does with a convention: prepare, send, record signatures, end. Each refusal comes back in its form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action, may
from tripartite.conventions.services.drafting import (
    abandon_convention,
    draft_convention,
    set_changes,
    set_signatory,
    set_term,
)
from tripartite.conventions.services.outside import Confirmation
from tripartite.conventions.services.refusing import refuse_to_sign
from tripartite.conventions.services.sending import send_convention
from tripartite.going_live.services import signing
from tripartite.quotes.queries.requests import request_by_reference
from tripartite.web.conventions.forms import (
    ChangesForm,
    PaperSignatureForm,
    SignatoryForm,
    SignedPdfForm,
    SigningRefusalForm,
    TermForm,
)
from tripartite.web.conventions.page import convention_or_404, forms_offered, mandates_for, page_of, signatory_or_404
from tripartite.web.shell.access import actor_of, may_name, may_sign, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.deposits import read_upload
from tripartite.web.shell.fields import ReasonForm
from tripartite.web.shell.seen import told_when_stale

if TYPE_CHECKING:
    from tripartite.conventions.models import Convention, Signatory

ALONE = "Sans adresse électronique, rien n'est écrit à {names} : faites signer sur papier, ou ajoutez l'adresse."


@require_POST
@requires(Action.CONVENTION_WRITE)
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Prepare the convention of a file, or an amendment to the one that the form names."""
    asked = request_by_reference(reference)
    parent = request.POST.get("parent", "")
    if asked is None or not re.fullmatch("[0-9]{0,9}", parent):
        raise Http404

    def act() -> HttpResponse:
        made = draft_convention(
            request_id=asked.pk,
            parent_id=int(parent) if parent else None,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return redirect("convention", made.pk)

    return act_on(request, act) or redirect("request", reference)


def _act(
    request: HttpRequest, convention_id: int, verb: Callable[[], object], words: str, *, name: str, form: forms.Form
) -> HttpResponse:
    """Run a verb on what a form says; a refusal comes back in the form, or on top of a page that has it no more."""

    def act() -> HttpResponse:
        with told_when_stale(form):
            verb()
        return say_done(request, words, "convention", convention_id)

    if answer := act_on(request, act, form=form):
        return answer
    convention = convention_or_404(convention_id)
    if name not in forms_offered(request, convention):
        for refusals in form.errors.values():
            messages.error(request, " ".join(map(str, refusals)))
    return page_of(request, convention, shown={name: form}, status=422)


@require_POST
@requires(Action.CONVENTION_WRITE)
def save_signatory(request: HttpRequest, convention_id: int, signatory_id: int) -> HttpResponse:
    one = signatory_or_404(convention_id, signatory_id)
    if not may_name(request, one):
        raise PermissionDenied("Ce signataire est celui de l'autre émetteur : un de ses agents le désigne.")
    form = SignatoryForm(request.POST, mandates=mandates_for(one), auto_id=f"s{one.position}_%s")

    def verb() -> object:
        given = form.cleaned_data
        return set_signatory(
            signatory_id=one.pk,
            name=given["name"],
            function=given["function"],
            email=given["email"],
            phone=given["phone"],
            mandate_id=int(given["mandate"]) if given["mandate"] else None,
            actor=actor_of(request),
            at=timezone.now(),
            seen=given["made_on"],
        )

    return _act(request, convention_id, verb, "Signataire enregistré.", name=f"signatory{one.pk}", form=form)


@require_POST
@requires(Action.CONVENTION_WRITE)
def save_term(request: HttpRequest, convention_id: int) -> HttpResponse:
    form = TermForm(request.POST)

    def verb() -> object:
        given = dict(form.cleaned_data)
        seen = given.pop("made_on")
        return set_term(convention_id=convention_id, **given, actor=actor_of(request), at=timezone.now(), seen=seen)

    return _act(request, convention_id, verb, "Durée enregistrée.", name="term", form=form)


@require_POST
@requires(Action.CONVENTION_WRITE)
def save_changes(request: HttpRequest, convention_id: int) -> HttpResponse:
    form = ChangesForm(request.POST)

    def verb() -> object:
        given = form.cleaned_data
        return set_changes(
            convention_id=convention_id,
            changes=given["changes"],
            actor=actor_of(request),
            at=timezone.now(),
            seen=given["made_on"],
        )

    return _act(request, convention_id, verb, "Objet de l'avenant enregistré.", name="changes", form=form)


@require_POST
@requires(Action.CONVENTION_WRITE)
def send(request: HttpRequest, convention_id: int) -> HttpResponse:
    key = convention_or_404(convention_id).pk

    def act() -> HttpResponse:
        convention = send_convention(convention_id=key, actor=actor_of(request), at=timezone.now())
        return say_done(request, f"{convention.number} : à signer. {_told(convention)}", "convention", convention_id)

    return act_on(request, act) or redirect("convention", convention_id)


def _told(convention: Convention) -> str:
    """Who is written to so that it signs, and who is not: without address, an agent has to ask."""
    signing = list(convention.signatories.all())
    told = ", ".join(one.email for one in signing if one.email)
    alone = ", ".join(one.name for one in signing if not one.email)
    words = f"Le lien pour signer est écrit à {told}." if told else ""
    return f"{words} {ALONE.format(names=alone)}".strip() if alone else words


@require_POST
@requires(Action.SIGNATURE_RECORD)
def sign_on_paper(request: HttpRequest, convention_id: int, signatory_id: int) -> HttpResponse:
    one = _own_signatory(request, convention_id, signatory_id)
    form = PaperSignatureForm(request.POST, request.FILES, auto_id=f"s{one.position}_paper_%s")

    def verb() -> object:
        given = form.cleaned_data
        return signing.sign_on_paper(
            signatory_id=one.pk,
            signed_on=given["signed_on"],
            scan=read_upload(given["scan"]),
            original_place=given["original_place"],
            received_on=given["received_on"],
            actor=actor_of(request),
            at=timezone.now(),
        )

    return _act(request, convention_id, verb, "Signature enregistrée.", name=f"paper{one.pk}", form=form)


@require_POST
@requires(Action.SIGNATURE_RECORD)
def deposit(request: HttpRequest, convention_id: int, signatory_id: int) -> HttpResponse:
    one = _own_signatory(request, convention_id, signatory_id)
    confirmable = may(request.user, Action.HOLDER_CONFIRM, issuer=one.role)
    form = SignedPdfForm(request.POST, request.FILES, confirmable=confirmable, auto_id=f"s{one.position}_pdf_%s")

    def verb() -> None:
        pdf = read_upload(form.cleaned_data["pdf"])
        reason = form.cleaned_data.get("confirmation", "")
        confirmation = Confirmation(reason, of=one.role) if reason else None
        signing.sign_outside(
            signatory_id=one.pk, pdf=pdf, confirmation=confirmation, actor=actor_of(request), at=timezone.now()
        )

    return _act(request, convention_id, verb, "Signature vérifiée et enregistrée.", name=f"pdf{one.pk}", form=form)


@require_POST
@requires(Action.SIGNATURE_RECORD)
def refuse(request: HttpRequest, convention_id: int, signatory_id: int) -> HttpResponse:
    """A refusal to sign, told or written to an agent."""
    one = _own_signatory(request, convention_id, signatory_id)
    form = SigningRefusalForm(request.POST, request.FILES, auto_id=f"s{one.position}_refuse_%s")

    def verb() -> object:
        given = form.cleaned_data
        return refuse_to_sign(
            signatory_id=one.pk,
            way="paper",
            refused_on=given["refused_on"],
            reason=given["reason"],
            scan=read_upload(given["scan"]) if given["scan"] else None,
            actor=actor_of(request),
            at=timezone.now(),
        )

    return _act(request, convention_id, verb, "Refus enregistré.", name=f"refuse{one.pk}", form=form)


def _own_signatory(request: HttpRequest, convention_id: int, signatory_id: int) -> Signatory:
    one = signatory_or_404(convention_id, signatory_id)
    if not may_sign(request, one):
        raise PermissionDenied("Cette signature est celle de l'autre émetteur : un de ses agents l'enregistre.")
    return one


@require_POST
@requires(Action.CONVENTION_WRITE)
def abandon(request: HttpRequest, convention_id: int) -> HttpResponse:
    form = ReasonForm(request.POST, auto_id="abandon_%s")

    def verb() -> object:
        reason = form.cleaned_data["reason"]
        return abandon_convention(
            convention_id=convention_id, reason=reason, actor=actor_of(request), at=timezone.now()
        )

    return _act(request, convention_id, verb, "Convention abandonnée.", name="abandon", form=form)
