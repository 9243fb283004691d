"""What the parties are told when a convention ends by the will of one of them, or when that is annulled."""

from collections.abc import Iterable
from datetime import datetime

from tripartite.conventions.models import Convention, Ending
from tripartite.conventions.services.letters import tell_parties
from tripartite.journal.services import Actor
from tripartite.pricing.endings import Effect


def tell_ending(
    *, convention: Convention, ending: Ending, party: str, reasons: Iterable[str], actor: Actor, at: datetime
) -> None:
    """Write to each party who ends what, for which ground, the last day and why."""
    last = f"{ending.last_day:%d/%m/%Y}"
    if ending.effect == Effect.OWN_PART:
        subject = f"Convention {convention.number} : retrait d'un émetteur, dernier jour le {last}"
    else:
        subject = f"Convention {convention.number} : dernier jour le {last} compris"
    reason = ending.reason.removesuffix(".")
    paragraphs = (
        f"Un écrit reçu le {ending.received_on:%d/%m/%Y} : {ending.label}, par {party}. Motif : {reason}.",
        f"Calcul : {ending.why}.",
        *reasons,
    )
    tell_parties(
        convention=convention, kind="conventions.ending", subject=subject, paragraphs=paragraphs, actor=actor, at=at
    )


def tell_annulled(*, convention: Convention, ending: Ending, actor: Actor, at: datetime) -> None:
    """Write to each party that an ending is annulled: the convention goes on."""
    subject = f"Convention {convention.number} : la fin du {ending.last_day:%d/%m/%Y} est annulée"
    until = f" La période en cours va jusqu'au {convention.ends_on:%d/%m/%Y} compris." if convention.ends_on else ""
    paragraphs = (
        f"L'écrit reçu le {ending.received_on:%d/%m/%Y} ({ending.label}) n'a plus d'effet : {ending.annulled_because}",
        f"La convention continue.{until}",
    )
    tell_parties(
        convention=convention,
        kind="conventions.ending-annulled",
        subject=subject,
        paragraphs=paragraphs,
        actor=actor,
        at=at,
    )
