"""Coming in and going out: throttling, one-time passwords, sessions, journal."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import AT, PASSWORD, TESTER, account
from tripartite.accounts import queries
from tripartite.accounts.rights import Role
from tripartite.accounts.services.people import deactivate_account
from tripartite.journal.queries import entries_about

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WRONG = "Adresse électronique ou mot de passe incorrect."
LOCKED = "suspendue pendant 15 minutes"


def log_in(client, email, password=PASSWORD, address="192.0.2.1", **fields):
    fields = {"username": email, "password": password, **fields}
    return client.post(reverse("login"), fields, REMOTE_ADDR=address)


def is_in(client):
    return "_auth_user_id" in client.session


def test_in_and_out_are_journaled_with_the_address(client):
    one = account()
    answer = log_in(client, one.email.upper())
    assert (answer.status_code, answer["Location"]) == (302, reverse("request-list"))
    client.post(reverse("logout"), REMOTE_ADDR="192.0.2.1")
    assert not is_in(client)
    told = [(entry.action, entry.actor_id, entry.details) for entry in entries_about("account", one.pk)][1:]
    assert told == [
        ("accounts.log-in", one.pk, {"address": "192.0.2.1"}),
        ("accounts.log-out", one.pk, {"address": "192.0.2.1"}),
    ]


def test_going_out_is_not_a_link(client):
    client.force_login(account())
    assert client.get(reverse("logout")).status_code == 405
    assert is_in(client)


def test_a_wrong_password_an_unknown_address_and_a_closed_account_get_one_answer(client):
    one, closed = account(), account()
    deactivate_account(account=closed, actor=TESTER, at=AT)
    pages = [
        log_in(client, one.email, "un mauvais mot de passe").content.decode(),
        log_in(client, "personne@mairie.exemple.fr").content.decode(),
        log_in(client, closed.email).content.decode(),
    ]
    assert [WRONG in page for page in pages] == [True, True, True]
    assert not is_in(client)


def test_what_was_typed_is_kept_but_not_the_password(client):
    page = log_in(client, "personne@mairie.exemple.fr", "un secret tapé").content.decode()
    assert 'value="personne@mairie.exemple.fr"' in page
    assert "un secret tapé" not in page


@pytest.mark.parametrize("email", ["", "x" * 300, "a\x00b@mairie.exemple.fr", "' OR 1=1 --", "🦊@é.fr"])
def test_absurd_addresses_are_refused_politely(client, email):
    answer = log_in(client, email)
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()


def test_five_failures_suspend_the_pair_of_account_and_address(client):
    one, other = account(), account()
    with time_machine.travel(NOON, tick=False) as clock:
        statuses = [log_in(client, one.email, "faux").status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 200, 429]
        answer = log_in(client, one.email)
        assert answer.status_code == 429
        assert LOCKED in answer.content.decode()
        assert not is_in(client)

        assert log_in(client, other.email).status_code == 302
        client.logout()
        assert log_in(client, one.email, address="192.0.2.2").status_code == 302
        client.logout()

        clock.shift(timedelta(minutes=14))
        assert log_in(client, one.email).status_code == 429
        clock.shift(timedelta(minutes=2))
        assert log_in(client, one.email).status_code == 302


def test_coming_in_forgets_earlier_failures(client):
    one = account()
    for _ in range(2):
        for _ in range(4):
            log_in(client, one.email, "faux")
        assert log_in(client, one.email).status_code == 302
        client.logout()


def test_capitals_do_not_give_five_more_tries(client):
    one = account()
    statuses = [log_in(client, e, "faux").status_code for e in [one.email, one.email.upper()] * 3]
    assert statuses == [200, 200, 200, 200, 429, 429]


def test_the_next_page_is_one_of_ours(client):
    one = account()
    assert log_in(client, one.email, next="/comptes/")["Location"] == "/comptes/"
    client.logout()
    assert log_in(client, one.email, next="https://ailleurs.exemple.fr/")["Location"] == reverse("request-list")


@pytest.mark.parametrize("role", sorted(Role))
def test_everyone_begins_where_its_work_is(client, role):
    one = account(role=role)
    first = reverse("billing-home" if role == Role.ACCOUNTANT else "request-list")
    assert log_in(client, one.email)["Location"] == first
    assert client.get(reverse("login"))["Location"] == first


def test_a_one_time_password_leads_to_its_replacement_and_nowhere_else(client):
    one = account(one_time=True)
    with time_machine.travel(NOON, tick=False):
        assert log_in(client, one.email)["Location"] == reverse("password-change")
        assert client.get(reverse("request-list"))["Location"] == reverse("password-change")
        new = "une autre phrase bien à moi"
        answer = client.post(reverse("password-change"), {"present": PASSWORD, "password": new, "again": new})
        assert answer["Location"] == reverse("request-list")
        assert is_in(client)
        assert client.get(reverse("password-change")).status_code == 200
    assert not queries.account_by_email(one.email).must_change_password


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"present": "faux"}, "Ce n'est pas le mot de passe actuel"),
        ({"password": PASSWORD, "again": PASSWORD}, "différent de l'actuel"),
        ({"password": "court", "again": "court"}, "trop court"),
        ({"again": "autre chose que cela"}, "Les deux saisies"),
        ({"password": ""}, "obligatoire"),
    ],
)
def test_a_password_that_cannot_be_is_refused_by_its_field(client, fields, message):
    one = account()
    client.force_login(one)
    new = "une autre phrase bien à moi"
    sent = {"present": PASSWORD, "password": new, "again": new, **fields}
    page = client.post(reverse("password-change"), sent).content.decode().replace("&#x27;", "'")
    assert message in page
    assert queries.account_by_email(one.email).check_password(PASSWORD)


def test_changing_the_password_ends_the_other_sessions(client):
    one = account()
    elsewhere = Client()
    client.force_login(one)
    elsewhere.force_login(one)
    new = "une autre phrase bien à moi"
    client.post(reverse("password-change"), {"present": PASSWORD, "password": new, "again": new})
    assert elsewhere.get(reverse("password-change")).status_code == 302
    assert client.get(reverse("password-change")).status_code == 200


def test_a_session_lasts_twelve_hours_in_a_cookie_that_scripts_cannot_read(client):
    with time_machine.travel(NOON, tick=False) as clock:
        answer = log_in(client, account().email)
        cookie = answer.cookies["sessionid"]
        assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (12 * 3600, True, "Lax")
        for minutes in (119,) * 6:
            clock.shift(timedelta(minutes=minutes))
            assert client.get(reverse("password-change")).status_code == 200
        clock.shift(timedelta(minutes=7))
        assert client.get(reverse("password-change")).status_code == 302


def test_a_closed_account_is_out_at_once(client):
    one = account()
    client.force_login(one)
    deactivate_account(account=one, actor=TESTER, at=AT)
    assert client.get(reverse("password-change")).status_code == 302
