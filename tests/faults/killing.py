"""Killing a process inside its act, and what the base shows then."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.bounds import PATIENCE
from tests.documents.racing import ROOT
from tests.faults.bases import Base, Rows
from tests.faults.world import LATER


@dataclass(frozen=True)
class Ending:
    """How an act ended: its answer or its refusal, or None; where it stopped; how many points it has."""

    state: str
    answer: Any = None
    points: int = 0
    commits: tuple[int, ...] = ()
    seconds: float = 0
    where: str = ""


@dataclass
class Driver:
    """The process that acts (`tests.faults.driver`), and what it is asked."""

    folder: Path
    environment: dict[str, str]
    opened: ExitStack = field(default_factory=ExitStack)

    def open(self) -> "Driver":
        """Start it, and wait until it is ready."""
        address = str(self.folder / "channel")
        self.ear = socket.socket(socket.AF_UNIX)
        self.opened.callback(self.ear.close)
        self.ear.bind(address)
        self.ear.listen()
        self.ear.settimeout(PATIENCE)
        command = [sys.executable, "-m", "tests.faults.driver", address]
        self.process = self.opened.enter_context(
            subprocess.Popen(
                command, cwd=ROOT, env=self.environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
        )
        self.opened.callback(self.process.kill)
        assert self._line() == "ready"
        return self

    def run(
        self,
        act: str,
        base: Base,
        given: Any,
        *,
        stop: int = 0,
        after: float | None = None,
        at: datetime = LATER,
        first: tuple[str, ...] = (),
        meanwhile: Callable[[], None] | None = None,
    ) -> Ending:
        """Have an act done; killed at its point `stop`, or so many seconds after it began. Says how it ended:
        « killed » is a SIGKILL that fell between its first word and its last. `first` is said to the base before;
        with `meanwhile`, which is called at the point `stop`, the act then goes on instead.
        """
        order = {"act": act, "base": base.name, "given": given, "stop": stop, "at": at.isoformat(), "first": first}
        assert self.process.stdin is not None
        self.process.stdin.write(f"{json.dumps(order)}\n")
        self.process.stdin.flush()
        speaker, _ = self.ear.accept()
        with speaker, speaker.makefile(encoding="utf-8") as lines:
            begun, pid = json.loads(lines.readline())
            assert begun == "begun"
            start, child = time.monotonic(), os.pidfd_open(pid)
            if after is not None:
                time.sleep(after)
                _kill(child)
            said = [json.loads(line) for line in _whole(lines, child, speaker, meanwhile)]
            os.close(child)
            seconds = time.monotonic() - start
        gone = self._line()
        base.wait_until_left()
        if (said and said[-1][0] == "stopped") or not said:
            assert gone == "gone -9", gone
            return Ending("killed", points=stop, seconds=seconds, where=said[-1][1] if said else f"after {after} s")
        state, answer, *rest = said[-1]
        if state == "refused":
            return Ending(state, answer, where=rest[0], seconds=seconds)
        points, commits = rest
        return Ending(state, answer, points, tuple(commits), seconds)

    def _line(self) -> str:
        """The next word of the driver; what its acts print is passed over."""
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            if line.startswith(("ready", "gone ")):
                return line.strip()
        raise AssertionError("the driver is gone")


def _kill(child: int) -> None:
    with suppress(ProcessLookupError):  # its act is over already
        signal.pidfd_send_signal(child, signal.SIGKILL)


def _whole(lines: Any, child: int, speaker: socket.socket, meanwhile: Callable[[], None] | None) -> Iterator[str]:
    """What the child says until it is gone; where it stops, it is killed, or goes on after what happens meanwhile."""
    with suppress(ConnectionError):
        for line in lines:
            yield line
            if line.startswith('["stopped"') and meanwhile:
                meanwhile()
                speaker.sendall(b"g")
            elif line.startswith('["stopped"'):
                _kill(child)


def differences(found: Rows, expected: Rows, chance: Rows | None = None) -> list[str]:
    """Where two bases differ, but for the cells that differ already between `expected` and `chance`, done alike."""
    said = []
    for table in sorted({*found, *expected}):
        here, there = found.get(table, []), expected.get(table, [])
        other = (chance or expected).get(table, there)
        if not len(here) == len(there) == len(other):
            said.append(f"{table}: {len(here)} rows, not {len(there)}, nor {len(other)}")
            continue
        for row, (one, two, three) in enumerate(zip(here, there, other, strict=True)):
            said += [
                f"{table}[{row}]: {a[:200]} is not {b[:200]}"
                for a, b, c in zip(one, two, three, strict=True)
                if a != b and b == c
            ]
    return said


def chosen_points(ending: Ending, number: int, chance: random.Random) -> list[int]:
    """So many points of an act where to kill it: on both sides of its commits first, the others at random."""
    edges = [point for place in ending.commits for point in (place, place + 1)]
    if len(edges) > number // 2:
        edges = edges[-2:] + chance.sample(edges[:-2], max(0, number // 2 - 2))
    inner = [point for point in range(1, ending.points + 1) if point not in edges]
    return sorted([*edges, *chance.sample(inner, min(len(inner), number - len(edges)))])
