"""Links to one file: told once, kept as a hash, good once, for some days, then open for some hours."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from tests.factories.accounts import AT, TESTER
from tripartite.accounts.queries import deposits_of, open_link, usable_links
from tripartite.accounts.services.attempts import count_attempt
from tripartite.accounts.services.deposits import deposit_act
from tripartite.accounts.services.links import close_access, create_access_link, open_access_link, revoke_access_links
from tripartite.config import CodeChannel, read_config
from tripartite.config_fields import ConfigError
from tripartite.journal.queries import entries_about

EMAIL = "mairie@exemple.fr"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def make(request_id=7, email=EMAIL, at=AT):
    return create_access_link(request_id=request_id, email=email, actor=TESTER, at=at)


def opened(token, at=AT):
    return open_access_link(token=token, actor=TESTER, at=at, address="192.0.2.1")


def entries(request_id=7):
    return list(entries_about("request", request_id))


def everything_kept():
    """Every value of every row of the accounts and of the journal, as text."""
    tables = ("accounts_accesslink", "accounts_onetimecode", "accounts_use", "journal_entry")
    with connection.cursor() as cursor:
        rows = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own tables
            rows += cursor.fetchall()
    return repr(rows)


def test_a_link_opens_one_file_for_one_address() -> None:
    link = opened(make(email=" Mairie@Exemple.FR "))
    assert (link.request_id, link.email, link.used_at, link.ends_at) == (7, EMAIL, AT, AT + 4 * HOUR)
    assert open_link(link.pk, at=AT) == link


def test_the_secret_is_nowhere_in_the_base() -> None:
    token = make()
    assert re.fullmatch(r"[\w-]{43}", token)
    opened(token)
    assert token not in everything_kept()


def test_a_link_serves_once() -> None:
    token = make()
    assert usable_links(token, at=AT).exists()
    assert opened(token) is not None
    assert (opened(token), usable_links(token, at=AT).exists()) == (None, False)


@pytest.mark.parametrize(("after", "opens"), [(7 * DAY - timedelta(seconds=1), True), (7 * DAY, False)])
def test_a_link_lasts_seven_days(after, opens) -> None:
    token = make()
    assert (opened(token, AT + after) is not None) is opens


@pytest.mark.parametrize("token", ["", "x", "é" * 50, "a\x00b", "\ud800", "x" * 10_000])
def test_what_is_no_secret_opens_nothing(token) -> None:
    make()
    assert opened(token) is None


def test_what_a_link_opened_ends_after_its_hours() -> None:
    link = opened(make())
    assert open_link(link.pk, at=AT + 4 * HOUR - timedelta(seconds=1)) == link
    assert open_link(link.pk, at=AT + 4 * HOUR) is None


def test_a_link_that_was_not_opened_lets_nobody_in() -> None:
    make()
    assert open_link(1, at=AT) is None


def test_going_out_ends_it_at_once() -> None:
    link = opened(make())
    for _ in range(2):
        close_access(link_id=link.pk, actor=TESTER, at=AT)
    assert open_link(link.pk, at=AT) is None
    assert [entry.action for entry in entries()].count("accounts.revoke-link") == 1


def test_the_links_of_an_address_that_is_left_end_opened_or_not() -> None:
    inside, waiting, other = opened(make()), make(), make(email="president@exemple.fr")
    elsewhere = make(request_id=8)

    assert revoke_access_links(request_id=7, email="MAIRIE@exemple.fr", actor=TESTER, at=AT) == 2

    assert (open_link(inside.pk, at=AT), opened(waiting)) == (None, None)
    assert (opened(other) is not None, opened(elsewhere) is not None) == (True, True)


def test_the_journal_tells_each_act_without_the_whole_address() -> None:
    opened(make())
    revoke_access_links(request_id=7, email=EMAIL, actor=TESTER, at=AT)
    assert [(entry.action, entry.text) for entry in entries()] == [
        ("accounts.create-link", "Lien d'accès créé pour m…@exemple.fr, jusqu'au 30/11/2026."),
        ("accounts.open-link", "Dossier ouvert par le lien de m…@exemple.fr."),
        ("accounts.revoke-link", "Lien de m…@exemple.fr annulé."),
    ]


def test_attempts_are_counted_for_an_hour_by_whoever_makes_them() -> None:
    def tries(after, who="192.0.2.1"):
        return count_attempt(purpose="essai", who=who, most=((HOUR, 2),), at=AT + after)

    minutes = timedelta(minutes=1)
    assert [tries(0 * minutes), tries(30 * minutes), tries(59 * minutes)] == [True, True, False]
    assert tries(59 * minutes, "192.0.2.2")
    assert tries(61 * minutes)
    assert "192.0.2" not in everything_kept()


def test_an_attempt_counts_for_one_hour_and_not_at_its_end() -> None:
    def tries(minutes):
        return count_attempt(purpose="essai", who="x", most=((HOUR, 1),), at=AT + timedelta(minutes=minutes))

    assert [tries(0), tries(59), tries(60)] == [True, False, True]


def test_an_act_is_kept_with_its_file() -> None:
    kept = deposit_act(request_id=7, reference="D-2026-00011", content=b"%PDF-1.4", actor=TESTER, at=AT)
    assert ([(one.document, one.place, one.at) for one in deposits_of(7)], deposits_of(8)) == ([(kept, 1, AT)], [])
    assert entries()[0].text == "Acte déposé n° 1, demande D-2026-00011 : à lire, puis à enregistrer par un agent."


def test_a_file_takes_twenty_acts() -> None:
    def deposit(place: int) -> int:
        content = f"%PDF-1.4 acte {place}".encode()
        return deposit_act(request_id=7, reference="D-2026-00011", content=content, actor=TESTER, at=AT)

    kept = [deposit(place) for place in range(20)]
    assert deposit(0) == kept[0]
    with pytest.raises(ValueError, match="Trop d'actes"):
        deposit(20)
    assert [one.document for one in deposits_of(7)] == kept


def test_days_hours_and_channel_are_settings(tmp_path) -> None:
    given = {"TRIPARTITE_VAR": str(tmp_path), "TRIPARTITE_LINK_DAYS": "2", "TRIPARTITE_LINK_HOURS": "12"}
    config = read_config(given | {"TRIPARTITE_CODE_CHANNEL": "phone"})
    assert (config.link_life, config.link_session, config.code_channel) == (2 * DAY, 12 * HOUR, CodeChannel.PHONE)


@pytest.mark.parametrize(
    ("name", "value"), [("LINK_DAYS", "0"), ("LINK_HOURS", "13"), ("LINK_HOURS", "-1"), ("CODE_CHANNEL", "sms")]
)
def test_a_setting_that_cannot_be_is_refused(tmp_path, name, value) -> None:
    with pytest.raises(ConfigError, match=f"TRIPARTITE_{name}"):
        read_config({"TRIPARTITE_VAR": str(tmp_path), f"TRIPARTITE_{name}": value})
