"""Who asks over HTTP: the session of the screens, the same rights, and proof that a page of ours sends what changes."""

from django.http import HttpRequest, JsonResponse
from ninja.utils import check_csrf

from tripartite.accounts.rights import Action, holds


def refuse(status: int, code: str, message: str) -> JsonResponse:
    """A refusal in the contract's shape."""
    return JsonResponse({"error": {"code": code, "message": message}}, status=status)


def why_refused(request: HttpRequest, action: Action, *, changes: bool = False) -> JsonResponse | None:
    """The refusal of a request without the right, or, where it `changes` something, without the token of the session;
    None when it may go on.
    """
    if not holds(request.user, action) or getattr(request.user, "must_change_password", False):
        return refuse(403, "not-allowed", f"Réservé aux agents connectés dont le compte permet de {action.label}.")
    if changes and check_csrf(request) is not None:
        return refuse(403, "no-token", "Envoyer le jeton de la session (en-tête X-CSRFToken, cookie csrftoken).")
    return None
