"""What is said when a page cannot be given."""

import html
import io
import logging
import re

import pytest
from django.test import Client, RequestFactory

from tests.factories.accounts import account
from tripartite.accounts.rights import Role
from tripartite.web.shell.errors import broken

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.shell.broken_urls")]


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.fixture
def lines():
    """What the handler of the settings writes during the test, line by line."""
    (handler,) = [one for one in logging.getLogger("django").handlers if isinstance(one, logging.StreamHandler)][:1]
    written = io.StringIO()
    before = handler.setStream(written)
    yield lambda: written.getvalue().splitlines()
    handler.setStream(before)


def plain(answer):
    """What a page says, apostrophes as typed."""
    return html.unescape(answer.content.decode()).replace("’", "'")


def test_an_unknown_page(visitor):
    answer = visitor.get("/nulle-part/")
    assert answer.status_code == 404
    assert "Cette page n'existe pas" in answer.content.decode()


def test_a_failure_says_nothing_of_the_machine(visitor):
    answer = visitor.get("/panne/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "Le service est en panne" in page
    assert "secret" not in page
    assert "Traceback" not in page


def test_the_failure_page_asks_nothing_of_the_database(django_assert_num_queries):
    request = RequestFactory().get("/panne/")
    request.COOKIES["sessionid"] = "x" * 32
    with django_assert_num_queries(0):
        assert broken(request).status_code == 500


@pytest.mark.urls("tripartite.urls")
def test_an_address_that_only_takes_what_is_sent(client):
    """Opened by a reload or from a bookmark, it is no blank page of the browser."""
    client.force_login(account(role=Role.ACCOUNTANT))
    answer = client.get("/paiements/noter/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Cette adresse ne s'ouvre pas seule" in plain(answer)


@pytest.mark.urls("tripartite.urls")
@pytest.mark.parametrize(
    ("referer", "there"),
    [
        ("http://testserver/paiements/?lesquels=1", "/paiements/%3Flesquels%3D1"),
        ("http://ailleurs.exemple.fr/paiements/", ""),
        ("", ""),
    ],
)
def test_what_is_sent_after_the_session_ended(client, referer, there):
    """Leads back to the page that it was sent from, and says that nothing was recorded."""
    answer = client.post("/paiements/noter/", {}, headers={"referer": referer})
    assert answer["Location"] == f"/connexion/?next={there}"
    assert "Ce que vous envoyiez n'a pas été enregistré" in plain(client.get(answer["Location"]))


@pytest.mark.urls("tripartite.urls")
def test_a_part_of_a_page_asked_after_the_session_ended(client):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/facturation/campagne/?until=2026-11-28"}
    answer = client.get("/facturation/campagne/", headers=headers)
    assert answer["HX-Redirect"] == "/connexion/?next=/facturation/campagne/%3Funtil%3D2026-11-28"


def test_a_malformed_request(visitor):
    answer = visitor.get("/mal-forme/")
    assert answer.status_code == 400
    assert "n'a pas été comprise" in answer.content.decode()
    assert "technique" not in answer.content.decode()


def test_a_form_without_its_token():
    answer = Client(enforce_csrf_checks=True).post("/connexion/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "Ce formulaire n'a pas pu être accepté" in answer.content.decode()


def test_a_base_that_is_busy_is_no_breakdown(visitor):
    answer = visitor.get("/occupe/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "réessayez" in answer.content.decode()
    assert visitor.get("/api/v1/occupe/").json()["error"]["code"] == "busy"


def test_a_base_that_can_write_nothing_says_why_and_that_trying_again_changes_nothing(visitor):
    answer = visitor.get("/plein/")
    assert (answer.status_code, "Retry-After" in answer) == (503, False)
    assert "il n&#x27;y a plus de place sur le disque" in answer.content.decode()
    assert visitor.get("/api/v1/plein/").json()["error"]["code"] == "unable"


def test_a_base_that_was_cut_does_not_say_that_nothing_was_done(visitor):
    answer = visitor.get("/coupe/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "a pu être enregistré" in answer.content.decode()
    assert visitor.get("/api/v1/coupe/").json()["error"]["code"] == "cut"


@pytest.mark.parametrize("named", ["ailleurs.exemple.fr", "ail leurs", "[::bad", "x" * 3000, "localhost:port", ""])
def test_a_name_that_is_not_served(visitor, named, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = visitor.get("/connexion/", HTTP_HOST=named)
    assert answer.status_code == 400
    assert "Ce nom n'est pas servi ici" in answer.content.decode()
    assert named not in answer.content.decode() or not named


def test_every_refusal_is_one_dated_line_with_who_asked_from_where(visitor, lines):
    one = account()
    visitor.force_login(one)
    visitor.get("/interdit/?q=1", REMOTE_ADDR="192.0.2.9")
    Client(enforce_csrf_checks=True).post("/connexion/", {"username": "a", "password": "b"}, REMOTE_ADDR="192.0.2.8")
    Client().get("/connexion/", HTTP_HOST="ailleurs.exemple.fr", REMOTE_ADDR="192.0.2.7")
    visitor.get("/occupe/", REMOTE_ADDR="192.0.2.6")
    visitor.logout()
    visitor.get("/nulle%0Apart/", REMOTE_ADDR="192.0.2.5")
    found = [re.sub(r"^[\d-]+ [\d:,]+ ", "", line) for line in lines()]
    assert found == [
        (
            "WARNING django.request Forbidden (Permission denied): /interdit/ (Ce compte ne permet pas cela.)"
            f" · 403 GET, compte {one.pk}, 192.0.2.9"
        ),
        "WARNING django.security.csrf Forbidden (CSRF cookie not set.): /connexion/ · 403 POST, sans compte, 192.0.2.8",
        "WARNING django.request Nom non servi : 'ailleurs.exemple.fr' · 400 GET, sans compte, 192.0.2.7",
        ("ERROR django.request Service Unavailable: /occupe/ (database is locked) · 503 GET, compte non lu, 192.0.2.6"),
        "WARNING django.request Not Found: /nulle\\npart/ · 404 GET, sans compte, 192.0.2.5",
    ]


def test_a_failure_of_ours_keeps_its_trace_without_the_secret_of_its_address(visitor, lines):
    visitor.get(f"/panne/{'aB3-_x' * 7}/")
    written = "\n".join(lines())
    assert "Traceback" in written
    assert "aB3-_x" not in written
