"""What carries a proof of identity in a file, and how its changes are told: by the journal, which is never erased."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tripartite.accounts.services.links import masked
from tripartite.journal.queries import entries_about

CONTACT = "quotes.contact"
"""The act by which the journal tells a change of the contact of a request."""
LABELS = {"email": "adresse électronique", "phone": "téléphone", "mandate": "acte qui habilite"}


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """One change of what proves who somebody is: by whom, when, in words, addresses masked."""

    at: datetime
    by: str
    words: str


def shown(what: str, value: str) -> str:
    """A value as the journal keeps it: an address masked, a telephone by its last figures, « aucun » for nothing."""
    if not value:
        return "aucun"
    if what == "email":
        return masked(value)
    return f"…{value[-2:]}" if what == "phone" else value


def changes_between(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, list[str]]:
    """What changed, by name: what was and what is, as the journal shows them."""
    return {
        what: [shown(what, before[what]), shown(what, after[what])]
        for what in LABELS
        if before.get(what) != after.get(what)
    }


def changes_text(changes: Mapping[str, list[str]]) -> str:
    """« adresse électronique : m…@exemple.fr → p…@exemple.fr »."""
    return " ; ".join(f"{LABELS[what]} : {was} → {now}" for what, (was, now) in changes.items())


def contact_changes(request_id: int, *, before: datetime) -> list[IdentityChange]:
    """How the address or the telephone of a request's contact changed until an instant: one query."""
    return told_changes(request_id, CONTACT, before=before)


def told_changes(
    request_id: int, action: str, *, before: datetime, signatory: int | None = None
) -> list[IdentityChange]:
    """The changes that the journal of a file tells under an action, of one signatory if it is named."""
    entries = entries_about("request", request_id).filter(action=action, at__lte=before)
    return [
        IdentityChange(entry.at, entry.actor, changes_text(entry.details["identity"]))
        for entry in entries
        if entry.details.get("identity") and entry.details.get("signatory") == signatory
    ]
