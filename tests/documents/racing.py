"""Races: the same act done at once by threads of several processes, on a database that they share.

Run as `python -m tests.documents.racing MODULE:FUNCTION THREADS JSON`: says « ready », waits for a line, then each
thread calls the function with its own place and the JSON, and the answers are printed as one JSON list.
"""

import importlib
import json
import os
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bounds import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


def race(
    environment: dict[str, str], act: str, given: Any = None, *, processes: int = 2, threads: int = 4
) -> list[Any]:
    """What every thread of every process answered, once all have finished."""
    command = [sys.executable, "-m", "tests.documents.racing", act, str(threads), json.dumps(given)]
    with ExitStack() as open_runners:
        runners = []
        for _ in range(processes):
            runner = subprocess.Popen(
                command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            open_runners.enter_context(runner)
            open_runners.callback(runner.kill)
            runners.append(runner)
        for runner in runners:
            assert runner.stdout is not None
            assert runner.stdout.readline() == "ready\n"
        for runner in runners:
            assert runner.stdin is not None
            runner.stdin.write("go\n")
            runner.stdin.flush()
        answers: list[Any] = []
        for runner in runners:
            out, _ = runner.communicate(timeout=PATIENCE)
            assert runner.returncode == 0, out
            answers += json.loads(out)
    return answers


def shared_database(folder: Path) -> dict[str, str]:
    """The environment in which another process finds what the test has committed.

    On SQLite the test's database is in memory: it is copied to a file. On PostgreSQL it is the test's own.
    """
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        import sqlite3  # noqa: PLC0415

        path = folder / "shared.sqlite3"
        with sqlite3.connect(path) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")  # as a file in service is; runners would race to convert it
        copy.close()
        address = f"sqlite:///{path}"
    else:
        known = connection.settings_dict
        address = f"postgresql://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}?host={known['HOST']}"
        address += f"&port={known['PORT']}" if known["PORT"] else ""
    return {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "tests.patient",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        "TRIPARTITE_VAR": str(folder),
        "TRIPARTITE_MODE": "local",
    }


def take_numbers(place: int, given: dict[str, int]) -> list[int]:
    """Take numbers, one transaction each; every third one is given back."""
    from django.db import transaction  # noqa: PLC0415 - Django is set up by then

    from tripartite.documents.numbers import take_number  # noqa: PLC0415

    kept = []
    for turn in range(given["each"]):
        with transaction.atomic():
            number = take_number(issuer="lfn", series="race", year=2026)
            if turn % 3 == place % 3:
                transaction.set_rollback(True)
            else:
                kept.append(number)
    return kept


def _main() -> None:
    import django  # noqa: PLC0415 - a process of its own

    django.setup()
    from django.db import connections  # noqa: PLC0415

    module, function = sys.argv[1].split(":")
    act = getattr(importlib.import_module(module), function)
    given = json.loads(sys.argv[3])
    answers: dict[int, Any] = {}
    together = threading.Barrier(int(sys.argv[2]))

    def run(place: int) -> None:
        together.wait()
        try:
            answers[place] = act(place, given)
        finally:
            connections.close_all()

    runners = [threading.Thread(target=run, args=(place,)) for place in range(together.parties)]
    print("ready", flush=True)
    sys.stdin.readline()
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    if len(answers) < len(runners):
        sys.exit("a thread failed")
    print(json.dumps([answers[place] for place in sorted(answers)]))


if __name__ == "__main__":
    _main()
