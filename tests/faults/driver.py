"""The process that acts, and dies: `python -m tests.faults.driver SOCKET`.

It loads the application once, then, for each order (one line of JSON on its input), divides: the child opens its own
connection, says « begun », does the act, says « ended ». A child may be told to stop at its point `stop`: it says
« stopped », and waits for its death or for one byte. Its points are before each statement that it sends to the
database, and before and after each commit. Once the child is gone, the parent says how: « -9 » is a SIGKILL.
"""

import json
import os
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from typing import Any

LOADED = ("tests.faults.acts", "tripartite.urls", "typst", "pyhanko.sign", "lxml.etree", "tripartite.cli.worker")


class Points:
    """Where the child is in its act; at the point `stop` it waits for the end."""

    def __init__(self, speak: Callable[..., None], wait: Callable[[], object], stop: int) -> None:
        self.passed, self.stop, self.speak, self.wait = 0, stop, speak, wait
        self.commits: list[int] = []

    def reach(self, words: str) -> None:
        self.passed += 1
        if self.passed == self.stop:
            self.speak("stopped", words)
            self.wait()

    def statement(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.reach(sql[:80])
        return execute(sql, params, many, context)

    @contextmanager
    def watched(self, connection: Any) -> Iterator[None]:
        """Points are counted on this connection."""
        commit = connection._commit

        def committed() -> Any:
            self.reach("before the commit")
            self.commits.append(self.passed)
            done = commit()
            self.reach("after the commit")
            return done

        connection._commit = committed
        with connection.execute_wrapper(self.statement):
            yield


def _act(order: dict[str, Any], channel: str) -> None:
    import time_machine  # noqa: PLC0415 - a process of its own
    from django.db import connection  # noqa: PLC0415

    from tests.faults.acts import ACTS  # noqa: PLC0415

    mouth = socket.socket(socket.AF_UNIX)
    mouth.connect(channel)

    def speak(*words: Any) -> None:
        mouth.sendall(f"{json.dumps(words)}\n".encode())

    connection.settings_dict["NAME"] = order["base"]
    points = Points(speak, lambda: mouth.recv(1), order.get("stop", 0))
    try:
        with time_machine.travel(datetime.fromisoformat(order["at"])), points.watched(connection):
            for statement in order.get("first", ()):
                connection.cursor().execute(statement)
            connection.ensure_connection()
            points.passed = 0
            speak("begun", os.getpid())
            answer = ACTS[order["act"]](order["given"])
        speak("ended", answer, points.passed, points.commits)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test reads it
        speak("refused", type(error).__name__, str(error) or traceback.format_exc())


def _main() -> None:
    import django  # noqa: PLC0415 - a process of its own

    django.setup()
    for name in LOADED:  # so that the time of an act is its own
        import_module(name)
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                _act(json.loads(line), sys.argv[1])
            finally:
                sys.stdout.flush()
                os._exit(0)
        _, status = os.waitpid(child, 0)
        print(f"gone {os.waitstatus_to_exitcode(status)}", flush=True)


if __name__ == "__main__":
    _main()
