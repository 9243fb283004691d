"""On what version an edit was made. A form says what it showed (`mark_of`); what would write over a later edit is told
of it first (`edits_since`).
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from typing import Any

from django.utils import timezone

from tripartite.journal.models import Entry
from tripartite.journal.queries import entries_about
from tripartite.pricing.french import instant_text


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
    since = int(last) if last.isascii() and last.isdigit() else 0
    return list(entries_about(subject_kind, subject_id).filter(pk__gt=since, action__in=actions))


def told_by(entries: list[Entry]) -> str:
    """Who changed what, and when, in French."""
    return " ".join(
        f"{entry.actor}, le {instant_text(timezone.localtime(entry.at))} : {entry.text}" for entry in entries
    )


def _digest(value: Any) -> str:
    written = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:16]
