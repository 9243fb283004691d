"""A value on a socket, within a deadline and a size."""

import socket
import time

from tripartite.bounded.refusals import TooBig
from tripartite.bounded.values import LENGTH

PIECE = 1 << 20


def send_frame(link: socket.socket, text: bytes, beside: bytes, *, deadline: float | None = None) -> None:
    """Send both parts of a value. Raises OSError, TimeoutError once `deadline` (monotonic seconds) has passed."""
    for part in (LENGTH.pack(len(text), len(beside)), text, beside):
        view = memoryview(part)
        while view:
            _hurry(link, deadline)
            view = view[link.send(view[:PIECE]) :]


def receive_frame(link: socket.socket, *, most: int | None, deadline: float | None = None) -> tuple[bytes, bytes]:
    """Both parts of a value. Raises EOFError when its end is missing, TooBig beyond `most` bytes, and as above."""
    text, beside = LENGTH.unpack(_exactly(link, LENGTH.size, deadline))
    if most is not None and text + beside > most:
        raise TooBig
    return _exactly(link, text, deadline), _exactly(link, beside, deadline)


def _exactly(link: socket.socket, size: int, deadline: float | None) -> bytes:
    found = bytearray()
    while len(found) < size:
        _hurry(link, deadline)
        piece = link.recv(min(size - len(found), PIECE))
        if not piece:
            raise EOFError
        found += piece
    return bytes(found)


def _hurry(link: socket.socket, deadline: float | None) -> None:
    if deadline is not None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        link.settimeout(left)
