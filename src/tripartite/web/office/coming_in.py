"""Between a right password and a session: who has given one, and is still to prove who it is in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import login
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from tripartite.accounts import queries
from tripartite.accounts.passkeys import Question, Site
from tripartite.accounts.services.sessions import begin_session
from tripartite.web.shell.client_address import client_address
from tripartite.web.shell.devices import device_words
from tripartite.web.shell.navigation import first_screen
from tripartite.web.shell.sessions import instant

if TYPE_CHECKING:
    from tripartite.accounts.models import User

PENDING, CEREMONY = "coming_in", "passkey"
PATIENCE = 10 * 60
"""Seconds between a right password, or a question to a passkey, and what must follow."""
BACKEND = "django.contrib.auth.backends.ModelBackend"


def wait(request: HttpRequest, account: User, there: str) -> None:
    """Note that somebody gave the password of `account`, and where it was going. It is not in yet."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "account": account.pk,
        "mark": account.get_session_auth_hash(),
        "since": instant(),
        "next": there,
    }


def waiting(request: HttpRequest) -> User | None:
    """Who gave its password a short while ago, and has not come in; None once that password is no longer its own."""
    found = request.session.get(PENDING)
    if request.user.is_authenticated or not found or instant() - found["since"] >= PATIENCE:
        return None
    account = queries.account_by_id(found["account"])
    if account is None or not account.is_active:
        return None
    return account if constant_time_compare(account.get_session_auth_hash(), found["mark"]) else None


def come_in(request: HttpRequest, account: User, *, how: str = "", there: str = "") -> str:
    """Open the session of `account`, and answer where it goes."""
    there = (request.session.pop(PENDING, None) or {}).get("next", "") or there
    login(request, account, backend=BACKEND)
    begin_session(
        account=account,
        session_key=request.session.session_key or "",
        device=device_words(request.headers.get("User-Agent", "")),
        address=client_address(request),
        how=how,
        actor=queries.actor_for(account),
        at=timezone.now(),
    )
    if account.must_change_password:
        return resolve_url("password-change")
    return safe(request, there) or resolve_url(first_screen(account))


def safe(request: HttpRequest, there: str) -> str:
    """An address of this site, or nothing."""
    allowed = url_has_allowed_host_and_scheme(there, {request.get_host()}, require_https=request.is_secure())
    return there if allowed else ""


def site_of(request: HttpRequest) -> Site | None:
    """The site that a passkey would be good for; None where there can be none: an address in figures."""
    host = request.get_host().rpartition(":")[0] if ":" in request.get_host() else request.get_host()
    if host.startswith("[") or host.replace(".", "").isdigit():
        return None
    return Site(host, f"{request.scheme}://{request.get_host()}")


def ask(request: HttpRequest, question: Question) -> str:
    """Keep by what the answer of the browser is to be judged, and answer what it is asked."""
    request.session[CEREMONY] = {"state": question.state, "since": instant()}
    return question.options


def asked(request: HttpRequest) -> dict[str, Any] | None:
    """By what an answer is judged: once, and not for long."""
    found = request.session.pop(CEREMONY, None)
    return found["state"] if found and instant() - found["since"] < PATIENCE else None
