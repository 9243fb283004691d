"""Pages under load: gunicorn on loopback, a few clients that stop by themselves; medians and 95th centiles."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from bench.measuring import line

REQUESTS_EACH = 100
CLIENTS = 4
ESTIMATE = urlencode({"siren": "216207274", "messagerie-5go": 4, "nom-de-domaine": 1, "demarches-simplifiees": 1})


def run() -> None:
    """Print the latency of the first page and of an estimate, alone and under load."""
    print(f"Pages (gunicorn, SQLite, {CLIENTS} clients en même temps)")
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "TRIPARTITE_VAR": var, "TRIPARTITE_MODE": "local"}
        environment.pop("DATABASE_URL", None)
        command = str(Path(sys.executable).with_name("tripartite"))
        subprocess.run([command, "setup"], env=environment, check=True, stdout=subprocess.DEVNULL)
        port = free_port()
        server = subprocess.Popen(
            [command, "serve", "--no-worker", "--port", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_for(port)
            for what, path in (("page d'accueil", "/"), ("estimation", f"/?{ESTIMATE}")):
                alone = _latencies(port, path, clients=1)
                loaded = _latencies(port, path, clients=CLIENTS)
                floor = statistics.median(alone)
                line(f"{what}, un client : médiane", f"{floor * 1e3:.1f} ms")
                line(
                    f"{what}, en charge : médiane",
                    f"{statistics.median(loaded) * 1e3:.1f} ms",
                    statistics.median(loaded) / floor,
                    "seul",
                )
                line(f"{what}, en charge : 95 % en moins de", f"{statistics.quantiles(loaded, n=20)[-1] * 1e3:.1f} ms")
        finally:
            server.terminate()
            server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


def _latencies(port: int, path: str, *, clients: int) -> list[float]:
    """Seconds of each request of `clients` threads, REQUESTS_EACH requests each."""
    found: list[float] = []
    failures: list[int] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        for _ in range(REQUESTS_EACH):
            start = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            found.append(time.perf_counter() - start)
            if answer.status != 200:
                failures.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    if failures:
        raise RuntimeError(f"{path} : {failures[0]}")
    return found
