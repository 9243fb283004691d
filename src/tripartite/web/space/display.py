"""A file as its beneficiary reads it: prices, what is expected and until when, what is missing, papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.urls import reverse

from tripartite.accounts.queries import Deposit, deposits_of, waiting_deposits
from tripartite.billing.queries.invoices import invoices_of_bodies
from tripartite.conventions.queries.access import waits_for
from tripartite.conventions.queries.conventions import BENEFICIARY, waiting_signatories
from tripartite.conventions.states import ConventionState
from tripartite.documents.queries import payload_of
from tripartite.parties.queries.bodies import issuers, lineage_of
from tripartite.parties.queries.looks import issuers_on
from tripartite.parties.queries.mandates import best_act, power_of
from tripartite.pricing.estimate import Frequency, Status
from tripartite.pricing.french import when_text
from tripartite.pricing.grid import Grid, Interpretation
from tripartite.pricing.money import number_text, read_number_text
from tripartite.quotes.queries.accords import power_to_accept, what_accords_lack
from tripartite.quotes.queries.requests import is_expired
from tripartite.quotes.services.answers import WORDING
from tripartite.quotes.states import QuoteState, RequestState
from tripartite.tariffs.queries import grid_by_code
from tripartite.web.going_live.card import Card
from tripartite.web.space.access import Visitor

if TYPE_CHECKING:
    from tripartite.conventions.models import Convention, Signatory
    from tripartite.parties.models import Issuer
    from tripartite.quotes.models import Quote, QuoteLine, Request

ACT = (
    "l'acte qui habilite qui signe pour {name} : le plus souvent la délibération qui autorise le maire ou le président"
    " à signer, parfois une délégation"
)
UNJUSTIFIED = "Il manque {act}. Votre accord est gardé ; il comptera quand un agent aura enregistré cet acte."
NOT_YET = "Il manquera {act}. Vous pouvez répondre dès maintenant et le déposer ensuite."


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a quote, in words: how much of what, on which condition, how its amount came about."""

    name: str
    charge: str
    when: str
    status: str
    amount_cents: int | None
    quantity: str
    condition: str
    why: tuple[str, ...]
    readings: tuple[Interpretation, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """One issuer's part: its quote in hand, the lines of it, and the conditions that its paper prints."""

    issuer: Issuer
    quote: Quote
    lines: tuple[Line, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Next:
    """What is expected now, of whom, until when; `sign` is the convention that the visitor itself is to sign."""

    words: str
    badge: str
    until: date | None = None
    since: date | datetime | None = None
    sign: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the file."""

    document_id: int
    title: str
    on: date | datetime | None

    @property
    def address(self) -> str:
        return reverse("space-paper", args=[self.document_id])


def quotes_in_hand(asked: Request) -> list[Quote]:
    """The quotes of the last version, with their lines and answers; none before they are issued."""
    versions = list(asked.versions.all())
    quotes = list(versions[-1].quotes.all()) if versions else []
    prefetch_related_objects(quotes, "lines", "document", "answer__mandate")
    return quotes


def panels(asked: Request, quotes: Iterable[Quote]) -> tuple[Panel, ...]:
    """Each issuer's quote, line by line, under the names of its own grid."""
    versions = list(asked.versions.all())
    grid = grid_by_code(versions[-1].grid) if versions else None
    by_issuer = {quote.issuer: quote for quote in quotes}
    estimated = list(versions[-1].estimate["lines"]) if versions else []
    return tuple(
        Panel(
            issuer,
            quote,
            tuple(_line(grid, quote.issuer, line, estimated) for line in quote.lines.all()),
            tuple(payload_of(quote.document).get("conditions", ())),
        )
        for issuer in issuers()
        if grid and (quote := by_issuer.get(issuer.code))
    )


def _line(grid: Grid, issuer: str, line: QuoteLine, estimated: Sequence[dict[str, Any]]) -> Line:
    """A line of a quote beside the line of the estimate that it was issued from; `reason` is what the paper notes."""
    service, charge = grid.services[line.service], grid.charge_of(line.service, line.charge, issuer)
    source = _source(line, issuer, estimated)
    counted = source.get("services", [line.service])
    quantity = read_number_text(line.quantity)
    unit = charge.unit if len(counted) > 1 else service.unit
    names = [" + ".join(grid.services[code].name for code in counted)]
    for option, code in source.get("options", {}).items():
        names += [value.name for value in service.options[option].values if value.code == code]
    bearing = source.get("interpretations", ())
    return Line(
        name=", ".join(names),
        charge=charge.name,
        when=when_text(Frequency(line.frequency), line.years),
        status=line.status,
        amount_cents=line.amount_cents,
        quantity=f"{number_text(quantity)} {unit.of(quantity)}",
        condition=(charge.conditional or "").rstrip(".") if line.status == Status.CONDITIONAL else "",
        why=tuple(dict.fromkeys(one for one in (source.get("explanation", ""), line.reason) if one)),
        readings=tuple(reading for code, reading in grid.interpretations.items() if code in bearing),
    )


def _source(line: QuoteLine, issuer: str, estimated: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The line of the estimate that a line of a quote comes from; of two that only an option tells apart, the one with
    the same amount.
    """
    wanted = (line.service, line.charge, issuer)
    same = [one for one in estimated if (one["service"], one["charge"], one["issuer"]) == wanted]
    exact = [one for one in same if one.get("net_amount_cents", one["amount_cents"]) == line.amount_cents]
    return next(iter(exact or same), {})


def answerable(asked: Request, quotes: Sequence[Quote], *, on: date) -> bool:
    """Whether the quotes in hand can be accepted on a day: until the end of their last day."""
    held = [quote for quote in quotes if quote.state == QuoteState.ISSUED]
    return asked.state == RequestState.QUOTED and bool(held) and not any(is_expired(quote, on=on) for quote in held)


def accord_words(asked: Request, numbers: Iterable[str]) -> str:
    """The exact words of the « bon pour accord »."""
    return WORDING.format(numbers=" et ".join(numbers), beneficiary=asked.beneficiary.legal.of)


def next_step(
    visitor: Visitor, quotes: Sequence[Quote], cards: Sequence[Card], *, on: date, lacking: bool = False
) -> Next:
    """What is expected now. `cards` are what the file sets going; `lacking`, whether an accord lacks the act that
    empowers who gave it.
    """
    asked = visitor.asked
    if asked.state == RequestState.QUOTED:
        last = min((quote.valid_until for quote in quotes), default=None)
        if answerable(asked, quotes, on=on):
            return Next("Répondre aux devis", "wait", until=last)
        return Next("Les devis ont expiré : demandez aux émetteurs une nouvelle version.", "bad", since=last)
    if asked.state == RequestState.ACCEPTED and visitor.conventions:
        latest = visitor.conventions[0]
        if latest.state == ConventionState.REFUSED:
            words = f"Un agent reprend le dossier, rien n'est engagé : {latest.end_reason.removesuffix('.')}"
            return Next(words, "bad", since=latest.ended_on)
    for convention in visitor.conventions:
        if missing := waiting_signatories(convention):
            names = " ; ".join(str(one) for one in missing)
            mine = convention.pk if waits_for(convention, visitor.email) else None
            return Next(f"Signer {_named(convention)} : {names}", "wait", since=missing[0].asked_at, sign=mine)
    if asked.state == RequestState.ACCEPTED and lacking:
        return Next("Votre accord est enregistré, il ne compte pas encore.", "wait")
    return _once_agreed(visitor, cards)


def _once_agreed(visitor: Visitor, cards: Sequence[Card]) -> Next:
    """With nothing to answer and nothing to sign: what goes live, or where the convention stands."""
    state = RequestState(visitor.asked.state)
    bound = next((one for one in visitor.conventions if one.state in _BOUND), None)
    if state is RequestState.ENGAGED and bound is not None and (bound.ended_on is not None or not cards):
        return _of_convention(bound)
    return _going_live(cards) or _SETTLED[state]


def _going_live(cards: Sequence[Card]) -> Next | None:
    """What the beneficiary has to do so that its services run; None before anything is to be set going."""
    left = [card for card in cards if card.open]
    mine = [card for card in left if card.turn.by == BENEFICIARY]
    if mine:
        words = " ; ".join(f"{card.turn.step} ({card.activation.name})" for card in mine)
        return Next(f"La mise en service attend de vous : {words}", "wait")
    if cards and not left:
        return Next("Tout ce qui est demandé est en service.", "good")
    return None


_BOUND = (ConventionState.SIGNED, ConventionState.IN_FORCE, ConventionState.ENDED)


def _named(convention: Convention) -> str:
    if convention.parent_id and convention.request.amendment:
        return f"l'{convention.request.amendment}"
    return f"l'avenant {convention.number}" if convention.parent_id else f"la convention {convention.number}"


def _of_convention(convention: Convention) -> Next:
    """Where a signed convention, or amendment, stands: on its way, in force until when, ended and why."""
    name = _named(convention)[:1].upper() + _named(convention)[1:]
    if convention.state == ConventionState.SIGNED:
        return Next(f"{name} est signé{_e(convention)} par tous, en vigueur le {convention.due_on:%d/%m/%Y}.", "good")
    if convention.state == ConventionState.ENDED:
        return Next(f"{name} est terminé{_e(convention)} : {convention.end_reason}", "quiet", since=convention.ended_on)
    if convention.ended_on is not None:
        last = f"{convention.ended_on:%d/%m/%Y}"
        return Next(f"{name} s'arrête, dernier jour le {last} compris ({convention.end_reason}).", "quiet")
    return Next(f"{name} est en vigueur", "good", until=convention.ends_on)


def _e(convention: Convention) -> str:
    return "" if convention.parent_id else "e"


_SETTLED = {
    RequestState.RECEIVED: Next("Un agent prépare une nouvelle version des devis.", "wait"),
    RequestState.ACCEPTED: Next("Les devis sont acceptés : un agent prépare la convention.", "good"),
    RequestState.REFUSED: Next("Les devis sont refusés. Rien n'est engagé.", "quiet"),
    RequestState.ENGAGED: Next("La convention est signée : les émetteurs préparent la mise en service.", "good"),
    RequestState.CANCELLED: Next("La demande est annulée. Rien n'est engagé.", "quiet"),
}


def missing_act(visitor: Visitor, quotes: Iterable[Quote], *, on: date) -> str:
    """What is missing so that an answer engages, in plain words; « » when nothing is."""
    asked = visitor.asked
    act = ACT.format(name=asked.beneficiary.legal.named)
    if asked.state == RequestState.QUOTED:
        return "" if power_of(power_to_accept(asked), on=on) else NOT_YET.format(act=act)
    if asked.state != RequestState.ACCEPTED:
        return ""
    answers = [quote.answer for quote in quotes if quote.state == QuoteState.ACCEPTED]
    if any(answer.mandate is None for answer in answers):
        return UNJUSTIFIED.format(act=act)
    return what_accords_lack(asked, answers, on=on)


def act_of(asked: Request, *, name: str, on: date) -> int | None:
    """The recorded act that empowers that person to accept on a day; else the one that will, once it is completed or
    enforceable; None when there is none."""
    act = best_act(power_to_accept(asked, name), on=on)
    return act.pk if act else None


def deposits_shown(request_id: int) -> list[tuple[Paper, str, str]]:
    """The acts deposited in a file, each with its badge and what became of it."""
    waiting = {one.document for one in waiting_deposits([request_id]).get(request_id, [])}
    return [
        (Paper(one.document, f"Acte déposé n° {one.place}", one.at), *_became(one, waiting))
        for one in deposits_of(request_id)
    ]


def _became(deposit: Deposit, waiting: set[int]) -> tuple[str, str]:
    if deposit.set_aside:
        return "bad", f"écarté : {deposit.set_aside}"
    return ("wait", "un agent doit le lire") if deposit.document in waiting else ("good", "enregistré")


def papers(visitor: Visitor) -> list[Paper]:
    """Every paper of this file and no other: quotes, conventions and their signatures, acts deposited."""
    found = [
        Paper(quote.document_id, f"Devis {quote.number}", version.issued_on)
        for version in visitor.asked.versions.all()
        for quote in version.quotes.all()
    ]
    found += [
        Paper(key, f"Preuve de votre accord, version {version.version}", given)
        for version in visitor.asked.versions.all()
        for key, given in dict.fromkeys(_agreed(quote) for quote in version.quotes.all())
        if key is not None
    ]
    names = {issuer.code: issuer.short_name for issuer in issuers()} if visitor.conventions else {}
    for convention in reversed(visitor.conventions):
        called = "Avenant" if convention.parent_id else "Convention"
        if convention.document_id:
            found.append(Paper(convention.document_id, f"{called} {convention.number}", convention.sent_at))
        found += [
            Paper(
                one.signature.proof_id,
                f"{convention.number}, preuve de la signature de {_signed_for(one, names)}",
                None,
            )
            for one in convention.signatories.all()
            if hasattr(one, "signature") and one.signature.proof_id
        ]
        found += [
            Paper(
                one.signature.document_id,
                f"{called} {convention.number}, signé{_e(convention)} par {_signed_for(one, names)}",
                one.signature.signed_on,
            )
            for one in convention.signatories.all()
            if hasattr(one, "signature")
        ]
    deposits = deposits_of(visitor.asked.pk)
    return found + [Paper(one.document, f"Acte déposé n° {one.place}", one.at) for one in deposits]


def _signed_for(signatory: Signatory, names: Mapping[str, str]) -> str:
    """A name and whom it signs for: two signatories of a paper may bear one name."""
    party = names.get(signatory.role) or signatory.convention.beneficiary.name
    return f"{signatory.name} ({party})"


def reachable_issuers(on: date) -> list[Issuer]:
    """The issuers that say a telephone or an address: a name alone helps nobody to write."""
    return [one for one in issuers_on(on) if one.phone or one.email]


def invoice_papers(visitor: Visitor) -> list[Paper]:
    """The invoices of the body, for who speaks for it: nobody else reads them here."""
    found = invoices_of_bodies(lineage_of(visitor.asked.beneficiary_id)) if visitor.for_beneficiary else []
    return [Paper(one.document_id, f"Facture {one.number}", one.issued_on) for one in found]


def _agreed(quote: Quote) -> tuple[int | None, date | None]:
    """The evidence of the agreement given online on a quote, and its day."""
    answer = getattr(quote, "answer", None)
    return (answer.proof_id, answer.answered_on) if answer else (None, None)
