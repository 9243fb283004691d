"""How long a session lasts, when it last proved who it is, and what a sensitive act asks of it.

What a session knows of itself are instants, in whole seconds: begun, seen, proved. They are set whichever way one logs
in, by Django's own signal.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from tripartite.accounts.services.sessions import drop_session, move_session, touch_session
from tripartite.web.shell.access import page_in_view

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
BEGUN, SEEN, PROVED = "begun_at", "seen_at", "proved_at"
TOUCH = 60
"""Seconds between two notes that a session is in use."""
ENDED = "Votre session est finie : reconnectez-vous."


def note_log_in(sender: Any, request: HttpRequest, **_: Any) -> None:  # noqa: ARG001 - a receiver of user_logged_in
    """Start the counts of a session."""
    now = instant()
    request.session[BEGUN] = request.session[SEEN] = request.session[PROVED] = now


class SessionLimits:
    """Ends a session that lasted long enough, or that nobody used for a while; notes from time to time that it is in
    use. Whoever has no session costs nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session:
            self._look(request)
        return self.get_response(request)

    def _look(self, request: HttpRequest) -> None:
        now, session, config = instant(), request.session, settings.CONFIG
        begun, seen = session.get(BEGUN, 0), session.get(SEEN, 0)
        too_long, unused = config.session_life.total_seconds(), config.session_idle.total_seconds()
        if abs(now - begun) >= too_long or abs(now - seen) >= unused:  # begun ahead: by a clock set right since
            drop_session(session_key=session.session_key or "")
            logout(request)
            messages.info(request, ENDED)
        elif now - seen >= TOUCH:
            session[SEEN] = now
            touch_session(session_key=session.session_key or "", at=timezone.now())


def renew_key(request: HttpRequest) -> None:
    """Give the session another key, as whenever what it may do changes; what it holds stays."""
    before = request.session.session_key or ""
    request.session.cycle_key()
    move_session(before=before, after=request.session.session_key or "")


def note_proof(request: HttpRequest) -> None:
    """Note that whoever is there has just proved who it is."""
    renew_key(request)
    request.session[PROVED] = instant()


def is_fresh(request: HttpRequest) -> bool:
    """Whether whoever is there proved who it is a short while ago. What is sent has as long again as the page that it
    is filled in on."""
    life = settings.CONFIG.proof_life.total_seconds() * (2 if request.method == "POST" else 1)
    return bool(abs(instant() - request.session.get(PROVED, 0)) < life)


def freshly_proved(view: View[P]) -> View[P]:
    """Ask for a proof again before a sensitive act, unless one was given a short while ago."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated and not is_fresh(request):
            return redirect(f"{reverse('prove-again')}?{urlencode({'next': page_in_view(request)})}")
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


def instant() -> int:
    """Now, in whole seconds, as a session keeps it."""
    return int(timezone.now().timestamp())
