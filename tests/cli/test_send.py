"""`tripartite send`: once or in a loop, and what it says where there is no server."""

from dataclasses import replace
from threading import Event

import pytest
from django.utils import timezone

from tests.messages.outbox import now, queued
from tripartite.cli.main import main
from tripartite.cli.send import send_again_and_again
from tripartite.messages.services.sending import Tally
from tripartite.messages.transport import Answer, Outcome, configured_transport

pytestmark = pytest.mark.django_db


def test_once(loopback, capsys):
    queued(), queued()
    loopback.script.append({"RCPT": "550 5.1.1 inconnu"})

    assert main(["send"]) == 0
    assert capsys.readouterr().out == "Courriels envoyés : 1 ; remis à plus tard : 0 ; abandonnés : 1.\n"
    assert main(["send"]) == 0
    assert capsys.readouterr().out == "Courriels envoyés : 0 ; remis à plus tard : 0 ; abandonnés : 0.\n"


def test_without_a_server(loopback, settings, capsys):
    message = queued()
    settings.CONFIG = replace(settings.CONFIG, smtp="")

    assert main(["send"]) == 1
    assert capsys.readouterr().err == (
        "Aucun serveur de courrier : régler TRIPARTITE_SMTP.\n"
        "En mode local, les courriels sont gardés et se lisent dans l'application.\n"
    )
    assert now(message).state == "queued"


@pytest.mark.parametrize("pause", ["0", "-1", "jamais", "nan", "1e9"])
def test_a_pause_is_a_number_of_seconds(pause):
    with pytest.raises(SystemExit):
        main(["send", "--loop", pause])


class Stopping:
    """Takes every message, and says stop at the second."""

    def __init__(self, stopped):
        self.stopped, self.mails = stopped, []

    def deliver(self, mail):
        self.mails.append(mail)
        if len(self.mails) == 2:
            self.stopped.set()
        return Answer(Outcome.ACCEPTED)


def test_a_stop_lets_the_run_in_hand_end(loopback, monkeypatch):
    messages = [queued() for _ in range(21)]
    stopped = Event()
    stopping = Stopping(stopped)
    monkeypatch.setattr("tripartite.cli.send.close_old_connections", lambda: None)  # the test's own transaction
    send_again_and_again(stopping, pause=60, stopped=stopped)

    assert [now(message).state for message in messages] == ["sent"] * 20 + ["queued"]


def test_what_is_sent_bears_the_hour_of_sending(loopback):
    message = queued()
    before = timezone.now()
    assert configured_transport()
    main(["send"])
    assert before <= now(message).sent_at <= timezone.now()
    assert Tally(sent=1) + Tally(given_up=2) == Tally(1, 0, 2)
