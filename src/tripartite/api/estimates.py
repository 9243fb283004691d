"""POST /api/v1/estimates and what a script needs around it."""

from typing import Annotated, Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI
from ninja.errors import ValidationError
from pydantic import Field

from tripartite.api import schemas
from tripartite.api.json_body import read_json
from tripartite.parties.queries.facts import facts_of
from tripartite.parties.queries.search import search_directory
from tripartite.pricing.order import OrderError
from tripartite.quotes.queries.estimating import estimate_order
from tripartite.tariffs.queries import grid_versions, grids_in_force

api = NinjaAPI(
    title="Tripartite",
    version="1",
    description="Estimer une demande de services, au centime près. Montants en centimes, TTC, et HT là où il est voté.",
    docs_url=None,
)


@api.exception_handler(OrderError)
def refuse_order(request: HttpRequest, error: OrderError) -> JsonResponse:  # noqa: ARG001
    return JsonResponse(error.as_json(), status=422)


@api.exception_handler(ValidationError)
def refuse_query(request: HttpRequest, error: ValidationError) -> JsonResponse:
    named = dict.fromkeys(str(one["loc"][-1]) for one in error.errors)
    asked = " ; ".join(f"{name}, {ASKED[name]}" if name in ASKED else name for name in named)
    return refuse_order(request, OrderError("bad-query", f"Dans l'adresse : {asked}."))


ASKED = {
    "q": "un texte de 100 caractères au plus",
    "limit": "un nombre entier de 1 à 50",
    "fiscal_year": "un exercice, de 0 à 9999",
    "after": "un nombre entier, de 0 à 1 000 000 000",
    "form": "facturx, pdf, cii ou ubl",
}
"""What each thing asked by an address is to be."""
SearchText = Annotated[str, Field(max_length=100)]
Limit = Annotated[int, Field(ge=1, le=50)]
REFUSED = {429: schemas.Error, 503: schemas.Error}
"""Asked for too often; a base that is busy: what every address may answer (web/shell)."""
ESTIMATE_DOCUMENT = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": schemas.order_schema()}},
    },
}


@api.post(
    "/estimates",
    response={200: schemas.Estimate, 422: schemas.Error, **REFUSED},
    exclude_unset=True,
    openapi_extra=ESTIMATE_DOCUMENT,
    summary="Estimer une demande",
)
def estimate(request: HttpRequest) -> Any:
    """Price an order under the grid in force on its day, of the offer that it asks for (or the grid it names)."""
    return JsonResponse(estimate_order(read_json(request), today=timezone.localdate(), public=True).as_json())


@api.get(
    "/bodies", response={200: list[schemas.Body], 422: schemas.Error, **REFUSED}, summary="Chercher une collectivité"
)
def bodies(request: HttpRequest, q: SearchText, limit: Limit = 10) -> Any:  # noqa: ARG001
    """Bodies of the directory whose name, usual name, postal code, INSEE code or SIREN answers `q`; `found_as` says the
    former commune by which one was found, and its last day.
    """
    on = timezone.localdate()
    found = search_directory(q, limit=limit)
    return [facts_of(one.body, on=on).as_json() | {"found_as": one.through or None} for one in found]


@api.get("/grids", response={200: list[schemas.GridVersion], **REFUSED}, summary="Grilles adoptées")
def grids(request: HttpRequest) -> Any:  # noqa: ARG001
    """The adopted grids, newest first; `in_force` marks the one of each offer that prices today's orders."""
    current = {grid.code for grid in grids_in_force(timezone.localdate())}
    return [
        {
            "code": version.code,
            "title": version.title,
            "applies_from": version.applies_from.isoformat(),
            "applies_until": version.applies_until.isoformat() if version.applies_until else None,
            "in_force": version.code in current,
            "offer": version.offer,
        }
        for version in grid_versions()
    ]
