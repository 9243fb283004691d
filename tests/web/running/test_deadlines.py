"""« Échéances »: listed by month, narrowed, taken away, subscribed to; the paper of each prepared from its page."""

import io
from datetime import date

import openpyxl
import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from tests.factories import accounts, quotes, subscriptions
from tests.factories.accounts import AT
from tests.web.conftest import words
from tripartite.accounts.rights import Role
from tripartite.following.queries.deadlines import deadlines, letters_of_request
from tripartite.following.queries.feeds import wants_digest
from tripartite.messages.queries import messages_about

FAR = {"since": "2026-11-23", "until": "2033-01-01"}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def running(db):
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()
    return subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1, "cle-signature-3-cdg": 1})


@pytest.fixture
def client(db):
    client = Client()
    client.force_login(accounts.account(issuer_code="cdg62"))
    return client


def deadline(kind):
    return next(one for one in deadlines(since=AT.date(), until=date(2033, 1, 1)) if one.kind == kind)


def test_deadlines_are_grouped_by_month_with_their_computation(running, client) -> None:
    page = words(client.get(reverse("deadline-list"), FAR))
    assert "Novembre 2027" in page
    assert "Échéances fixées depuis le 23/11/2026 : 1er anniversaire le 23/11/2027" in page
    assert "3 ans prépayés depuis le 23/11/2026 : dernier jour le 22/11/2029" in page
    assert "Rien d'ici là" in words(client.get(reverse("deadline-list")))


@pytest.mark.both_bases
@pytest.mark.parametrize(
    ("wanted", "kinds"),
    [
        ({"genre": "renewal"}, {"renouvellement annuel"}),
        ({"service": "cle-signature-3-cdg"}, {"fin d'un terme prépayé"}),
        ({"q": "ruitz domaine"}, {"renouvellement annuel"}),
        ({"q": "arras"}, set()),
        ({"epci": "200072460", "genre": "prepaid-end"}, {"fin d'un terme prépayé"}),
    ],
)
def test_the_list_is_narrowed_and_taken_away(running, client, wanted, kinds) -> None:
    answer = client.get(reverse("deadline-list"), FAR | wanted | {"format": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
    assert {row[1] for row in rows[1:]} == kinds


def test_a_letter_is_seen_kept_sent_and_found_again_in_the_file(running, client) -> None:
    one = deadline("convention-end")
    page = client.get(reverse("deadline", args=[one.key]))
    assert one.why.capitalize() in words(page)
    preview = client.get(reverse("deadline-preview", args=[one.key]))
    assert preview.content.startswith(b"%PDF")
    seen = page.context["seen"]
    assert "relisez-le" in words(client.post(reverse("deadline-letter", args=[one.key]), {"seen": "x"}, follow=True))
    answer = client.post(reverse("deadline-letter", args=[one.key]), {"seen": seen, "send": "on"}, follow=True)
    assert "Courrier gardé dans le dossier et écrit à son contact." in words(answer)
    asked = quotes.reread(running["messagerie-5go"].convention.request)
    (letter,) = letters_of_request(asked.pk)
    assert client.get(reverse("letter", args=[letter.pk])).content.startswith(b"%PDF")
    assert "Fin de la convention" in words(client.get(reverse("request", args=[asked.reference])))
    archive = client.get(reverse("request-papers", args=[asked.reference]))
    assert b"-fin-de-la-convention" in archive.content
    assert messages_about("request", asked.pk).filter(kind="deadlines.letter").count() == 1


def test_a_renewal_is_prepared_in_one_click_and_its_quotes_are_seen_before_they_are_issued(running, client) -> None:
    one = deadline("prepaid-end")
    answer = client.post(reverse("deadline-renew", args=[one.key]), follow=True)
    reference = answer.redirect_chain[-1][0].strip("/").split("/")[-1]
    assert "90,00 €" in words(answer)
    for issuer in ("lfn", "cdg62"):
        seen = client.get(reverse("request-preview", args=[reference, issuer]))
        assert seen.content.startswith(b"%PDF")
    assert f"Déjà préparé : demande {reference}" in words(client.get(reverse("deadline", args=[one.key])))
    client.post(reverse("deadline-renew", args=[one.key]))
    assert reference in words(client.get(reverse("deadline-list"), FAR))
    assert client.post(reverse("deadline-renew", args=[deadline("due").key]), follow=True).status_code == 200


def test_who_may_only_read_is_offered_nothing(running) -> None:
    client = Client()
    client.force_login(accounts.account(role=Role.ACCOUNTANT))
    page = words(client.get(reverse("deadline", args=[deadline("prepaid-end").key])))
    assert "Préparer la demande" not in page


@pytest.mark.both_bases
def test_the_digest_is_asked_for_and_given_up(client) -> None:
    subscriptions.conventions.offer()
    account_id = int(client.session["_auth_user_id"])
    client.post(reverse("digest-wish"), {"wanted": "yes"})
    assert wants_digest(account_id) is True
    assert "Ne plus les recevoir" in words(client.get(reverse("deadline-list")))
    client.post(reverse("digest-wish"), {"wanted": "no"})
    assert wants_digest(account_id) is False


def test_the_feed_of_deadlines_is_read_by_a_calendar(running, client) -> None:
    shown = client.post(reverse("feed-make", args=["deadlines"])).content.decode()
    path = shown.split('readonly value="http://127.0.0.1:8000')[1].split('"')[0]
    calendar = Calendar.from_ical(Client().get(path).content)
    assert [event.decoded("dtstart") for event in calendar.walk("VEVENT")] == [date(2027, 11, 23)] * 2


def test_what_is_no_deadline_is_no_page(client) -> None:
    subscriptions.conventions.offer()
    assert client.get(reverse("deadline", args=["due-1-2027-11-23"])).status_code == 404
    assert client.get(reverse("letter", args=[9])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_read_in_as_many_queries_however_long_it_is(db, client, count, django_assert_num_queries) -> None:
    subscriptions.conventions.offer()
    for code in [quotes.RUITZ, quotes.ARRAS, "62498"][:count]:
        subscriptions.running({"messagerie-5go": 4, "cle-signature-3-cdg": 1}, body=code)
    client.get(reverse("deadline-list"), FAR)
    with django_assert_num_queries(25):
        assert "Ruitz" in words(client.get(reverse("deadline-list"), FAR))
