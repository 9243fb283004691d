"""What the contact of a request is told: received, agreed to, justified, refused. Each in the act's transaction."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.utils import timezone

from tripartite.accounts.services.news import tell_agents
from tripartite.journal.services import Actor
from tripartite.parties.queries.mandates import mandate_by_id, what_mandate_lacks
from tripartite.pricing.grid import Service
from tripartite.pricing.holding import HeldLine, Holding
from tripartite.quotes.models import Quote, Request
from tripartite.quotes.services.letters import write_to_contact
from tripartite.tariffs.queries import grid_in_force

UNJUSTIFIED = (
    "Il manque l'acte qui habilite cette personne : déposez-le par le lien ci-dessous. L'accord est gardé ; il comptera"
    " quand un agent aura enregistré cet acte."
)
ANSWER = "Répondez à ce courriel, ou déposez un autre acte par le lien ci-dessous."
NEXT = "Un agent prépare la convention : chaque signataire recevra un courriel pour la lire et la signer."


def write_received(*, request: Request, actor: Actor, at: datetime) -> None:
    """Tell that a request is received, what it asks for and what comes next; the agents are told too."""
    body = request.beneficiary.name
    _tell_agents(request, f"demande reçue, {body}", f"{body} demande des devis.", actor, at)
    asked = list(_asked(request, timezone.localdate(at)))
    write_to_contact(
        kind="quotes.received",
        asked=request,
        subject=f"Demande {request.reference} reçue",
        paragraphs=(
            f"Votre demande pour {request.beneficiary.legal.named} est reçue sous la référence {request.reference}.",
            *([f"Ce qui est demandé :\n{chr(10).join(asked)}"] if asked else []),
            (
                "Un agent la lit, puis vous envoie les devis, un par émetteur, à cette adresse. Rien n'est engagé avant"
                " votre réponse. Si cette demande n'est pas de vous, appelez l'un des émetteurs."
            ),
        ),
        actor=actor,
        at=at,
    )


def _asked(request: Request, on: date) -> Iterator[str]:
    grid = grid_in_force(on, offer=request.offer)
    for (code, options), held in Holding.read(request.order["lines"]).of_each().items():
        service = grid.services.get(code) if grid else None
        chosen = "".join(f", {name} : {value}" for name, value in options)
        quantities = " et ".join(_how_many(line, service) for line in held)
        yield f"{service.name if service else code}{chosen} : {quantities}"


def _how_many(line: HeldLine, service: Service | None) -> str:
    """« 4 comptes », as the quotes will count it; named quantities and what the tariff no longer has, without unit."""
    said = line.text(service.quantities if service else ())
    return f"{said} {service.unit.of(line.amount)}" if service and line.is_simple else said


def write_accepted(
    *, request: Request, told: str, mandate_id: int | None, on: date, actor: Actor, at: datetime
) -> None:
    """Tell that an agreement is recorded (`told`: whose, on which quotes, on which day), and what is still missing so
    that it counts; the agents are told too.
    """
    _tell_agents(request, f"accord, {request.beneficiary.name}", told, actor, at)
    write_to_contact(
        kind="quotes.accepted",
        asked=request,
        subject=f"Votre accord est enregistré : {request.reference}",
        paragraphs=(told, _after_accord(mandate_id, on)),
        actor=actor,
        at=at,
    )


def _after_accord(mandate_id: int | None, on: date) -> str:
    if mandate_id is None:
        return UNJUSTIFIED
    mandate = mandate_by_id(mandate_id)
    lacks = what_mandate_lacks(mandate, on=on) if mandate else ""
    return f"L'accord est gardé ; il ne compte pas encore. {lacks} {ANSWER}" if lacks else NEXT


def write_justified(*, request: Request, mandate_id: int, on: date, actor: Actor, at: datetime) -> None:
    """Tell that the act that empowers whoever agreed is recorded."""
    mandate = mandate_by_id(mandate_id)
    assert mandate is not None  # noqa: S101 - the service has just read it
    act = f"L'acte qui habilite {mandate.person} ({mandate.get_act_display()} du {mandate.adopted_on:%d/%m/%Y})"
    write_to_contact(
        kind="quotes.justified",
        asked=request,
        subject=f"L'acte qui habilite est enregistré : {request.reference}",
        paragraphs=(f"{act} est enregistré.", _after_accord(mandate_id, on)),
        actor=actor,
        at=at,
    )


def write_refused(
    *, request: Request, quotes: Iterable[Quote], person: str, reason: str, actor: Actor, at: datetime
) -> None:
    """Tell that the quotes are refused, by whom and why; the agents are told too."""
    said = f"Devis refusés par {person} : {reason}"
    _tell_agents(request, f"refus, {request.beneficiary.name}", said, actor, at)
    numbers = " et ".join(quote.number for quote in quotes)
    write_to_contact(
        kind="quotes.refused",
        asked=request,
        subject=f"Refus enregistré : {request.reference}",
        paragraphs=(
            f"Les devis {numbers} sont refusés par {person}. Motif : {reason}",
            "Rien n'est engagé. Pour d'autres devis, appelez l'un des émetteurs ou faites une nouvelle demande.",
        ),
        actor=actor,
        at=at,
    )


def _tell_agents(request: Request, what: str, text: str, actor: Actor, at: datetime) -> None:
    tell_agents(request_id=request.pk, reference=request.reference, what=what, text=text, actor=actor, at=at)
