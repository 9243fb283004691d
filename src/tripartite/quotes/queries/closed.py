"""Which acts on a request are closed as it stands, and why: what their service refuses, and their page says at once."""

from datetime import date

from tripartite.pricing.french import refused_move
from tripartite.quotes.models import Request
from tripartite.quotes.queries.accords import accords_in_hand, what_accords_lack
from tripartite.quotes.states import REQUEST_LABELS, RequestState

ANSWERS = (RequestState.ACCEPTED, RequestState.REFUSED)
JUSTIFIED = "L'acte qui habilite le signataire est déjà enregistré."


def why_not_answered(request: Request, answer: RequestState) -> str:
    """Why a request has no quotes to answer by `answer` (ACCEPTED or REFUSED); « » when it has."""
    state = RequestState(request.state)
    if state == RequestState.QUOTED:
        return ""
    if state == answer or (state, answer) == (RequestState.ENGAGED, RequestState.ACCEPTED):
        return refused_move("demande", REQUEST_LABELS[state], REQUEST_LABELS[state])
    return f"Demande « {REQUEST_LABELS[state]} » : il n'y a pas de devis à accepter ou à refuser."


def why_not_justified(request: Request, *, on: date) -> str:
    """Why no act is to be given for an acceptance on a day; « » when one is."""
    answers = accords_in_hand(request)
    if request.state != RequestState.ACCEPTED or not answers:
        return "Cette demande n'a pas de devis accepté en main."
    if not what_accords_lack(request, answers, on=on):
        return JUSTIFIED
    return ""


def why_not_revised(request: Request) -> str:
    """Why what a request asks for does not change any more; « » while it may."""
    if request.state == RequestState.CANCELLED:
        return "Cette demande est annulée : dupliquez-la pour en faire une nouvelle."
    if request.state == RequestState.ENGAGED:
        return "Une convention signée engage les parties : ce qui change passe par un avenant."
    return ""
