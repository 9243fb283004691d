"""Coming in, going out, one's password, and the accounts of one's issuer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tripartite.accounts import queries
from tripartite.accounts.rights import Action
from tripartite.accounts.services.news import want_news
from tripartite.accounts.services.people import (
    change_account,
    create_account,
    deactivate_account,
    make_one_time_password,
    reactivate_account,
    record_session,
    set_password,
)
from tripartite.web.office.forms import AccountChangeForm, AccountForm, LogInForm, NewPasswordForm, NewsForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.client_address import client_address

if TYPE_CHECKING:
    from tripartite.accounts.models import User


class LogIn(LoginView):
    """Comes in by address and password; a one-time password leads to its own replacement."""

    template_name = "web/office/accounts/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        _note_session(self.request, form.get_user(), opened=True)
        return response

    def get_default_redirect_url(self) -> str:
        account = self.request.user
        if account.is_authenticated and account.must_change_password:
            return resolve_url("password-change")
        return super().get_default_redirect_url()


class LogOut(LogoutView):
    """Goes out, by POST alone."""

    http_method_names = ["post", "options"]  # noqa: RUF012 - as Django declares it

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            _note_session(request, request.user, opened=False)
        return super().post(request, *args, **kwargs)


def _note_session(request: HttpRequest, account: User, *, opened: bool) -> None:
    record_session(
        account=account, opened=opened, actor=actor_of(request), at=timezone.now(), address=client_address(request)
    )


@sensitive_post_parameters()
@never_cache
@login_required
def change_password(request: HttpRequest) -> HttpResponse:
    account = or_404(queries.account_by_email(request.user.get_username()))
    form = NewPasswordForm(account, request.POST or None)
    if form.is_valid():
        changed = set_password(
            account=account,
            password=form.cleaned_data["password"],
            actor=actor_of(request),
            at=timezone.now(),
            one_time=False,
        )
        update_session_auth_hash(request, changed)
        messages.success(request, "Votre mot de passe est changé.")
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(
        request,
        "web/office/accounts/password.html",
        {"form": form, "forced": account.must_change_password},
        status=status_of(form),
    )


@requires(Action.REQUEST_READ)
def own_news(request: HttpRequest) -> HttpResponse:
    """How one is told of what waits: at once, each morning, never."""
    account = or_404(queries.account_by_email(request.user.get_username()))
    form = NewsForm(request.POST or None, initial={"how": queries.how_told(account)})

    def act() -> HttpResponse:
        how, who = form.cleaned_data["how"], actor_of(request)
        want_news(account_id=account.pk, how=how, actor=who, at=timezone.now())
        return say_done(request, f"Vous serez prévenu : {form.words(how)}.", "own-news")

    return act_on(request, act, form=form) or render(
        request, "web/office/accounts/news.html", {"form": form, "account": account}, status=status_of(form)
    )


@requires(Action.ACCOUNTS_MANAGE)
def account_list(request: HttpRequest) -> HttpResponse:
    return render(request, "web/office/accounts/list.html", {"accounts": queries.accounts_of(_issuer_code(request))})


@sensitive_post_parameters()
@requires(Action.ACCOUNTS_MANAGE)
def account_create(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)

    def act() -> HttpResponse:
        password = make_one_time_password()
        account = create_account(
            email=form.cleaned_data["email"],
            name=form.cleaned_data["name"],
            issuer_id=request.user.issuer_id,  # type: ignore[union-attr, arg-type]
            role=form.chosen_role(),
            password=password,
            actor=actor_of(request),
            at=timezone.now(),
        )
        return _show_password(request, account, password)

    return act_on(request, act, form=form) or render(
        request, "web/office/accounts/new.html", {"form": form}, status=status_of(form)
    )


@requires(Action.ACCOUNTS_MANAGE)
def account_change(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _account(request, account_id)
    form = AccountChangeForm(request.POST or None, initial={"name": account.name, "role": account.role})

    def act() -> HttpResponse:
        name, who, now = form.cleaned_data["name"], actor_of(request), timezone.now()
        change_account(account=account, role=form.chosen_role(), name=name, actor=who, at=now)
        return say_done(request, f"Le compte de {name} est à jour.", "account-list")

    return act_on(request, act, form=form, field="role") or render(
        request, "web/office/accounts/change.html", {"form": form, "account": account}, status=status_of(form)
    )


@require_POST
@requires(Action.ACCOUNTS_MANAGE)
def account_close(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _account(request, account_id)

    def act() -> HttpResponse:
        deactivate_account(account=account, actor=actor_of(request), at=timezone.now())
        return say_done(request, f"Le compte de {account} est fermé.", "account-list")

    return act_on(request, act) or redirect("account-list")


@require_POST
@requires(Action.ACCOUNTS_MANAGE)
def account_reopen(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _account(request, account_id)
    reactivate_account(account=account, actor=actor_of(request), at=timezone.now())
    return say_done(request, f"Le compte de {account} est rouvert.", "account-list")


@require_POST
@requires(Action.ACCOUNTS_MANAGE)
def account_password(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _account(request, account_id)
    password = make_one_time_password()
    set_password(account=account, password=password, actor=actor_of(request), at=timezone.now(), one_time=True)
    return _show_password(request, account, password)


def _show_password(request: HttpRequest, account: User, password: str) -> HttpResponse:
    """Shown once, in the answer itself: neither stored nor put in a cookie by way of a message."""
    return render(request, "web/office/accounts/one_time_password.html", {"account": account, "password": password})


def _issuer_code(request: HttpRequest) -> str:
    return request.user.issuer.code  # type: ignore[union-attr]


def _account(request: HttpRequest, account_id: int) -> User:
    return or_404(queries.account_of(_issuer_code(request), account_id))
