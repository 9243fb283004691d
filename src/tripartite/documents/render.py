"""Rendering papers: a model and a payload in, PDF bytes out. The only module that imports Typst.

A model is a Typst file named by the date of its adoption, in `typst/`; once a paper was issued with it, it is not
edited: another one supersedes it. The payload is JSON, read by the model as values, so no text can become markup.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from tripartite.documents.glyphs import FONTS_FOLDER, printable

MODELS_FOLDER = Path(__file__).parent / "typst"
STANDARDS: list["typst.PDFStandard"] = ["a-2a", "ua-1"]
"""PDF/A-2a to be archived, PDF/UA-1 to be read aloud."""

_of_this_thread = threading.local()
_pool_lock = threading.Lock()


def models() -> list[str]:
    """The names of the models, the oldest first within a kind."""
    return sorted(path.stem for path in MODELS_FOLDER.glob("*.typ"))


def render(model: str, payload: Mapping[str, Any]) -> bytes:
    """The PDF of a payload under a model: PDF/A-2a and PDF/UA-1, the same bytes for the same payload.

    `payload["issued_on"]` (ISO day) dates the file. Texts are printed as `glyphs.printable` says.
    Raises ValueError when there is no such model.
    """
    compiler = _compiler(model)
    day = datetime.combine(date.fromisoformat(payload["issued_on"]), time(), UTC)
    text = json.dumps(printable(payload), ensure_ascii=False, allow_nan=False)
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"payload": text},
        pdf_standards=STANDARDS,
        timestamp=int(day.timestamp()),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("Typst answered with several files")
    return pdf


def render_all(papers: Sequence[tuple[str, Mapping[str, Any]]]) -> list[bytes]:
    """The PDF of each (model, payload), in their order, rendered on all cores: Typst works without Python's lock."""
    if len(papers) < 2:
        return [render(*paper) for paper in papers]
    pending: list[Future[bytes]] = [_pool().submit(render, *paper) for paper in papers]
    return [future.result() for future in pending]


def _compiler(model: str) -> typst.Compiler:
    """The compiler of a model, kept: one per thread, as one cannot serve two at a time."""
    kept: dict[str, typst.Compiler] = _of_this_thread.__dict__.setdefault("compilers", {})
    if model not in kept:
        if model not in models():
            raise ValueError(f"no such model: {model}")
        kept[model] = typst.Compiler(MODELS_FOLDER / f"{model}.typ", root=MODELS_FOLDER, font_paths=_fonts())
    return kept[model]


@cache
def _fonts() -> typst.Fonts:
    """The papers' typeface alone: neither the machine's fonts nor those inside Typst, so that all machines agree."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS_FOLDER])


def _pool() -> ThreadPoolExecutor:
    with _pool_lock:
        return _threads()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="paper")
