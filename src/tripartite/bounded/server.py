"""The process that readers come from: it has imported what they need and holds no secret, and forks one for each file.

It sees no file itself. Its parent gives it, for each, the name of a function and two sockets: by `work` the reader has
what it reads and says what it read; by `watch` the parent says that it waits no more, and is told how the reader ended.
"""

import array
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Any

from tripartite.bounded.reader import read_one

LARGEST_ORDER = 4096


@dataclass(slots=True)
class _Readers:
    """The sockets, and the readers that live: each pid by its `watch`."""

    control: socket.socket
    ready: selectors.BaseSelector
    living: dict[socket.socket, int]

    def take(self) -> bool:
        """Start the reader that the parent asks for; False once there is no parent."""
        order, sockets = _order(self.control)
        if not order:
            return False
        work, watch = sockets
        importlib.import_module(order["reader"].partition(":")[0])
        gc.freeze()  # what is imported stays shared with the readers
        pid = os.fork()
        if pid == 0:
            for one in (self.control, watch, *self.living):
                one.close()
            self.ready.close()
            read_one(work, order)  # never comes back
        work.close()
        self.living[watch] = pid
        self.ready.register(watch, selectors.EVENT_READ)
        return True

    def reap(self) -> None:
        """Say of each reader that is no more how it ended."""
        for watch, pid in list(self.living.items()):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._tell(watch, status)

    def end(self, watch: socket.socket) -> None:
        """End a reader that nobody waits for."""
        pid = self.living[watch]
        os.kill(pid, signal.SIGKILL)
        self._tell(watch, os.waitpid(pid, 0)[1])

    def _tell(self, watch: socket.socket, status: int) -> None:
        self.ready.unregister(watch)
        del self.living[watch]
        with watch:
            try:
                watch.send(str(status).encode())
            except OSError:
                return


def _order(control: socket.socket) -> tuple[dict[str, Any], list[socket.socket]]:
    size = array.array("i").itemsize
    text, ancillary, _, _ = control.recvmsg(LARGEST_ORDER, socket.CMSG_SPACE(2 * size), socket.MSG_CMSG_CLOEXEC)
    numbers = array.array("i")
    for level, kind, given in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            numbers.frombytes(given)
    return json.loads(text) if text else {}, [socket.socket(fileno=number) for number in numbers]


def serve(control: socket.socket) -> None:
    """Fork readers until the parent is gone."""
    wake, woken = socket.socketpair()
    for end in (wake, woken):
        end.setblocking(False)
    signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    ready = selectors.DefaultSelector()
    ready.register(control, selectors.EVENT_READ)
    ready.register(woken, selectors.EVENT_READ)
    readers = _Readers(control, ready, {})
    gc.disable()
    while True:
        for key, _ in ready.select():
            if key.fileobj is control:
                if not readers.take():
                    for watch in list(readers.living):
                        readers.end(watch)
                    return
            elif key.fileobj is woken:
                woken.recv(512)
            elif key.fileobj in readers.living:
                readers.end(key.fileobj)
        readers.reap()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
