"""Log-ins that are refused: they wait, they are told, and nothing of what was typed is kept but a known account."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories.accounts import PASSWORD, account
from tests.web.conftest import words
from tripartite.accounts.rights import Role
from tripartite.accounts.services.log_ins import hash_of_name
from tripartite.journal.models import Entry
from tripartite.messages.queries import message_list

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HERE, THERE = "192.0.2.1", "198.51.100.9"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def _few(settings):
    """Three refusals of a pair, six of a network, eight of an account."""
    settings.CONFIG = replace(settings.CONFIG, log_in_tries=(3, 6, 8), limits={})


WRONG = "faux"


def log_in(email, password=WRONG, address=HERE):
    client = Client(REMOTE_ADDR=address)
    return client.post(reverse("login"), {"username": email, "password": password})


def statuses(*tries, **fields):
    return [log_in(one, **fields).status_code for one in tries]


def refusals():
    return [
        (one.subject_kind, one.text, one.details["waits"])
        for one in Entry.objects.filter(action="accounts.refuse-log-in")
    ]


def test_one_network_tries_no_further_accounts(clock):
    emails = [account().email for _ in range(8)]
    assert statuses(*emails) == [200] * 5 + [429] * 3
    answer = log_in(emails[7], PASSWORD)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "suspendue pendant 15 minutes" in words(answer)
    assert log_in(emails[7], PASSWORD, THERE).status_code == 302
    clock.shift(timedelta(minutes=15))
    assert log_in(emails[7], PASSWORD).status_code == 302


def test_names_that_are_nobodys_count_for_the_network_too():
    assert statuses(*(f"personne{place}@exemple.fr" for place in range(7))) == [200] * 5 + [429] * 2


def test_coming_in_does_not_start_the_network_again():
    own = account()
    emails = [account().email for _ in range(6)]
    assert statuses(*emails[:5]) == [200] * 5
    assert log_in(own.email, PASSWORD).status_code == 302
    assert log_in(emails[5]).status_code == 429


def test_an_ipv6_neighbour_is_the_same_and_another_network_is_not():
    one = account()
    assert [log_in(one.email, address=f"2001:db8::{place}").status_code for place in (1, 2, 3)] == [200, 200, 429]
    assert log_in(one.email, PASSWORD, "2001:db8::ffff").status_code == 429
    assert log_in(one.email, PASSWORD, "2001:db8:0:1::1").status_code == 302


def test_an_account_tried_from_everywhere_waits_an_hour_but_not_where_it_came_in_lately(clock):
    one = account()
    log_in(one.email, PASSWORD, THERE)
    clock.shift(timedelta(minutes=5))
    tries = [log_in(one.email, address=f"203.0.113.{place}").status_code for place in range(9)]
    assert tries == [200] * 7 + [429] * 2
    assert log_in(one.email, PASSWORD, HERE)["Retry-After"] == "3600"
    assert log_in(one.email, PASSWORD, THERE).status_code == 302
    clock.shift(timedelta(hours=1))
    assert log_in(one.email, PASSWORD, HERE).status_code == 302


def test_each_refusal_is_one_line_of_the_journal_and_those_that_wait_are_none():
    one = account()
    statuses(*[one.email.upper()] * 5)
    said = f"Connexion refusée : {one.email}, depuis {HERE}."
    assert refusals() == [
        ("account", said, False),
        ("account", said, False),
        ("account", f"{said} Les suivantes attendent.", True),
    ]


def test_a_password_typed_in_place_of_a_name_is_not_kept():
    secret = "une phrase bien secrète 2026"
    log_in(secret, "autre secret")
    ((kind, text, _),) = refusals()
    assert (kind, text) == (
        "log-in",
        f"Connexion refusée : compte inconnu (empreinte {hash_of_name(secret)}), depuis {HERE}.",
    )
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("accounts_", "axes_", "journal_", "messages_", "django_session")):
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of tables
                kept = repr(cursor.fetchall())
                assert (secret in kept, "autre secret" in kept) == (False, False), table


def test_the_person_is_told_from_the_fifth_of_a_day_once(clock):
    one = account()
    before = message_list().count()
    for place in range(4):
        log_in(one.email, address=f"203.0.113.{place}")
    assert message_list().count() == before
    for place in range(4, 7):
        log_in(one.email, address=f"203.0.113.{place}")
    (letter,) = message_list()[: message_list().count() - before]
    assert (letter.kind, letter.recipient) == ("accounts.refused-log-ins", one.email)
    assert "depuis l'adresse 203.0.113.4" in letter.text.replace("’", "'")
    clock.shift(timedelta(days=1))
    for place in range(5):
        log_in(one.email, address=f"203.0.113.{place}")
    assert message_list().count() == before + 2


def test_nobody_is_written_to_for_a_name_that_is_nobodys():
    before = message_list().count()
    for place in range(6):
        log_in("personne@exemple.fr", address=f"203.0.113.{place}")
    assert message_list().count() == before


def test_coming_in_says_when_one_last_came_and_what_was_refused_since(clock):
    one = account()
    client = Client(REMOTE_ADDR=HERE)

    def come():
        client.post(reverse("login"), {"username": one.email, "password": PASSWORD})
        page = words(client.get("/mentions-legales/"))
        client.post(reverse("logout"))
        clock.shift(timedelta(hours=1))
        return page

    assert "Dernière connexion" not in come()
    assert "Dernière connexion le 23/11/2026 à 13 h 00, depuis 192.0.2.1." in come()
    statuses(one.email, one.email, address=THERE)
    assert "Dernière connexion le 23/11/2026 à 14 h 00, depuis 192.0.2.1. 2 tentatives refusées depuis." in come()


def test_an_administrator_reads_and_takes_away_what_concerns_its_issuer(django_assert_num_queries):
    own, other = account(issuer_code="lfn"), account(issuer_code="cdg62")
    statuses(own.email, other.email, "personne@exemple.fr")
    log_in(own.email, PASSWORD, THERE)
    client = Client()
    client.force_login(account(role=Role.ADMINISTRATOR, issuer_code="lfn"))
    client.get(reverse("log-in-list"))
    with django_assert_num_queries(6):
        page = words(client.get(reverse("log-in-list")))
    assert (own.email in page, other.email in page, "compte inconnu" in page) == (True, False, True)
    statuses("x@exemple.fr", own.email)
    with django_assert_num_queries(6):
        client.get(reverse("log-in-list"))
    refused = words(client.get(reverse("log-in-list"), {"voir": "refusees"}))
    assert (THERE in refused, HERE in refused) == (False, True)
    found = words(client.get(reverse("log-in-list"), {"q": "198.51.100"}))
    assert (THERE in found, HERE in found) == (True, False)
    assert "Rien ici" in words(client.get(reverse("log-in-list"), {"q": "introuvable", "voir": "autre"}))
    lines = client.get(reverse("log-in-list"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert (lines[0], len(lines)) == ("Quand;Issue;Ce qui est dit;Adresse réseau", 6)


def test_the_settings_say_how_many(tmp_path):
    from tripartite.config import ConfigError, read_config  # noqa: PLC0415

    assert read_config({"TRIPARTITE_VAR": str(tmp_path)}).log_in_tries == (5, 20, 20)
    with pytest.raises(ConfigError, match="TRIPARTITE_LOG_IN_TRIES"):
        read_config({"TRIPARTITE_VAR": str(tmp_path), "TRIPARTITE_LOG_IN_TRIES": "5,20"})
