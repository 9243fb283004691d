"""What the parties are told when a convention ends by the will of one of them, or when that is annulled."""

from collections.abc import Iterable
from datetime import datetime

from tripartite.conventions.models import Convention, Ending
from tripartite.journal.services import Actor
from tripartite.pricing.endings import Effect
from tripartite.quotes.services.letters import write_about


def tell_ending(
    *, convention: Convention, ending: Ending, party: str, reasons: Iterable[str], actor: Actor, at: datetime
) -> None:
    """Write to each party who ends what, for which ground, the last day and why."""
    last = f"{ending.last_day:%d/%m/%Y}"
    if ending.effect == Effect.OWN_PART:
        subject = f"Convention {convention.number} : retrait d'un émetteur, dernier jour le {last}"
    else:
        subject = f"Convention {convention.number} : dernier jour le {last} compris"
    paragraphs = (
        f"Un écrit reçu le {ending.received_on:%d/%m/%Y} : {ending.label}, par {party}. Motif : {ending.reason}",
        f"Calcul : {ending.why}.",
        *reasons,
    )
    _tell(convention, "conventions.ending", subject, paragraphs, actor, at)


def tell_annulled(*, convention: Convention, ending: Ending, actor: Actor, at: datetime) -> None:
    """Write to each party that an ending is annulled: the convention goes on."""
    subject = f"Convention {convention.number} : la fin du {ending.last_day:%d/%m/%Y} est annulée"
    until = f" La période en cours va jusqu'au {convention.ends_on:%d/%m/%Y} compris." if convention.ends_on else ""
    paragraphs = (
        f"L'écrit reçu le {ending.received_on:%d/%m/%Y} ({ending.label}) n'a plus d'effet : {ending.annulled_because}",
        f"La convention continue.{until}",
    )
    _tell(convention, "conventions.ending-annulled", subject, paragraphs, actor, at)


def _tell(  # noqa: PLR0917 - private
    convention: Convention, kind: str, subject: str, paragraphs: Iterable[str], actor: Actor, at: datetime
) -> None:
    said = tuple(paragraphs)
    asked = convention.request
    people = {asked.contact_email: asked.contact_name}
    people |= {one.email: one.name for one in convention.signatories.all()}
    for email, name in people.items():
        if email:
            write_about(kind=kind, asked=asked, to=(name, email), subject=subject, paragraphs=said, actor=actor, at=at)
