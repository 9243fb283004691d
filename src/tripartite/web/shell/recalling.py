"""Each page recalls what others have read, while nothing was done since (journal/recall.py)."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tripartite.journal.recall import recalling


class Recalling:
    """Around whatever makes the page; what it sends by and by, once made, is read."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with recalling():
            return self.answer(request)
