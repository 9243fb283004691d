"""A forgotten password: the same answer for all, a link good once, the sessions closed, the person told."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.accounts import AT, PASSWORD, TESTER, account
from tests.web.conftest import errors, words
from tripartite.accounts.queries import account_by_email
from tripartite.accounts.services.people import deactivate_account
from tripartite.journal.queries import entries_about
from tripartite.messages.models import Message
from tripartite.messages.queries import messages_about
from tripartite.messages.veil import without_secrets

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NEW = "une autre phrase bien à moi"

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def ask(client, email, network="192.0.2.1"):
    return client.post(reverse("password-forgotten"), {"email": email}, REMOTE_ADDR=network)


def link_of(one):
    """The path of the link in the last letter."""
    text = messages_about("account", one.pk).filter(kind="accounts.reset").order_by("-id")[0].text
    return re.search(r"https?://[^/]+(/mot-de-passe/nouveau/\S+)", text)[1]


def choose(client, path, password=NEW, again=None):
    return client.post(path, {"password": password, "again": again or password})


def test_the_answer_is_the_same_with_and_without_an_account_and_only_one_letter_is_written(client, clock):
    one, closed = account(), account()
    deactivate_account(account=closed, actor=TESTER, at=AT)
    before = Message.objects.count()
    pages = []
    for email in (one.email.upper(), closed.email, "personne@mairie.exemple.fr"):
        answer = ask(Client(), email)
        pages.append((answer.status_code, answer["Location"], sorted(answer.cookies)))
    assert pages[0] == pages[1] == pages[2]
    assert Message.objects.count() == before + 1
    assert [entry.action for entry in entries_about("account", one.pk)][1:] == ["accounts.ask-reset", "messages.queue"]
    assert entries_about("account", 0).count() == 0


def test_the_work_done_is_the_same_with_and_without_an_account(client, clock):
    one = account()
    ask(client, "avant@mairie.exemple.fr")
    done = []
    for email in (one.email, "personne@mairie.exemple.fr"):
        with CaptureQueriesContext(connection) as queries:
            ask(Client(), email)
        done.append([query["sql"].split()[0] for query in queries])
    known, unknown = done
    assert [word for word in known if word != "RELEASE"] == [
        word for word in unknown if word not in ("RELEASE", "ROLLBACK")
    ]
    assert (len(known), known.count("INSERT") > 2) == (len(unknown), True)


def test_the_link_gives_a_new_password_once_and_the_person_is_told(client, clock):
    one = account()
    elsewhere = Client()
    elsewhere.force_login(one)
    ask(client, one.email)
    path = link_of(one)
    assert client.get(path)["Cache-Control"].count("no-store") == 1
    assert choose(client, path)["Location"] == reverse("login")
    assert account_by_email(one.email).check_password(NEW)
    assert elsewhere.get(reverse("own-sessions")).status_code == 302
    assert "_auth_user_id" not in client.session
    last = messages_about("account", one.pk).order_by("-id")[0]
    assert last.subject == "Votre mot de passe a changé"
    assert (client.get(path).status_code, choose(client, path, PASSWORD).status_code) == (410, 410)
    assert account_by_email(one.email).check_password(NEW)


def test_the_link_lasts_an_hour_and_a_log_in_ends_it(client, clock):
    one = account()
    ask(client, one.email)
    path = link_of(one)
    clock.shift(timedelta(minutes=60))
    assert client.get(path).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert client.get(path).status_code == 410
    ask(client, one.email)
    Client().post(reverse("login"), {"username": one.email, "password": PASSWORD})
    assert client.get(link_of(one)).status_code == 410


@pytest.mark.parametrize("secret", ["x", "1-", "-", "1-x-y", "9" * 40 + "-a-b", "é-1", "1-c0ffee-" + "0" * 32])
def test_a_link_that_is_none_says_so(client, clock, secret):
    answer = client.get(reverse("password-reset", args=[secret]))
    assert (answer.status_code, "Demander un autre lien" in words(answer)) == (410, True)


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [("court", "court", "trop court"), (NEW, "autre", "Les deux saisies"), ("motdepasse1234", None, "très courants")],
)
def test_a_password_that_cannot_be_leaves_the_link_good(client, clock, password, again, said):
    one = account()
    ask(client, one.email)
    answer = choose(client, link_of(one), password, again)
    assert (answer.status_code, said in errors(answer)) == (422, True)
    assert choose(client, link_of(one)).status_code == 302


def test_an_address_is_written_to_three_times_an_hour_and_a_network_asks_ten_times(client, clock):
    one = account()
    assert [ask(client, one.email).status_code for _ in range(10)] == [302] * 10
    assert messages_about("account", one.pk).filter(kind="accounts.reset").count() == 3
    assert ask(client, "autre@mairie.exemple.fr").status_code == 429
    assert ask(client, "autre@mairie.exemple.fr", "192.0.2.2").status_code == 302


def test_the_link_is_veiled_from_whoever_reads_the_letters(client, clock):
    one = account()
    ask(client, one.email)
    letter = messages_about("account", one.pk).order_by("-id")[0]
    secret = link_of(one).split("/")[3]
    assert secret in letter.text
    for text in (letter.text, letter.html):
        assert secret not in without_secrets(text, letter.kind)


def test_a_link_for_a_one_time_password_replaces_it(client, clock):
    one = account(one_time=True)
    ask(client, one.email)
    choose(client, link_of(one))
    found = account_by_email(one.email)
    assert (found.must_change_password, found.password_expires_at) == (False, None)
