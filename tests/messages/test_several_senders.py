"""Senders in processes of their own, on a database that they share: killed in the middle, or many at once."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.bounds import PATIENCE
from tests.documents.racing import ROOT, race, shared_database
from tests.factories.accounts import AT
from tests.messages.outbox import later, queued
from tests.messages.server import HOLD

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture
def environment(loopback, tmp_path):
    """Answers the environment of a sender, once the messages are queued."""

    def environment():
        mail = {"TRIPARTITE_SMTP": loopback.url, "TRIPARTITE_MAIL_FROM": "Tripartite <tripartite@exemple.fr>"}
        return shared_database(tmp_path) | mail

    return environment


def start(environment, at, *words):
    command = [sys.executable, "-m", "tests.messages.sender", at.isoformat(), *words]
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE)


def states(environment, at):
    sender = start(environment, at)
    out, _ = sender.communicate(timeout=PATIENCE)
    assert sender.returncode == 0
    return json.loads(out)


def test_killed_before_the_servers_yes_the_message_goes_out_after_the_lease(loopback, environment):
    message = queued()
    shared = environment()
    loopback.script.append({"END": HOLD})
    sender = start(shared, AT)
    assert loopback.held.wait(PATIENCE)
    sender.kill()
    sender.communicate(timeout=PATIENCE)
    loopback.released.set()

    assert states(shared, later(minutes=9)) == [["sending", 1]]
    assert loopback.taken == []
    assert states(shared, later(minutes=10)) == [["sent", 2]]
    assert [one.message_id for one in loopback.taken] == [message.message_id]


def test_killed_between_the_servers_yes_and_our_note_it_goes_out_again_as_the_same_message(loopback, environment):
    message = queued()
    shared = environment()
    sender = start(shared, AT, "die")
    sender.communicate(timeout=PATIENCE)
    assert sender.returncode == -9

    assert states(shared, later(minutes=9)) == [["sending", 1]]
    assert states(shared, later(minutes=10)) == [["sent", 2]]
    assert states(shared, later(days=30)) == [["sent", 2]]
    assert [one.message_id for one in loopback.taken] == [message.message_id] * 2
    assert loopback.taken[0].content.splitlines()[:8] == loopback.taken[1].content.splitlines()[:8]


def test_many_senders_at_once_never_send_the_same_message_twice(loopback, environment):
    messages = [queued(subject=f"Devis {number}") for number in range(60)]

    answers = race(environment(), "tests.messages.sender:send_all", {"at": AT.isoformat()})

    assert len(answers) == 8
    assert sum(answers) == 60
    assert Counter(one.message_id for one in loopback.taken) == Counter(one.message_id for one in messages)


def test_the_command_stops_at_once_between_two_runs(loopback, environment):
    queued()
    command = [str(Path(sys.executable).with_name("tripartite")), "send", "--loop", "3600"]
    sender = subprocess.Popen(command, cwd=ROOT, env=environment(), text=True, stdout=subprocess.PIPE)
    assert sender.stdout
    assert sender.stdout.readline() == "Courriels envoyés : 1 ; remis à plus tard : 0 ; abandonnés : 0.\n"
    sender.terminate()
    sender.communicate(timeout=PATIENCE)
    assert sender.returncode == 0
