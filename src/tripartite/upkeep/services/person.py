"""Answering a person's request: what may be rectified, what may be erased, and why the rest stays."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from tripartite.accounts.queries import account_by_email
from tripartite.accounts.services.people import deactivate_account, rename_account
from tripartite.journal.services import Actor, record
from tripartite.pricing.french import counted
from tripartite.quotes.queries.requests import requests_of_contact
from tripartite.quotes.services.requests import Contact, update_contact
from tripartite.quotes.services.retention import forget_contact
from tripartite.typed import clean_line


@dataclass(frozen=True, slots=True)
class Rectified:
    """What is to be written instead; an empty text: as it is."""

    name: str = ""
    function: str = ""
    email: str = ""
    phone: str = ""


@transaction.atomic
def erase_person(*, email: str, actor: Actor, at: datetime) -> list[str]:
    """Erase the contacts of that address whose request has no quote, with what was written to them, and close its
    account; what was done, a sentence each. All the rest is kept by law: `personal.why_kept` says it.

    Raises AccountError for the last administrator of an issuer.
    """
    done = [
        f"demande {request.reference} : contact effacé"
        for request in requests_of_contact(clean_line(email))
        if forget_contact(request_id=request.pk, actor=actor, at=at)
    ]
    account = account_by_email(clean_line(email))
    if account is not None and account.is_active:
        deactivate_account(account=account, actor=actor, at=at, why="à la demande de la personne")
        done.append("compte fermé")
    _journal(actor, at, "upkeep.erase-person", f"Demande d'effacement : {_said(done)}.")
    return done


@transaction.atomic
def rectify_person(*, email: str, said: Rectified, actor: Actor, at: datetime) -> list[str]:
    """Correct the contact of the requests of that address, and the name of its account; what was done. Papers already
    issued keep what they say. Raises QuoteError for an address or a telephone that cannot be."""
    changes = {
        name: value for name in ("name", "function", "email", "phone") if (value := clean_line(getattr(said, name)))
    }
    done = []
    for request in requests_of_contact(clean_line(email)):
        was = Contact(request.contact_name, request.contact_function, request.contact_email, request.contact_phone)
        if (now := replace(was, **changes)) != was:
            update_contact(request_id=request.pk, contact=now, note=request.note, actor=actor, at=at)
            done.append(f"demande {request.reference} : contact corrigé")
    account = account_by_email(clean_line(email))
    if account is not None and "name" in changes and account.name != changes["name"]:
        rename_account(account=account, name=changes["name"], actor=actor, at=at)
        done.append("nom du compte corrigé")
    _journal(actor, at, "upkeep.rectify-person", f"Demande de rectification : {_said(done)}.")
    return done


def _said(done: list[str]) -> str:
    return counted(len(done), "changement") if done else "rien à changer"


def _journal(actor: Actor, at: datetime, action: str, text: str) -> None:
    record(actor=actor, at=at, action=action, subject_kind="installation", subject_id="", text=text)
