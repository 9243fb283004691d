"""Telling a person what was done to its account: by whom it was, it alone can say."""

from datetime import datetime

from tripartite.accounts.models import User
from tripartite.journal.services import Actor
from tripartite.messages.letters import Link, write_letter
from tripartite.messages.services.queueing import queue_or_set_aside
from tripartite.parties.queries.signature import letter_signature

NOT_YOU = "Si ce n'est pas vous, prévenez tout de suite l'administrateur de votre organisme."


def tell_account(
    *,
    account: User,
    kind: str,
    title: str,
    paragraphs: list[str],
    actor: Actor,
    at: datetime,
    link: Link | None = None,
) -> None:
    """Write to the owner of an account what has just happened to it, in the transaction of the act."""
    letter = write_letter(title=title, paragraphs=paragraphs, link=link, signature=letter_signature())
    queue_or_set_aside(
        kind=kind,
        to=(account.name, account.email),
        subject=title,
        text=letter.text,
        html=letter.html,
        about=("account", account.pk),
        actor=actor,
        at=at,
    )
