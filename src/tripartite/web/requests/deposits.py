"""The papers that a beneficiary deposited in its file: read by an agent, or set aside with a reason."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tripartite.accounts.queries import deposits_of
from tripartite.accounts.rights import Action
from tripartite.accounts.services.deposits import set_deposit_aside
from tripartite.documents.queries import document_by_id, pdf_of
from tripartite.quotes.queries.requests import request_by_reference
from tripartite.web.shell.access import actor_of, requires


def _request_id(reference: str) -> int:
    found = request_by_reference(reference)
    if found is None:
        raise Http404
    return found.pk


@requires(Action.REQUEST_READ)
def deposited_act(request: HttpRequest, reference: str, document_id: int) -> HttpResponse:  # noqa: ARG001
    """An act that the beneficiary deposited in this file, to be read before it is recorded."""
    deposited = {one.document for one in deposits_of(_request_id(reference))}
    document = document_by_id(document_id) if document_id in deposited else None
    if document is None:
        raise Http404
    return HttpResponse(pdf_of(document.pk), content_type=document.media_type)


@require_POST
@requires(Action.MANDATE_RECORD)
def set_aside(request: HttpRequest, reference: str, document_id: int) -> HttpResponse:
    """A deposited paper that is not the act: the beneficiary reads why in its space."""
    try:
        set_deposit_aside(
            request_id=_request_id(reference),
            document_id=document_id,
            reason=request.POST.get("reason", ""),
            actor=actor_of(request),
            at=timezone.now(),
        )
    except ValueError as refusal:
        messages.error(request, str(refusal))
        return redirect("request", reference)
    messages.success(request, "Dépôt écarté. La collectivité en lit le motif dans son espace.")
    return redirect("request", reference)
