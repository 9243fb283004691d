"""What people type or paste, made fit to be kept: one mechanism for every door. Pure.

What does not show (controls, marks of direction, halves of characters) and what shows as a space without being one
(tabs, no-break spaces, ends of lines) would break a header, a paper or a search. It is cleaned where it comes in.
"""

import re
import unicodedata
from datetime import date

SPACED = frozenset({"Cc", "Zs", "Zl", "Zp"})
"""Controls and separators: each stands for a space."""
DROPPED = frozenset({"Cf", "Cs"})
"""Marks that do not show (direction, joining, byte order) and lone surrogates: nothing stands for them."""
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
WRITTEN_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")


def clean_line(text: str) -> str:
    """A text of one line: what does not show is dropped, and spaces of any kind are single, none at either end."""
    return " ".join(_plain(text).split())


def clean_text(text: str) -> str:
    """The same line by line, in a text of several: no blank line at either end, and lines end as « \\n »."""
    return "\n".join(clean_line(line) for line in ENDS.split(text)).strip("\n")


def clean_source(text: str) -> str:
    """A text whose spaces matter (a model, a grid): only what does not show is dropped; tabs and spaces stay."""
    lines = ENDS.split(text)
    return "\n".join("".join(one for one in line if one == "\t" or not _hidden(one)) for line in lines)


def unseen_in(source: str) -> list[tuple[int, str]]:
    """What does not show in a text that is a source (a grid, a model), or that it asks for by an escape: each line,
    from 1, and its « U+202E ». Tabs and ends of lines show enough.

    A source is what was voted: it is refused, where what is typed is cleaned.
    """
    found = []
    for number, line in enumerate(ENDS.split(source), start=1):
        escaped = (int(code[1] or code[2], 16) for code in ESCAPE.finditer(line))
        marks = [ord(one) for one in line if one != "\t" and _hidden(one)]
        marks += [
            code for code in escaped if code <= 0x10FFFF and code not in {0x09, 0x0A, 0x0D} and _hidden(chr(code))
        ]
        found += [(number, f"U+{mark:04X}") for mark in marks]
    return found


def whole_number(text: str, *, digits: int = 9) -> int | None:
    """A whole number, zero or above, of so many digits at most, as machines write it; None for any other text.

    `str.isdigit` takes « ² » for a digit, Python refuses to read numbers of thousands of digits, and databases those of
    twenty: 18 digits is what the number of a row may have.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2150, 12, 31)
"""The days that can be reckoned with, whatever the door: neither before the tariffs nor after all of us. Years are
added to them, and a day of the year 9999 has no tomorrow.
"""


def written_day(text: str) -> date | None:
    """A day as machines write it (2027-03-26); None for any other text, weeks of ISO 8601 (2027-W12-5) too."""
    try:
        return date.fromisoformat(text) if WRITTEN_DAY.fullmatch(text) else None
    except ValueError:
        return None


def day_within(text: str) -> date | None:
    """The same, from `FIRST_DAY` to `LAST_DAY`."""
    found = written_day(text)
    return found if found is not None and FIRST_DAY <= found <= LAST_DAY else None


def _plain(text: str) -> str:
    if text.isprintable() and unicodedata.is_normalized("NFC", text):  # nothing in it is hidden: by far the most texts
        return text
    kinds = ((one, unicodedata.category(one)) for one in unicodedata.normalize("NFC", text))
    return "".join(" " if kind in SPACED else one for one, kind in kinds if kind not in DROPPED)


def _hidden(one: str) -> bool:
    kind = unicodedata.category(one)
    return kind == "Cc" or kind in DROPPED
