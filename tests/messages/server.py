"""A mail server on loopback: it takes what it is told to take, and hangs up or holds its tongue when told so."""

import base64
import email
import email.policy
import socketserver
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from threading import Event, Lock, Thread
from typing import Any

HANG_UP = "hang up"
HOLD = "hold"
USUAL = {
    "GREETING": "220 loopback ESMTP",
    "EHLO": "250-loopback\r\n250-AUTH PLAIN\r\n250 8BITMIME",
    "AUTH": "235 2.7.0 come in",
    "MAIL": "250 2.1.0 sender ok",
    "RCPT": "250 2.1.5 recipient ok",
    "DATA": "354 go on",
    "END": "250 2.0.0 taken",
    "RSET": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 goodbye",
}


@dataclass(frozen=True)
class Taken:
    """A message that the server said yes to."""

    sender: str
    recipient: str
    content: bytes

    @property
    def message(self) -> EmailMessage:
        lines = self.content.replace(b"\r\n", b"\n")
        return email.message_from_bytes(lines, policy=email.policy.default)  # type: ignore[return-value]

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    loopback: "Loopback"


@dataclass
class Loopback:
    """The server. `script` holds what the next conversations answer otherwise than usual, by verb, in their order."""

    port: int = 0
    script: list[dict[str, str]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    whole: list[bytes] = field(default_factory=list)
    """Every message that arrived to its end, taken or not."""
    logged_in: list[str] = field(default_factory=list)
    held: Event = field(default_factory=Event)
    released: Event = field(default_factory=Event)
    lock: Any = field(default_factory=Lock)

    def open(self) -> "Loopback":
        """Listen, on the same port as before if there was one."""
        self._server = _Server(("127.0.0.1", self.port), _Conversation)
        self._server.loopback = self
        self.port = self._server.server_address[1]
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def close(self) -> None:
        """Go away: whoever comes is refused."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=none"

    def next_answers(self) -> dict[str, str]:
        with self.lock:
            return USUAL | (self.script.pop(0) if self.script else {})


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        with suppress(ConnectionError):
            self._talk(self.server.loopback, self.server.loopback.next_answers())

    def _talk(self, loopback: Loopback, answers: dict[str, str]) -> None:
        verb, argument, sender, recipient = "GREETING", "", "", ""
        while True:
            reply = answers.get(verb, "500 5.5.2 what?")
            if reply == HANG_UP:
                return
            if verb == "AUTH":
                loopback.logged_in.append(base64.b64decode(argument.rpartition(" ")[2]).decode())
            if verb == "MAIL":
                sender = argument
            if verb == "RCPT":
                recipient = argument
            self._say(reply)
            if verb == "QUIT":
                return
            if verb == "DATA" and reply.startswith("354") and not self._take(loopback, answers, sender, recipient):
                return
            line = self.rfile.readline().decode().strip()
            if not line:
                return
            verb, _, argument = line.partition(" ")
            verb = verb.upper()

    def _take(self, loopback: Loopback, answers: dict[str, str], sender: str, recipient: str) -> bool:
        content = self._content()
        if content is None:
            return False
        loopback.whole.append(content)
        if answers["END"] == HOLD:
            loopback.held.set()
            loopback.released.wait(30)
            return False
        if answers["END"] == HANG_UP:
            return False
        if answers["END"].startswith("250"):
            loopback.taken.append(Taken(_between(sender), _between(recipient), content))
        self._say(answers["END"])
        return True

    def _content(self) -> bytes | None:
        """What comes until the lone point, None when the sender is gone before."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return None
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, reply: str) -> None:
        self.wfile.write(f"{reply}\r\n".encode())


def _between(argument: str) -> str:
    return argument.partition("<")[2].partition(">")[0]
