"""Text that the papers' typeface can print.

PDF/A and PDF/UA forbid a character without a glyph, and Typst then refuses the whole paper: so a character that the
typeface lacks (an emoji, another script) is printed as an empty square. What is stored keeps the text as typed.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from struct import unpack_from
from typing import Any

import fontpkg_source_sans_3

from tripartite.pricing.typography import typeset

FONTS_FOLDER = fontpkg_source_sans_3.ROOT / "files"
SUBSTITUTE = "\u25a1"
BREAK = "\u200b"
LONG_RUN = re.compile(r"[^\s\u200b\-]{30,}")
"""A word without a break that may be wider than its column."""
SPACES = re.compile(r"[ \t\n\r\v\f\x1c-\x1f\x85\u2028\u2029]+")
"""What counts as one ordinary space; no-break spaces are kept."""
UNSEEN = frozenset({"Cc", "Cf"})
"""Controls and format marks (bidirectional overrides among them, which could make a text read otherwise)."""
VARIATION_SELECTORS = range(0xFE00, 0xFE10)


def printable(value: Any) -> Any:
    """A copy of a JSON value where every text is one line that the typeface can print."""
    match value:
        case str():
            return printable_text(value)
        case dict():
            return {key: printable(item) for key, item in value.items()}
        case list() | tuple():
            return [printable(item) for item in value]
    return value


def printable_text(text: str) -> str:
    """One line: spaces folded, marks without a shape dropped, glyphs that lack replaced, long runs breakable."""
    text = typeset(SPACES.sub(" ", text))
    if not (text.isascii() and text.isprintable()):
        composed = unicodedata.normalize("NFC", SPACES.sub(" ", text))
        text = "".join(map(_shown, composed))
    return LONG_RUN.sub(_breakable, SPACES.sub(" ", text).strip())


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) in UNSEEN or code in VARIATION_SELECTORS:
        return ""
    if code in characters():
        return character
    return " " if character.isspace() else SUBSTITUTE


def _breakable(run: re.Match[str]) -> str:
    word = run.group()
    return BREAK.join(word[start : start + 10] for start in range(0, len(word), 10))


@cache
def characters() -> frozenset[int]:
    """The code points that both the roman and the italic can print."""
    files = sorted(FONTS_FOLDER.glob("*.ttf"))
    return frozenset[int].intersection(*(_characters_of(path) for path in files))


def _characters_of(path: Path) -> frozenset[int]:
    """The code points of a font file: its table « cmap », sub-table of format 12 (OpenType, « cmap »)."""
    font = path.read_bytes()
    (tables,) = unpack_from(">H", font, 4)
    places = {font[at : at + 4]: unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)}
    cmap = places[b"cmap"]
    (count,) = unpack_from(">H", font, cmap + 2)
    for record in range(cmap + 4, cmap + 4 + 8 * count, 8):
        table = cmap + unpack_from(">I", font, record + 4)[0]
        if unpack_from(">H", font, table)[0] == 12:
            (groups,) = unpack_from(">I", font, table + 12)
            spans = (unpack_from(">II", font, table + 16 + 12 * group) for group in range(groups))
            return frozenset(code for first, last in spans for code in range(first, last + 1))
    raise ValueError(f"{path.name}: no table of characters of format 12")
