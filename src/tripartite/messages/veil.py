"""What opens a door for its reader alone: a link, a code. Veiled from agents, and from the base once it has gone."""

import re

CARRIERS = {
    "convention.code": re.compile(r"(?<![\d/])\d{6}(?!\d)"),
    **dict.fromkeys(
        (
            *("quotes.issued", "quotes.remind", "convention.sent", "convention.remind", "space.link"),
            *("keys.expiry", "keys.holder"),
        ),
        re.compile(r"(?<=/espace/lien/)[^/\s\"<]+"),
    ),
}


def without_secrets(text: str, kind: str) -> str:
    """The words of a message of some kind without what opens a door."""
    return CARRIERS[kind].sub("••••••", text) if kind in CARRIERS else text
