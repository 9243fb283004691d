"""Issuing both quotes of every commune of the shipped directory, in a database made for it, in its own process."""

import json
import os
import statistics
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


RUNS = 3


def run() -> None:
    """Print how long the quotes of a whole département take, papers and database apart: medians over runs."""
    runs = [_one_run() for _ in range(RUNS)]
    found = {name: statistics.median(each[name] for each in runs) for name in runs[0]}
    bodies, stored = int(found["bodies"]), int(found["stored"])
    print(f"Émission des deux devis de {bodies} communes ({stored} PDF gardés, SQLite, médianes de {RUNS} passages)")
    line("rendu d'autant de papiers, rien d'autre (plancher)", f"{found['floor']:.1f} s")
    line("papiers", f"{found['papers']:.1f} s", found["papers"] / found["floor"], "le plancher")
    database = found["total"] - found["papers"]
    line("écriture des mêmes octets, deux par transaction (plancher)", f"{found['written']:.1f} s")
    line("base de données et calculs", f"{database:.1f} s", database / found["written"], "le plancher")
    thinking = found["thought"] / found["scribbled"]
    line("  dont processeur du fil qui écrit", f"{found['thought']:.1f} s", thinking, "celui du plancher")
    line("en tout", f"{found['total']:.1f} s", found["total"] / AIM, f"le but ({AIM} s)")
    line("dont travail du processeur, tous cœurs ensemble", f"{found['processor']:.1f} s")
    line("la demande la plus lente", f"{found['slowest'] * 1e3:.0f} ms")


def _one_run() -> dict[str, float]:
    """One département from nothing, in its own process and its own database."""
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "TRIPARTITE_VAR": var, "TRIPARTITE_MODE": "local"}
        environment.pop("DATABASE_URL", None)
        done = subprocess.run(
            [sys.executable, "-m", "bench.issue"], env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE
        )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


class _Stopwatch:
    """Adds up the seconds spent in what it wraps, and those of processor that the calling thread spent in it."""

    def __init__(self) -> None:
        self.seconds = self.processor = 0.0

    def around(self, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **named: Any) -> Any:
            start, processor = time.perf_counter(), time.thread_time()
            try:
                return work(*given, **named)
            finally:
                self.seconds += time.perf_counter() - start
                self.processor += time.thread_time() - processor

        return timed


def _measure() -> None:
    from tripartite.documents.models import Content  # noqa: PLC0415 - Django is set up by then
    from tripartite.documents.render import render_all  # noqa: PLC0415
    from tripartite.quotes.services import issuing  # noqa: PLC0415

    requests = _requests()
    papers = _Stopwatch()
    vars(issuing)["render_all"] = papers.around(render_all)
    start, processor, thought = time.perf_counter(), time.process_time(), time.thread_time()
    slowest = 0.0
    for request in requests:
        before = time.perf_counter()
        issuing.issue_quotes(request_id=request.pk, actor=_actor(), at=AT)
        slowest = max(slowest, time.perf_counter() - before)
    total = time.perf_counter() - start
    processor, thought = time.process_time() - processor, time.thread_time() - thought
    stored = Content.objects.count()
    if stored != 2 * len(requests):
        raise RuntimeError(f"{stored} papers stored")
    figures = {
        "bodies": len(requests),
        "stored": stored,
        "papers": papers.seconds,
        "total": total,
        "processor": processor,
        "slowest": slowest,
        "thought": thought - papers.processor,
        "floor": _rendering_alone(),
    }
    figures["written"], figures["scribbled"] = _writing_alone()
    print(json.dumps(figures))


def _rendering_alone() -> float:
    """Seconds to render as many papers all together and nothing else: a tenth of them, times ten."""
    from tripartite.documents.models import Document  # noqa: PLC0415 - Django is set up by then
    from tripartite.documents.render import render_all  # noqa: PLC0415

    kept = list(Document.objects.values_list("model", "payload"))
    some = [(model, {**json.loads(payload), "number": f"X-{at}"}) for at, (model, payload) in enumerate(kept[::10])]
    start = time.perf_counter()
    render_all(some)
    return (time.perf_counter() - start) * len(kept) / len(some)


def _writing_alone() -> tuple[float, float]:
    """Seconds to write the bytes of the papers in a bare table, two papers a transaction, as SQLite is set here, and
    those of processor.
    """
    from django.db import connection, transaction  # noqa: PLC0415 - Django is set up by then

    from tripartite.documents.models import Content  # noqa: PLC0415

    papers = [bytes(pdf) for pdf in Content.objects.values_list("pdf", flat=True)]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_floor (id INTEGER PRIMARY KEY, content BLOB)")
        start, processor = time.perf_counter(), time.thread_time()
        for place in range(0, len(papers), 2):
            with transaction.atomic():
                for content in papers[place : place + 2]:
                    cursor.execute("INSERT INTO bench_floor (content) VALUES (%s)", [content])
        return time.perf_counter() - start, time.thread_time() - processor


def _requests() -> list[Any]:
    """One request per commune, in a fresh database with the shipped grid and directory."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by then

    from tripartite.parties.queries.bodies import body_by_identifier  # noqa: PLC0415
    from tripartite.parties.services.importing import import_directory  # noqa: PLC0415
    from tripartite.parties.services.reading import DirectoryFile  # noqa: PLC0415
    from tripartite.quotes.services.requests import Contact, create_request  # noqa: PLC0415
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
    found = (body_by_identifier("siren", row.split(",")[place]) for row in rows)
    requests = [
        create_request(
            beneficiary_id=body.pk,
            order=ORDER,
            contact=Contact(),
            origin="command",
            actor=_actor(),
            at=AT,
        )
        for body in found
        if body is not None
    ]
    for request in requests:
        _price_what_waits(request)
    return requests


def _price_what_waits(request: Any) -> None:
    """The largest communes have lines on request: an agent has priced them before."""
    from tripartite.quotes.queries.requests import estimate_request  # noqa: PLC0415 - Django is set up by then
    from tripartite.quotes.services.on_request import price_on_request_line  # noqa: PLC0415

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
