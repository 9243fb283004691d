"""Forgetting whom to answer, when a request has led to nothing for long enough."""

from datetime import datetime

from django.db import transaction

from tripartite.journal.services import Actor
from tripartite.messages.services.queueing import forget_messages
from tripartite.quotes.services.requests import Contact, journal, locked

FORGOTTEN = "(effacé)"


@transaction.atomic
def forget_contact(*, request_id: int, actor: Actor, at: datetime) -> bool:
    """Erase the contact and the note of a request that has no quote; False when it got one meanwhile.

    Who asked is forgotten, that it was asked is not: the body, the services and the journal stay.
    """
    request = locked(request_id)
    if request.versions.exists():
        return False
    blank = Contact()
    request.contact_name, request.contact_function = blank.name, blank.function
    request.contact_email, request.contact_phone, request.note = blank.email, blank.phone, ""
    request.save()
    request.declared_figures.update(declared_by=FORGOTTEN)
    forget_messages(about=("request", request.pk), actor=actor, at=at)
    journal(request, actor, at, "quotes.forget", "Coordonnées du contact effacées : aucun devis n'a été émis.")
    return True
