"""Rendering papers: a model and a payload in, PDF bytes out. Typst itself is loaded with the first one.

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

from tripartite.documents.glyphs import printable

MODELS_FOLDER = Path(__file__).parent / "typst"

_pool_lock = threading.Lock()


def models() -> list[str]:
    """The names of the models, the oldest first within a kind."""
    return sorted(path.stem for path in MODELS_FOLDER.glob("*.typ"))


def render(model: str, payload: Mapping[str, Any]) -> bytes:
    """The PDF of a payload under a model: PDF/A-2a and PDF/UA-1, the same bytes for the same payload.

    `payload["issued_on"]` (ISO day) dates the file. Texts are printed as `glyphs.printable` says; the pictures that it
    names (`PaperStyle`) are those kept under their hash. Raises ValueError when there is no such model.
    """
    return _set(model, payload, _pictures([payload]))


def _pictures(payloads: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The pictures that these papers show: a paper that shows none is made without a database."""
    if not any("logos" in payload for payload in payloads):
        return {}
    from tripartite.documents.pictures import pictures_of  # noqa: PLC0415 - its tables need Django to be set up

    return pictures_of(payloads)


def _set(model: str, payload: Mapping[str, Any], pictures: Mapping[str, str]) -> bytes:
    if model not in models():
        raise ValueError(f"no such model: {model}")
    from tripartite.documents.compilers import STANDARDS, compiler_of  # noqa: PLC0415 - slow to import

    compiler = compiler_of(MODELS_FOLDER / f"{model}.typ")
    day = datetime.combine(date.fromisoformat(payload["issued_on"]), time(), UTC)
    text = json.dumps(printable(payload), ensure_ascii=False, allow_nan=False)
    shown = {slot: pictures[logo["sha256"]] for slot, logo in payload.get("logos", {}).items()}
    pdf = compiler.compile(
        format="pdf",
        sys_inputs={"payload": text} | ({"pictures": json.dumps(shown)} if shown else {}),
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
    pictures = _pictures([payload for _, payload in papers])
    pending: list[Future[bytes]] = [_pool().submit(_set, *paper, pictures) for paper in papers]
    return [future.result() for future in pending]


def _pool() -> ThreadPoolExecutor:
    with _pool_lock:
        return _threads()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="paper")
