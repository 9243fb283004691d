"""A body that a visitor declares: unconfirmed until an agent says so, told to no other visitor, or another one."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from tests.factories import quotes
from tests.factories.accounts import TESTER
from tests.web.conftest import words
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.search import search_bodies
from tripartite.quotes.queries.requests import request_list
from tripartite.quotes.services.asking import NewBody, ask_quotes
from tripartite.quotes.services.declared import merge_declared_body
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.requests import Contact

AT, SIREN = quotes.AT, "200039386"
ORDER = quotes.order({"messagerie-5go": 4})
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


def asked(name="CCAS d'Exemple", *, by="Prénom NOM, directrice", origin="public", at=AT):
    new = NewBody(kind="ccas", name=name, siren=SIREN, department="62")
    return ask_quotes(
        beneficiary=new, order=ORDER, contact=Contact(), origin=origin, declared_by=by, actor=TESTER, at=at
    ).request


def body():
    return body_by_identifier("siren", SIREN)


def test_what_a_visitor_declares_is_unconfirmed_and_agents_find_it(agent) -> None:
    asked()
    assert (body().unconfirmed, body().declared_by) == (True, "Prénom NOM, directrice")
    assert "CCAS d'Exemple à confirmer" in words(agent.get(reverse("body-list"), {"q": "ccas exemple"}))
    page = words(agent.get(reverse("body", args=[SIREN])))
    assert "Structure à confirmer Déclarée par Prénom NOM, directrice, sans compte" in page


def test_what_an_agent_adds_is_of_the_directory_at_once(agent) -> None:
    asked(origin="agent")
    assert not body().unconfirmed
    assert [one.siren for one in search_bodies("ccas exemple")] == [SIREN]


def test_no_other_visitor_finds_it_nor_is_told_of_it(client, agent) -> None:
    asked()
    assert search_bodies("ccas exemple") == []
    assert "CCAS d'Exemple" not in words(client.get("/", {"q": "ccas exemple"}))
    page = client.get(f"/?{urlencode({'siren': SIREN, 'messagerie-5go': '4'})}")
    assert "Ce SIREN n'est pas dans l'annuaire." in words(page)
    assert client.get("/api/v1/bodies", {"q": "ccas exemple"}).json() == []
    order = {"beneficiary": {"siren": SIREN}, "lines": ORDER["lines"]}
    answer = client.post("/api/v1/estimates", json.dumps(order), content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unknown-body")
    assert "CCAS d'Exemple" in words(agent.get(reverse("request-estimate"), {"siren": SIREN, "messagerie-5go": "4"}))


def test_declared_again_it_is_the_same_one_and_the_journal_says_by_whom() -> None:
    first = asked()
    second = asked("CCAS de Exemple", by="Prénom NOM, élu", at=AT + timedelta(minutes=1))
    assert first.beneficiary_id == second.beneficiary_id
    assert body().name == "CCAS d'Exemple"
    said = entries_about("body", body().pk).last().text
    assert said == "Déclarée aussi par Prénom NOM, élu, sous le nom « CCAS de Exemple »."


def test_an_agent_confirms_it_and_everybody_finds_it(client, agent) -> None:
    request = asked()
    page = words(agent.get(reverse("request", args=[request.reference])))
    assert "Confirmer la structure que la demande déclare" in page
    told = words(agent.post(reverse("body-confirm", args=[SIREN]), follow=True))
    assert "CCAS d'Exemple est confirmée : chacun la trouve dans l'annuaire." in told
    assert not body().unconfirmed
    assert "CCAS d'Exemple" in words(client.get("/", {"q": "ccas exemple"}, follow=True))
    assert "déclarée par Prénom NOM, directrice : confirmée" in entries_about("body", body().pk).last().text
    assert "Émettre les deux devis" in words(agent.get(reverse("request", args=[request.reference])))
    assert "est déjà confirmée" in words(agent.post(reverse("body-confirm", args=[SIREN]), follow=True))


def test_an_agent_says_which_one_it_is_and_its_requests_become_that_one_s(agent) -> None:
    request = asked()
    first = words(agent.post(reverse("body-merge", args=[SIREN]), {"siren": "216 207 274"}))
    assert "(CCAS) est en fait Ruitz (Commune, SIREN 216 207 274) ?" in first
    assert (body() is not None, "C'est bien Ruitz" in first) == (True, True)
    told = words(
        agent.post(reverse("body-merge", args=[SIREN]), {"siren": "216207274", "confirmed": "on"}, follow=True)
    )
    assert "C'était Ruitz : ses demandes sont ici." in told
    assert body() is None
    assert request_list().get(pk=request.pk).beneficiary.name == "Ruitz"
    assert "La structure déclarée est Ruitz (SIREN 216207274)" in entries_about("request", request.pk).last().text


def test_it_is_merged_neither_into_nothing_nor_once_quotes_name_it() -> None:
    request = asked()
    key = body().pk
    for siren in ("", SIREN, "216207275"):
        with pytest.raises(QuoteError, match="déjà dans l'annuaire"):
            merge_declared_body(body_id=key, siren=siren, actor=TESTER, at=AT)
    quotes.issued(request)
    with pytest.raises(QuoteError, match=f"Des devis sont émis à son nom \\({request}\\)"):
        merge_declared_body(body_id=key, siren="216207274", actor=TESTER, at=AT)
    assert body().unconfirmed
