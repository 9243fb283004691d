"""Real workers, in processes of their own: several on a job, killed in the middle, told to stop, beside a server."""

import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from tests.bounds import PATIENCE
from tests.documents.racing import ROOT, shared_database
from tests.factories.accounts import AT, TESTER
from tests.messages.outbox import queued
from tripartite.jobs.services.starting import start_job

pytestmark = pytest.mark.usefixtures("transactional_db")
COMMAND = str(Path(sys.executable).with_name("tripartite"))


class Place:
    """A database with one job, the workers started on it, and what they have written."""

    def __init__(self, folder, opened):
        self.file = folder / "shared.sqlite3"
        self.gate = folder / "gate"
        self.opened = opened
        self.environment = shared_database(folder) | {
            "DJANGO_SETTINGS_MODULE": "tests.jobs.settings",
            "TRIPARTITE_DAILY_AT": "jamais",
        }
        if connection.vendor == "sqlite":  # opening a base costs more than asking it, and it is asked until it answers
            self.shared = opened.enter_context(closing(sqlite3.connect(self.file, timeout=PATIENCE)))

    def start(self, *words, **settings):
        process = self.opened.enter_context(
            subprocess.Popen(
                [COMMAND, *words], cwd=ROOT, env=self.environment | settings, stdout=subprocess.PIPE, text=True
            )
        )
        self.opened.callback(process.kill)
        return process

    def rows(self, question):
        """The answer of the database that the workers share, as they have committed it."""
        if connection.vendor != "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(question)
                return cursor.fetchall()
        return self.shared.execute(question).fetchall()

    def number_done(self):
        [(number,)] = self.rows("SELECT COUNT(*) FROM jobs_jobunit WHERE state = 'done'")
        return number

    def state(self):
        [(state,)] = self.rows("SELECT state FROM jobs_job")
        return state

    def times_written(self):
        """How many times the act of each unit is there, by key."""
        return dict(
            self.rows("SELECT subject_id, COUNT(*) FROM journal_entry WHERE action = 'trial' GROUP BY subject_id")
        )

    def hands(self):
        """The processes that wrote."""
        return {
            text.rpartition(" ")[2] for (text,) in self.rows("SELECT text FROM journal_entry WHERE action = 'trial'")
        }

    def pause(self, worker):
        """Stop a worker where it stands, once it holds no transaction that others would wait for."""
        while True:
            worker.send_signal(signal.SIGSTOP)
            if connection.vendor != "sqlite":
                return
            with closing(sqlite3.connect(self.file, timeout=0)) as shared:
                try:
                    shared.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    worker.send_signal(signal.SIGCONT)
                    time.sleep(0.01)
                else:
                    return

    def cut(self):
        """Close the connections of the workers from the server's side; SQLite has none."""
        if connection.vendor != "sqlite":
            self.rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def wait(self, true):
        until = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < until, self.rows("SELECT state, COUNT(*) FROM jobs_jobunit GROUP BY state")
            time.sleep(0.02)


@pytest.fixture
def with_job(tmp_path, settings):
    """Answers a place with a job of so many units, each of which writes a line and then takes so long; from the unit
    `gate` on, they wait until the gate of the place is there.
    """
    settings.JOBS = {**settings.JOBS, "trial": "tests.jobs.trial"}
    with ExitStack() as opened:

        def made(number, seconds, failing=(), **gate):
            parameters = {"keys": [f"{one:03}" for one in range(number)], "seconds": seconds, "failing": [*failing]}
            parameters |= gate and {**gate, "opens": str(tmp_path / "gate")}
            day = date(2026, 11, 23)
            start_job(kind="trial", title="Un essai", on=day, parameters=parameters, actor=TESTER, at=AT)
            return Place(tmp_path, opened)

        yield made


def each_once(number, but=()):
    return {f"{one:03}": 1 for one in range(number) if f"{one:03}" not in but}


def test_workers_killed_in_the_middle_lose_nothing_and_double_nothing(with_job):
    place = with_job(160, 0.01, failing=["007", "120"], gate="130")
    workers = [place.start("worker"), place.start("worker")]
    for kills in range(1, 5):
        place.wait(lambda kills=kills: place.number_done() >= 25 * kills)
        killed = workers.pop(0)
        killed.send_signal(signal.SIGKILL)
        killed.wait(timeout=PATIENCE)
        workers.append(place.start("worker"))
    assert place.state() == "running"

    place.gate.touch()
    place.wait(lambda: place.state() == "done-with-failures")
    assert place.times_written() == each_once(160, but=("007", "120"))
    assert place.rows("SELECT state, COUNT(*) FROM jobs_jobunit GROUP BY state ORDER BY state") == [
        ("done", 158),
        ("failed", 2),
    ]
    assert place.rows("SELECT text FROM journal_entry WHERE action = 'jobs.finish'") == [
        ("Un essai : 158 faits, 2 échecs.",)
    ]
    assert len(place.hands()) > 2


def test_two_workers_share_a_job(with_job):
    place = with_job(120, 0.02)
    workers = [place.start("worker")]
    place.wait(place.hands)
    place.pause(workers[0])
    workers.append(place.start("worker"))
    place.wait(lambda: len(place.hands()) == 2)
    workers[0].send_signal(signal.SIGCONT)
    place.wait(lambda: place.state() == "done")
    assert place.times_written() == each_once(120)
    assert place.hands() == {str(worker.pid) for worker in workers}


def test_a_connection_that_is_cut_fails_no_unit(with_job):
    place = with_job(60, 0.02)
    place.start("worker")
    for cuts in range(1, 4):
        place.wait(lambda cuts=cuts: place.number_done() >= 10 * cuts)
        place.cut()
    place.wait(lambda: place.state() == "done")
    assert place.times_written() == each_once(60)


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_a_worker_ends_the_unit_in_hand_and_leaves_the_rest_to_another(with_job, name):
    place = with_job(100, 0.05, gate="050")
    worker = place.start("worker")
    place.wait(lambda: place.number_done() >= 3)
    worker.send_signal(name)
    place.gate.touch()
    assert worker.wait(timeout=PATIENCE) == 0
    done = place.number_done()
    assert done < 100
    assert place.times_written() == each_once(done)
    assert place.state() == "running"

    place.start("worker")
    place.wait(lambda: place.state() == "done")
    assert place.times_written() == each_once(100)


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_server_of_one_machine_does_the_work_and_leaves_nobody_behind(with_job, name):
    place = with_job(3, 0.01)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = place.start("serve", "--workers=1", f"--port={port}")
    place.wait(lambda: place.state() == "done")
    assert place.times_written() == each_once(3)
    server.send_signal(name)
    server.communicate(timeout=PATIENCE)  # ends once nobody holds the other end of its output any more
    assert place.hands().isdisjoint({str(server.pid)})


def test_two_workers_start_the_job_of_the_day_once_and_send_the_messages_that_wait(with_job, loopback):
    queued()
    place = with_job(0, 0)
    mail = {"TRIPARTITE_SMTP": loopback.url, "TRIPARTITE_MAIL_FROM": "Tripartite <tripartite@exemple.fr>"}
    for _ in range(2):
        place.start("worker", TRIPARTITE_DAILY_AT="00:00", **mail)
    place.wait(lambda: place.rows("SELECT COUNT(*) FROM jobs_job WHERE state = 'done'") == [(2,)])
    place.wait(lambda: len(loopback.taken) == 1)
    assert place.rows("SELECT kind, once IS NULL FROM jobs_job ORDER BY kind") == [("daily", False), ("trial", True)]
