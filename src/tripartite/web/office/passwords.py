"""One's password: changed, or forgotten and given anew by a link."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from tripartite.accounts import queries
from tripartite.accounts.reset_tokens import account_of_reset
from tripartite.accounts.services.people import set_password
from tripartite.accounts.services.resets import ask_reset, reset_password
from tripartite.accounts.services.sessions import move_session
from tripartite.journal.services import Actor
from tripartite.web.office.forms import NewPasswordForm
from tripartite.web.office.security_forms import ForgottenForm, ResetForm
from tripartite.web.shell.access import actor_of
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.client_address import client_address
from tripartite.web.shell.navigation import first_screen

PUBLIC = Actor("public")
ASKED = (
    "Si un compte ouvert porte cette adresse, un lien vient d'y être envoyé. Il arrive en quelques minutes ; pensez au"
    " dossier des courriels indésirables."
)
TOO_MANY = "Trop de liens ont été demandés de votre réseau. Réessayez dans une heure."


@sensitive_post_parameters()
@never_cache
@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    account = or_404(queries.account_by_email(request.user.get_username()))
    form = NewPasswordForm(account, request.POST or None)
    if form.is_valid():
        key = request.session.session_key or ""
        changed = set_password(
            account=account,
            password=form.cleaned_data["password"],
            actor=actor_of(request),
            at=timezone.now(),
            one_time=False,
            kept=key,
        )
        update_session_auth_hash(request, changed)
        move_session(before=key, after=request.session.session_key or "")
        messages.success(request, "Votre mot de passe est changé. Vos autres sessions sont fermées.")
        return redirect(first_screen(account))
    return render(
        request,
        "web/office/accounts/password.html",
        {"form": form, "forced": account.must_change_password},
        status=status_of(form),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """The same answer whatever is typed: it never says whether an address has an account."""
    form = ForgottenForm(request.POST or None)
    status = status_of(form)
    if form.is_valid():
        email, network = form.cleaned_data["email"], client_address(request)
        if ask_reset(email=email, network=network, actor=PUBLIC, at=timezone.now()):
            return say_done(request, ASKED, "login")
        form.add_error(None, TOO_MANY)
        status = 429
    context = {"form": form, "minutes": int(settings.CONFIG.reset_life.total_seconds() // 60)}
    return render(request, "web/office/accounts/forgotten.html", context, status=status)


@sensitive_variables("secret")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password_reset(request: HttpRequest, secret: str) -> HttpResponse:
    """A new password, for whoever opens the link; the log-in follows, with its second factor."""
    if account_of_reset(secret, at=timezone.now()) is None:
        return render(request, "web/office/accounts/reset_lost.html", status=410)
    form = ResetForm(request.POST or None)

    def act() -> HttpResponse:
        reset_password(secret=secret, password=form.cleaned_data["password"], actor=PUBLIC, at=timezone.now())
        return say_done(request, "Votre mot de passe est changé. Connectez-vous.", "login")

    return act_on(request, act, form=form) or render(
        request, "web/office/accounts/reset.html", {"form": form}, status=status_of(form)
    )
