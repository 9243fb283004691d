"""Texts as the schema takes them: ISO 8859-1, one line, so long at most, not made of zeros alone."""

import re
import unicodedata

SPELT = str.maketrans(
    {
        "œ": "oe",
        "Œ": "OE",
        "Ÿ": "Y",
        "Ł": "L",
        "ł": "l",
        "€": "EUR",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "…": "...",
    }
)
UNSAID = frozenset({".", "nc"})
"""What stands for nothing, and is refused (`V_BaseString`)."""
NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Za-z]+")
NOT_IN_NUMBERS = re.compile(r"[^ \-/_+0-9A-Za-z]+")
NOT_IN_NAMES = re.compile(r"[^0-9A-Za-z_.-]+")
NOT_IN_TALON = re.compile(r"[^0-9A-Z ]+")


def fit(text: str, longest: int) -> str:
    """A text of `longest` characters at most; empty where nothing of it can be said (`V_BaseAlphanum` asks for one
    character other than zero, `V_BaseString` for more than a dot or « nc »). What ISO 8859-1 lacks is spelt otherwise,
    or made a space.
    """
    composed = unicodedata.normalize("NFC", text).translate(SPELT)
    plain = "".join(_latin(one) for one in composed)
    cut = " ".join(plain.split())[:longest].strip()
    return cut if cut.strip("0") and cut not in UNSAID else ""


def alphanumeric(text: str, longest: int) -> str:
    """Letters without accent and digits alone, so many at most."""
    return NOT_ALPHANUMERIC.sub("", _bare(text))[:longest]


def invoice_number(text: str) -> str:
    """A number of an invoice with nothing that `Base_NumFactureCPP20` refuses; not cut: another would be named."""
    return " ".join(NOT_IN_NUMBERS.sub("-", _bare(text)).split())


def talon(text: str) -> str:
    """A line of the optical slip: capitals, digits and spaces, sixty at most."""
    return NOT_IN_TALON.sub(" ", _bare(text).upper())[:60].strip()


def file_name(stem: str, extension: str, longest: int = 100) -> str:
    """A name that any machine takes, its extension kept."""
    plain = NOT_IN_NAMES.sub("-", _bare(stem)).strip("-.") or "flux"
    return f"{plain[: longest - len(extension) - 1]}.{extension}"


def _latin(one: str) -> str:
    """A character in ISO 8859-1 that XML can carry: itself, what it is made of, or a space."""
    for said in (one, unicodedata.normalize("NFKD", one)):
        kept = "".join(part for part in said if ord(part) < 256 and not unicodedata.combining(part))
        if kept and all(unicodedata.category(part) != "Cc" for part in kept):
            return kept
    return "" if unicodedata.combining(one) else " "


def _bare(text: str) -> str:
    """Without accents, ASCII as far as can be."""
    spread = unicodedata.normalize("NFKD", text.translate(SPELT))
    return "".join(one for one in spread if not unicodedata.combining(one))
