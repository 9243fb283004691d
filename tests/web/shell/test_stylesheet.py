"""The tokens: text is readable on what it is written on, and every colour comes from a token."""

import re
from pathlib import Path

import pytest

import tripartite.web

FOLDER = Path(tripartite.web.__file__).parent / "static" / "web"
LIGHT, DARK = (
    dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (FOLDER / sheet).read_text()))
    for sheet in ("tripartite.css", "dark.css")
)
SCHEMES = pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])

TEXT = [
    *((f"issuer-{slot}", ground) for slot in (1, 2, 3) for ground in ("paper", f"issuer-{slot}-tint")),
    *((f"issuer-{slot}-strong", f"issuer-{slot}-tint") for slot in (1, 2, 3)),
    *(("ink-soft", ground) for ground in ("paper", "wash", "issuer-1-tint", "issuer-2-tint", "issuer-3-tint")),
    *((state, ground) for state in ("good", "wait", "bad") for ground in ("paper", f"{state}-tint")),
    ("ink", "paper"),
    ("ink", "wash"),
    ("ink-faint", "wash"),
]
SHAPES = [("control", "paper"), ("focus", "paper"), ("focus", "wash"), ("issuer-1", "paper"), ("issuer-2", "paper")]
SHAPES += [("focus", f"{state}-tint") for state in ("good", "wait", "bad")]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(scheme, one, other):
    dark, light = sorted((luminance(scheme[one]), luminance(scheme[other])))
    return (light + 0.05) / (dark + 0.05)


def test_a_dark_screen_has_every_colour_of_a_light_one_but_the_sheet():
    assert set(LIGHT) - set(DARK) == {"sheet"}
    assert set(DARK) - set(LIGHT) == set()


@SCHEMES
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_reads_on_its_ground(scheme, text, ground):
    assert contrast(scheme, text, ground) >= 4.5


@SCHEMES
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_borders_and_focus_can_be_seen(scheme, shape, ground):
    assert contrast(scheme, shape, ground) >= 3


@pytest.mark.parametrize("sheet", sorted(path.name for path in FOLDER.glob("*.css")))
def test_sheets_use_only_known_names_and_our_own_files(sheet):
    text = (FOLDER / sheet).read_text()
    defined = set(re.findall(r"(--[\w-]+)\s*:", "".join(path.read_text() for path in FOLDER.glob("*.css"))))
    assert set(re.findall(r"var\((--[\w-]+)", text)) - defined == set()
    assert re.findall(r"https?://", text) == []
