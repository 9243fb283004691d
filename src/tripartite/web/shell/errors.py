"""What is said when a page cannot be given: in French, on the design, without a trace of the machine."""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from tripartite.bounded.refusals import Busy
from tripartite.busy import TRY_AGAIN, is_busy
from tripartite.web.shell.limits import API

RETRY_AFTER = "10"
"""Seconds after which somebody who was told that we are busy may ask again."""
BUSY = "La base est occupée : rien n'a été enregistré. Réessayez dans quelques secondes."


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
    breakdown: 503, and try again.
    """
    if not is_busy(sys.exc_info()[1]):
        return HttpResponse(render_to_string("web/shell/errors/500.html"), status=500)
    answer: HttpResponse
    if request.path.startswith(API):
        answer = JsonResponse({"error": {"code": "busy", "message": BUSY}}, status=503)
    else:
        answer = HttpResponse(render_to_string("web/shell/errors/base_busy.html"), status=503)
    answer["Retry-After"] = str(TRY_AGAIN)
    return answer


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
