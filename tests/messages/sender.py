"""A sender in a process of its own: `python -m tests.messages.sender INSTANT [die]`.

Sends what is due at that instant, then prints the states of all messages. With `die`, it is killed (as by a power cut)
after the server's yes, before anything is noted.
"""

import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any


def send_all(place: int, given: dict[str, str]) -> int:
    """How many messages this sender sent, for `tests.documents.racing`."""
    return _send(datetime.fromisoformat(given["at"]))


def _send(at: datetime, *, die: bool = False) -> int:
    from tripartite.messages.services.sending import send_due_messages  # noqa: PLC0415 - Django is set up by then
    from tripartite.messages.transport import configured_transport  # noqa: PLC0415

    transport: Any = configured_transport()
    return send_due_messages(at=at, transport=_Dying(transport) if die else transport).sent


@dataclass
class _Dying:
    transport: Any

    def deliver(self, mail: Any) -> Any:
        self.transport.deliver(mail)
        os.kill(os.getpid(), signal.SIGKILL)


def _main() -> None:
    import django  # noqa: PLC0415 - a process of its own

    django.setup()
    from tripartite.messages.queries import message_list  # noqa: PLC0415

    _send(datetime.fromisoformat(sys.argv[1]), die="die" in sys.argv[2:])
    print(json.dumps([[one.state, one.attempts] for one in message_list()]))


if __name__ == "__main__":
    _main()
