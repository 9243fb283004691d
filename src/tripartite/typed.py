"""What people type or paste, made fit to be kept: one mechanism for every door. Pure.

What does not show (controls, marks of direction, halves of characters) and what shows as a space without being one
(tabs, no-break spaces, ends of lines) would break a header, a paper or a search. It is cleaned where it comes in.
"""

import re
import unicodedata

SPACED = frozenset({"Cc", "Zs", "Zl", "Zp"})
"""Controls and separators: each stands for a space."""
DROPPED = frozenset({"Cf", "Cs"})
"""Marks that do not show (direction, joining, byte order) and lone surrogates: nothing stands for them."""
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


def _plain(text: str) -> str:
    if text.isprintable() and unicodedata.is_normalized("NFC", text):  # nothing in it is hidden: by far the most texts
        return text
    kinds = ((one, unicodedata.category(one)) for one in unicodedata.normalize("NFC", text))
    return "".join(" " if kind in SPACED else one for one, kind in kinds if kind not in DROPPED)


def _hidden(one: str) -> bool:
    kind = unicodedata.category(one)
    return kind == "Cc" or kind in DROPPED
