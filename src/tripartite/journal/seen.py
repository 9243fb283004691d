"""On what version an edit was made. A form says what it showed (`mark_of`); what would write over a later edit is told
of it first, and writes nothing (`check_seen`).
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import Any

from django.utils import timezone

from tripartite.journal.models import Entry
from tripartite.journal.queries import entries_about
from tripartite.pricing.french import instant_text
from tripartite.typed import whole_number


class StaleError(Exception):
    """An edit made on what somebody has changed since: what changed, by whom. Nothing was written. `seen` is the mark
    of what stands now: the same edit made on it goes through.
    """

    def __init__(self, what: str, told: str, seen: str) -> None:
        super().__init__(
            f"{what} a changé pendant que vous l'écriviez. {told} Ce que vous avez écrit est gardé ici : relisez, puis"
            " enregistrez de nouveau pour le mettre à la place."
        )
        self.seen = seen


def check_seen(
    seen: str | None, subject_kind: str, subject_id: object, value: Any, *, what: str, actions: Collection[str]
) -> None:
    """Raise StaleError when `value` is no longer what the mark `seen` was made of; without a mark (a door that shows
    nothing first) nothing is asked. `what` names it in French, `actions` are the acts of the journal that change it.
    """
    edits = edits_since(seen, subject_kind, subject_id, value, actions=actions)
    if edits is not None:
        raise StaleError(what, told_by(edits), mark_of(subject_kind, subject_id, value))


def mark_of(subject_kind: str, subject_id: object, value: Any, *, entries: Sequence[Entry] | None = None) -> str:
    """What a form was made on: the values that it shows, and the last line of the journal of its subject (read from
    `entries`, oldest first, where they are at hand).
    """
    if entries is None:
        last = entries_about(subject_kind, subject_id).values_list("pk", flat=True).last()
    else:
        last = entries[-1].pk if entries else 0
    return f"{last or 0}-{_digest(value)}"


def edits_since(
    seen: str | None, subject_kind: str, subject_id: object, value: Any, *, actions: Collection[str]
) -> list[Entry] | None:
    """None when `value` is still what the mark `seen` was made of (or when there is no mark: a door that shows nothing
    first). Else the journal's lines since, of these actions: who changed what.
    """
    if not seen:
        return None
    last, _, digest = seen.partition("-")
    if digest == _digest(value):
        return None
    since = whole_number(last, digits=18) or 0
    return list(entries_about(subject_kind, subject_id).filter(pk__gt=since, action__in=actions))


def told_by(entries: list[Entry]) -> str:
    """Who changed what, and when, in French."""
    return " ".join(
        f"{entry.actor}, le {instant_text(timezone.localtime(entry.at))} : {entry.text}" for entry in entries
    )


def _digest(value: Any) -> str:
    written = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
