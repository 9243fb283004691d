"""Issuing both quotes of every commune of the shipped directory, in a database made for it, in its own process."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.measuring import line

ROOT = Path(__file__).resolve().parents[1]
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AIM = 60
ORDER = {
    "lines": [
        {"service": "messagerie-5go", "quantity": 4},
        {"service": "nom-de-domaine", "quantity": 1},
        {"service": "demarches-simplifiees", "quantity": 1},
    ]
}


def run() -> None:
    """Print how long the quotes of a whole département take, papers and database apart."""
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "TRIPARTITE_VAR": var, "TRIPARTITE_MODE": "local"}
        environment.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-m", "bench.issue"], env=environment, cwd=ROOT, check=True)


class _Stopwatch:
    """Adds up the seconds spent in what it wraps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return work(*given, **named)
            finally:
                self.seconds += time.perf_counter() - start

        return timed


def _measure() -> None:
    from tripartite.documents.models import Content  # noqa: PLC0415 - Django is set up by then
    from tripartite.quotes.services import issuing  # noqa: PLC0415

    requests = _requests()
    papers = _Stopwatch()
    issuing.render_all = papers.around(issuing.render_all)
    start, processor = time.perf_counter(), time.process_time()
    slowest = 0.0
    for request in requests:
        before = time.perf_counter()
        issuing.issue_quotes(request_id=request.pk, actor=_actor(), at=AT)
        slowest = max(slowest, time.perf_counter() - before)
    total = time.perf_counter() - start
    stored = Content.objects.count()
    print(f"Émission des deux devis de {len(requests)} communes ({stored} PDF gardés, SQLite)")
    line("papiers", f"{papers.seconds:.1f} s")
    line("base de données et calculs", f"{total - papers.seconds:.1f} s")
    line("en tout", f"{total:.1f} s", total / AIM, f"le but ({AIM} s)")
    line("dont travail du processeur, tous cœurs ensemble", f"{time.process_time() - processor:.1f} s")
    line("la demande la plus lente", f"{slowest * 1e3:.0f} ms")
    if stored != 2 * len(requests):
        raise RuntimeError(f"{stored} papers stored")


def _requests() -> list[Any]:
    """One request per commune, in a fresh database with the shipped grid and directory."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by then

    from tripartite.parties.queries import body_by_identifier  # noqa: PLC0415
    from tripartite.parties.services import DirectoryFile, import_directory  # noqa: PLC0415
    from tripartite.quotes.services import Contact, create_request  # noqa: PLC0415
    from tripartite.tariffs.services import adopt_grid, draft_grid  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    grid = "cdg62/2024-03-26"
    draft_grid(text=(ROOT / f"grids/{grid}.toml").read_text(encoding="utf-8"), actor=_actor(), at=AT)
    adopt_grid(code=grid, actor=_actor(), at=AT)
    folder = ROOT / "directory/62"
    names = ("communes.csv", "epci.csv")
    files = [DirectoryFile(name, (folder / name).read_bytes(), "annuaire livré") for name in names]
    import_directory(files, actor=_actor(), at=AT, department="62")
    header, *rows = (folder / "communes.csv").read_text(encoding="utf-8").splitlines()
    place = header.split(",").index("siren")
    requests = [
        create_request(
            beneficiary_id=body_by_identifier("siren", row.split(",")[place]).pk,
            order=ORDER,
            contact=Contact(),
            origin="command",
            actor=_actor(),
            at=AT,
        )
        for row in rows
    ]
    for request in requests:
        _price_what_waits(request)
    return requests


def _price_what_waits(request: Any) -> None:
    """The largest communes have lines on request: an agent has priced them before."""
    from tripartite.quotes.queries import estimate_request  # noqa: PLC0415 - Django is set up by then
    from tripartite.quotes.services import price_on_request_line  # noqa: PLC0415

    for waiting in estimate_request(request, on=AT.date()).waiting:
        price_on_request_line(
            request_id=request.pk,
            fingerprint=waiting.fingerprint,
            amount_cents=60_000,
            reason="Prix de la mesure",
            issuer=waiting.line.issuer,
            actor=_actor(),
            at=AT,
        )


def _actor() -> Any:
    from tripartite.journal.services import Actor  # noqa: PLC0415 - Django is set up by then

    return Actor("mesure")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tripartite.settings"
    import django

    django.setup()
    _measure()
