"""Whether an accord counts: given by a person whom a recorded act empowers to give it."""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils import timezone

from tripartite.parties.queries.mandates import QUOTES, Power, declared_only, empowers_from, what_power_lacks
from tripartite.quotes.models import Answer, Request
from tripartite.quotes.states import QuoteState


def power_to_accept(request: Request, person: str | None = None) -> Power:
    """What an act has to give whoever accepts the quotes of a request."""
    return Power(purpose=QUOTES, body_id=request.beneficiary_id, person=person)


def what_accord_lacks(answer: Answer, request: Request, *, on: date) -> str:
    """Why an acceptance does not count on a day, in French; « » when it does.

    It counts from the day it was given when the person had the power that day; given before the act could be relied
    on, from the day it can: the assembly then approves what was accepted in its name. The day of an acceptance on
    paper is only declared: the power must still be there on the day it was recorded.
    """
    if answer.mandate is None:
        return "L'acte qui habilite la personne qui a accepté n'est pas enregistré."
    power = power_to_accept(request, answer.person)
    since = empowers_from(answer.mandate)
    counts_from = max(answer.answered_on, since) if since else answer.answered_on
    if lacks := what_power_lacks(answer.mandate, power, on=min(counts_from, max(on, answer.answered_on))):
        return lacks
    recorded = timezone.localdate(answer.recorded_at)
    if answer.way == Answer.Way.ONLINE or recorded <= counts_from:
        return ""
    lacks = what_power_lacks(answer.mandate, power, on=recorded)
    return f"{declared_only(answer.answered_on, recorded)} {lacks}" if lacks else ""


def what_accords_lack(request: Request, answers: Iterable[Answer], *, on: date) -> str:
    """The same for the acceptances of a request, each reason once."""
    lacks = dict.fromkeys(what_accord_lacks(one, request, on=on) for one in answers if one.accepted)
    return " ".join(words for words in lacks if words)


def accords_of_requests(request_ids: Collection[int]) -> dict[int, list[Answer]]:
    """The acceptances in hand of several requests, by the key of each: one query, none without requests."""
    found: dict[int, list[Answer]] = {}
    if request_ids:
        kept = Answer.objects.filter(accepted=True, quote__state=QuoteState.ACCEPTED)
        kept = kept.filter(quote__version__request__in=request_ids)
        for one in kept.select_related("mandate__issuer", "quote__version").order_by("pk"):
            found.setdefault(one.quote.version.request_id, []).append(one)
    return found


def accords_in_hand(request: Request) -> list[Answer]:
    """The acceptances of the quotes that are accepted now."""
    found = Answer.objects.filter(quote__version__request=request, accepted=True, quote__state=QuoteState.ACCEPTED)
    return list(found.select_related("mandate__issuer", "quote").order_by("pk"))
