"""Typst, ready to set a model: the only module that imports it."""

import threading
from functools import cache
from pathlib import Path

import typst

from tripartite.documents.glyphs import FONTS_FOLDER

STANDARDS: list["typst.PDFStandard"] = ["a-2a", "ua-1"]
"""PDF/A-2a to be archived, PDF/UA-1 to be read aloud."""

_of_this_thread = threading.local()


def compiler_of(model: Path) -> typst.Compiler:
    """The compiler of a model, kept: one per thread, as one cannot serve two at a time."""
    kept: dict[Path, typst.Compiler] = _of_this_thread.__dict__.setdefault("compilers", {})
    if model not in kept:
        kept[model] = typst.Compiler(model, root=model.parent, font_paths=_fonts())
    return kept[model]


@cache
def _fonts() -> typst.Fonts:
    """The papers' typeface alone: neither the machine's fonts nor those inside Typst, so that all machines agree."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS_FOLDER])
