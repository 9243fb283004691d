"""Writing a message: the same words as text and as HTML, under one plain layout. Everything is escaped."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string


@dataclass(frozen=True, slots=True)
class Link:
    """Where the reader may go: words, and a whole address (`public_address`)."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What `queue_message` takes."""

    text: str
    html: str


def write_letter(
    *,
    title: str,
    paragraphs: Sequence[str],
    facts: Sequence[tuple[str, str]] = (),
    link: Link | None = None,
    signature: str,
) -> Letter:
    """A letter in both forms: its title, its paragraphs, a few facts by name, one link, who signs."""
    parts = [title, *paragraphs]
    if facts:
        parts.append("\n".join(f"{name} : {value}" for name, value in facts))
    if link:
        parts.append(f"{link.words} :\n{link.address}")
    text = "\n\n".join([*parts, f"-- \n{signature}"]) + "\n"
    context = {"title": title, "paragraphs": paragraphs, "facts": facts, "link": link, "signature": signature}
    return Letter(text, render_to_string("outbox/letter.html", context))


def public_address(path: str) -> str:
    """The whole address of a path of this site (`/demandes/…`), as a reader outside can follow it."""
    return f"{settings.CONFIG.public_url}/{path.lstrip('/')}"
