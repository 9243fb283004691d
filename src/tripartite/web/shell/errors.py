"""What is said when a page cannot be given: in French, on the design, without a trace of the machine."""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from tripartite.bounded.refusals import Busy
from tripartite.busy import TRY_AGAIN, is_busy, is_cut, unable_to_write
from tripartite.web.shell.limits import API

RETRY_AFTER = "10"
"""Seconds after which somebody who was told that we are busy may ask again."""
NOT_ALLOWED = 405
BUSY = "La base est occupée : rien n'a été enregistré. Réessayez dans quelques secondes."
CUT = "La base s'est interrompue : la demande a pu être enregistrée, ou non. Vérifiez avant de recommencer."
UNABLE = "La base ne peut rien écrire ({reason}) : rien n'a été enregistré. Recommencer n'y changera rien."


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django calls so)
    return render(request, "web/shell/errors/400.html", status=400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/shell/errors/403.html", {"reason": str(exception or "")}, status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django calls so)
    return render(request, "web/shell/errors/forged.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django calls so)
    return render(request, "web/shell/errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """The page of last resort asks nothing of the database or of the session. A base that was busy or away is no
    breakdown: 503, and try again; nor is one that was cut (503, look before trying again) or that can write nothing
    (503, and who keeps the machine is to be told).
    """
    error = sys.exc_info()[1]
    if reason := unable_to_write(error):
        return _unavailable(request, "unable", UNABLE.format(reason=reason), reason)
    if not is_busy(error):
        return HttpResponse(render_to_string("web/shell/errors/500.html"), status=500)
    answer = _unavailable(request, "cut", CUT) if is_cut(error) else _unavailable(request, "busy", BUSY)
    answer["Retry-After"] = str(TRY_AGAIN)
    return answer


def _unavailable(request: HttpRequest, code: str, message: str, reason: str = "") -> HttpResponse:
    if request.path.startswith(API):
        return JsonResponse({"error": {"code": code, "message": message}}, status=503)
    return HttpResponse(render_to_string(f"web/shell/errors/base_{code}.html", {"reason": reason}), status=503)


class NotOpened:
    """An address that only takes what is sent, opened as a page (a reload, a bookmark, a log-in meanwhile), says so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.status_code != NOT_ALLOWED or answer.content or request.path.startswith(API):
            return answer
        page = render(request, "web/shell/errors/405.html", status=NOT_ALLOWED)
        page["Allow"] = answer["Allow"]
        return page


class BusyReaders:
    """A page that could not have a file read, since too many are: nothing was done, and it may be asked again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Busy):
            return None
        answer = render(request, "web/shell/errors/503.html", {"reason": str(exception)}, status=503)
        answer["Retry-After"] = RETRY_AFTER
        return answer
