"""Who comes in to the beneficiary's space: a session opened by a link, bound to one file and one address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control

from tripartite.accounts.queries import open_link
from tripartite.conventions.queries.access import addresses_of, speaks_for_beneficiary
from tripartite.conventions.queries.conventions import conventions_of_request
from tripartite.journal.services import Actor
from tripartite.quotes.queries.requests import request_by_id

if TYPE_CHECKING:
    from tripartite.accounts.models import AccessLink
    from tripartite.conventions.models import Convention
    from tripartite.quotes.models import Request

P = ParamSpec("P")
KEY = "space_link"
ENDED = "Votre accès est terminé. Demandez un nouveau lien : rien de ce qui est enregistré n'est perdu."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody in one file: by which link, and the conventions that were sent."""

    link: AccessLink
    asked: Request
    conventions: tuple[Convention, ...]

    @property
    def email(self) -> str:
        return str(self.link.email)

    @property
    def for_beneficiary(self) -> bool:
        """True for the contact and for who signs in its name: they answer and deposit. An issuer's signatory signs."""
        return speaks_for_beneficiary(self.email, self.asked, self.conventions)

    @property
    def actor(self) -> Actor:
        return Actor(f"{self.email}, par lien"[:200])

    def convention(self, convention_id: int) -> Convention:
        """A convention of this file. Raises Http404 for any other."""
        for one in self.conventions:
            if one.pk == convention_id:
                return one
        raise Http404


View = Callable[Concatenate[HttpRequest, Visitor, P], HttpResponse]


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Who is there, as long as the link lets in and its address is still one of the file's."""
    key = request.session.get(KEY)
    link = open_link(key, at=timezone.now()) if isinstance(key, int) else None
    asked = request_by_id(link.request_id) if link else None
    if asked is None:
        return None
    conventions = conventions_of_request(asked.pk)
    if link is None or link.email not in addresses_of(asked, conventions):
        return None
    return Visitor(link, asked, tuple(one for one in conventions if one.number))


def in_space(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let in whoever has an open link; others go to the entrance. Nothing is kept by the browser."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        visitor = visitor_of(request)
        if visitor is None:
            messages.error(request, ENDED)
            return redirect("space")
        response = view(request, visitor, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return cast("Callable[Concatenate[HttpRequest, P], HttpResponse]", guarded)
