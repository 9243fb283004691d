"""`tripartite send`: hand the waiting messages to the mail server, once or again and again."""

import argparse
import signal
import sys
from threading import Event

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from tripartite.messages.services.sending import Tally, send_due_messages
from tripartite.messages.transport import Transport, configured_transport


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument(
        "--loop", type=_seconds, metavar="SECONDES", help="recommencer sans fin, avec cette pause (sinon : une fois)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Send what is due. Exit status 1 where there is no mail server to send through."""
    transport = configured_transport()
    if transport is None:
        print("Aucun serveur de courrier : régler TRIPARTITE_SMTP.", file=sys.stderr)
        if settings.LOCAL:
            print("En mode local, les courriels sont gardés et se lisent dans l'application.", file=sys.stderr)
        return 1
    if arguments.loop is None:
        print(words(send_all(transport)))
        return 0
    send_again_and_again(transport, pause=arguments.loop, stopped=_stopped_by_signals())
    return 0


def send_all(transport: Transport) -> Tally:
    """Run after run, each at its own instant, until nothing is due any more."""
    whole = Tally()
    while done := send_due_messages(at=timezone.now(), transport=transport):
        whole += done
    return whole


def send_again_and_again(transport: Transport, *, pause: float, stopped: Event) -> None:
    """Send, wait, and so on until stopped; a database that is away for a while is said, and waited for."""
    while not stopped.is_set():
        close_old_connections()
        try:
            if done := send_due_messages(at=timezone.now(), limit=20, transport=transport):
                print(words(done), flush=True)
                continue
        except (OperationalError, InterfaceError) as error:
            print(f"Base de données injoignable : {str(error).strip()}", file=sys.stderr, flush=True)
        stopped.wait(pause)


def words(done: Tally) -> str:
    """What became of the messages, in one line."""
    return f"Courriels envoyés : {done.sent} ; remis à plus tard : {done.postponed} ; abandonnés : {done.given_up}."


def _stopped_by_signals() -> Event:
    """Set by Ctrl-C or by the system's stop: the message in hand is finished first."""
    stopped = Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    return stopped


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 1 <= seconds <= 86_400:
        raise ValueError(text)
    return seconds
