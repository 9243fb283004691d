"""Who asks over HTTP: the session of the screens, the same rights, and proof that a page of ours sends what changes."""

from django.http import HttpRequest, JsonResponse
from ninja.utils import check_csrf

from tripartite.accounts.rights import Action, holds, may_for
from tripartite.pricing.naming import complement
from tripartite.tariffs.queries import issuers_of_offer


def refuse(status: int, code: str, message: str) -> JsonResponse:
    """A refusal in the contract's shape."""
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)


def why_refused(
    request: HttpRequest, action: Action, *, changes: bool = False, offer: str | None = None
) -> JsonResponse | None:
    """The refusal of a request without the right (for an offer, where it bears on one), or, where it `changes`
    something, without the token of the session; None when it may go on.
    """
    if not holds(request.user, action) or getattr(request.user, "must_change_password", False):
        return refuse(
            403, "not-allowed", f"Réservé aux agents connectés dont le compte permet {complement(action.label)}."
        )
    if offer and not may_for(request.user, action, issuers_of_offer(offer)):
        return refuse(403, "not-your-offer", f"L'offre « {offer} » est celle d'autres émetteurs que le vôtre.")
    if changes and check_csrf(request) is not None:
        return refuse(403, "no-token", "Envoyer le jeton de la session (en-tête X-CSRFToken, cookie csrftoken).")
    return None
