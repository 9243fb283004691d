"""What happens next to a request, by whom, since when: the first words of its page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tripartite.accounts.queries import Deposit
from tripartite.conventions.queries.conventions import upcoming
from tripartite.conventions.states import GIVEN_UP, ConventionState
from tripartite.parties.queries.bodies import issuers
from tripartite.quotes.queries.accords import what_accords_lack
from tripartite.quotes.queries.fates import Fate, Outcome
from tripartite.quotes.queries.requests import RequestEstimate, is_expired
from tripartite.quotes.states import TAKES_ACTS, RequestState
from tripartite.subscriptions.queries.running import renewed_convention
from tripartite.web.going_live.card import Card, ahead
from tripartite.web.shell.offers import the_quotes

if TYPE_CHECKING:
    from tripartite.conventions.models import Convention
    from tripartite.quotes.models import Answer, QuoteVersion, Request

ANSWERED = frozenset({RequestState.ACCEPTED, RequestState.REFUSED, RequestState.ENGAGED})


def next_step(  # noqa: PLR0911, PLR0917
    asked: Request,
    found: RequestEstimate,
    versions: Sequence[QuoteVersion],
    cards: Sequence[Card],
    today: date,
    deposits: Sequence[Deposit] = (),
    *,
    conventions: Sequence[Convention] = (),
    fate: Fate | None = None,
) -> dict[str, Any]:
    """What happens next, by whom, since when. `cards` are what the file sets going, `deposits` the acts that no agent
    has read yet, `conventions` those of the file, the latest first, `fate` what became of the letter that brings the
    last quotes.
    """
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
    if deposit := next(iter(deposits), None) if asked.state in TAKES_ACTS else None:
        words = f"Lire l'acte déposé n° {deposit.place} par la collectivité, et l'enregistrer"
        said = {"words": words, "by": "un agent", "since": deposit.at, "badge": "wait", "state": "acte à lire"}
        return said | {"deposit": deposit}
    if asked.state in ANSWERED:
        return _after_the_answer(asked, versions, conventions, today)
    if asked.state == RequestState.RECEIVED:
        return _before_the_quotes(asked, found)
    last = versions[-1]
    quotes = list(last.quotes.all())
    if any(is_expired(quote, on=today) for quote in quotes):
        words = "Les devis ont expiré : émettre une nouvelle version, ou annuler la demande."
        return {"words": words, "by": "un agent", "since": min(quote.valid_until for quote in quotes), "badge": "bad"}
    if fate and fate.missed:
        return _unsent(fate, last.issued_at)
    words = f"Répondre aux devis, valables jusqu'au {min(quote.valid_until for quote in quotes):%d/%m/%Y} compris"
    return {"words": words, "by": asked.beneficiary.name, "since": last.issued_at, "badge": "good"}


def _before_the_quotes(asked: Request, found: RequestEstimate) -> dict[str, Any]:
    """What a request waits for so that its quotes may be issued."""
    since = asked.changed_at or asked.created_at
    if asked.beneficiary.unconfirmed:
        words = "Confirmer la structure que la demande déclare, ou dire laquelle de l'annuaire c'est"
        return {"words": words, "by": "un agent", "since": since, "badge": "wait", "state": "structure à confirmer"} | {
            "unconfirmed": True
        }
    if found.estimate is None:
        words = found.refusal.message if found.refusal else ""
        return {"words": f"Modifier la demande : {words}", "since": since, "badge": "bad", "state": "à revoir"}
    if found.unknown:
        words = f"Donner le chiffre qui manque : {found.unknown}"
        return {"words": words, "by": "un agent", "since": since, "badge": "bad", "state": "chiffre manquant"}
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
    return {"words": f"Émettre {the_quotes(len(found.totals))}", "by": "un agent", "since": since, "badge": "wait"}


def _unsent(fate: Fate, since: datetime) -> dict[str, Any]:
    """The quotes have not come to whoever asked: an address is to be given, or they are to be sent (again)."""
    said = {"by": "un agent", "since": since, "badge": "bad", "state": "devis non envoyés"}
    if fate.outcome is Outcome.NO_ADDRESS:
        words = "Devis non envoyés : pas d'adresse. Donner une adresse, ou les remettre sur papier"
        return said | {"words": words, "give_address": True}
    if fate.outcome is Outcome.FAILED:
        words = f"Devis non parvenus à {fate.recipient} : {fate.reason} Corriger l'adresse, ou envoyer de nouveau"
        return said | {"words": words, "give_address": True, "send_to": fate.address}
    before = f" (ils sont allés à {fate.recipient})" if fate.recipient else ""
    return said | {"words": f"Envoyer les devis à {fate.address}{before}", "send_to": fate.address}


def _after_the_answer(
    asked: Request, versions: Sequence[QuoteVersion], found: Sequence[Convention], today: date
) -> dict[str, Any]:
    """What follows an acceptance or a refusal: the act that empowers, then the convention."""
    answers = [quote.answer for version in versions for quote in version.quotes.all() if hasattr(quote, "answer")]
    since = answers[-1].recorded_at if answers else asked.created_at
    if asked.state == RequestState.REFUSED:
        words = f"Devis refusés : {answers[-1].reason}" if answers else "Devis refusés"
        return {"words": words, "since": since, "badge": "quiet"}
    given = [answer for answer in answers if answer.accepted]
    if said := _unempowered(asked, given, today):
        return said | {"by": "un agent", "since": since, "badge": "wait", "justify": True}
    living = [one for one in found if one.state not in GIVEN_UP]
    if not living and asked.state == RequestState.ENGAGED:
        return {"words": "Tout ce qui est demandé est en service.", "since": since, "badge": "good"}
    if not living and (convention := _renewed(asked, versions)):
        words = f"Mettre en service le renouvellement, au titre de la convention {convention.number}"
        return {"words": words, "by": "un agent", "since": since, "badge": "good", "renews": convention}
    if not living:
        said = {"words": "Préparer la convention", "by": "un agent", "since": since, "badge": "good", "draft": True}
        if found and found[0].state == ConventionState.REFUSED:
            why = found[0].end_reason.removesuffix(".")
            words = f"Préparer une autre convention, modifier la demande ou l'annuler : {why}"
            said |= {"words": words, "since": found[0].ended_on, "badge": "bad", "state": "signature refusée"}
        return said
    coming = upcoming(living[0])
    return {"words": coming.words, "by": coming.by, "since": coming.since, "badge": "good", "convention": living[0]}


def _unempowered(asked: Request, given: Sequence[Answer], today: date) -> dict[str, Any]:
    """What an accepted request waits for so that its accord counts; nothing when it does."""
    lacks = what_accords_lack(asked, given, on=today) if asked.state == RequestState.ACCEPTED else ""
    if not lacks:
        return {}
    if any(answer.mandate is None for answer in given):
        return {"words": "Enregistrer l'acte qui habilite la personne qui a accepté"}
    return {"words": f"L'accord ne compte pas encore. {lacks.removesuffix('.')}", "incomplete": given[0].mandate}


def _renewed(asked: Request, versions: Sequence[QuoteVersion]) -> Convention | None:
    """The convention under which the accepted quotes renew what is prepaid, without an amendment."""
    order = versions[-1].order if versions else asked.order
    found: Convention | None = renewed_convention(
        asked.beneficiary_id, {line["service"] for line in order["lines"]}, offer=asked.offer
    )
    return found
