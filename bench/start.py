"""Starting: the processor time of commands against loading Django alone, and the memory of a process that serves."""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measuring import line

RUNS = 9
ORDER = {
    "on": "2024-04-15",
    "beneficiary": {"siren": "216207274"},
    "lines": [{"service": "messagerie-5go", "quantity": 7}],
}
FLOOR = [sys.executable, "-c", "import django.core.management"]
"""What a Django command loads before it knows which one it is."""

WEB = """
import tripartite.wsgi
from django.urls import reverse
reverse("estimator")
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""


def run() -> None:
    """Print the figures of starting."""
    print("Démarrage (temps de processeur, utilisateur et système ; médianes)")
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "TRIPARTITE_VAR": var, "TRIPARTITE_MODE": "local"}
        environment.pop("DATABASE_URL", None)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installation keeps what it compiled
        command = str(Path(sys.executable).with_name("tripartite"))
        subprocess.run([command, "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
        order = Path(var) / "order.json"
        order.write_text(json.dumps(ORDER), encoding="utf-8")
        commands = {
            "charger Django seul (plancher)": FLOOR,
            "tripartite --help": [command, "--help"],
            "tripartite estimate, une demande": [command, "estimate", str(order)],
        }
        found: dict[str, list[float]] = {what: [] for what in commands}
        for _ in range(RUNS):  # in turn, so that a busy machine slows them all alike
            for what, words in commands.items():
                found[what].append(_seconds(words, environment))
        floor, *others = [(what, statistics.median(durations)) for what, durations in found.items()]
        line(floor[0], f"{floor[1] * 1e3:.0f} ms")
        for what, seconds in others:
            line(what, f"{seconds * 1e3:.0f} ms", seconds / floor[1], "le plancher")
        served = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", WEB], env=environment, check=True, capture_output=True, text=True
        )
    line("mémoire d'un processus qui sert, au démarrage", f"{int(served.stdout) / 1024:.0f} Mio")


def _seconds(words: list[str], environment: dict[str, str]) -> float:
    """The processor time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
