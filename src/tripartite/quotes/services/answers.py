"""What the beneficiary answers to its quotes: both together, or one of them with an explanation."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.documents.services import store_scan
from tripartite.journal.services import Actor
from tripartite.parties.queries.mandates import OTHER_BODY, mandate_by_id, why_not_theirs
from tripartite.pricing.french import day_text
from tripartite.pricing.naming import complement
from tripartite.quotes.models import Answer, Quote, Request
from tripartite.quotes.queries.accords import accords_in_hand, power_to_accept, what_accords_lack
from tripartite.quotes.queries.closed import JUSTIFIED, why_not_answered, why_not_justified
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.evidence import keep_agreement
from tripartite.quotes.services.outcomes import write_accepted, write_justified, write_refused
from tripartite.quotes.services.premises import check_premises
from tripartite.quotes.services.requests import check_living, journal, locked, move, move_quote
from tripartite.quotes.states import QuoteState, RequestState
from tripartite.typed import clean_line, clean_text

WORDING = (
    "Bon pour accord sur les devis {numbers}. J'accepte ces prix et ces conditions au nom {beneficiary}, et"
    " j'ai pouvoir de le faire."
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who answers: name and function; where from and with what, for an answer given online."""

    name: str
    function: str
    address: str = ""
    browser: str = ""

    def __post_init__(self) -> None:
        for name in ("name", "function"):
            object.__setattr__(self, name, clean_line(getattr(self, name)))


@transaction.atomic
def accept_quotes(
    *,
    request_id: int,
    person: Person,
    way: str,
    answered_on: date,
    actor: Actor,
    at: datetime,
    numbers: Collection[str] | None = None,
    explanation: str = "",
    scan: bytes | None = None,
    mandate_id: int | None = None,
) -> Request:
    """Record the « bon pour accord » on the quotes in hand, `way` "online" or "paper" (then with its scan).

    `numbers` narrows it to some of the quotes: the others are refused with the `explanation`, which is then needed.
    `answered_on` lies between the day of issue and the last day of validity, both included, and is not to come. The
    act that empowers that very person (`mandate_id`) may be given later (`justify_acceptance`), or completed: until it
    can be relied on, the acceptance is kept and does not count. Raises QuoteError, or ScanRefused.
    """
    request, quotes = _answerable(request_id, RequestState.ACCEPTED, answered_on, at)
    check_living(request.beneficiary, on=answered_on)
    _check_person(person)
    chosen = [quote for quote in quotes if numbers is None or quote.number in numbers]
    others = [quote for quote in quotes if quote not in chosen]
    if not chosen:
        raise QuoteError("Choisissez au moins un devis.")
    if others and not clean_text(explanation):
        raise QuoteError("Les deux devis vont ensemble : pour n'en accepter qu'un, dites pourquoi.")
    if way == Answer.Way.PAPER and scan is None:
        raise QuoteError("Déposez le devis signé (numérisé) : il fait foi.")
    if mandate_id is not None:
        _act_of(request, person.name, mandate_id)
    check_premises(request)
    listed = " et ".join(quote.number for quote in chosen)
    wording = WORDING.format(numbers=listed, beneficiary=request.beneficiary.legal.of)
    title = f"Bon pour accord, {request.reference}"
    document = store_scan(content=scan, title=title, at=at) if scan is not None else None
    given = (
        wording,
        f"{clean_line(person.name)}, {clean_line(person.function)}",
        person.address[:60],
        person.browser[:300],
    )
    proof = keep_agreement(request, chosen, given, actor=actor, at=at) if way == Answer.Way.ONLINE else None
    for quote in quotes:
        move_quote(quote, QuoteState.ACCEPTED if quote in chosen else QuoteState.REFUSED)
        Answer.objects.create(
            quote=quote,
            accepted=quote in chosen,
            person=clean_line(person.name),
            function=clean_line(person.function),
            answered_on=answered_on,
            way=way,
            wording=wording if way == Answer.Way.ONLINE else "",
            reason=clean_text(explanation),
            address=person.address[:60],
            browser=person.browser[:300],
            document=document,
            proof_id=proof if quote in chosen else None,
            mandate_id=mandate_id,
            recorded_by=actor.label,
            recorded_at=at,
        )
    move(request, RequestState.ACCEPTED)
    request.save(update_fields=["state"])
    alone = f" Seul : {clean_text(explanation)}" if others else ""
    who, on = f"{clean_line(person.name)}, {clean_line(person.function)}", day_text(answered_on)
    text = f"Bon pour accord {complement(who)}, sur {listed}, le {on}."
    journal(request, actor, at, "quotes.accept", text + alone, way=way)
    write_accepted(request=request, told=text + alone, mandate_id=mandate_id, on=answered_on, actor=actor, at=at)
    return request


@transaction.atomic
def refuse_quotes(
    *, request_id: int, person: Person, reason: str, answered_on: date, way: str, actor: Actor, at: datetime
) -> Request:
    """Record that the quotes in hand are refused, with a reason. Raises QuoteError."""
    request, quotes = _answerable(request_id, RequestState.REFUSED, answered_on, at)
    _check_person(person)
    if not clean_text(reason):
        raise QuoteError("Dites pourquoi les devis sont refusés.")
    for quote in quotes:
        move_quote(quote, QuoteState.REFUSED)
        Answer.objects.create(
            quote=quote,
            accepted=False,
            person=clean_line(person.name),
            function=clean_line(person.function),
            answered_on=answered_on,
            way=way,
            reason=clean_text(reason),
            address=person.address[:60],
            browser=person.browser[:300],
            recorded_by=actor.label,
            recorded_at=at,
        )
    move(request, RequestState.REFUSED)
    request.save(update_fields=["state"])
    journal(request, actor, at, "quotes.refuse", f"Devis refusés par {clean_line(person.name)} : {clean_text(reason)}")
    write_refused(
        request=request, quotes=quotes, person=clean_line(person.name), reason=clean_text(reason), actor=actor, at=at
    )
    return request


@transaction.atomic
def justify_acceptance(*, request_id: int, mandate_id: int, actor: Actor, at: datetime) -> Request:
    """Give the act that empowers whoever accepted: the acceptance counts from the day it can be relied on, at once when
    it can already. An act that makes it count is not replaced; one that does not is. Raises QuoteError.
    """
    request, day = locked(request_id), timezone.localdate(at)
    if refusal := why_not_justified(request, on=day):
        raise QuoteError(refusal)
    answers = accords_in_hand(request)
    if {answer.mandate_id for answer in answers} == {mandate_id}:
        raise QuoteError(JUSTIFIED)
    for answer in answers:
        mandate = _act_of(request, answer.person, mandate_id)
        answer.mandate = mandate
        answer.save(update_fields=["mandate"])
    lacks = what_accords_lack(request, answers, on=day)
    what = "Acte joint à l'accord" if lacks else "Pouvoir justifié"
    text = f"{what} : {mandate}, {mandate.get_act_display()} du {day_text(mandate.adopted_on)}."
    waits = f" L'accord ne compte pas encore. {lacks}" if lacks else ""
    journal(request, actor, at, "quotes.justify", text + waits, mandate=mandate_id)
    write_justified(request=request, mandate_id=mandate_id, on=day, actor=actor, at=at)
    return request


@transaction.atomic
def engage_request(*, request_id: int, actor: Actor, at: datetime) -> Request:
    """Close the request to changes, once a signed convention binds. Raises QuoteError when it is not accepted."""
    request = locked(request_id)
    move(request, RequestState.ENGAGED)
    request.save(update_fields=["state"])
    journal(request, actor, at, "quotes.engage", "Convention signée : la suite passe par un avenant.")
    return request


def _answerable(request_id: int, answer: RequestState, answered_on: date, at: datetime) -> tuple[Request, list[Quote]]:
    """The request and the quotes in hand, when they can be so answered on that day: refused, expired too."""
    request = locked(request_id)
    if refusal := why_not_answered(request, answer):
        raise QuoteError(refusal)
    held = Quote.objects.select_for_update(of=("self",)).select_related("version")
    quotes = list(held.filter(version__request=request, state=QuoteState.ISSUED))
    if answered_on > timezone.localdate(at):
        raise QuoteError("La date de la réponse est à venir.")
    if any(answered_on < quote.version.issued_on for quote in quotes):
        raise QuoteError("La réponse précède les devis.")
    expired = [quote for quote in quotes if answered_on > quote.valid_until]
    if expired and answer == RequestState.ACCEPTED:
        raise QuoteError(
            f"Le devis {expired[0].number} était valable jusqu'au {day_text(expired[0].valid_until)} compris : demandez"
            " une nouvelle version."
        )
    return request, quotes


def _check_person(person: Person) -> None:
    if not clean_line(person.name) or not clean_line(person.function):
        raise QuoteError("Indiquez le nom et la fonction de la personne qui répond.")
    if max(len(person.name), len(person.function)) > 200:
        raise QuoteError("Nom ou fonction trop longs : 200 caractères au plus.")


def _act_of(request: Request, person: str, mandate_id: int) -> Any:
    """The act of that key, when it can empower that person to accept. Raises QuoteError."""
    mandate = mandate_by_id(mandate_id)
    if wrong := why_not_theirs(mandate, power_to_accept(request, person)) if mandate else OTHER_BODY:
        raise QuoteError(wrong)
    return mandate
