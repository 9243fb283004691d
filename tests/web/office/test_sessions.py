"""« Mes sessions » : seen, closed, ended by time; and what a browser is called."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import PASSWORD, account
from tests.web.conftest import words
from tripartite.accounts import queries
from tripartite.accounts.models import OpenSession
from tripartite.accounts.rights import Role
from tripartite.web.shell.devices import device_words

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def browser(one, agent=FIREFOX, address="192.0.2.1"):
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    client.post(reverse("login"), {"username": one.email, "password": PASSWORD})
    return client


def is_in(client):
    return client.get(reverse("own-sessions")).status_code == 200


def test_one_sees_where_one_is_open_and_closes_another(clock):
    one = account()
    here = browser(one)
    clock.shift(timedelta(minutes=3))
    there = browser(one, PHONE, "2001:db8::1")
    page = words(here.get(reverse("own-sessions")))
    assert "Safari sur iPhone 2001:db8::1 23/11/2026 à 13 h 03 23/11/2026 à 13 h 03 Fermer" in page
    assert "Firefox sur Windows 192.0.2.1 23/11/2026 à 13 h 00 23/11/2026 à 13 h 03 celle-ci" in page
    other = next(session for session in queries.sessions_of(one.pk, at=NOON) if session.device.startswith("Safari"))
    here.post(reverse("own-session-close", args=[other.pk]))
    assert (is_in(here), is_in(there)) == (True, False)


def test_one_closes_all_the_others_and_nobody_elses(clock):
    one, stranger = account(), account()
    here, there, theirs = browser(one), browser(one), browser(stranger)
    key = queries.sessions_of(stranger.pk, at=NOON)[0].pk
    here.post(reverse("own-session-close", args=[key]))
    here.post(reverse("own-sessions-close"))
    assert (is_in(here), is_in(there), is_in(theirs)) == (True, False, True)


def test_an_administrator_closes_those_of_an_account_but_its_own(clock):
    administrator, one = account(role=Role.ADMINISTRATOR), account()
    here, there = browser(administrator), browser(one)
    here.post(reverse("account-sessions", args=[one.pk]))
    here.post(reverse("account-sessions", args=[administrator.pk]))
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_session_unused_for_two_hours_ends(clock):
    one = browser(account())
    for _ in range(3):
        clock.shift(timedelta(minutes=119))
        assert is_in(one)
    clock.shift(timedelta(minutes=121))
    answer = one.get(reverse("own-sessions"), follow=True)
    assert "Votre session est finie : reconnectez-vous." in words(answer)
    assert not OpenSession.objects.exists()


def test_a_session_in_use_ends_after_twelve_hours(clock):
    one = browser(account())
    for _ in range(11):
        clock.shift(timedelta(hours=1))
        assert is_in(one)
    clock.shift(timedelta(hours=1))
    assert not is_in(one)


def test_a_session_begun_by_a_clock_that_ran_ahead_ends_once_the_clock_is_right(clock):
    clock.shift(timedelta(days=3650))
    one = browser(account())
    assert is_in(one)
    clock.shift(timedelta(days=-3650))
    assert not is_in(one)


def test_a_clock_set_back_by_a_little_ends_no_session(clock):
    one = browser(account())
    clock.shift(timedelta(minutes=-119))
    assert is_in(one)


def test_going_out_takes_the_session_off_the_list(clock):
    one = account()
    browser(one).post(reverse("logout"))
    assert queries.sessions_of(one.pk, at=NOON) == []


def test_a_changed_password_keeps_this_session_on_the_list_and_no_other(clock):
    one = account()
    here, there = browser(one), browser(one)
    new = "une autre phrase bien à moi"
    here.post(reverse("password-change"), {"present": PASSWORD, "password": new, "again": new})
    assert (is_in(here), is_in(there)) == (True, False)
    assert [session.session_key for session in queries.sessions_of(one.pk, at=NOON)] == [here.session.session_key]


def test_a_changed_role_logs_in_again(clock):
    administrator, one = account(role=Role.ADMINISTRATOR), account()
    here, there = browser(administrator), browser(one)
    here.post(reverse("account-change", args=[one.pk]), {"name": one.name, "role": "manager"})
    assert (is_in(here), is_in(there)) == (True, False)


def test_the_list_costs_the_same_with_one_and_three_sessions(clock, django_assert_num_queries):
    one = account()
    here = browser(one)
    with django_assert_num_queries(4):
        here.get(reverse("own-sessions"))
    browser(one), browser(one)
    with django_assert_num_queries(4):
        assert here.get(reverse("own-sessions")).content.decode().count('scope="row"') == 3


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox sur Windows"),
        (PHONE, "Safari sur iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge sur Linux"),
        ("", "navigateur inconnu"),
        ("<script>" * 1000, "navigateur inconnu"),
    ],
)
def test_a_browser_is_called_in_a_few_words(agent, said):
    assert device_words(agent) == said
