"""What a reader does, from its first instant to its last: one function, on one file."""

import gc
import importlib
import os
import signal
import socket
import sys
import traceback
from types import TracebackType
from typing import Any, NoReturn, get_type_hints

from tripartite.bounded.confinement import confine
from tripartite.bounded.frames import receive_frame, send_frame
from tripartite.bounded.values import packed, unpacked

READ, FAILED, NO_MEMORY = 0, 10, 11
"""How a reader ends."""


def read_one(work: socket.socket, order: dict[str, Any]) -> NoReturn:
    """Call the function that an order names with what comes by `work`, and send what it answers."""
    ending = FAILED
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        gc.enable()
        confine(seconds=order["seconds"], memory=order["memory"], network=order["network"])
        work.setblocking(True)
        module, _, name = order["reader"].partition(":")
        function = getattr(importlib.import_module(module), name)
        hints = get_type_hints(function)
        given = dict[str, Any]()
        for argument in order["arguments"]:
            given[argument] = unpacked(hints[argument], *receive_frame(work, most=None))
        answer = packed(function(**given))
        send_frame(work, *packed(""))
        send_frame(work, *answer)
        ending = READ
    except MemoryError:
        ending = NO_MEMORY
    except BaseException as error:  # noqa: BLE001 - whatever a file does to its reader, it is told as one failure
        send_frame(work, *packed(told(error)))
    finally:
        os._exit(ending)


def told(error: BaseException) -> str:
    """What went wrong, for the log of who runs this: the kind of error and the line, nothing of the file."""
    where = _last(error.__traceback__)
    return f"{type(error).__name__}, {where}"[:200]


def _last(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)
    mine = [one for one in frames if "tripartite" in one.filename and __file__ != one.filename] or list(frames)
    return f"{os.path.basename(mine[-1].filename)}:{mine[-1].lineno}" if mine else sys.executable  # noqa: PTH119
