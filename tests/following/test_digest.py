"""The weekly letter of deadlines: once per account and week, to those who want it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import subscriptions
from tests.factories.accounts import AT, TESTER, account
from tripartite.accounts.rights import Role
from tripartite.accounts.services.people import deactivate_account
from tripartite.config import read_config
from tripartite.config_fields import ConfigError
from tripartite.following.queries.feeds import wants_digest
from tripartite.following.services import digest
from tripartite.following.services.digest import want_digest
from tripartite.jobs.kinds import JobError
from tripartite.messages.queries import messages_about

MONDAY = date(2027, 10, 4)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()


def wanting(**more: Any) -> Any:
    one = account(**more)
    want_digest(account_id=one.pk, wanted=True, actor=TESTER, at=AT)
    return one


def keys(on: date) -> list[str]:
    return [unit.key for unit in digest.units(on)]


def test_nobody_gets_it_without_asking() -> None:
    account()
    assert keys(MONDAY) == []


def test_it_is_written_once_a_week_to_each_account_that_wants_it() -> None:
    subscriptions.running({"messagerie-5go": 4})
    one = wanting()
    assert keys(MONDAY) == [f"digest:{one.pk}"]
    assert digest.run(f"digest:{one.pk}", MONDAY, TESTER, AT) is True
    assert digest.run(f"digest:{one.pk}", MONDAY, TESTER, AT) is False
    assert keys(MONDAY + timedelta(days=6)) == []
    assert keys(MONDAY + timedelta(days=7)) == [f"digest:{one.pk}"]
    (message,) = messages_about("account", one.pk)
    assert message.subject == "Échéances du 04/10/2027 au 03/12/2027"
    assert "23/11/2027, Ruitz" in message.text
    assert "Échéances fixées depuis le 23/11/2026 : 1er anniversaire le 23/11/2027" in message.text


def test_a_week_without_deadline_says_so() -> None:
    one = wanting()
    digest.run(f"digest:{one.pk}", MONDAY, TESTER, AT)
    (message,) = messages_about("account", one.pk)
    assert "Rien n'arrive à échéance d'ici là." in message.text


def test_a_day_missed_is_made_up_for_in_its_week() -> None:
    one = wanting()
    assert keys(MONDAY + timedelta(days=3)) == [f"digest:{one.pk}"]


def test_the_setting_says_the_day_and_the_reach(settings: Any) -> None:
    wanting()
    settings.CONFIG = replace(settings.CONFIG, digest=(2, 30))
    assert keys(MONDAY) == []
    assert len(keys(MONDAY + timedelta(days=2))) == 1
    settings.CONFIG = replace(settings.CONFIG, digest=None)
    assert keys(MONDAY + timedelta(days=2)) == []


@pytest.mark.parametrize("written", ["lundi", "lundi:0", "lundi:abc", "monday:60", "lundi:400"])
def test_a_setting_that_says_nothing_is_refused(written: str) -> None:
    with pytest.raises(ConfigError, match="TRIPARTITE_DIGEST"):
        read_config({"TRIPARTITE_DIGEST": written})


def test_the_setting_is_read() -> None:
    assert read_config({}).digest == (0, 60)
    assert read_config({"TRIPARTITE_DIGEST": "jeudi:14"}).digest == (3, 14)
    assert read_config({"TRIPARTITE_DIGEST": "jamais"}).digest is None


def test_who_no_longer_wants_it_or_has_no_account_gets_nothing() -> None:
    account(role=Role.ADMINISTRATOR)
    one, closed = wanting(), wanting()
    want_digest(account_id=one.pk, wanted=False, actor=TESTER, at=AT)
    deactivate_account(account=closed, actor=TESTER, at=AT)
    assert keys(MONDAY) == []
    assert digest.run(f"digest:{one.pk}", MONDAY, TESTER, AT) is False
    assert wants_digest(one.pk) is False


def test_another_key_is_refused() -> None:
    with pytest.raises(JobError):
        digest.run("autre", MONDAY, TESTER, AT)
