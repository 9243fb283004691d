"""What the forms of a convention were made on: a signatory, its term, what an amendment changes; a draft text."""

from collections.abc import Sequence
from typing import Any

from tripartite.conventions.models import Convention, Signatory, TextVersion
from tripartite.journal.seen import mark_of

TERM, CHANGES, TEXT = "conventions.term", "conventions.changes", "conventions.draft-text"
"""The acts by which the journal tells that each of them changed."""


def signatory_value(one: Signatory) -> list[object]:
    """Who signs for a party, how to reach them and by which act, as a mark tells them."""
    return [one.pk, one.name, one.function, one.email, one.phone, one.mandate_id]


def term_value(convention: Convention) -> list[object]:
    """How long a convention lasts, as a mark tells it."""
    term = (convention.years, convention.tacit_renewals, convention.notice_months)
    return [convention.pk, *term, convention.due_on]


def changes_value(convention: Convention) -> list[object]:
    """What an amendment says that it changes, as a mark tells it."""
    return [convention.pk, convention.changes]


def signatory_mark(one: Signatory, convention: Convention, entries: Sequence[Any] | None = None) -> str:
    """What the form of a signatory was made on."""
    return mark_of("request", convention.request_id, signatory_value(one), entries=entries)


def term_mark(convention: Convention, entries: Sequence[Any] | None = None) -> str:
    """What the form of the term was made on."""
    return mark_of("request", convention.request_id, term_value(convention), entries=entries)


def changes_mark(convention: Convention, entries: Sequence[Any] | None = None) -> str:
    """What the form of the changes was made on."""
    return mark_of("request", convention.request_id, changes_value(convention), entries=entries)


def text_mark(version: TextVersion | None) -> str:
    """What the form of a draft text was made on: the text of its code as it stood, or none."""
    return mark_of("text", version.code if version else "", version.sha256 if version else "")
