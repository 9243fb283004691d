"""« Ma sécurité »: one's second factors and recovery codes; also taken up by whoever is coming in and must have one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tripartite.accounts import passkeys, queries, totp
from tripartite.accounts.services.factors import (
    WRONG_PASSKEY,
    add_passkey,
    add_totp,
    remove_passkey,
    remove_totp,
    renew_recovery_codes,
)
from tripartite.web.office.coming_in import ask, asked, come_in, site_of, waiting
from tripartite.web.office.log_in import NO_PASSKEY
from tripartite.web.office.security_forms import FirstCodeForm, PasskeyForm
from tripartite.web.shell.access import any_account
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.sessions import freshly_proved, note_proof

if TYPE_CHECKING:
    from tripartite.accounts.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, "User", P], HttpResponse]
SECRET = "totp_to_come"  # noqa: S105 - where the session keeps it, sealed


def _own(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For whoever is in, and proved it a short while ago."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        return view(request, _account(request), *args, **kwargs)

    return any_account(freshly_proved(cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", guarded)))


def _own_or_coming_in(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For the same; and for whoever has given its password, has no second factor, and must have one."""
    inside = _own(view)

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        account = waiting(request)
        if account is None or queries.factors_of(account.pk).some:
            return inside(request, *args, **kwargs)
        return view(request, account, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", never_cache(guarded))


@require_GET
@any_account
def own_security(request: HttpRequest) -> HttpResponse:
    account = _account(request)
    context = {
        "factors": queries.factors_of(account.pk),
        "needed": queries.needs_factor(account),
        "impossible": "" if site_of(request) else NO_PASSKEY,
    }
    return render(request, "web/office/accounts/security.html", context)


@never_cache
@require_GET
def enrol(request: HttpRequest) -> HttpResponse:
    """The choice of a second factor, for whoever is coming in and must have one."""
    account = waiting(request)
    if account is None or queries.factors_of(account.pk).some:
        return redirect("login")
    return render(request, "web/office/accounts/enrol.html", {"impossible": "" if site_of(request) else NO_PASSKEY})


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@_own_or_coming_in
def totp_add(request: HttpRequest, account: User) -> HttpResponse:
    """A QR code to read, then the first code that the application shows. The secret waits in the session, sealed."""
    sealed = request.session.get(SECRET) or totp.seal(totp.new_secret())
    request.session[SECRET] = sealed
    secret = totp.unseal(sealed)
    if secret is None:
        request.session.pop(SECRET)
        return redirect("totp-add")
    form = FirstCodeForm(request.POST or None)

    def act() -> HttpResponse:
        codes = add_totp(
            account_id=account.pk,
            sealed=sealed,
            code=form.cleaned_data["code"],
            kept=request.session.session_key or "",
            actor=queries.actor_for(account),
            at=timezone.now(),
        )
        request.session.pop(SECRET)
        return _added(request, account, codes, "L'application de codes est ajoutée.")

    context = {
        "form": form,
        "picture": totp.picture_of(secret, account.email),
        "words": totp.words_of(secret),
        "inside": request.user.is_authenticated,
    }
    return act_on(request, act, form=form) or render(
        request, "web/office/accounts/totp_add.html", context, status=status_of(form)
    )


@require_http_methods(["GET", "POST"])
@_own_or_coming_in
def passkey_add(request: HttpRequest, account: User) -> HttpResponse:
    """A name, then what the browser makes."""
    site = site_of(request)
    form = PasskeyForm(request.POST or None)

    def act() -> HttpResponse | None:
        state = asked(request)
        made = passkeys.check_new(site, state, form.cleaned_data["answer"]) if site and state else None
        if site is None or made is None:
            form.add_error(None, WRONG_PASSKEY)
            return None
        codes = add_passkey(
            account_id=account.pk,
            site=site.host,
            answered=made,
            name=form.cleaned_data["name"],
            kept=request.session.session_key or "",
            actor=queries.actor_for(account),
            at=timezone.now(),
        )
        return _added(request, account, codes, "La clé d'accès est ajoutée.")

    if done := act_on(request, act, form=form):
        return done
    question = ""
    if site is not None:
        known = [one.credential for one in queries.factors_of(account.pk).passkeys]
        new = passkeys.ask_new(site, account_id=account.pk, email=account.email, name=account.name, known=known)
        question = ask(request, new)
    context = {
        "form": form,
        "question": question,
        "impossible": "" if site else NO_PASSKEY,
        "inside": request.user.is_authenticated,
    }
    return render(request, "web/office/accounts/passkey_add.html", context, status=status_of(form))


@require_POST
@_own
def totp_remove(request: HttpRequest, account: User) -> HttpResponse:
    def act() -> HttpResponse:
        kept, who = request.session.session_key or "", queries.actor_for(account)
        remove_totp(account_id=account.pk, kept=kept, actor=who, at=timezone.now())
        note_proof(request)
        return say_done(request, "L'application de codes est retirée.", "own-security")

    return act_on(request, act) or redirect("own-security")


@require_POST
@_own
def passkey_remove(request: HttpRequest, account: User, passkey_id: int) -> HttpResponse:
    def act() -> HttpResponse:
        kept, who = request.session.session_key or "", queries.actor_for(account)
        remove_passkey(account_id=account.pk, passkey_id=passkey_id, kept=kept, actor=who, at=timezone.now())
        note_proof(request)
        return say_done(request, "La clé d'accès est retirée.", "own-security")

    return act_on(request, act) or redirect("own-security")


@require_POST
@_own
def codes_renew(request: HttpRequest, account: User) -> HttpResponse:
    def act() -> HttpResponse:
        kept, who = request.session.session_key or "", queries.actor_for(account)
        codes = renew_recovery_codes(account_id=account.pk, kept=kept, actor=who, at=timezone.now())
        note_proof(request)
        return _show_codes(request, codes, reverse("own-security"))

    return act_on(request, act) or redirect("own-security")


def _added(request: HttpRequest, account: User, codes: list[str], words: str) -> HttpResponse:
    """Whoever was coming in is in; the recovery codes are shown, when they are new."""
    if request.user.is_authenticated:
        note_proof(request)
        there = reverse("own-security")
    else:
        there = come_in(request, account, how="second facteur ajouté")
    messages.success(request, words)
    return _show_codes(request, codes, there) if codes else redirect(there)


def _show_codes(request: HttpRequest, codes: list[str], there: str) -> HttpResponse:
    """Shown once, in the answer itself: neither stored nor put in a cookie by way of a message."""
    return never_cache(render)(request, "web/office/accounts/recovery_codes.html", {"codes": codes, "there": there})


def _account(request: HttpRequest) -> User:
    return or_404(queries.account_by_email(request.user.get_username()))
