"""`tripartite worker`: does the background work, sends the e-mails, starts each day's job; as many as wanted."""

import argparse
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks.base import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from tripartite.jobs.services.recovery import pick_up_jobs, task_is_waiting
from tripartite.jobs.services.starting import start_daily_once
from tripartite.jobs.services.tasks import STOPPING
from tripartite.messages.services.sending import send_due_messages
from tripartite.messages.transport import configured_transport
from tripartite.upkeep.installation import unsafe_settings
from tripartite.upkeep.services.workers import forget_worker, note_worker

logger = logging.getLogger(__name__)
PAUSE = 1.0
"""Seconds between two looks at a queue that was empty."""
ROUND = 10.0
"""Seconds between two looks for jobs that a dead worker left, and for the day's job."""


class OneTask(Worker):
    """The queue's own worker, which here takes one task and comes back, so that the e-mails have their turn."""

    def __init__(self, worker_id: str) -> None:
        super().__init__(
            queue_names=["*"],
            interval=0,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=1,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        self.worked = False

    def run_task(self, db_task_result: DBTaskResult[Any, Any]) -> None:
        super().run_task(db_task_result)
        self.worked = True


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument(
        "--beside", type=int, metavar="PID", help="s'arrêter quand ce processus, qui l'a lancé, n'est plus là"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Work until told to stop, or until the process that it goes with is gone; the unit in hand is ended first.

    Exit status 1, said, when the installation is not set safely.
    """
    if unsafe := unsafe_settings(settings.CONFIG):
        print("\n".join(unsafe), file=sys.stderr)
        return 1
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: STOPPING.set())
    work(alone=lambda: arguments.beside is not None and os.getppid() != arguments.beside)
    return 0


def work(*, alone: Callable[[], bool] = lambda: False) -> None:
    """Take turns, and pause where there was nothing to do. A database that is away is said once, and waited for."""
    name, next_round, said = get_random_string(32), 0.0, ""
    label = f"{socket.gethostname()[:30]}-{os.getpid()}"
    while not (STOPPING.is_set() or alone()):
        close_old_connections()
        worked = False
        try:
            if monotonic() >= next_round:
                next_round = monotonic() + ROUND
                note_worker(name=label, at=timezone.now())
                go_round()
            worked, said = _send() | _take_one(name), ""
        except (OperationalError, InterfaceError) as error:
            if "no such table" in str(error):
                raise
            if said != (said := str(error).strip()):
                print(f"Base de données injoignable : {said}", file=sys.stderr, flush=True)
        except ProgrammingError:
            raise
        except Exception:
            logger.exception("Un tour de travail a échoué")
        if not worked:
            STOPPING.wait(PAUSE)
    with suppress(DatabaseError):
        forget_worker(name=label)


def go_round() -> None:
    """Start what the day brings once its hour has come, and pick up what a dead worker left."""
    at = timezone.now()
    here = timezone.localtime(at)
    hour = settings.CONFIG.daily_at
    if hour is not None and here.time() >= hour:
        start_daily_once(on=here.date(), at=at)
    pick_up_jobs(at=at)


def _send() -> bool:
    transport = configured_transport()
    return transport is not None and bool(send_due_messages(at=timezone.now(), limit=20, transport=transport))


def _take_one(name: str) -> bool:
    if not task_is_waiting():
        return False
    one = OneTask(name)
    one.run()
    return one.worked
