"""Papers that tests with a database have had printed, kept until what prints them changes.

Most of these tests issue, sign or bill without looking at the papers, and the same ones come again in each test that
starts from the same set-up, for each worker, on the other database: printing them was a sixth of the processor's time.
The same payload makes the same bytes: `tests/documents/test_rendering.py` says so. Tests without a database, which say
what a paper shows, have it printed in earnest each time, and so has whatever runs in a process of its own.
"""

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.migrated import FOLDER, SOURCE

PRINTERS = ("documents/render.py", "documents/compilers.py", "documents/glyphs.py")
KEPT = 3
MOST = 20_000
"""Papers beyond which one begins anew: some hold what is drawn at random."""
Printing = Callable[[str, Mapping[str, Any], Mapping[str, str]], bytes]


def printed_once(in_earnest: Printing) -> Printing:
    """Prints as `in_earnest` does what was not printed yet."""

    def printed(model: str, payload: Mapping[str, Any], pictures: Mapping[str, str]) -> bytes:
        said = json.dumps([model, payload, dict(pictures)], allow_nan=False)
        path = _papers() / hashlib.sha256(said.encode()).hexdigest()
        try:
            return path.read_bytes()
        except FileNotFoundError:
            paper = in_earnest(model, payload, pictures)
        written = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        written.write_bytes(paper)
        written.replace(path)
        return paper

    return printed


@cache
def _papers() -> Path:
    """The folder of what these very models, typeface and Typst print, not too full; the oldest others go."""
    said = hashlib.sha256(f"{version('typst')} {version('fontpkg-source-sans-3')}".encode())
    for path in [
        *sorted(one for one in (SOURCE / "documents" / "typst").rglob("*") if one.is_file()),
        *(SOURCE / name for name in PRINTERS),
    ]:
        said.update(f"{path.relative_to(SOURCE)}\n".encode() + path.read_bytes())
    all_kept = FOLDER / "papers"
    folder = all_kept / said.hexdigest()[:32]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.touch()
    if len(papers := list(folder.iterdir())) > MOST:
        for paper in papers:
            paper.unlink(missing_ok=True)
    for old in sorted(all_kept.iterdir(), key=lambda one: one.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return folder
