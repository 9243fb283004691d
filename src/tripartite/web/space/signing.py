"""Signing in the beneficiary's space: the convention, who has signed, a code, the signature."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_POST

from tripartite.accounts.rights import Action
from tripartite.accounts.services.codes import Verdict
from tripartite.config import CodeChannel
from tripartite.conventions.queries.access import waits_for
from tripartite.conventions.queries.conventions import (
    BENEFICIARY,
    convention_by_id,
    current_document_id,
    waiting_signatories,
    what_signatory_lacks,
)
from tripartite.conventions.queries.signatures import proof_of
from tripartite.conventions.services.codes import send_code, tell_code
from tripartite.conventions.services.refusing import refuse_to_sign
from tripartite.conventions.services.signing import consent_words
from tripartite.conventions.states import WAY_WORTH, WORTH_BY_PHONE, Way
from tripartite.going_live.services.signing import sign_by_code
from tripartite.parties.queries.looks import issuers_on
from tripartite.web.shell.access import actor_of, may_sign, requires
from tripartite.web.shell.acting import act_on, say_done
from tripartite.web.shell.client_address import client_address
from tripartite.web.space.access import Visitor, in_space
from tripartite.web.space.display import reachable_issuers
from tripartite.web.space.forms import DepositForm, RefuseToSignForm, SignForm

OTHERS = "D'autres doivent encore signer : un courriel dira quand elle est en vigueur."
REFUSED = "Refus de signer enregistré. Rien n'est engagé ; les autres parties sont prévenues."

if TYPE_CHECKING:
    from tripartite.conventions.models import Convention, Signatory


@require_GET
@in_space
def show(request: HttpRequest, visitor: Visitor, convention_id: int) -> HttpResponse:
    return _page(request, visitor, visitor.convention(convention_id))


def _page(
    request: HttpRequest,
    visitor: Visitor,
    convention: Convention,
    form: forms.Form | None = None,
    *,
    refusal: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    mine = _mine(visitor, convention)
    lacks = what_signatory_lacks(mine, on=timezone.localdate()) if mine else ""
    by_phone = settings.CONFIG.code_channel is CodeChannel.PHONE
    context = {
        "visitor": visitor,
        "convention": convention,
        "document_id": current_document_id(convention),
        "rows": _rows(convention),
        "mine": mine,
        "lacks": lacks,
        "worth": WORTH_BY_PHONE if by_phone else WAY_WORTH[Way.HERE],
        "by_phone": by_phone,
        "issuers": reachable_issuers(timezone.localdate()),
        "form": (form or _form(mine, convention)) if mine and not lacks else None,
        "refuse_form": refusal or RefuseToSignForm(auto_id="refuse_%s"),
        "deposit_form": DepositForm(auto_id="deposit_%s") if mine and lacks and mine.role == BENEFICIARY else None,
    }
    return render(request, "web/space/convention.html", context, status=status)


def _mine(visitor: Visitor, convention: Convention) -> Signatory | None:
    """The signatory of that address whose turn it is; None when nothing is awaited from it."""
    return next(iter(waits_for(convention, visitor.email)), None)


def _rows(convention: Convention) -> list[dict[str, Any]]:
    names = {issuer.code: issuer for issuer in issuers_on(timezone.localdate())}
    waiting = {one.pk for one in waiting_signatories(convention)}
    return [
        {
            "signatory": one,
            "issuer": names.get(one.role),
            "party": names[one.role].name if one.role in names else convention.beneficiary.name,
            "signature": getattr(one, "signature", None),
            "waiting": one.pk in waiting,
            "refusal": getattr(one, "refusal", None),
            "proof": proof_of(one.signature) if hasattr(one, "signature") else None,
        }
        for one in convention.signatories.all()
    ]


def _form(signatory: Signatory, convention: Convention, typed: QueryDict | None = None) -> SignForm:
    return SignForm(typed, words=consent_words(signatory, convention), initial={"signatory": signatory.pk})


@require_POST
@in_space
def code(request: HttpRequest, visitor: Visitor, convention_id: int) -> HttpResponse:
    """Send the code by which the person who is there signs this text; by telephone, an agent gives it."""
    convention = visitor.convention(convention_id)
    mine = _mine(visitor, convention)
    if mine is None or settings.CONFIG.code_channel is CodeChannel.PHONE:
        raise Http404

    def act() -> HttpResponse:
        send_code(signatory_id=mine.pk, actor=visitor.actor, at=timezone.now())
        words = f"Un code vient d'être envoyé à {mine.email}. Il vaut dix minutes."
        return say_done(request, words, "space-convention", convention.pk)

    return act_on(request, act) or redirect("space-convention", convention.pk)


@sensitive_post_parameters("code")
@require_POST
@in_space
def sign(request: HttpRequest, visitor: Visitor, convention_id: int) -> HttpResponse:
    """Sign with the code and the words. A right code and the signature go together: refused, the code stays good."""
    convention = visitor.convention(convention_id)
    mine = _mine(visitor, convention)
    if mine is None:
        return _already(request, visitor, convention)
    form = _form(mine, convention, request.POST)

    def act() -> HttpResponse | None:
        if form.cleaned_data["signatory"] != mine.pk:
            raise Http404
        verdict = sign_by_code(
            signatory_id=mine.pk,
            code=form.cleaned_data["code"],
            address=client_address(request),
            browser=request.headers.get("User-Agent", ""),
            actor=visitor.actor,
            at=timezone.now(),
        )
        if verdict is Verdict.RIGHT:
            return say_done(request, _signed(convention_by_id(convention.pk), mine), "space-convention", convention.pk)
        form.add_error("code", verdict.words)
        return None

    if answer := act_on(request, act, form=form):
        return answer
    return _done(request, visitor, convention, mine.pk) or _page(request, visitor, convention, form, status=422)


def _done(request: HttpRequest, visitor: Visitor, convention: Convention, signatory: int | None) -> HttpResponse | None:
    """Pressed twice: the page with what was recorded for the visitor, said as it is; None when nothing was."""
    read = convention_by_id(convention.pk)
    theirs = [one for one in read.signatories.all() if one.email.lower() == visitor.email] if read else []
    done = [one for one in theirs if hasattr(one, "signature") or hasattr(one, "refusal")]
    one = next((each for each in done if signatory in (each.pk, None)), None)
    if one is None:
        return None
    said = _signed(read, one) if hasattr(one, "signature") else REFUSED
    return say_done(request, said, "space-convention", convention.pk)


def _signed(convention: Convention | None, signatory: Signatory) -> str:
    """That it is signed, and what comes next while others have not signed."""
    if convention is None:
        raise Http404
    words = f"{convention.number} est signée par {signatory.name}. Merci."
    return f"{words} {OTHERS}" if waiting_signatories(convention) else words


def _already(request: HttpRequest, visitor: Visitor, convention: Convention) -> HttpResponse:
    """Nothing is awaited from the visitor: what was recorded, if it was."""
    if answer := _done(request, visitor, convention, None):
        return answer
    messages.error(request, "Aucune signature n'est attendue de vous sur cette convention.")
    return redirect("space-convention", convention.pk)


@require_POST
@in_space
def refuse(request: HttpRequest, visitor: Visitor, convention_id: int) -> HttpResponse:
    """Refuse to sign, with a reason: the link says who does."""
    convention = visitor.convention(convention_id)
    mine = _mine(visitor, convention)
    if mine is None:
        return _already(request, visitor, convention)
    form = RefuseToSignForm(request.POST, auto_id="refuse_%s")

    def act() -> HttpResponse:
        now = timezone.now()
        evidence = {
            "link": visitor.email,
            "address": client_address(request)[:60],
            "browser": request.headers.get("User-Agent", "")[:300],
        }
        refuse_to_sign(
            signatory_id=mine.pk,
            way=Way.HERE,
            refused_on=timezone.localdate(now),
            reason=form.cleaned_data["reason"],
            evidence=evidence,
            actor=visitor.actor,
            at=now,
        )
        return say_done(request, REFUSED, "space-convention", convention.pk)

    if answer := act_on(request, act, form=form):
        return answer
    return _done(request, visitor, convention, mine.pk) or _page(request, visitor, convention, refusal=form, status=422)


@sensitive_variables("told")
@require_POST
@requires(Action.SIGNATURE_RECORD)
def tell(request: HttpRequest, convention_id: int, signatory_id: int) -> HttpResponse:
    """For an agent on the telephone: a code, shown once, in the answer itself. Neither stored nor put in a cookie."""
    convention = convention_by_id(convention_id)
    waiting = [one for one in waiting_signatories(convention) if may_sign(request, one)] if convention else []
    signatory = next((one for one in waiting if one.pk == signatory_id), None)
    if convention is None or signatory is None or settings.CONFIG.code_channel is not CodeChannel.PHONE:
        raise Http404

    @sensitive_variables("told")
    def act() -> HttpResponse:
        told = tell_code(
            signatory_id=signatory.pk,
            actor=actor_of(request),
            at=timezone.now(),
        )
        context = {"told": told, "signatory": signatory, "convention": convention}
        return render(request, "web/space/told_code.html", context)

    return act_on(request, act) or redirect("convention", convention.pk)
