"""What agents do with signature keys: deposit a certificate, hand over, renew, revoke, say that a holder stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.rights import Action
from tripartite.documents.strangers import read_certificate
from tripartite.going_live.queries.key_days import validity_words
from tripartite.going_live.queries.keys import activations_for_keys, keys_of, terms_without_key
from tripartite.going_live.services.activations import open_renewal
from tripartite.going_live.services.key_renewals import renew_key
from tripartite.going_live.services.keys import hand_over_key, keep_holder, register_key, revoke_key
from tripartite.going_live.states import IN_USE
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.mandates import mandates_of
from tripartite.web.keys.forms import HandOverForm, KeyForm, RevocationForm
from tripartite.web.keys.register import key_or_404, page_of
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.deposits import read_upload

if TYPE_CHECKING:
    from tripartite.going_live.models import SignatureKey
    from tripartite.parties.models import PublicBody

ACTIVATION, TERM = "mise-en-service", "abonnement"


@requires(Action.KEY_WRITE)
def deposit(request: HttpRequest, siren: str) -> HttpResponse:
    """A key for the register of a body, from its certificate file."""
    body = or_404(body_by_identifier("siren", siren))
    form = _form(request, body)

    def act() -> HttpResponse:
        key, said = _register(request, body, form.cleaned_data)
        words = f"Clé au registre : elle signe du {key.valid_from:%d/%m/%Y} au {key.valid_until:%d/%m/%Y} compris."
        return say_done(request, f"{words} {said}".strip(), "key", key.pk)

    return act_on(request, act, form=form) or render(
        request, "web/keys/new.html", {"form": form, "body": body}, status=status_of(form)
    )


def _form(request: HttpRequest, body: PublicBody) -> KeyForm:
    waiting = [(f"{ACTIVATION}:{one.pk}", f"mise en service : {one.name}") for one in activations_for_keys(body.pk)]
    terms = [
        (f"{TERM}:{one.pk}", f"{one.name}, depuis le {one.starts_on:%d/%m/%Y}") for one in terms_without_key(body.pk)
    ]
    held = [(str(one.pk), f"{one}, jusqu'au {one.valid_until:%d/%m/%Y}") for one in _in_use(body)]
    acts = [act for act in mandates_of(body_id=body.pk) if act.valid_until is None]
    initial = {
        "stands_for": f"{ACTIVATION}:{request.GET.get(ACTIVATION, '')}" if ACTIVATION in request.GET else None,
        "replaces": request.GET.get("remplace", ""),
        "holder_name": acts[0].person if acts else "",
        "holder_function": acts[0].function if acts else "",
    }
    chosen = {name: value for name, value in initial.items() if value is not None}
    return KeyForm(
        request.POST or None, request.FILES or None, initial=chosen, stands_for=[*waiting, *terms], replaces=held
    )


def _in_use(body: PublicBody) -> list[SignatureKey]:
    return [one for one in keys_of(body.pk) if one.state in IN_USE]


def _register(request: HttpRequest, body: PublicBody, given: dict[str, Any]) -> tuple[SignatureKey, str]:
    actor, now = actor_of(request), timezone.now()
    kind, _, number = given["stands_for"].partition(":")
    content = read_upload(given["certificate"])
    said = read_certificate(content).said
    key = register_key(
        body_id=body.pk,
        holder_name=given["holder_name"],
        holder_function=given["holder_function"],
        holder_reason=given["holder_reason"],
        content=content,
        activation_id=int(number) if kind == ACTIVATION else None,
        subscription_id=int(number) if kind == TERM else None,
        alone=not kind,
        replaces=int(given["replaces"]) if given["replaces"] else None,
        actor=actor,
        at=now,
    )
    late = validity_words(key.valid_from, key.valid_until, timezone.localdate(now))
    return key, " ".join(filter(None, (late, said)))


@require_POST
@requires(Action.KEY_WRITE)
def hand_over(request: HttpRequest, key_id: int) -> HttpResponse:
    key, form = key_or_404(key_id), HandOverForm(request.POST, auto_id="remise_%s")

    def act() -> HttpResponse:
        hand_over_key(key_id=key.pk, **form.cleaned_data, actor=actor_of(request), at=timezone.now())
        return say_done(request, "Remise notée.", "key", key.pk)

    return act_on(request, act, form=form) or page_of(request, key, bound={"hand_over": form}, status=422)


@require_POST
@requires(Action.KEY_WRITE)
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    key, form = key_or_404(key_id), RevocationForm(request.POST, auto_id="revocation_%s")

    def act() -> HttpResponse:
        revoke_key(key_id=key.pk, **form.cleaned_data, actor=actor_of(request), at=timezone.now())
        words = "Révocation notée. Elle se fait aussi auprès de l'autorité du certificat."
        return say_done(request, words, "key", key.pk)

    return act_on(request, act, form=form) or page_of(request, key, bound={"revoke": form}, status=422)


@require_POST
@requires(Action.KEY_WRITE)
def renew(request: HttpRequest, key_id: int) -> HttpResponse:
    """One click to the file with both quotes issued."""
    key = key_or_404(key_id)

    def act() -> HttpResponse:
        asked = renew_key(key_id=key.pk, actor=actor_of(request), at=timezone.now())
        words = f"Devis du renouvellement émis : demande {asked.reference}."
        return say_done(request, words, "request", asked.reference)

    return act_on(request, act) or redirect("key", key.pk)


@require_POST
@requires(Action.KEY_WRITE)
def keep(request: HttpRequest, key_id: int) -> HttpResponse:
    key, now = key_or_404(key_id), timezone.now()
    if keep_holder(key_id=key.pk, on=timezone.localdate(now), actor=actor_of(request), at=now):
        messages.success(request, "C'est noté : le titulaire reste en fonction.")
    return redirect("key", key.pk)


@require_POST
@requires(Action.KEY_WRITE)
def open_going_live(request: HttpRequest, key_id: int) -> HttpResponse:
    """Open the going-live of a renewal that was accepted, under the convention of the key."""
    key = key_or_404(key_id)
    asked, running = key.renewal, key.subscription
    if asked is None or running is None:
        raise Http404

    def act() -> HttpResponse:
        open_renewal(
            request_id=asked.pk,
            convention_id=running.convention_id,
            actor=actor_of(request),
            at=timezone.now(),
        )
        words = "Mise en service ouverte : déposez le certificat de la nouvelle clé dès qu'il existe."
        return say_done(request, words, "key", key.pk)

    return act_on(request, act) or redirect("key", key.pk)
