"""The process that readers come from, as its parent has it: started when first needed, anew when it is gone."""

import array
import atexit
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import tripartite

GRACE = 10.0
"""Seconds in which what is ended is gone."""
SOURCE = Path(tripartite.__path__[0]).parent


class Server:
    """One for each process that has files read; its threads share it, a fork of it has its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.control: socket.socket | None = None

    def start(self, order: bytes, *given: socket.socket) -> None:
        """Have a reader started, with these sockets. Raises OSError when that cannot be done, even anew."""
        numbers = array.array("i", [one.fileno() for one in given])
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)]
        with self.lock:
            try:
                self._opened().sendmsg([order], ancillary)
            except OSError:
                self._stop()
                self._opened().sendmsg([order], ancillary)

    def stop(self) -> None:
        """End it, and with it all its readers."""
        with self.lock:
            self._stop()

    def forget(self) -> None:
        """In a fork, leave it to the parent."""
        self.lock = threading.Lock()
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            self.process.returncode = 0  # another process waits for it
        self.control = self.process = None

    def _opened(self) -> socket.socket:
        if self.control is None:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                self.process = subprocess.Popen(  # noqa: S603 - our own module, with nothing from anybody
                    [sys.executable, "-m", "tripartite.bounded.server", str(theirs.fileno())],
                    env=environment(),
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            self.control = ours
        return self.control

    def _stop(self) -> None:
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.kill()
            self.process.wait(GRACE)
        self.control = self.process = None


def environment() -> dict[str, str]:
    """All that readers know of where they run: no address of a database, no key, no password."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(SOURCE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
    }


SERVER = Server()
atexit.register(SERVER.stop)
os.register_at_fork(after_in_child=SERVER.forget)
