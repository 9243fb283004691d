"""Colours of issuers: from the one that an issuer gives, those of lines and grounds; how they contrast (WCAG 2.2)."""

import re
from dataclasses import dataclass
from fractions import Fraction

from tripartite.documents.style import Accent

PAPER, INK = "#ffffff", "#16202a"
DARK_PAPER, DARK_INK = "#12181e", "#e8ecef"
"""Grounds and text of the screens (web/static/web/tripartite.css and dark.css), and of papers."""
LEAST = Fraction(9, 2)
"""The contrast that WCAG AA asks of a text."""
EASY = Fraction(6)
"""What a colour found for a dark ground reaches: the shipped ones do."""


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of an issuer on a light ground, papers included, and on a dark one."""

    light: Accent
    dark: Accent


def read_colour(text: str) -> str:
    """« #0b5a6e » from what is typed, with or without « # ». Raises ValueError, in French."""
    found = re.fullmatch(r"#?([0-9a-f]{6})", text.strip().lower())
    if found is None:
        raise ValueError("Écrire une couleur en six chiffres hexadécimaux, par exemple #0b5a6e.")
    return f"#{found.group(1)}"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, « contrast ratio »)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def contrast_text(ratio: float) -> str:
    """« 4,49 »: never rounded up to what is asked."""
    hundredths = int(ratio * 100)
    return f"{hundredths // 100},{hundredths % 100:02d}"


def palette_of(colour: str, dark: str = "") -> Palette:
    """All the colours from the one given (« #0b5a6e »); `dark` is the one for dark screens, found where it is empty."""
    return Palette(_light(colour), _dark(dark or _lightened(colour)))


def check_light(colour: str) -> None:
    """Raise ValueError, in French, when a text of this colour is hard to read on paper and on light screens."""
    found = min(contrast(colour, ground) for ground in (PAPER, _light(colour).tint))
    if found < LEAST:
        raise ValueError(
            f"Contraste de {contrast_text(found)} sur fond clair : il en faut 4,50 pour être lue (WCAG AA). Prendre une"
            " couleur plus sombre."
        )


def check_dark(colour: str) -> None:
    """Raise ValueError, in French, when a text of this colour is hard to read on dark screens."""
    found = min(contrast(colour, ground) for ground in (DARK_PAPER, _dark(colour).tint))
    if found < LEAST:
        raise ValueError(
            f"Contraste de {contrast_text(found)} sur fond sombre : il en faut 4,50 pour être lue (WCAG AA). Prendre"
            " une couleur plus claire."
        )


def _light(colour: str) -> Accent:
    return Accent(
        plain=colour,
        strong=_mixed(colour, INK, 35),
        line=_mixed(colour, PAPER, 55),
        tint=_mixed(colour, PAPER, 91),
    )


def _dark(colour: str) -> Accent:
    return Accent(
        plain=colour,
        strong=_mixed(colour, "#ffffff", 45),
        line=_mixed(colour, DARK_PAPER, 55),
        tint=_mixed(colour, DARK_PAPER, 86),
    )


def _lightened(colour: str) -> str:
    """The same hue, light enough to be read on a dark ground."""
    tried = (_mixed(colour, "#ffffff", share) for share in range(0, 101, 5))
    return next(one for one in tried if contrast(one, _dark(one).tint) >= EASY)


def _mixed(colour: str, other: str, share: int) -> str:
    """A colour with so many hundredths of another."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{(mine * (100 - share) + theirs * share + 50) // 100:02x}" for mine, theirs in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
