"""Quotes that renew a key are set going from the page of their file, under the convention in force."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import conventions, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER, account
from tripartite.going_live.models import Activation
from tripartite.quotes.queries.requests import request_by_id
from tripartite.tariffs.services import adopt_grid, draft_grid

LATER = datetime(2029, 10, 1, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client: Client) -> Client:
    client.force_login(account(issuer_code="cdg62"))
    return client


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()
    subscriptions.adopt_shipped_checklist()
    subscriptions.running({"cle-signature-3-cdg": 1})


def _renew(agent: Client, asked: Any) -> list[str]:
    page = agent.post(reverse("request-renew", args=[asked.reference]), follow=True)
    return [str(message) for message in page.context["messages"]]


def test_the_page_offers_it_and_opens_what_is_to_be_made(agent: Client) -> None:
    asked = conventions.accepted({"cle-signature-3-cdg": 1}, at=LATER)
    page = agent.get(reverse("request", args=[asked.reference]))
    assert page.context["next"]["words"] == (
        "Mettre en service le renouvellement, au titre de la convention C-2026-00007"
    )
    assert _renew(agent, asked) == ["Mise en service ouverte : Clé de signature, 3 ans, remise au CDG."]
    assert request_by_id(asked.pk).state == "engaged"
    assert Activation.objects.filter(version__request=asked).count() == 1


def test_another_service_goes_through_an_amendment(agent: Client) -> None:
    asked = conventions.accepted({"cle-signature-3-cdg": 1, "nom-de-domaine": 1}, at=LATER)
    page = agent.get(reverse("request", args=[asked.reference]))
    assert page.context["next"]["words"] == "Préparer la convention"
    assert _renew(agent, asked) == ["Ce n'est le renouvellement d'aucun service prépayé d'une convention en vigueur."]
    assert request_by_id(asked.pk).state == "accepted"


def test_an_acceptance_without_its_act_opens_nothing(agent: Client) -> None:
    asked = conventions.accepted({"cle-signature-3-cdg": 1}, at=LATER, empowered=False)
    assert _renew(agent, asked) == ["L'acte qui habilite la personne qui a accepté n'est pas enregistré."]
    assert Activation.objects.filter(version__request=asked).count() == 0


def test_the_file_says_what_runs_costs_and_from_when_it_changes(agent: Client) -> None:
    running = subscriptions.running({"messagerie-5go": 4}, body="62041")
    text = tariffs.grid_text()
    for old, new in (
        ('code = "cdg62/2024-03-26"', 'code = "cdg62/2027-01-01"\nsupersedes = "cdg62/2024-03-26"'),
        ("applies_from = 2024-03-26", "applies_from = 2027-01-01"),
        ("lfn = { per_unit = 20 }", "lfn = { per_unit = 22 }"),
    ):
        text = text.replace(old, new, 1)
    draft_grid(text=text, actor=TESTER, at=AT)
    adopt_grid(code="cdg62/2027-01-01", actor=TESTER, at=AT)
    (mailboxes,) = running.values()
    page = agent.get(reverse("request", args=[mailboxes.convention.request.reference]))
    prices = page.context["prices"]
    assert [column.total for column in prices["yearly"]] == [8000, 5000]
    assert [(day, [column.total for column in columns]) for day, columns in prices["ahead"]] == [
        (date(2027, 11, 23), [8800, 5000])
    ]
