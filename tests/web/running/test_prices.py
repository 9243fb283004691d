"""« Prix à donner »: who sees what, who gives which price."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from tests.factories import subscriptions
from tests.factories.accounts import AT
from tests.subscriptions.test_on_request import SUPPORT, _day, _in_category_g
from tests.web.conftest import words
from tripartite.subscriptions.models import GivenPrice
from tripartite.web.running.prices import written

SPRING = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(SPRING, tick=False):
        yield


@pytest.fixture
def body(_clock: Any) -> Any:
    """A commune that passes to a category on request for the CDG, its agents asked."""
    subscriptions.conventions.offer()
    with time_machine.travel(AT, tick=False):
        subscriptions.adopt_shipped_checklist()
    found = _in_category_g()
    _day(SPRING)
    return found


def _send(client: Any, body: Any, **changes: str) -> Any:
    said = {"body": body.pk, "what": written(SUPPORT), "amount": "650,00", "reason": "Étude faite", "since": ""}
    return client.post(reverse("price-give"), said | changes)


def test_an_agent_of_its_issuer_gives_it_and_the_other_reads_it(body: Any, log_in: Any) -> None:
    own, other = log_in(issuer_code="cdg62"), log_in(issuer_code="lfn")
    page = own.get(reverse("price-list"))
    text = words(page).replace("\u00a0", " ")
    assert "Sera sur devis à partir du 23/11/2027" in text
    assert page.content.decode().count(reverse("price-give")) == 1
    assert reverse("price-give") not in other.get(reverse("price-list")).content.decode()
    assert _send(other, body).status_code == 422
    assert not GivenPrice.objects.exists()
    assert _send(own, body).status_code == 302
    assert [one.amount_cents for one in GivenPrice.objects.all()] == [65_000]
    assert "650,00 € TTC à partir du" in words(own.get(reverse("price-list"))).replace("\u00a0", " ")


def test_what_has_no_price_is_shown_before_the_days_work_and_says_since_when(log_in: Any) -> None:
    subscriptions.conventions.offer()
    _in_category_g()
    agent = log_in(issuer_code="cdg62")
    assert "Sera sur devis à partir du 23/11/2027" in words(agent.get(reverse("price-list")))
    with time_machine.travel(datetime(2027, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        agent = log_in(issuer_code="cdg62")
        assert "Sur devis depuis le 23/11/2027" in words(agent.get(reverse("price-list")))


def test_a_refusal_is_said_in_the_form_that_was_sent(body: Any, log_in: Any) -> None:
    own = log_in(issuer_code="cdg62")
    for changes, why in (
        ({"amount": "beaucoup"}, "Écrivez un montant en euros"),
        ({"reason": ""}, "obligatoire"),
        ({"what": "[]"}, "celle de l'autre émetteur"),
        ({"since": "2027-01-01"}, "n'est sur devis que depuis"),
    ):
        answer = _send(own, body, **changes)
        assert answer.status_code == 422
        assert why in words(answer).replace("\u2019", "'")


@pytest.mark.both_bases
def test_a_second_price_from_the_same_day_is_refused_and_says_who_gave_the_first(body: Any, log_in: Any) -> None:
    own = log_in(issuer_code="cdg62")
    assert _send(own, body, since="2027-11-23").status_code == 302
    answer = _send(own, body, since="2027-11-23", amount="999,00")
    assert answer.status_code == 422
    assert "Un prix est déjà donné à partir du 23/11/2027" in words(answer).replace("\u00a0", " ")
    assert [one.amount_cents for one in GivenPrice.objects.all()] == [65_000]


def test_the_requests_lead_to_it_while_a_price_waits(body: Any, log_in: Any) -> None:
    own = log_in(issuer_code="cdg62")
    address = reverse("price-list")
    assert re.search(
        rf'href="{address}"[^>]*>.*?Prix à donner, CDG 62', own.get(reverse("request-list")).content.decode()
    )
    _send(own, body)
    assert "Prix à donner, CDG 62" not in words(own.get(reverse("request-list")))


@pytest.mark.both_bases
def test_the_list_is_taken_away(body: Any, log_in: Any) -> None:
    lines = log_in().get(reverse("price-list"), {"format": "csv"}).content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("collectivité;SIREN;émetteur;service")
    assert "cdg62" in lines[1]
    assert body.siren in lines[1]
