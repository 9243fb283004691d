"""A request for a name that is not served here: refused before anything else looks at it."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.log import log_response


class HostMiddleware:
    """Answers 400, in one line of the log: nothing is at fault but the request."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            request.get_host()
        except DisallowedHost:
            answer = HttpResponse(render_to_string("web/shell/errors/bad_host.html"), status=400)
            named = request.META.get("HTTP_HOST", "")[:100]
            log_response("Nom non servi : %r", named, request=request, response=answer)
            return answer
        return self.answer(request)
