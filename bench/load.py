"""Fifty agents at once before the real screens, on PostgreSQL, with the server that an installation runs: what each
screen takes them, whether anything fails, what the server's processes hold after ten thousand pages.

`make load` puts locust where it is looked for. Everything is on loopback and stops by itself. Each part is told as soon
as it is measured, and LOAD_PARTS names those wanted: `agents`, `hurried`, `costs`, `memory`.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.daily import FACTS, SERVICES
from bench.directory import postgresql
from bench.measuring import line
from bench.pages import free_port, wait_for

ROOT = Path(__file__).resolve().parents[1]
AGENTS, ARRIVALS = 50, 1
"""How many agents, and how many of them arrive each second."""
BODIES, WORKERS = 300, 2
SECONDS = int(os.environ.get("LOAD_SECONDS", "180"))
"""How long the agents of each pace are measured, and a tenth of what ten thousand pages may take at most."""
PACES = {"agents": 30, "hurried": 3}
"""Seconds that an agent reads a screen, half as many to half as many again. Thirty: who reads, telephones and types a
whole day; fifty such ask less than two pages a second. Three: fifty who all click as fast as a screen is seen, which no
office does, to know where the machine stops."""
PARTS = (*PACES, "costs", "memory")
WANTED = os.environ.get("LOAD_PARTS", " ".join(PARTS)).split()
PAGES = (500, 1_000, 2_000, 3_000, 4_500, 6_000, 8_000, 10_000)
"""After how many what the server's processes hold is noted: every kind of page has been asked well before the first."""
LONG_AGO = timedelta(days=800)
"""When what runs was written: nothing of it is new, as after the work of a day."""
LEAVING = 90
"""Seconds that agents have to finish what they are doing: longer than the longest pause and the slowest page."""
ALONE = 40
"""Seconds of the one agent by whom the cost of each screen is measured."""
COMMAND = str(Path(sys.executable).with_name("tripartite"))
LOCUST = Path(os.environ.get("LOCUST", ROOT / ".venv" / "load" / "bin" / "locust"))


def run() -> None:
    """Print, for each screen, how many pages and how long they took, then the memory of the server's processes."""
    print(f"Charge (PostgreSQL, {WORKERS} processus du serveur, {AGENTS} agents, {BODIES} structures servies)")
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # each part is read as it comes
    if not LOCUST.exists():
        print("  locust absent : make load")
        return
    with tempfile.TemporaryDirectory() as folder, postgresql(Path(folder)) as url:
        if url is None:
            return
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "TRIPARTITE_MODE": "local",
            "TRIPARTITE_VAR": str(Path(folder) / "var"),
            "TRIPARTITE_LIMITS": "aucune",  # all come from one address
            "DJANGO_SETTINGS_MODULE": "tripartite.settings",
        }
        for words in ([COMMAND, "setup"], [COMMAND, "demo"], [sys.executable, "-m", "bench.load"]):
            subprocess.run(words, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL, timeout=900)
        if set(WANTED) - {"memory"}:
            with _server(environment) as (port, server):
                measure(port, server, Path(folder) / "costs.json")
        if "memory" in WANTED:  # of processes that have answered nobody yet
            with _server(environment) as (port, server):
                print_memory(port, server, Path(folder) / "memory.json")


def measure(port: int, server: int, told: Path) -> None:
    """The parts wanted that measure time, each printed as soon as it is measured."""
    for part, pause in PACES.items():
        if part in WANTED:
            print_pace(_agents(port, pause=pause, seconds=SECONDS), pause)
    if "costs" in WANTED:
        print_costs(_costs(port, server, told))


def print_memory(port: int, server: int, told: Path) -> None:
    """What each process of the server holds, from before its first page to so many pages that nobody waits between."""
    line("mémoire de chaque processus, avant la première page", _megabytes([_held(pid) for pid in _processes(server)]))
    measured = _agents(
        port,
        pause=0,
        seconds=10 * SECONDS,
        most=PAGES[-1],
        LOAD_MARKS=" ".join(map(str, PAGES)),
        LOAD_SERVER=" ".join(map(str, _processes(server))),
        LOAD_TOLD=str(told),
    )
    for pages, held in json.loads(told.read_text(encoding="utf-8"))["held"].items():
        line(f"mémoire de chaque processus, après {pages} pages", _megabytes(held))
    line("pages servies sans pause, par seconde", f"{pages_of(measured) / spent_on(measured):.0f}")
    line("échecs sans pause", str(failures_of(measured)))


def print_pace(measured: list[dict[str, Any]], pause: float) -> None:
    """What fifty agents of a pace had: each screen, then all together."""
    print(f"  {AGENTS} agents, une page toutes les {pause} secondes chacun")
    print_screens(measured)
    line("pages par seconde", f"{pages_of(measured) / spent_on(measured):.1f}")
    line("95 % des pages en", f"{percentile(together(measured), 0.95):.0f} ms")
    line("échecs", str(failures_of(measured)))


def together(measured: list[dict[str, Any]]) -> dict[str, Any]:
    """The answers of all screens as one."""
    counts: dict[str, int] = {}
    for one in measured:
        for time_, count in one["response_times"].items():
            counts[time_] = counts.get(time_, 0) + count
    return {"response_times": counts}


def print_screens(measured: list[dict[str, Any]]) -> None:
    """The screens, the slowest first."""
    print(f"  {'écran':<40} {'pages':>6} {'médiane':>9} {'95 % en':>9} {'au plus':>9} {'échecs':>7}")
    for one in sorted(measured, key=lambda one: -percentile(one, 0.95)):
        middle, most = percentile(one, 0.5), percentile(one, 0.95)
        counts = f"{middle:>6.0f} ms {most:>6.0f} ms {one['max_response_time']:>6.0f} ms {one['num_failures']:>7}"
        print(f"  {one['name']:<40} {one['num_requests']:>6} {counts}")


def print_costs(costs: dict[str, list[float]]) -> None:
    """What a page costs the server in processor, PostgreSQL's left out: a figure that other programs change little."""
    print(f"  {'écran, demandé par un seul agent':<40} {'pages':>6} {'processeur (médiane)':>21}")
    for name, spent in sorted(costs.items(), key=lambda one: -statistics.median(one[1])):
        print(f"  {name:<40} {len(spent):>6} {statistics.median(spent):>18.0f} ms")


def percentile(one: dict[str, Any], part: float) -> float:
    """Milliseconds within which that part of the answers came: of what locust counts, rounded to two figures."""
    times = sorted((float(time_), count) for time_, count in one["response_times"].items())
    left = part * sum(count for _, count in times)
    for milliseconds, count in times:
        left -= count
        if left <= 0:
            return milliseconds
    return 0.0


def pages_of(measured: list[dict[str, Any]]) -> int:
    """How many answers."""
    return sum(one["num_requests"] for one in measured)


def failures_of(measured: list[dict[str, Any]]) -> int:
    """How many of them failed."""
    return sum(one["num_failures"] for one in measured)


def spent_on(measured: list[dict[str, Any]]) -> float:
    """Seconds from the first question to the last."""
    ends = [one["last_request_timestamp"] for one in measured]
    spent: float = max(ends) - min(one["start_time"] for one in measured)
    return max(1.0, spent)


def _costs(port: int, server: int, told: Path) -> dict[str, list[float]]:
    """Milliseconds of each page of one agent, by screen."""
    processes = " ".join(map(str, _processes(server)))
    _agents(port, pause=0, seconds=ALONE, agents=1, LOAD_SERVER=processes, LOAD_TOLD=str(told))
    costs: dict[str, list[float]] = json.loads(told.read_text(encoding="utf-8"))["costs"]
    return costs


def _agents(
    port: int, *, pause: float, seconds: int, agents: int = AGENTS, most: int = 0, **more: str
) -> list[dict[str, Any]]:
    """What locust counted, by screen, once all had arrived; stopped after so many seconds, or so many pages."""
    words = [str(LOCUST), "-f", str(ROOT / "bench" / "agents.py"), "--headless", "--json", "--only-summary"]
    words += ["--reset-stats", "-H", f"http://127.0.0.1:{port}", "-u", str(agents), "-r", str(ARRIVALS)]
    words += [
        "-t",
        f"{agents // ARRIVALS + seconds}s",
        "--stop-timeout",
        str(LEAVING),
    ]  # what is asked when time is over is waited for
    environment = {**os.environ, "LOAD_PAUSE": str(pause), "LOAD_PAGES": str(most), **more}
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        timeout=agents // ARRIVALS + seconds + LEAVING + 120,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout[done.stdout.index(b"[") :])
    if failures_of(found) or not found:
        print(done.stderr.decode()[-4000:], file=sys.stderr)
    return found


@contextmanager
def _server(environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """`tripartite serve`, as the units of deploy/ run it; its port and its process."""
    port = free_port()
    words = [COMMAND, "serve", "--samples", "--no-worker", f"--workers={WORKERS}", f"--port={port}"]
    server = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        time.sleep(5)  # its processes have read the application
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(60)


def _processes(server: int) -> list[int]:
    """Those that answer: the server's own watches over them."""
    return [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()]


def _held(pid: int) -> int:
    """Bytes of memory that a process holds, what it shares with others included."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    (kilobytes,) = (one.split()[1] for one in told.splitlines() if one.startswith("Rss:"))
    return int(kilobytes) * 1024


def _megabytes(held: list[int]) -> str:
    return " + ".join(f"{one / 1e6:.0f}" for one in held) + " Mo"


def fill() -> None:
    """Conventions in force and what runs under them, for so many communes of the directory, beside the samples."""
    from bench.filling import write_running  # noqa: PLC0415 - Django is set up by then
    from tripartite.parties.models import PublicBody  # noqa: PLC0415

    found = PublicBody.objects.filter(kind="commune", ended_on=None).order_by("code_insee")
    bodies = list(found.values_list("pk", flat=True)[:BODIES])
    now = datetime.now(UTC)
    write_running(bodies, services=SERVICES, facts=FACTS, day=now.date(), at=now - LONG_AGO)


if __name__ == "__main__":
    import django

    django.setup()
    fill()
