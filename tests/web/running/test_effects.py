"""What a tariff, or another category, will change: body by body, in all, in as many queries however many."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from tests.factories import parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.subscriptions.test_daily import next_tariff
from tests.web.running.test_subscriptions import ordinary, said, services
from tripartite.parties.services.figures import declare_figure
from tripartite.tariffs.services import draft_grid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> Any:
    with time_machine.travel(AT, tick=False):
        subscriptions.conventions.offer()
        yield


@pytest.fixture
def agent(log_in: Any) -> Any:
    return log_in()


@pytest.mark.both_bases
def test_the_effect_of_a_tariff_is_told_body_by_body_and_in_all(agent) -> None:
    ordinary()
    subscriptions.running({"messagerie-5go": 10, "nom-de-domaine": 1}, body="62001")
    subscriptions.running({"nom-de-domaine": 1}, body="62014")
    next_tariff()
    address = reverse("tariff-effect", args=["cdg62/2027-01-01"])
    declare_figure(
        body_id=parties.body().pk,
        measure="population",
        counted="municipale",
        value=2400,
        declared_by="Prénom NOM, secrétaire",
        actor=TESTER,
        at=AT,
    )
    text = said(agent.get(address))
    assert "La Fibre Numérique 59-62 453,00 € 481,00 € + 28,00 €" in text
    assert "Ruitz 23/11/2027 223,00 € → 231,00 € inchangé" in text
    assert "adopté" in text
    csv = agent.get(address, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert len(csv) == 4
    assert "Ruitz;216207274;23/11/2027;223,00;231,00;150,00;150,00;" in csv


def test_the_sums_of_many_come_once_the_page_shows(agent, monkeypatch) -> None:
    monkeypatch.setattr("tripartite.web.running.tariff_effect.ADDED_UP_AT_ONCE", 1)
    ordinary()
    subscriptions.running({"messagerie-5go": 10, "nom-de-domaine": 1}, body="62001")
    next_tariff()
    address = reverse("tariff-effect", args=["cdg62/2027-01-01"])
    page = agent.get(address)
    assert ("Addition de 2 structures" in said(page), "453,00 €" in said(page)) == (True, False)
    (more,) = re.findall(r'hx-get="([^"]+)" hx-trigger="load"', page.content.decode())
    assert "La Fibre Numérique 59-62 361,00 € 389,00 € + 28,00 €" in said(agent.get(address + unescape(more)))


def test_the_effect_of_a_draft_is_simulated(agent) -> None:
    ordinary()
    text = subscriptions.conventions.quotes.tariffs.grid_text()
    text = text.replace('code = "cdg62/2024-03-26"', 'code = "cdg62/projet"\nsupersedes = "cdg62/2024-03-26"', 1)
    text = text.replace("applies_from = 2024-03-26", "applies_from = 2027-01-01\nrunning_from = 2027-03-01", 1)
    draft_grid(text=text.replace("{ per_unit = 20 }", "{ per_unit = 30 }", 1), actor=TESTER, at=AT)
    page = said(agent.get(reverse("tariff-effect", args=["cdg62/projet"])))
    assert "projet : simulation" in page
    assert "le 01/03/2027, jour que l'acte fixe" in page
    assert "Ruitz 01/03/2027 146,00 € → 186,00 € inchangé" in page
    assert "Ce qui changera" not in said(services(agent))


def test_a_tariff_already_taken_says_since_when_and_what_it_changed(log_in) -> None:
    ordinary()
    next_tariff()
    with time_machine.travel(AT.replace(year=2028), tick=False):
        page = said(log_in().get(reverse("tariff-effect", args=["cdg62/2027-01-01"])))
    assert "Ruitz 23/11/2027 146,00 € → 154,00 € inchangé" in page


def test_a_tariff_that_concerns_nobody_says_so(agent) -> None:
    assert "Personne n'est concerné" in said(agent.get(reverse("tariff-effect", args=["cdg62/2024-03-26"])))
    assert agent.get("/tarifs/rien/effet/").status_code == 404


def test_changes_of_category_are_listed_with_their_effect(agent) -> None:
    ordinary()
    subscriptions.running({"demarches-simplifiees": 1}, body="62001")
    declare_figure(
        body_id=parties.body().pk,
        measure="population",
        counted="municipale",
        value=2400,
        declared_by="Prénom NOM, secrétaire",
        actor=TESTER,
        at=AT,
    )
    address = reverse("category-changes")
    text = said(agent.get(address))
    row = "Ruitz 2 400 habitants Démarches simplifiées B → C 23/11/2027 146,00 € → 223,00 € 100,00 € → 150,00 €"
    assert row in text
    assert "1 à 1 sur 1 changement" in text
    csv = agent.get(address, {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert csv[1:] == ["Ruitz;216207274;Démarches simplifiées;B;C;23/11/2027;146,00;223,00;100,00;150,00;"]
    assert "Aucun changement" in said(agent.get(address, {"q": "arras"}))
    assert "Aucun changement" in said(agent.get(address, {"on": "2027-11-23"}))


@pytest.mark.parametrize("name", ["category-changes", "tariff-effect"])
def test_lists_of_effects_ask_as_many_queries_for_three_bodies_as_for_one(
    agent, name, django_assert_num_queries, settings
) -> None:
    settings.RECALLED_FOR = timedelta(0)
    next_tariff()
    address = reverse(name, args=["cdg62/2027-01-01"] if name == "tariff-effect" else [])

    def add(code: str) -> None:
        subscriptions.running({"messagerie-5go": 4, "demarches-simplifiees": 1}, body=code)
        declare_figure(
            body_id=parties.body(code).pk,
            measure="population",
            counted="municipale",
            value=7000,
            declared_by="Prénom NOM, secrétaire",
            actor=TESTER,
            at=AT,
        )

    add(quotes.RUITZ)
    agent.get(address)
    expected = {"category-changes": 18, "tariff-effect": 29}[name]
    with django_assert_num_queries(expected):
        agent.get(address)
    for code in ("62001", "62014"):
        add(code)
    with django_assert_num_queries(expected):
        agent.get(address)
