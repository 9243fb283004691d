"""The invoices of an issuer, for scripts of its own people: the session of the screens, the same rights."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import Query, Router

from tripartite.accounts.rights import Action
from tripartite.api import billing_schemas, schemas
from tripartite.api.access import refuse, why_refused
from tripartite.billing.printout.kept import Form, kept_file
from tripartite.billing.queries.invoices import invoice_by_number, invoice_list
from tripartite.billing.queries.shapes import invoice_json, whole_invoice_json

router = Router()
ANSWERS = {403: schemas.Error, 404: schemas.Error, 422: schemas.Error}
MOST = 1000
FILES = {media: {"schema": {"type": "string", "format": "binary"}} for media in ("application/pdf", "application/xml")}


@router.get(
    "/invoices", response={200: list[billing_schemas.Invoice], **ANSWERS}, summary="Les factures de son émetteur"
)
def invoices(
    request: HttpRequest,
    fiscal_year: Annotated[int, Query(ge=0, le=9999)] = 0,
    after: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Any:
    """The invoices of one's own issuer, of a fiscal year or of all, the latest first, a thousand at most from the
    place `after` on.
    """
    if refusal := why_refused(request, Action.BILLING_READ):
        return refusal
    found = invoice_list(issuer=_own(request), fiscal_year=fiscal_year, on=timezone.localdate())
    return _answer([invoice_json(one) for one in found[after : after + MOST]])


@router.get(
    "/invoices/{number}", response={200: billing_schemas.WholeInvoice, **ANSWERS}, summary="Une facture, ligne à ligne"
)
def invoice(request: HttpRequest, number: str) -> Any:
    """An invoice of one's own issuer, with its lines, its credit notes and its payments."""
    if refusal := why_refused(request, Action.BILLING_READ):
        return refusal
    found = invoice_by_number(_own(request), number) if "\x00" not in number else None
    if found is None:
        return refuse(404, "unknown-invoice", "Aucune facture de votre émetteur ne porte ce numéro.")
    return _answer(whole_invoice_json(found))


@router.get(
    "/invoices/{number}/{form}",
    response=ANSWERS,
    summary="Le fichier d'une facture ou d'un avoir : Factur-X, PDF seul, CII, UBL",
    openapi_extra={"responses": {200: {"description": "Le fichier", "content": FILES}}},
)
def invoice_file(request: HttpRequest, number: str, form: Form) -> Any:
    """A file of an invoice or a credit note of one's own issuer."""
    if refusal := why_refused(request, Action.BILLING_READ):
        return refusal
    found = kept_file(issuer=_own(request), number=number, form=form) if "\x00" not in number else None
    if found is None:
        return refuse(404, "unknown-invoice", "Aucune facture de votre émetteur ne porte ce numéro.")
    answer = HttpResponse(found.content, content_type=found.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{found.name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _own(request: HttpRequest) -> str:
    """The code of the issuer of whoever asks: its people see its invoices alone."""
    person: Any = request.user
    code: str = person.issuer.code
    return code


def _answer(said: Any) -> JsonResponse:
    answer = JsonResponse(said, safe=False)
    answer["Cache-Control"] = "private, no-store"
    return answer
