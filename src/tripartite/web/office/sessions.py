"""« Mes sessions », and the proof that is asked again before a sensitive act."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tripartite.accounts import queries
from tripartite.accounts.services.sessions import close_session, close_sessions
from tripartite.web.office.coming_in import safe
from tripartite.web.office.proving import prove
from tripartite.web.shell.access import actor_of, any_account
from tripartite.web.shell.acting import say_done
from tripartite.web.shell.answers import or_404
from tripartite.web.shell.sessions import note_proof


@require_GET
@any_account
def own_sessions(request: HttpRequest) -> HttpResponse:
    found = queries.sessions_of(_own(request), at=timezone.now())
    config = settings.CONFIG
    context = {
        "sessions": found,
        "here": request.session.session_key,
        "hours": int(config.session_life.total_seconds() // 3600),
        "minutes": int(config.session_idle.total_seconds() // 60),
    }
    return render(request, "web/office/accounts/sessions.html", context)


@require_POST
@any_account
def session_close(request: HttpRequest, session_id: int) -> HttpResponse:
    close_session(account_id=_own(request), session_id=session_id, actor=actor_of(request), at=timezone.now())
    return say_done(request, "La session est fermée.", "own-sessions")


@require_POST
@any_account
def sessions_close(request: HttpRequest) -> HttpResponse:
    """All of one's own, but this one."""
    kept = request.session.session_key or ""
    close_sessions(account_id=_own(request), kept=kept, actor=actor_of(request), at=timezone.now())
    return say_done(request, "Vos autres sessions sont fermées.", "own-sessions")


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@any_account
def prove_again(request: HttpRequest) -> HttpResponse:
    """The password, a code or a passkey, before an act that matters; then back to it."""
    account = or_404(queries.account_by_id(_own(request)))
    proving = prove(request, account, password=True)
    if proving.proved:
        note_proof(request)
        return HttpResponseRedirect(safe(request, request.GET.get("next", "")) or reverse("own-security"))
    return render(request, "web/office/accounts/prove_again.html", {"proving": proving}, status=proving.status)


def _own(request: HttpRequest) -> int:
    return request.user.pk or 0
