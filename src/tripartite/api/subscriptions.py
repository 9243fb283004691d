"""What a body has and what it costs, for scripts of logged-in agents: the session of the screens, the same rights."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from ninja import Router

from tripartite.accounts.rights import Action
from tripartite.api import schemas
from tripartite.api.access import refuse, why_refused
from tripartite.following.queries.due import all_due
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.portrait import services_held
from tripartite.subscriptions.queries.running import cost_reading
from tripartite.subscriptions.queries.shapes import cost_json, held_json
from tripartite.typed import day_within

router = Router()
ANSWERS = {403: schemas.Error, 404: schemas.Error, 422: schemas.Error}


@router.get(
    "/bodies/{siren}/cost", response={200: schemas.RunningCost, **ANSWERS}, summary="Coût annuel de ce qui tourne"
)
def cost(request: HttpRequest, siren: str, on: str | None = None) -> Any:
    """What a body pays a year on a day (today by default), past or future, for what runs then."""
    return _answer(request, siren, on, lambda body, reading, day: cost_json(body, reading.cost(day)))


@router.get(
    "/bodies/{siren}/subscriptions", response={200: list[schemas.RunningService], **ANSWERS}, summary="Ce qui tourne"
)
def subscriptions(request: HttpRequest, siren: str, on: str | None = None) -> Any:
    """What runs for a body on a day (today by default), past or future."""
    return _answer(
        request, siren, on, lambda _body, reading, day: [held_json(each) for each in services_held(reading, on=day)]
    )


@router.get("/bodies/{siren}/due", response={200: list[schemas.DueItem], **ANSWERS}, summary="Ce qui tombe dû")
def due(request: HttpRequest, siren: str, since: str, until: str) -> Any:
    """What falls due for a body between two days, both included, item by item. Nothing is billed."""
    first, last = day_within(since), day_within(until)
    if first is None or last is None:
        return refuse(422, "bad-query", "since et until : deux jours de la forme 2027-03-26, entre 2000 et 2150.")
    if last < first:
        return refuse(422, "bad-query", "Le dernier jour précède le premier.")
    return _answer(
        request,
        siren,
        None,
        lambda body, _reading, _day: [
            item.as_json() for item in all_due([body.pk], since=first, until=last).get(body.pk, [])
        ],
    )


def _answer(request: HttpRequest, siren: str, on: str | None, say: Callable[[Any, Reading, date], Any]) -> JsonResponse:
    if refusal := why_refused(request, Action.SUBSCRIPTION_READ):
        return refusal
    day = timezone.localdate() if on is None else day_within(on)
    if day is None:
        return refuse(422, "bad-query", "on : un jour de la forme 2027-03-26, entre 2000 et 2150.")
    digits = "".join(siren.split())
    body = body_by_identifier("siren", digits) if digits.isascii() and digits.isdigit() and len(digits) == 9 else None
    if body is None:
        return refuse(404, "unknown-body", f"Aucune collectivité de l'annuaire n'a le SIREN « {siren[:20]} ».")
    answer = JsonResponse(say(body, cost_reading([body.pk])[body.pk], day), safe=False)
    answer["Cache-Control"] = "private, no-store"
    return answer
