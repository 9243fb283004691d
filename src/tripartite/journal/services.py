"""Writing the journal: one function, called inside the transaction of the act it tells."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tripartite.journal.models import Entry
from tripartite.journal.recall import forget_mark
from tripartite.rows import insert_values


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account (`account_id`), or a door without one (the public, a command)."""

    label: str
    account_id: int | None = None


def record(
    *,
    actor: Actor,
    at: datetime,
    action: str,
    subject_kind: str,
    subject_id: object,
    text: str,
    details: dict[str, Any] | None = None,
) -> None:
    """Add one line to the journal.

    `action` is an English code (`quotes.issue`), `text` the French sentence that people read,
    `at` an aware instant. The subject is named by its kind (`request`) and identifier.
    """
    line = {
        "at": at,
        "actor": actor.label,
        "actor_id": actor.account_id,
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": str(subject_id),
        "text": text,
        "details": details or {},
    }
    insert_values(Entry, [line])
    forget_mark()
