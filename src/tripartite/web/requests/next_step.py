"""What happens next to a request, by whom, since when: the first words of its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from tripartite.conventions.queries.conventions import conventions_of_request, upcoming
from tripartite.conventions.states import ConventionState
from tripartite.parties.queries.bodies import issuers
from tripartite.quotes.queries.requests import RequestEstimate, is_expired
from tripartite.quotes.states import RequestState
from tripartite.subscriptions.queries.running import renewed_convention
from tripartite.web.going_live.card import Card, ahead

if TYPE_CHECKING:
    from tripartite.conventions.models import Convention
    from tripartite.quotes.models import QuoteVersion, Request

ANSWERED = frozenset({RequestState.ACCEPTED, RequestState.REFUSED, RequestState.ENGAGED})


def next_step(  # noqa: PLR0911
    asked: Request, found: RequestEstimate, versions: Sequence[QuoteVersion], cards: Sequence[Card], today: date
) -> dict[str, Any]:
    """What happens next, by whom, since when. `cards` are what the file sets going."""
    if coming := ahead(cards):
        state = "en retard" if any(card.late for card in cards) else "à mettre en service"
        badge = "bad" if any(card.late for card in cards) else "wait"
        said = {"words": coming.words, "by": coming.by, "since": coming.since, "state": state, "badge": badge}
        return said | {"going_live": True}
    if asked.state == RequestState.CANCELLED:
        return {
            "words": "Plus rien : la demande est annulée.",
            "since": asked.cancelled_at,
            "badge": "quiet",
            "state": "annulée",
        }
    if asked.state in ANSWERED:
        return _after_the_answer(asked, versions)
    if asked.state == RequestState.RECEIVED:
        since = asked.changed_at or asked.created_at
        if found.estimate is None:
            words = found.refusal.message if found.refusal else ""
            return {"words": f"Modifier la demande : {words}", "since": since, "badge": "bad", "state": "à revoir"}
        if found.waiting:
            codes = {item.line.issuer for item in found.waiting}
            names = " et ".join(issuer.short_name for issuer in issuers() if issuer.code in codes)
            return {
                "words": "Chiffrer les lignes sur devis",
                "by": names,
                "since": since,
                "badge": "wait",
                "state": "à chiffrer",
            }
        return {"words": "Émettre les deux devis", "by": "un agent", "since": since, "badge": "wait"}
    last = versions[-1]
    quotes = list(last.quotes.all())
    if any(is_expired(quote, on=today) for quote in quotes):
        words = "Les devis ont expiré : émettre une nouvelle version, ou annuler la demande."
        return {"words": words, "by": "un agent", "since": min(quote.valid_until for quote in quotes), "badge": "bad"}
    words = f"Répondre aux devis, valables jusqu'au {min(quote.valid_until for quote in quotes):%d/%m/%Y} compris"
    return {"words": words, "by": asked.beneficiary.name, "since": last.issued_at, "badge": "good"}


def _after_the_answer(asked: Request, versions: Sequence[QuoteVersion]) -> dict[str, Any]:
    """What follows an acceptance or a refusal: the act that empowers, then the convention."""
    answers = [quote.answer for version in versions for quote in version.quotes.all() if hasattr(quote, "answer")]
    since = answers[-1].recorded_at if answers else asked.created_at
    if asked.state == RequestState.REFUSED:
        words = f"Devis refusés : {answers[-1].reason}" if answers else "Devis refusés"
        return {"words": words, "since": since, "badge": "quiet"}
    given = [answer for answer in answers if answer.accepted]
    if asked.state == RequestState.ACCEPTED and not all(answer.mandate_id for answer in given):
        words = "Enregistrer l'acte qui habilite la personne qui a accepté"
        return {"words": words, "by": "un agent", "since": since, "badge": "wait", "justify": True}
    found = conventions_of_request(asked.pk)
    living = [one for one in found if one.state != ConventionState.ABANDONED]
    if not living and asked.state == RequestState.ENGAGED:
        return {"words": "Tout ce qui est demandé est en service.", "since": since, "badge": "good"}
    if not living and (convention := _renewed(asked, versions)):
        words = f"Mettre en service le renouvellement, au titre de la convention {convention.number}"
        return {"words": words, "by": "un agent", "since": since, "badge": "good", "renews": convention}
    if not living:
        words = "Préparer la convention"
        return {"words": words, "by": "un agent", "since": since, "badge": "good", "draft": True}
    coming = upcoming(living[0])
    return {"words": coming.words, "by": coming.by, "since": coming.since, "badge": "good", "convention": living[0]}


def _renewed(asked: Request, versions: Sequence[QuoteVersion]) -> Convention | None:
    """The convention under which the accepted quotes renew what is prepaid, without an amendment."""
    order = versions[-1].order if versions else asked.order
    found: Convention | None = renewed_convention(asked.beneficiary_id, {line["service"] for line in order["lines"]})
    return found
