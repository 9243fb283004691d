"""Messages as the tests write them, and what becomes of them."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tests.factories.accounts import AT, TESTER
from tripartite.documents.services import store_document
from tripartite.journal.queries import entries_about
from tripartite.messages.models import Message
from tripartite.messages.queries import message_by_id
from tripartite.messages.services.queueing import queue_message
from tripartite.messages.services.sending import Tally, send_due_messages
from tripartite.messages.transport import configured_transport

PDF = b"%PDF-1.7 essai \x00\xff\r\n.\r\n"


def queued(**changes: Any) -> Message:
    """A message in the outbox, about request 12, due at once."""
    written: dict[str, Any] = {
        "kind": "quotes.issued",
        "to": ("Mairie de Ruitz", "mairie@ruitz.exemple.fr"),
        "subject": "Vos devis",
        "text": "Bonjour,\n\nVoici vos deux devis.\n",
        "about": ("request", 12),
        "actor": TESTER,
        "at": AT,
    }
    with transaction.atomic():
        return queue_message(**(written | changes))


def paper(number: str | None = "LFN-2026-00012", title: str = "Devis", pdf: bytes = PDF) -> int:
    """The id of a kept paper."""
    kept = store_document(
        kind="quote",
        issuer="lfn",
        number=number,
        title=title,
        model="quote-2024-03-26",
        payload={},
        pdf=pdf,
        at=AT,
    )
    return kept.pk


def send(at: datetime = AT, limit: int = 100) -> Tally:
    """One run of a sender, through the server of the settings."""
    transport = configured_transport()
    assert transport
    return send_due_messages(at=at, limit=limit, transport=transport)


def now(message: Message) -> Message:
    """The message as the database has it."""
    found = message_by_id(message.pk)
    assert found
    return found


def told(identifier: object = 12) -> list[str]:
    """What the journal says of a request."""
    return [entry.text for entry in entries_about("request", identifier)]


def later(**duration: float) -> datetime:
    """So long after the message was written."""
    return AT + timedelta(**duration)
