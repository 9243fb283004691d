"""Writing to a body about what it has, and telling the journal of the file."""

from collections.abc import Sequence
from datetime import datetime

from tripartite.conventions.queries.conventions import conventions_by_id
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
    conventions = conventions_by_id({one.convention_id for one in running})
    ordered = [conventions[one.convention_id] for one in running]
    chosen = next((one for one in ordered if one.request.contact_email), ordered[0])
    request = chosen.request
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
    journal(chosen, actor, at, action, f"{words} annoncé à {reading.body.name}{told}.")
