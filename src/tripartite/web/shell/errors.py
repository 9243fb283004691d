"""What is said when a page cannot be given: in French, on the design, without a trace of the machine."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django calls so)
    return render(request, "web/shell/errors/400.html", status=400)


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "web/shell/errors/403.html", {"reason": str(exception or "")}, status=403)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django calls so)
    return render(request, "web/shell/errors/forged.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 (Django calls so)
    return render(request, "web/shell/errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (Django calls so)
    """The page of last resort asks nothing of the database or of the session."""
    return HttpResponse(render_to_string("web/shell/errors/500.html"), status=500)
