"""What tests of letters share: an act, the doors that do it, and the letters that it leaves in the outbox."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.factories import accounts, quotes
from tests.factories.accounts import AT, TESTER
from tripartite.accounts.services.links import create_access_link
from tripartite.cli.main import main
from tripartite.jobs.services.far import confirm_day
from tripartite.jobs.services.starting import start_daily
from tripartite.jobs.services.tasks import continue_job
from tripartite.messages.models import Message

MAYOR = "mairie@exemple.fr"
PRESIDENTS = {"lfn": "president@lfn.exemple.fr", "cdg62": "president@cdg62.exemple.fr"}
CONTACT = {"name": "Prénom NOM", "function": "Secrétaire", "email": MAYOR, "phone": "03 21 00 00 01"}
TOKEN = re.compile(r"(?<=/espace/lien/)[^/\s]+|^\d{6}$", re.MULTILINE)
"""What is drawn by lot in a letter: the secret of its link, a code."""


@dataclass(frozen=True)
class Doing:
    """What an act needs to be done by a door: what was prepared, when it is done, a folder to write in."""

    made: Any
    at: datetime
    folder: Path

    @property
    def on(self) -> date:
        return self.at.date()

    @property
    def done(self) -> dict[str, Any]:
        return {"actor": TESTER, "at": self.at}

    def post(self, view: str, /, *arguments: object, query: str = "", **fields: object) -> None:
        """Send the form of a screen, as an agent; the page that comes next must not be a refusal."""
        client = Client()
        client.force_login(accounts.account(issuer_code="cdg62", email="agent@cdg62.exemple.fr"))
        answer = client.post(reverse(view, args=arguments) + query, fields)
        assert answer.status_code == 302, answer.content.decode()

    def run(self, *arguments: str) -> None:
        assert main(list(arguments)) == 0


Door = Callable[[Doing], object]


@dataclass(frozen=True)
class Act:
    """An act: what comes before it, the doors that do it, whom it writes to and under what kind."""

    before: Callable[[], Any]
    doors: dict[str, Door]
    wanted: list[tuple[str, str]]
    at: datetime = AT


def quoted() -> Any:
    """A request whose quotes are out."""
    asked = quotes.request()
    quotes.issued(asked)
    return asked


def daily_job(doing: Doing) -> None:
    confirm_day(on=doing.on, **doing.done)
    continue_job.call(start_daily(on=doing.on, **doing.done).pk)


def daily_command(doing: Doing) -> None:
    doing.run("daily", "--on", doing.on.isoformat(), "--apply", "--confirm")


@contextmanager
def prepared(act: Act, folder: Path) -> Iterator[Doing]:
    """All that comes before an act is done, and its hour has come."""
    with time_machine.travel(AT, tick=False):
        made = act.before()
    with time_machine.travel(act.at, tick=False):
        yield Doing(made, act.at, folder)


def in_space(doing: Doing, request_id: int, email: str = MAYOR) -> Client:
    """A browser in a file, as who received a link at that address."""
    token = create_access_link(request_id=request_id, email=email, **doing.done)
    client = Client()
    client.post(reverse("space-link", args=[token]))
    return client


def letters(since: int) -> list[tuple[Any, ...]]:
    """What was queued since: kind, to whom, subject, how many papers, and the words but for what is drawn by lot."""
    found = Message.objects.filter(pk__gt=since).order_by("pk")
    return [
        (one.kind, one.recipient, one.recipient_name, one.subject, one.attachments.count(), TOKEN.sub("…", one.text))
        for one in found
    ]


def last_letter() -> int:
    return Message.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def by_services(act: Act, doing: Doing) -> list[tuple[Any, ...]]:
    """The letters that the act alone writes; the act is undone, so that a door may do it."""
    before = last_letter()
    with transaction.atomic():
        act.doors["services"](doing)
        written = letters(before)
        transaction.set_rollback(True)
    return written
