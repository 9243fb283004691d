"""Having a file read in a process of its own."""

import json
import logging
import os
import signal
import socket
import time
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tripartite.bounded.frames import receive_frame, send_frame
from tripartite.bounded.places import a_place, a_turn
from tripartite.bounded.reader import NO_MEMORY
from tripartite.bounded.refusals import NotRead, TooBig, TooLong
from tripartite.bounded.starting import GRACE, SERVER
from tripartite.bounded.values import Malformed, packed, unpacked

MIB = 1024 * 1024
LONGEST_FAILURE = 4096
MOST_GIVEN = 64 * MIB
"""What is sent to a reader; every door takes less."""

ENDINGS: dict[int, type[NotRead]] = {signal.SIGXCPU: TooLong, signal.SIGKILL: TooBig}
"""Why a reader was killed, by the signal: the last is what the system does when there is no memory left."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reading may take: seconds of processor, bytes of memory, bytes of answer.

    `folder` holds the places, `places` says how many files are read at once and `patience` how long a place is waited
    for, in seconds. `network` lets the reader ask other machines. `alone`: one such file at a time in this process,
    never waited for: a server's process has two threads, and the other goes on answering pages.
    """

    folder: Path
    seconds: int = 10
    memory: int = 512 * MIB
    answer: int = 4 * MIB
    places: int = 3
    patience: int = 5
    network: bool = False
    alone: bool = False

    @property
    def in_all(self) -> int:
        """Seconds after which a reading is ended, however little of them the processor gave it."""
        return self.seconds * (6 if self.network else 3)

    def longer(self, times: int) -> "Limits":
        """So many times more seconds, and twice the memory, for a file that is expected to be long."""
        return replace(self, seconds=self.seconds * times, memory=self.memory * 2)


def read_bounded(reader: str, answer: Any, /, *, limits: Limits, **given: object) -> Any:
    """What the function `reader` (« module:name ») answers to `given`, called apart: a value of the type `answer`.

    Raises TooLong, TooBig or Busy; NotRead for a reader that fails, or that answers something else.
    """
    sent = [packed(value) for value in given.values()]
    if sum(len(part) for parts in sent for part in parts) > MOST_GIVEN:
        raise TooBig
    with (
        a_turn() if limits.alone else nullcontext(),
        a_place(limits.folder, places=limits.places, patience=limits.patience),
    ):
        work, theirs = socket.socketpair()
        watch, kept = socket.socketpair()
        with work, watch:
            with theirs, kept:
                SERVER.start(_order(reader, tuple(given), limits), theirs, kept)
            found = _exchange(work, watch, sent, limits)
    return _answer(reader, answer, found)


def _order(reader: str, arguments: tuple[str, ...], limits: Limits) -> bytes:
    bounds = {"seconds": limits.seconds, "memory": limits.memory, "network": limits.network}
    return json.dumps({"reader": reader, "arguments": arguments, **bounds}).encode()


def _exchange(
    work: socket.socket, watch: socket.socket, sent: list[tuple[bytes, bytes]], limits: Limits
) -> list[tuple[bytes, bytes]]:
    """What a reader said: what failed, or nothing, then its answer. Once this is over, the reader is no more."""
    deadline = time.monotonic() + limits.in_all
    found = []
    cause: Exception | None = None
    try:
        for one in sent:
            send_frame(work, *one, deadline=deadline)
        found.append(receive_frame(work, most=LONGEST_FAILURE, deadline=deadline))
        if found == [packed("")]:
            found.append(receive_frame(work, most=limits.answer, deadline=deadline))
    except (OSError, EOFError, TooBig) as error:  # a deadline is an OSError
        cause = error
    ending = _ended(watch)
    match cause:
        case None:
            return found
        case TimeoutError():
            raise TooLong
        case TooBig():
            raise cause
    raise _refusal(ending)


def _ended(watch: socket.socket) -> int | None:
    """How the reader ended (a status as `os.waitpid` gives it), ended now if it has not; None when nobody says."""
    try:
        watch.shutdown(socket.SHUT_WR)
        watch.settimeout(GRACE)
        return int(watch.recv(32) or b"-1")
    except (OSError, ValueError):
        SERVER.stop()
        return None


def _refusal(status: int | None) -> NotRead:
    """Why a reader that said nothing ended."""
    if status is None or status < 0:
        return NotRead()
    if os.WIFSIGNALED(status):
        return ENDINGS.get(os.WTERMSIG(status), NotRead)()
    return TooBig() if os.waitstatus_to_exitcode(status) == NO_MEMORY else NotRead()


def _answer(reader: str, answer: Any, found: list[tuple[bytes, bytes]]) -> Any:
    try:
        if len(found) == 2:
            return unpacked(answer, *found[1])
        failure = unpacked(str, *found[0])
    except Malformed as error:
        failure = f"{error}"[:200]
    logger.warning("%s: %s", reader, "".join(sign for sign in failure if sign.isprintable()))
    raise NotRead
