"""Writing to a body about what it has, and telling the journal of the file."""

from collections.abc import Sequence
from datetime import datetime

from tripartite.conventions.services.records import journal
from tripartite.journal.services import Actor
from tripartite.quotes.services.letters import write_about
from tripartite.subscriptions.queries.costs import Reading


def tell_body(
    reading: Reading,
    *,
    subject: str,
    paragraphs: Sequence[str],
    words: str,
    action: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Write to the contact of the latest convention that has one; the journal, which says `words` announced, says when
    nobody could be written to. In the caller's transaction.
    """
    running = sorted(reading.subscriptions, key=lambda one: (one.starts_on, one.pk), reverse=True)
    chosen = next((one for one in running if one.convention.request.contact_email), running[0])
    request = chosen.convention.request
    written = bool(request.contact_email) and write_about(
        kind=action,
        asked=request,
        to=(request.contact_name, request.contact_email),
        subject=f"{subject} : {reading.body.name}",
        paragraphs=paragraphs,
        actor=actor,
        at=at,
    )
    told = "" if written else ", à annoncer par courrier : aucune adresse électronique valable"
    journal(chosen.convention, actor, at, action, f"{words} annoncé à {reading.body.name}{told}.")
