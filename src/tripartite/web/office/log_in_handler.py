"""What django-axes asks at each log-in: whether it may be tried, and what comes of it. The counts are ours."""

from datetime import timedelta
from typing import Any

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from django.contrib import messages
from django.contrib.messages.storage.base import BaseStorage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tripartite.accounts.queries import actor_for, last_time
from tripartite.accounts.services.log_ins import log_in_wait, note_log_in, note_refused_log_in
from tripartite.pricing.french import instant_text
from tripartite.web.shell.client_address import client_address
from tripartite.web.shell.limits import wait_text

Credentials = dict[str, Any]


class LogInHandler(AbstractAxesHandler, AxesBaseHandler):  # type: ignore[misc]
    """Keeps nothing of what is sent: neither name, nor form, nor browser."""

    def is_allowed(self, request: HttpRequest, credentials: Credentials | None = None) -> bool:
        return not self.is_locked(request, credentials)

    def is_locked(self, request: HttpRequest, credentials: Credentials | None = None) -> bool:
        wait = log_in_wait(tried=_tried(credentials), address=client_address(request), at=timezone.now())
        request.log_in_wait = wait  # type: ignore[attr-defined]
        return bool(wait)

    def get_failures(self, request: HttpRequest, credentials: Credentials | None = None) -> int:
        """One when the next try waits: axes asks for a number, we count otherwise."""
        return int(self.is_locked(request, credentials))

    def user_login_failed(
        self,
        sender: object,  # noqa: ARG002 - the signature of axes
        credentials: Credentials,
        request: HttpRequest | None = None,
        **_: Any,
    ) -> None:
        if request is None or getattr(request, "axes_locked_out", False):
            return
        wait = note_refused_log_in(
            tried=_tried(credentials),
            address=client_address(request),
            actor=actor_for(request.user),
            at=timezone.now(),
        )
        request.axes_locked_out, request.log_in_wait = bool(wait), wait  # type: ignore[attr-defined]

    def user_logged_in(self, sender: object, request: HttpRequest, user: Any, **_: Any) -> None:  # noqa: ARG002
        """Forget what this person mistyped here, and say when it last came in."""
        note_log_in(account=user, address=client_address(request))
        last = last_time(user.pk)
        if last is None or not isinstance(getattr(request, "_messages", None), BaseStorage):
            return
        words = f"Dernière connexion le {instant_text(timezone.localtime(last.at))}, depuis {last.address}."
        if last.refused:
            many = "s" if last.refused > 1 else ""
            messages.warning(request, f"{words} {last.refused} tentative{many} refusée{many} depuis.")
        else:
            messages.info(request, words)

    def user_logged_out(self, sender: object, request: HttpRequest, user: Any, **_: Any) -> None:
        """Nothing: going out is told by its own act."""


def locked_out(request: HttpRequest, *_: object) -> HttpResponse:
    """429: which wait, and what to do in between."""
    wait = getattr(request, "log_in_wait", timedelta(minutes=15))
    answer = render(request, "web/shell/locked_out.html", {"wait": wait_text(wait)}, status=429)
    answer["Retry-After"] = str(max(1, int(wait.total_seconds())))
    return answer


def _tried(credentials: Credentials | None) -> str:
    given = credentials or {}
    return str(given.get("email") or given.get("username") or "")[:320].replace("\x00", "")
