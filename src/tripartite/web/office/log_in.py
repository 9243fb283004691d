"""Coming in, by a password and what comes after it, or by a passkey alone; going out."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tripartite.accounts import passkeys, queries
from tripartite.accounts.services.factors import WRONG_PASSKEY, prove_by_passkey
from tripartite.accounts.services.sessions import end_session
from tripartite.web.office.coming_in import ask, asked, come_in, safe, site_of, wait, waiting
from tripartite.web.office.forms import LogInForm
from tripartite.web.office.proving import prove
from tripartite.web.office.security_forms import AnswerForm
from tripartite.web.shell.access import actor_of
from tripartite.web.shell.acting import status_of
from tripartite.web.shell.client_address import client_address
from tripartite.web.shell.navigation import first_screen

NO_PASSKEY = "Les clés d'accès demandent une adresse en lettres, en https (ou « localhost » sur ce poste)."


class LogIn(LoginView):
    """Comes in by address and password; where there is a second factor, or one is to be taken up, that comes next."""

    template_name = "web/office/accounts/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return resolve_url(first_screen(self.request.user))

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        account, there = form.get_user(), self.get_redirect_url()
        factors = queries.factors_of(account.pk)
        if factors.some or queries.needs_factor(account):
            wait(self.request, account, there)
            return redirect("login-factor" if factors.some else "login-enrol")
        return HttpResponseRedirect(come_in(self.request, account, there=there))


class LogOut(LogoutView):
    """Goes out, by POST alone."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - as Django declares it

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            end_session(
                account=request.user,
                session_key=request.session.session_key or "",
                address=client_address(request),
                actor=actor_of(request),
                at=timezone.now(),
            )
        return super().post(request, *args, **kwargs)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """The code, or the passkey, of whoever has given its password."""
    account = waiting(request)
    if account is None:
        return redirect("login")
    proving = prove(request, account, password=False)
    if proving.proved:
        return HttpResponseRedirect(come_in(request, account, how=proving.proved))
    return render(request, "web/office/accounts/second_factor.html", {"proving": proving}, status=proving.status)


@never_cache
@require_http_methods(["GET", "POST"])
def passkey_log_in(request: HttpRequest) -> HttpResponse:
    """In by a passkey alone, which its owner unlocks: it stands for the password and for the second factor."""
    site, there = site_of(request), safe(request, request.GET.get("next", ""))
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        state, answer = asked(request), form.cleaned_data["answer"]
        one = queries.passkey_named(passkeys.credential_named(answer))
        if site is not None and state is not None and one is not None:
            who, key = queries.actor_for(one.account), one.account_id
            refusal = prove_by_passkey(
                account_id=key, site=site, state=state, answer=answer, actor=who, at=timezone.now()
            )
            if not refusal:
                return HttpResponseRedirect(come_in(request, one.account, how="clé d'accès seule", there=there))
        form.add_error(None, WRONG_PASSKEY)
    question = ask(request, passkeys.ask_known(site, (), alone=True)) if site is not None else ""
    context = {"form": form, "question": question, "impossible": "" if site else NO_PASSKEY}
    return render(request, "web/office/accounts/passkey_log_in.html", context, status=status_of(form))
