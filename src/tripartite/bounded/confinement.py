"""What a reader may not do: take more than its share, write, reach the network, start a program, outlive its parent."""

import ctypes
import os
import resource
import signal
import sys
from typing import Any

OPEN_FILES = 64
KINDNESS = 5
"""How much a reader steps aside for the pages: a step of `nice`."""
SET_PARENT_DEATH_SIGNAL = 1
PROGRAMS = ("subprocess.", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.fork", "pty.")
NETWORK = ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostby")


def die_with_parent() -> None:
    """Be killed when the process that started this one dies."""
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def confine(*, seconds: int, memory: int, network: bool) -> None:
    """Bind this process for good: seconds of processor, bytes of memory beyond what it has, no file written, no program
    started, and no network unless `network`. The system kills what goes beyond; Python refuses the rest.
    """
    die_with_parent()
    os.setsid()
    os.nice(KINDNESS)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)
    for kind, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_AS, _size() + memory),
    ):
        _bind(kind, limit, limit)
    _bind(resource.RLIMIT_CPU, seconds, seconds + 1)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    forbidden = PROGRAMS if network else PROGRAMS + NETWORK

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event.startswith(forbidden):
            raise PermissionError(event)

    sys.addaudithook(refuse)


def _bind(kind: int, soft: int, hard: int) -> None:
    """Set a limit, or keep the stricter one that this process was started with."""
    _, most = resource.getrlimit(kind)
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(kind, (soft, hard))


def _size() -> int:
    """The bytes of address space that this process has."""
    with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123 - a file of the kernel
        return int(told.read().split()[0]) * resource.getpagesize()
