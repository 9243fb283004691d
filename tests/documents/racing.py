"""Races: the same act done at once by threads of several processes, on a database that they share.

To start Python and load Django, our code and the test's takes longer than most races. One process does so for all the
races of an environment, opens no database, and splits into those that run: `python -m tests.documents.racing SOCKET`
reads acts (MODULE:FUNCTION) on a socket that it is given, each with the socket of who is to do it. That one takes in
how many threads and what is given to them, says « ready », waits for a line, then each thread calls the function with
its own place and what is given, and the answers come back as one JSON list.
"""

import atexit
import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from tests.bounds import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
LONGEST_NAME = 1000
_forks: dict[frozenset[tuple[str, str]], socket.socket] = {}
"""How to ask the process that splits, by the environment that it was started in."""


def race(
    environment: dict[str, str], act: str, given: Any = None, *, processes: int = 2, threads: int = 4
) -> list[Any]:
    """What every thread of every process answered, once all have finished."""
    asked = _fork_of(environment)
    with ExitStack() as opened:
        runners = [_runner(asked, act, opened) for _ in range(processes)]
        for runner in runners:
            _say(runner, [threads, given])
        for runner in runners:
            assert runner.readline() == "ready\n"
        for runner in runners:
            _say(runner, "go")
        answers: list[Any] = []
        for runner in runners:
            said = runner.readline()
            assert said, "a process or a thread of the race failed"
            answers += json.loads(said)
    return answers


def _fork_of(environment: dict[str, str]) -> socket.socket:
    key = frozenset(environment.items())
    if key not in _forks:
        ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "tests.documents.racing", str(theirs.fileno())]
        with theirs:
            fork = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[theirs.fileno()])
        atexit.register(fork.wait, PATIENCE)
        atexit.register(ours.close)  # it ends when nobody can ask it any more
        _forks[key] = ours
    return _forks[key]


def _runner(asked: socket.socket, act: str, opened: ExitStack) -> IO[str]:
    ours, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(asked, [act.encode()], [theirs.fileno()])
    ours.settimeout(PATIENCE)
    return opened.enter_context(opened.enter_context(ours).makefile("rw"))


def _say(link: IO[str], what: Any) -> None:
    link.write(json.dumps(what) + "\n")
    link.flush()


def shared_database(folder: Path | None = None) -> dict[str, str]:
    """The environment in which another process finds what the test has committed: in a folder of the test, or in that
    where all the races of this process are run, emptied of the former one.

    On SQLite the test's database is in memory: it is copied to a file. On PostgreSQL it is the test's own.
    """
    from django.db import connection  # noqa: PLC0415 - Django is set up by then

    if folder is None:
        folder = Path(os.environ["TRIPARTITE_VAR"]) / "races"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
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
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return {
        **inherited,
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


def _split() -> None:
    """Load what everybody needs, then make a process of each act that is asked for, until nobody asks."""
    import django  # noqa: PLC0415 - a process of its own

    django.setup()
    asked = socket.socket(fileno=int(sys.argv[1]))
    split = list[int]()
    while True:
        name, given, _, _ = socket.recv_fds(asked, LONGEST_NAME, 1)
        if not name:
            break
        link = socket.socket(fileno=given[0])
        module, function = name.decode().split(":")
        act = getattr(importlib.import_module(module), function)
        split.append(os.fork())
        if not split[-1]:
            try:
                asked.close()
                _run(act, link)
            except BaseException:  # noqa: BLE001 - whatever it is, it is told, and never goes back to split
                traceback.print_exc()
            finally:
                os._exit(0)
        link.close()
        while split and os.waitpid(split[0], os.WNOHANG)[0]:
            split.pop(0)
    for process in split:
        os.waitpid(process, 0)


def _run(act: Callable[[int, Any], Any], link: socket.socket) -> None:
    from django.db import connections  # noqa: PLC0415

    said = link.makefile("rw")
    threads, given = json.loads(said.readline())
    answers: dict[int, Any] = {}
    together = threading.Barrier(threads)

    def run(place: int) -> None:
        together.wait()
        try:
            answers[place] = act(place, given)
        finally:
            connections.close_all()

    runners = [threading.Thread(target=run, args=(place,)) for place in range(threads)]
    said.write("ready\n")
    said.flush()
    said.readline()
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    if len(answers) == threads:
        _say(said, [answers[place] for place in sorted(answers)])


if __name__ == "__main__":
    _split()
