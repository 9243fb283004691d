"""How a convention ends, for scripts of logged-in agents: shown, recorded, annulled, by the services of the screens."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from ninja import Router
from pydantic import ValidationError

from tripartite.accounts.queries import actor_for
from tripartite.accounts.rights import Action
from tripartite.api import ending_schemas as shapes
from tripartite.api import schemas
from tripartite.api.access import refuse, why_refused
from tripartite.api.json_body import read_json
from tripartite.conventions.queries.conventions import convention_by_number
from tripartite.conventions.queries.endings import endings_of
from tripartite.conventions.queries.shapes import endings_json, foreseen_json
from tripartite.conventions.services.ending import NoticeGiven, preview_ending, rules_of
from tripartite.conventions.services.errors import ConventionError
from tripartite.subscriptions.services.leaving import come_back, leave

router = Router()
ANSWERS = {403: schemas.Error, 404: schemas.Error, 422: schemas.Error}


@router.get(
    "/conventions/{number}/endings",
    response={200: shapes.Endings, **ANSWERS},
    summary="Comment une convention peut finir, et les fins notées",
)
def endings(request: HttpRequest, number: str) -> Any:
    """The grounds of the text that its parties signed, and what was given to end it."""
    if refusal := why_refused(request, Action.CONVENTION_READ):
        return refusal
    convention = convention_by_number(number)
    return _unknown(number) if convention is None else _private(_state(convention))


@router.post(
    "/conventions/{number}/endings",
    response={200: shapes.Foreseen, **ANSWERS},
    openapi_extra=shapes.body_of(shapes.NoticeGiven),
    summary="Montrer ce que fait un écrit reçu d'une partie, puis l'enregistrer",
)
def end(request: HttpRequest, number: str) -> Any:
    """What a notice does, each day with its reason; recorded, and the parties told, when `confirmed`."""
    convention = convention_by_number(number)
    offer = convention.request.offer if convention else None
    if refusal := why_refused(request, Action.CONVENTION_WRITE, changes=True, offer=offer):
        return refusal
    if convention is None:
        return _unknown(number)
    try:
        typed = shapes.NoticeGiven.model_validate(read_json(request))
    except ValidationError:
        return refuse(
            422, "bad-notice", "Écrire party, ground, received_on, reason ; formal_on, confirmed s'il y a lieu."
        )
    notice = NoticeGiven(typed.party, typed.received_on, typed.reason, typed.ground, typed.formal_on)
    at = timezone.now()
    try:
        if typed.confirmed:
            foreseen = leave(convention_id=convention.pk, notice=notice, actor=actor_for(request.user), at=at)
        else:
            foreseen = preview_ending(convention_id=convention.pk, notice=notice, at=at)
    except ConventionError as refused:
        return refuse(422, "refused", str(refused))
    return _private(foreseen_json(foreseen, recorded=typed.confirmed))


@router.post(
    "/conventions/{number}/endings/{ending_id}/annulment",
    response={200: shapes.Endings, **ANSWERS},
    openapi_extra=shapes.body_of(shapes.Annulment),
    summary="Annuler une fin qui n'a pas pris effet",
)
def annul(request: HttpRequest, number: str, ending_id: int) -> Any:
    """What runs goes on, and the parties are told; answers how the convention stands."""
    convention = convention_by_number(number)
    offer = convention.request.offer if convention else None
    if refusal := why_refused(request, Action.CONVENTION_WRITE, changes=True, offer=offer):
        return refusal
    if convention is None or ending_id not in {one.pk for one in endings_of(convention.pk)}:
        return _unknown(number)
    try:
        typed = shapes.Annulment.model_validate(read_json(request))
    except ValidationError:
        return refuse(422, "bad-annulment", "Écrire reason : pourquoi cette fin est annulée.")
    try:
        come_back(ending_id=ending_id, reason=typed.reason, actor=actor_for(request.user), at=timezone.now())
    except ConventionError as refused:
        return refuse(422, "refused", str(refused))
    found = convention_by_number(number)
    assert found is not None  # noqa: S101 - nothing deletes a convention
    return _private(_state(found))


def _state(convention: Any) -> dict[str, Any]:
    return endings_json(convention, rules_of(convention), endings_of(convention.pk))


def _unknown(number: str) -> JsonResponse:
    return refuse(404, "unknown-convention", f"Aucune convention n'a le numéro « {number[:40]} », ou pas cette fin.")


def _private(said: dict[str, Any]) -> JsonResponse:
    answer = JsonResponse(said)
    answer["Cache-Control"] = "private, no-store"
    return answer
