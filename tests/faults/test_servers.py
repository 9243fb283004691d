"""Servers on a base that somebody holds, and two servers on one base."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.documents.racing import ROOT
from tests.factories.accounts import PASSWORD
from tests.faults.bases import Base, broken_laws
from tests.faults.conftest import Installation
from tests.faults.serving import Visitor, served

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
LOG_IN = "/connexion/"
UNCOUNTED = {"TRIPARTITE_LIMITS": "aucune"}


@pytest.fixture(scope="module", autouse=True)
def _one_stylesheet(installation: Installation) -> None:
    """What `tripartite setup` makes for the screens."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(command, cwd=ROOT, env=installation.environment, check=True)


def _environment(installation: Installation, base: Base) -> dict[str, str]:
    return installation.environment | UNCOUNTED | {"DATABASE_URL": base.url}


def _email(installation: Installation, base: Base) -> str:
    [(email,)] = base.ask(f"SELECT email FROM accounts_user WHERE id = {installation.given['agent']}")  # noqa: S608
    return str(email)


@contextmanager
def _held(base: Base) -> Iterator[None]:
    """Somebody else writes, and does not end: on SQLite the file, on PostgreSQL the tables that a log-in writes."""
    if base.vendor == "sqlite":
        with closing(sqlite3.connect(base.name, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    import psycopg  # noqa: PLC0415 - only where it is asked for

    with psycopg.connect(base.url) as other:
        other.execute("LOCK TABLE journal_entry, django_session IN EXCLUSIVE MODE")
        yield


def test_what_is_asked_of_a_base_that_somebody_holds_is_answered_try_again(installation: Installation) -> None:
    base = installation.copied("held")
    email = _email(installation, base)
    with served(_environment(installation, base), "--workers=1") as address:
        visitor = Visitor(address)
        before = base.rows()
        with _held(base):
            assert visitor.get("/")[0] == 200
            status, page = visitor.post(LOG_IN, username=email, password=PASSWORD)
            assert (status, "Service occupé" in page) == (503, True)
            assert base.rows() == before
        assert visitor.post(LOG_IN, username=email, password=PASSWORD)[0] == 200
    assert _log_ins(base) == 1
    assert broken_laws(base) == []


def test_two_servers_on_one_base_lose_nothing(installation: Installation) -> None:
    base = installation.copied("shared")
    email, each = _email(installation, base), 6
    with ExitStack() as opened:
        environment = _environment(installation, base)
        addresses = [opened.enter_context(served(environment, "--workers=1")) for _ in range(2)]

        def come_in(place: int) -> int:
            return Visitor(addresses[place % 2]).post(LOG_IN, username=email, password=PASSWORD)[0]

        with ThreadPoolExecutor(4) as hands:
            assert list(hands.map(come_in, range(2 * each))) == [200] * 2 * each
    assert _log_ins(base) == 2 * each
    assert base.ask("SELECT COUNT(*) FROM accounts_opensession") == [(2 * each,)]
    assert broken_laws(base) == []


def _log_ins(base: Base) -> int:
    [(number,)] = base.ask("SELECT COUNT(*) FROM journal_entry WHERE action = 'accounts.log-in'")
    return int(number)
