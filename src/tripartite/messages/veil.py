"""What opens a door for its reader alone: a link, a code. Veiled from agents, and from the base once it has gone.

A link is veiled in every letter, whatever its kind: a new kind of letter is safe before anybody thinks of it.
"""

import re

VEIL = "••••••"
LINK = re.compile(r"(?:(?<=/espace/lien/)|(?<=/mot-de-passe/nouveau/))[^/\s\"<]+")
CODES = {"convention.code": re.compile(r"(?<![\d/])\d{6}(?!\d)")}


def without_secrets(text: str, kind: str) -> str:
    """The words of a message of some kind without what opens a door."""
    found = LINK.sub(VEIL, text)
    return CODES[kind].sub(VEIL, found) if kind in CODES else found
