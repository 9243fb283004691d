"""The guard of every screen behind a log-in: who asks, and whether the table of rights lets it through."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, cast
from urllib.parse import urlsplit, urlunsplit

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from tripartite.accounts.queries import actor_for
from tripartite.accounts.rights import Action, holds, may
from tripartite.journal.services import Actor
from tripartite.pricing.naming import complement
from tripartite.web.shell.own_offer import may_act, offer_named

if TYPE_CHECKING:
    from tripartite.conventions.models import Signatory

P = ParamSpec("P")
NOT_RECORDED = "Ce que vous envoyiez n'a pas été enregistré : il fallait être connecté."
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def requires(action: Action) -> Callable[[View[P]], View[P]]:
    """Let in those whose role holds `action`; others log in, change a one-time password, or are told why not.

    For an action that bears on one's own issuer, the view also calls `check_right` once it knows the issuer.
    """

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if elsewhere := _elsewhere_first(request):
                return elsewhere
            if not holds(request.user, action):
                raise PermissionDenied(_refusal(request, action))
            if offer := offer_named(action, kwargs):
                check_offer(request, action, offer)
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_store=True)
            return response

        guarded.action = action  # type: ignore[attr-defined]
        return cast("View[P]", guarded)

    return guard


def any_account(view: View[P]) -> View[P]:
    """Let in whoever has an account, whatever its role; others log in, or change a one-time password first."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if elsewhere := _elsewhere_first(request):
            return elsewhere
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return cast("View[P]", guarded)


def check_right(request: HttpRequest, action: Action, issuer: str | None = None) -> None:
    """Refuse (page 403) unless the account may do `action`, for the issuer of code `issuer`."""
    if not may(request.user, action, issuer=issuer):
        raise PermissionDenied(_refusal(request, action))


def check_offer(request: HttpRequest, action: Action, offer: str) -> None:
    """Refuse (page 403) unless the account may do `action` for an offer: its issuer is one of that offer's."""
    if not may_act(request, action, offer):
        refusal = _refusal(request, action).removesuffix(".")
        raise PermissionDenied(f"{refusal} pour l'offre « {offer} » : c'est celle d'autres émetteurs.")


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, as the journal writes it: « Prénom NOM (CDG) », or « public » without a log-in."""
    return actor_for(request.user)


def page_in_view(request: HttpRequest) -> str:
    """The page to come back to once somebody has proved who it is: the one asked for, or the one that a form or a part
    was sent from, since an address that only takes what is sent opens on nothing; empty when that is not known.
    """
    if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
        return request.get_full_path()
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    return urlunsplit(("", "", page.path or "/", page.query, "")) if page.netloc == request.get_host() else ""


def _elsewhere_first(request: HttpRequest) -> HttpResponse | None:
    if not request.user.is_authenticated:
        if request.method not in ("GET", "HEAD"):
            messages.warning(request, NOT_RECORDED)
        there = redirect_to_login(page_in_view(request))
        return HttpResponseClientRedirect(there.url) if request.headers.get("HX-Request") else there
    if request.user.must_change_password:
        return redirect("password-change")
    return None


def _refusal(request: HttpRequest, action: Action) -> str:
    user = request.user
    if not user.is_authenticated or user.issuer is None:
        return "Ce compte n'est rattaché à aucun émetteur."
    return f"Votre compte ({user.role_label}, {user.issuer.short_name}) ne permet pas {complement(action.label)}."


def may_name(request: HttpRequest, one: Signatory) -> bool:
    """Who signs for an issuer, and how it is reached, is said by its own agents; for the beneficiary, by agents."""
    if one.role == "beneficiary":
        return may(request.user, Action.CONVENTION_WRITE)
    return may(request.user, Action.SIGNATORY_WRITE, issuer=one.role)


def may_sign(request: HttpRequest, one: Signatory) -> bool:
    """An agent records the signature of the beneficiary or of its own issuer."""
    if not may(request.user, Action.SIGNATURE_RECORD):
        return False
    return one.role in ("beneficiary", request.user.issuer.code)  # type: ignore[union-attr]
