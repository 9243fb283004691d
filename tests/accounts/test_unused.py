"""Accounts that nobody uses: warned, then closed, never the last administrator's; sessions erased once ended."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.factories.accounts import AT, TESTER, account
from tripartite.accounts.models import OpenSession
from tripartite.accounts.queries import account_by_id
from tripartite.accounts.rights import Role
from tripartite.accounts.services import unused
from tripartite.accounts.services.people import deactivate_account, reactivate_account
from tripartite.accounts.services.sessions import begin_session
from tripartite.config import read_config
from tripartite.config_fields import ConfigError
from tripartite.jobs.kinds import JobError
from tripartite.journal.queries import entries_about
from tripartite.messages.queries import messages_about

BEGUN = date(2026, 11, 23)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _four_hundred_days(settings):
    settings.CONFIG = replace(settings.CONFIG, unused_after=timedelta(days=400))


def noon(day):
    return timezone.make_aware(datetime.combine(day, datetime.min.time()) + timedelta(hours=12))


def a_day(days):
    """What that day brings, done; the keys of what there was."""
    on = BEGUN + timedelta(days=days)
    keys = [unit.key for unit in unused.units(on)]
    assert [unused.run(key, on, TESTER, noon(on)) for key in keys] == [True] * len(keys)
    return keys


def is_open(one):
    return account_by_id(one.pk).is_active


def test_an_account_is_warned_then_closed_thirty_days_later() -> None:
    one = account()
    assert (a_day(369), a_day(370), a_day(371)) == ([], [f"unused-warn:{one.pk}"], [])
    (letter,) = messages_about("account", one.pk)
    assert letter.subject == "Votre compte va être fermé, faute d'usage"
    assert f"{BEGUN + timedelta(days=400):%d/%m/%Y}" in letter.text
    assert (a_day(399), is_open(one)) == ([], True)
    assert (a_day(400), is_open(one), a_day(401)) == ([f"unused-close:{one.pk}"], False, [])
    assert f"Compte fermé : {one.email}, faute d'usage." in [entry.text for entry in entries_about("account", one.pk)]


def test_whoever_was_never_warned_has_thirty_days_however_late_it_is() -> None:
    one = account()
    assert a_day(1000) == [f"unused-warn:{one.pk}"]
    assert (a_day(1029), a_day(1030)) == ([], [f"unused-close:{one.pk}"])


def test_a_log_in_starts_again() -> None:
    one = account()
    a_day(370)
    one = account_by_id(one.pk)
    one.last_login = noon(BEGUN + timedelta(days=380))
    one.save()
    assert (a_day(400), a_day(749), a_day(750)) == ([], [], [f"unused-warn:{one.pk}"])


def test_an_account_opened_again_starts_again() -> None:
    one = account()
    deactivate_account(account=one, actor=TESTER, at=AT)
    reactivate_account(account=one, actor=TESTER, at=noon(BEGUN + timedelta(days=500)))
    assert (a_day(869), a_day(870)) == ([], [f"unused-warn:{one.pk}"])


def test_the_last_administrator_is_never_closed() -> None:
    first, second = account(role=Role.ADMINISTRATOR), account(role=Role.ADMINISTRATOR)
    assert len(a_day(370)) == 2
    on = BEGUN + timedelta(days=400)
    keys = [unit.key for unit in unused.units(on)]
    assert [unused.run(key, on, TESTER, noon(on)) for key in keys] == [True, False]
    assert [is_open(one) for one in (first, second)].count(True) == 1
    assert a_day(900) == []


def test_never_means_never(settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, unused_after=None)
    account()
    assert a_day(3000) == []


def test_sessions_are_erased_once_they_have_ended() -> None:
    one = account()
    for key, at in (("finie", AT), ("en cours", AT + timedelta(days=2))):
        Session.objects.create(session_key=key, session_data="", expire_date=at + timedelta(hours=12))
        begin_session(account=one, session_key=key, device="Firefox", address="192.0.2.1", actor=TESTER, at=at)
    assert a_day(2) == ["sessions:erase"]
    assert [row.session_key for row in Session.objects.all()] == ["en cours"]
    assert [row.session_key for row in OpenSession.objects.all()] == ["en cours"]
    assert a_day(2) == []


def test_another_key_is_refused() -> None:
    with pytest.raises(JobError):
        unused.run("autre:1", BEGUN, TESTER, AT)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("UNUSED_DAYS", "59"),
        ("UNUSED_DAYS", "toujours"),
        ("SECOND_FACTOR", "chef"),
        ("SECOND_FACTOR", "agent,"),
        ("SESSION_HOURS", "25"),
        ("SESSION_IDLE_MINUTES", "0"),
        ("RESET_MINUTES", "-1"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(tmp_path, name, value) -> None:
    with pytest.raises(ConfigError, match=f"TRIPARTITE_{name}"):
        read_config({"TRIPARTITE_VAR": str(tmp_path), f"TRIPARTITE_{name}": value})


def test_a_server_asks_every_role_for_a_second_factor_and_a_trial_none(tmp_path) -> None:
    server = {"TRIPARTITE_MODE": "server", "TRIPARTITE_SECRET_KEY": "x" * 50, "TRIPARTITE_HOSTS": "exemple.fr"}
    local, served = (read_config({"TRIPARTITE_VAR": str(tmp_path)} | given) for given in ({}, server))
    assert (local.second_factor, local.unused_after) == (frozenset(), None)
    assert (served.second_factor, served.unused_after) == (frozenset(Role), timedelta(days=400))
    some = read_config({"TRIPARTITE_VAR": str(tmp_path), "TRIPARTITE_SECOND_FACTOR": "administrateur, responsable"})
    assert some.second_factor == {Role.ADMINISTRATOR, Role.MANAGER}
