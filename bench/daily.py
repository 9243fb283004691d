"""What a day brings, at the size of a département and of the nation, on PostgreSQL: how its cost grows.

Bodies, each with a convention in force and eight services, are written straight into a database made for it; then the
units of an ordinary day are listed and done, and the yearly cost of every body is worked out. Seconds are those of
Python's processor: what other programs take changes them little, and PostgreSQL's own are left out.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.directory import postgresql
from bench.measuring import line, median_seconds

ROOT = Path(__file__).resolve().parents[1]
SIZES = (900, 35_000)
DAY = date(2028, 6, 15)
LONGEST = 7200
"""Seconds by the clock that a size may take: on a machine that is busy elsewhere, most of them are waits."""

AT = datetime(2028, 6, 15, 3, 0, tzinfo=UTC)
FACTS = {"kind": "commune", "department": "62", "population": 1478, "population_kind": "municipale"}
SERVICES = (
    ("messagerie-5go", 4, None),
    ("nom-de-domaine", 1, None),
    ("page-internet", 1, None),
    ("sauvegarde", 1, None),
    ("stockage-supplementaire", 20, None),
    ("antivirus", 3, None),
    ("demarches-simplifiees", 1, None),
    ("cle-signature-3-cdg", 1, 3),
)


def run() -> None:
    """Print the cost of a day at each size, and the ratio between them."""
    print(f"Ce qu'un jour apporte (PostgreSQL, {len(SERVICES)} services par structure ; temps de processeur de Python)")
    found = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder, postgresql(Path(folder)) as url:
            if url is None:
                return
            environment = {**os.environ, "DATABASE_URL": url, "TRIPARTITE_MODE": "local", "TRIPARTITE_VAR": folder}
            command = [sys.executable, "-m", "bench.daily", str(size)]
            done = subprocess.run(
                command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=LONGEST
            )
            found.append(json.loads(done.stdout.splitlines()[-1]))
    small, large = found
    growth = SIZES[1] / SIZES[0]
    print(f"  {'':<44} {SIZES[0]:>9} {SIZES[1]:>9}   croissance (× {growth:.0f} structures)")
    for what, few in small.items():
        many = large[what]
        ratio = f"× {many / few:.1f}" if few else ""
        print(f"  {what:<44} {few:>9.2f} {many:>9.2f}   {ratio}")
    if "unités du jour" in large:
        line("par unité, au plus grand", f"{1e3 * large['les faire (s)'] / max(1, large['unités du jour']):.1f} ms")


def _measure(size: int) -> dict[str, float]:
    from django.db import transaction  # noqa: PLC0415 - Django is set up by then

    from tripartite.collecting import collect_rarely  # noqa: PLC0415
    from tripartite.jobs.daily import list_units, run_daily_unit  # noqa: PLC0415
    from tripartite.journal.services import Actor  # noqa: PLC0415

    measured: dict[str, float] = {}

    def note(what: str, figure: float) -> None:
        measured[what] = figure
        print(f"  {size} structures : {what} {figure:.2f}", file=sys.stderr, flush=True)

    def listing() -> float:
        return median_seconds(lambda: list_units(on=DAY, parameters={}), runs=3, clock=time.process_time)

    start = time.process_time()
    keys = fill(size)
    note("les écrire, tables comprises (s)", time.process_time() - start)
    collect_rarely()  # as the server and the worker do
    note("les lister (s)", listing())
    units = list_units(on=DAY, parameters={})
    note("unités du jour", float(len(units)))
    note("le coût annuel de toutes les structures (s)", _costs(keys))
    start = time.process_time()
    for unit in units:
        with transaction.atomic():
            run_daily_unit(unit.key, DAY, Actor("mesure"), AT)
    note("les faire (s)", time.process_time() - start)
    note("lister à nouveau (s)", listing())
    note("restent à faire", float(len(list_units(on=DAY, parameters={}))))
    return measured


def _costs(keys: list[int]) -> float:
    from tripartite.subscriptions.queries.running import readings_of_many  # noqa: PLC0415 - Django is set up by then

    start = time.process_time()
    for readings in readings_of_many(keys):
        for reading in readings.values():
            reading.cost(DAY)
    return time.process_time() - start


def fill(size: int) -> list[int]:
    """The bodies, and all that each has, written in bulk: the services would take an hour for the nation."""
    from bench.filling import write_bodies, write_running  # noqa: PLC0415 - Django is set up by then

    bodies = write_bodies(size, at=AT)
    write_running(bodies, services=SERVICES, facts=FACTS, day=DAY, at=AT)
    return bodies


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tripartite.settings"
    import django

    django.setup()
    measured: dict[str, Any] = _measure(int(sys.argv[1]))
    print(json.dumps(measured))
