"""A mail server that is silent, talks nonsense, or hangs up: each letter goes once or is shown as not gone; the worker,
a real one, goes on.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.bounds import PATIENCE
from tests.faults.bases import Base
from tests.faults.conftest import Installation
from tests.faults.serving import running, wait_for
from tests.messages.server import HANG_UP, HOLD, Loopback

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
LETTERS = 4
CUT = "a coupé la conversation"
WAITING = "'queued', 'sending', 'failed'"


@pytest.fixture
def server() -> Iterator[Loopback]:
    opened = Loopback().open()
    yield opened
    opened.close()


def _environment(installation: Installation, base: Base, server: Loopback) -> dict[str, str]:
    mail = {"TRIPARTITE_SMTP": server.url, "TRIPARTITE_MAIL_FROM": "Tripartite <tripartite@exemple.fr>"}
    return installation.environment | mail | {"DATABASE_URL": base.url}


def _instant(base: Base, ahead: timedelta = timedelta(0)) -> str:
    zone = "" if base.vendor == "sqlite" else "+00"
    return f"{datetime.now(UTC) + ahead:%Y-%m-%d %H:%M:%S}{zone}"


def _queue(base: Base, ahead: timedelta = timedelta(0)) -> list[str]:
    """Have a few letters of the installation wait to go; their identities."""
    now = _instant(base, ahead)
    base.ask(
        f"UPDATE outbox_message SET state = 'queued', next_attempt_at = '{now}', queued_at = '{now}', sent_at = NULL"  # noqa: S608
        f" WHERE id IN (SELECT id FROM outbox_message ORDER BY id LIMIT {LETTERS})"
    )
    found = base.ask("SELECT message_id FROM outbox_message WHERE state = 'queued' ORDER BY id")
    assert len(found) == LETTERS
    return [one for (one,) in found]


def _states(base: Base) -> dict[str, int]:
    asked = f"SELECT state, COUNT(*) FROM outbox_message WHERE state IN ({WAITING}, 'sent') GROUP BY state"  # noqa: S608
    return dict(base.ask(asked))


def _try_again_now(base: Base) -> None:
    base.ask(f"UPDATE outbox_message SET next_attempt_at = '{_instant(base)}' WHERE state = 'failed'")  # noqa: S608


def test_nonsense_and_cuts_lose_no_letter_and_the_worker_goes_on(installation: Installation, server: Loopback) -> None:
    base = installation.copied("mail")
    letters = _queue(base)
    server.script += [{"GREETING": "SSH-2.0-OpenSSH_9.2"}, {"RCPT": HANG_UP}, {"END": HANG_UP}, {"MAIL": "nonsense"}]
    with running(_environment(installation, base, server), "worker"):
        wait_for(lambda: _states(base) == {"failed": LETTERS})
        said = {reason for (reason,) in base.ask("SELECT last_error FROM outbox_message WHERE state = 'failed'")}
        assert said == {
            f"Le serveur de courrier {CUT}.",
            "Le serveur de courrier répond autrement qu'attendu.",
        }
        _try_again_now(base)
        wait_for(lambda: _states(base) == {"sent": LETTERS})
    assert Counter(one.message_id for one in server.taken) == Counter(letters)
    assert len(server.whole) == LETTERS + 1  # the one that was cut after its last word had come whole already


@pytest.mark.quick
def test_what_a_clock_that_ran_ahead_put_off_goes_at_once(installation: Installation, server: Loopback) -> None:
    base = installation.copied("ahead")
    letters = _queue(base, timedelta(days=3650))
    with running(_environment(installation, base, server), "worker"):
        wait_for(lambda: _states(base) == {"sent": LETTERS})
    assert Counter(one.message_id for one in server.taken) == Counter(letters)


def test_a_silent_server_is_given_up_for_the_moment(installation: Installation, server: Loopback) -> None:
    """After half a minute, whatever was said: what it holds is no letter gone."""
    base = installation.copied("silent")
    letters = _queue(base)
    server.script += [{"END": HOLD}]
    with running(_environment(installation, base, server), "worker"):
        assert server.held.wait(PATIENCE)
        wait_for(lambda: _states(base) == {"sent": LETTERS - 1, "failed": 1})
        [(reason,)] = base.ask("SELECT last_error FROM outbox_message WHERE state = 'failed'")
        assert reason in {f"Le serveur de courrier {words}." for words in ("ne répond pas à temps", CUT)}
        _try_again_now(base)
        wait_for(lambda: _states(base) == {"sent": LETTERS})
    assert Counter(one.message_id for one in server.taken) == Counter(letters)
