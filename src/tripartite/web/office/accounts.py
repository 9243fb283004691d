"""The accounts of one's issuer, and how one is told of what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tripartite.accounts import queries
from tripartite.accounts.rights import Action
from tripartite.accounts.services.factors import reset_factors
from tripartite.accounts.services.news import want_news
from tripartite.accounts.services.people import (
    change_account,
    create_account,
    deactivate_account,
    make_one_time_password,
    reactivate_account,
    set_password,
)
from tripartite.accounts.services.sessions import close_sessions
from tripartite.pricing.naming import complement
from tripartite.web.office.forms import AccountChangeForm, AccountForm, NewsForm
from tripartite.web.shell.access import actor_of, requires
from tripartite.web.shell.acting import act_on, say_done, status_of
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.sessions import freshly_proved

if TYPE_CHECKING:
    from tripartite.accounts.models import User


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
@freshly_proved
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
@freshly_proved
def account_change(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _account(request, account_id)
    form = AccountChangeForm(request.POST or None, initial={"name": account.name, "role": account.role})
    context = {
        "form": form,
        "account": account,
        "factors": queries.factors_of(account.pk),
        "sessions": queries.sessions_of(account.pk, at=timezone.now()),
    }

    def act() -> HttpResponse:
        name, who, now = form.cleaned_data["name"], actor_of(request), timezone.now()
        change_account(account=account, role=form.chosen_role(), name=name, actor=who, at=now)
        return say_done(request, f"Le compte {complement(name)} est à jour.", "account-list")

    return act_on(request, act, form=form, field="role") or render(
        request, "web/office/accounts/change.html", context, status=status_of(form)
    )


@require_POST
@requires(Action.ACCOUNTS_MANAGE)
@freshly_proved
def account_close(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _account(request, account_id)

    def act() -> HttpResponse:
        deactivate_account(account=account, actor=actor_of(request), at=timezone.now())
        return say_done(request, f"Le compte de {account} est fermé.", "account-list")

    return act_on(request, act) or redirect("account-list")


@require_POST
@requires(Action.ACCOUNTS_MANAGE)
@freshly_proved
def account_reopen(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _account(request, account_id)
    reactivate_account(account=account, actor=actor_of(request), at=timezone.now())
    return say_done(request, f"Le compte de {account} est rouvert.", "account-list")


@require_POST
@requires(Action.ACCOUNTS_MANAGE)
@freshly_proved
def account_password(request: HttpRequest, account_id: int) -> HttpResponse:
    account = _account(request, account_id)
    password = make_one_time_password()
    set_password(account=account, password=password, actor=actor_of(request), at=timezone.now(), one_time=True)
    return _show_password(request, account, password)


@require_POST
@requires(Action.ACCOUNTS_MANAGE)
@freshly_proved
def account_factors(request: HttpRequest, account_id: int) -> HttpResponse:
    """Take away the second factors that somebody has lost."""
    account = _account(request, account_id)

    def act() -> HttpResponse:
        reset_factors(account=account, actor=actor_of(request), at=timezone.now())
        return say_done(request, f"Le second facteur de {account} est remis à zéro.", "account-change", account.pk)

    return act_on(request, act) or redirect("account-change", account.pk)


@require_POST
@requires(Action.ACCOUNTS_MANAGE)
@freshly_proved
def account_sessions(request: HttpRequest, account_id: int) -> HttpResponse:
    """Close all the sessions of somebody; one's own, but this one."""
    account, kept = _account(request, account_id), request.session.session_key or ""
    close_sessions(account_id=account.pk, kept=kept, actor=actor_of(request), at=timezone.now())
    return say_done(request, f"Les sessions de {account} sont fermées.", "account-change", account.pk)


def _show_password(request: HttpRequest, account: User, password: str) -> HttpResponse:
    """Shown once, in the answer itself: neither stored nor put in a cookie by way of a message."""
    return render(request, "web/office/accounts/one_time_password.html", {"account": account, "password": password})


def _issuer_code(request: HttpRequest) -> str:
    return request.user.issuer.code  # type: ignore[union-attr]


def _account(request: HttpRequest, account_id: int) -> User:
    return or_404(queries.account_of(_issuer_code(request), account_id))
