"""A yearly billing run: its preview and its invoices at the size of a département and ten times that, then invoices a
second by one worker and by two, with their papers and without.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import cycle
from pathlib import Path
from typing import Any

from bench.daily import FACTS, SERVICES
from bench.directory import postgresql
from bench.measuring import line

ROOT = Path(__file__).resolve().parents[1]
SIZES = (900, 9_000)
SIRETS = {"lfn": "20003938600038", "cdg62": "28620001900011"}
ISSUERS = tuple(SIRETS)
YEAR = 1774
"""Invoices of a year: each commune of the département, by each of the two issuers."""
ISSUED = 40
EACH = 60
"""Invoices of each issuer in a measure of workers."""
DAY = date(2028, 6, 15)
SINCE = date(2027, 6, 16)
AT = datetime(2028, 6, 15, 3, 0, tzinfo=UTC)


def run() -> None:
    """Print what a preview and an invoice cost at each size, then how many a second so many workers issue."""
    busy = f"charge de la machine au départ : {os.getloadavg()[0]:.1f}, {os.cpu_count()} cœurs"
    print(f"Une campagne d'un an ({len(SERVICES)} services par structure ; {busy})")
    small, large = (_alone(size) for size in SIZES)
    print(f"  {'':<58} {SIZES[0]:>9} {SIZES[1]:>9}   croissance (× {SIZES[1] // SIZES[0]} structures)")
    for what, few in small.items():
        print(f"  {what:<58} {few:>9.1f} {large[what]:>9.1f}   × {large[what] / few:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        _workers("SQLite", f"sqlite:///{folder}/bench.sqlite3", folder)
    with tempfile.TemporaryDirectory() as folder, postgresql(Path(folder)) as url:
        if url is not None:
            _workers("PostgreSQL", url, folder)


def _alone(size: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, float] = _asked(f"sqlite:///{folder}/bench.sqlite3", folder, "alone", str(size))
    return found


def _workers(name: str, url: str, folder: str) -> None:
    _asked(url, folder, "fill", str(SIZES[0]))
    place = 0
    for papers in ("with", "without"):
        for count in (1, 2):
            jobs = _asked(url, folder, "start", str(place))
            place += EACH
            with _ready(url, folder, papers, count, jobs) as workers:
                start = time.perf_counter()
                for one in workers:
                    one.stdin.write("go\n")
                    one.stdin.close()
                spent = sum(float(one.stdout.readline()) for one in workers)
                seconds = time.perf_counter() - start
            issued = len(ISSUERS) * EACH
            who = f"{count} ouvrier{'s' if count > 1 else ''}"
            what = f"{name}, {who}, {'avec' if papers == 'with' else 'sans'} les PDF"
            line(f"{what} : factures par seconde", f"{issued / seconds:.1f}")
            line(f"{what} : calcul par facture", f"{1e3 * spent / issued:.0f} ms")
            if papers == "with":
                whole = seconds * YEAR / issued
                line(f"{what} : {YEAR} factures", f"{whole:.0f} s", whole / 120, "120 s")


@contextmanager
def _ready(url: str, folder: str, papers: str, count: int, jobs: list[int]) -> Iterator[list[Any]]:
    """Workers that have loaded all that they need, and wait for a word."""
    arguments = [sys.executable, "-m", "bench.billing", "work", papers]
    workers = []
    try:
        for place in range(count):
            own = [str(job) for job in (*jobs[place:], *jobs[:place])]
            workers.append(
                subprocess.Popen(
                    [*arguments, *own],
                    env=_environment(url, folder),
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
        for one in workers:
            assert one.stdout is not None
            assert one.stdout.readline() == "ready\n"
        yield workers
    finally:
        for one in workers:
            one.kill() if one.poll() is None and sys.exc_info()[0] else one.wait()


def _environment(url: str, folder: str) -> dict[str, str]:
    return {**os.environ, "DATABASE_URL": url, "TRIPARTITE_MODE": "local", "TRIPARTITE_VAR": folder}


def _asked(url: str, folder: str, *arguments: str) -> Any:
    command = [sys.executable, "-m", "bench.billing", *arguments]
    environment = _environment(url, folder)
    done = subprocess.run(command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=1800)
    return json.loads(done.stdout.splitlines()[-1])


def fill(size: int) -> int:
    """So many communes, all that runs for each, and both issuers set to bill the last year alone."""
    from bench.filling import write_bodies, write_running  # noqa: PLC0415 - Django is set up by then
    from tripartite.billing.services.settings import set_billing  # noqa: PLC0415
    from tripartite.journal.services import Actor  # noqa: PLC0415
    from tripartite.parties.services.issuers import update_issuer  # noqa: PLC0415

    actor = Actor("mesure")
    bodies = write_bodies(size, at=AT)
    write_running(bodies, services=SERVICES, facts=FACTS, day=DAY, at=AT)
    for issuer in ISSUERS:
        known: dict[str, object] = {"address": "1 rue de l'Exemple\n62000 Arras", "siret": SIRETS[issuer]}
        update_issuer(code=issuer, changes=known, actor=actor, at=AT)
        asked: dict[str, object] = {"first_billed_on": SINCE, "vat_number": "FR25200039386"}
        set_billing(issuer=issuer, changes=asked, applies_on=SINCE, actor=actor, at=AT)
    return size


def alone(size: int) -> dict[str, float]:
    """What the preview of all takes, then each invoice by one worker, by the processor."""
    from tripartite.billing.queries.preparing import Asked, prepare  # noqa: PLC0415 - Django is set up by then
    from tripartite.jobs.services.running import begin_job, run_next_unit  # noqa: PLC0415

    fill(size)
    start, spent = time.perf_counter(), time.process_time()
    found = list(prepare(Asked("lfn", DAY, DAY)))
    preview, preview_cpu = time.perf_counter() - start, time.process_time() - spent
    job = _run("lfn", [one.unit for one in found[: ISSUED + 1]])
    _warm()
    begin_job(job, AT)
    run_next_unit(job, AT)
    start, spent = time.perf_counter(), time.process_time()
    for _ in range(ISSUED):
        run_next_unit(job, AT)
    each, each_cpu = time.perf_counter() - start, time.process_time() - spent
    _check(job, ISSUED + 1)
    return {
        "l'aperçu entier (s)": preview,
        "l'aperçu entier, calcul seul (s)": preview_cpu,
        "une structure relue puis facturée (ms)": 1e3 * each / ISSUED,
        "une structure relue puis facturée, calcul seul (ms)": 1e3 * each_cpu / ISSUED,
    }


def start(place: int) -> list[int]:
    """A run of each issuer over some of the bodies: its job."""
    from tripartite.billing.queries.unbilled import billable_bodies  # noqa: PLC0415 - Django is set up by then

    units = [f"body:{key}" for key in billable_bodies()[place : place + EACH]]
    return [_run(issuer, units) for issuer in ISSUERS]


def work(papers: str, *jobs: str) -> float:
    """Do jobs in turn, a slice of each, as a worker does; the seconds of processor that it took."""
    from tripartite.billing.services import writing  # noqa: PLC0415 - Django is set up by then
    from tripartite.jobs.queries import job_by_id  # noqa: PLC0415
    from tripartite.jobs.services.tasks import continue_job  # noqa: PLC0415
    from tripartite.jobs.states import UNFINISHED  # noqa: PLC0415

    _warm()
    if papers == "without":
        from tripartite.billing.printout.files import InvoiceFiles  # noqa: PLC0415

        paper = b"%PDF-1.7 sans papier"
        vars(writing)["invoice_pdf"] = lambda *_: InvoiceFiles(paper, paper)
    print("ready", flush=True)
    sys.stdin.readline()
    spent = time.process_time()
    left = {int(job) for job in jobs}
    for job in cycle([int(job) for job in jobs]):
        if job in left:
            continue_job.call(job)
            found = job_by_id(job)
            if found is None or found.state not in UNFINISHED:
                left.discard(job)
                _check(job, EACH)
        if not left:
            break
    return time.process_time() - spent


def _run(issuer: str, units: list[str]) -> int:
    from tripartite.billing.services.running import start_run  # noqa: PLC0415 - Django is set up by then
    from tripartite.journal.services import Actor  # noqa: PLC0415

    chosen: dict[str, int | None] = dict.fromkeys(units)
    made = start_run(issuer=issuer, until=DAY, on=DAY, chosen=chosen, actor=Actor("mesure"), at=AT)
    assert made.job_id is not None
    return made.job_id


def _warm() -> None:
    """The libraries and the typefaces, loaded before anything is measured."""
    from bench.invoices import sample_papers  # noqa: PLC0415 - Django is set up by then
    from tripartite.billing.printout.files import invoice_pdf  # noqa: PLC0415

    (paper,) = sample_papers(4, 1)
    invoice_pdf(paper)


def _check(job: int, count: int) -> None:
    """Nothing failed, and something was issued by each unit."""
    from tripartite.jobs.queries import units_of  # noqa: PLC0415 - Django is set up by then

    tried = list(units_of(job).values_list("state", "outcome"))
    assert len([state for state, told in tried if state == "done" and "-F-" in told]) == count, tried[:3]


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tripartite.settings"
    import django

    django.setup()
    what, *given = sys.argv[1:]
    doing: dict[str, Callable[[], object]] = {
        "fill": lambda: fill(int(given[0])),
        "alone": lambda: alone(int(given[0])),
        "start": lambda: start(int(given[0])),
        "work": lambda: work(*given),
    }
    print(json.dumps(doing[what]()), flush=True)
