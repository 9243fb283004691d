"""What is said when a page cannot be given."""

import pytest
from django.test import Client

from tests.factories.accounts import account

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.shell.broken_urls")]


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


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


def test_the_failure_page_asks_nothing_of_the_database(visitor, django_assert_num_queries):
    visitor.force_login(account())
    with django_assert_num_queries(0):
        visitor.get("/panne/")


def test_a_malformed_request(visitor):
    answer = visitor.get("/mal-forme/")
    assert answer.status_code == 400
    assert "n'a pas été comprise" in answer.content.decode()
    assert "technique" not in answer.content.decode()


def test_a_form_without_its_token():
    answer = Client(enforce_csrf_checks=True).post("/connexion/", {"username": "a", "password": "b"})
    assert answer.status_code == 403
    assert "Ce formulaire n'a pas pu être accepté" in answer.content.decode()
