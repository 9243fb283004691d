"""Setting every page in French typography, whoever wrote it: templates, services and people type on a keyboard."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tripartite.pricing.typography import typeset_html


class FrenchTypography:
    """Pages alone: files and JSON keep what they hold."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.answer(request)
        if isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html"):
            response.content = typeset_html(response.content.decode(response.charset)).encode(response.charset)
        return response
