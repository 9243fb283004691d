"""What is signed and to be set going is held already: what is asked for besides is priced on top of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import subscriptions
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import log_in, words  # noqa: F401 - the fixture
from tripartite.going_live.queries.activations import activations_to_set_going
from tripartite.going_live.queries.coming import lines_to_come
from tripartite.going_live.services.cancelling import cancel_activation
from tripartite.subscriptions.queries.running import held_lines

pytestmark = pytest.mark.django_db
DAY = AT.date()
MAIL, SITE = "messagerie-5go", "nom-de-domaine"


@pytest.fixture
def opened() -> Any:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()
    return subscriptions.opened({MAIL: 4, SITE: 1, "antivirus-intervention": 2})


def coming(opened: Any, offer: str = "cdg62") -> list[Any]:
    return lines_to_come(activations_to_set_going(opened[MAIL].body_id), offer=offer)


def test_it_is_what_is_left_of_what_lasts_in_the_offer_that_is_asked(opened: Any) -> None:
    assert coming(opened) == [{"service": MAIL, "quantity": 4}, {"service": SITE, "quantity": 1}]
    assert coming(opened, offer="cdg62-conseil") == []

    subscriptions.live(opened[MAIL], quantity=3)
    cancel_activation(activation_id=opened[SITE].pk, reason="Le nom est à un autre.", actor=TESTER, at=AT)
    assert coming(opened) == [{"service": MAIL, "quantity": 1}]
    assert held_lines(opened[MAIL].body_id, offer="cdg62", on=DAY) == [{"service": MAIL, "quantity": 3}]

    subscriptions.live(opened[MAIL])
    assert coming(opened) == []


@pytest.mark.parametrize("live", [0, 3, 4])
def test_an_agent_who_asks_for_more_pays_the_difference_whatever_runs_yet(
    opened: Any,
    log_in: Any,  # noqa: F811 - the fixture
    time_machine: Any,
    live: int,
) -> None:
    time_machine.move_to(AT + timedelta(days=1))
    if live:
        subscriptions.live(opened[MAIL], quantity=live)
    asked = f"{reverse('request-estimate')}?siren={opened[MAIL].body.siren}&{MAIL}=14"

    page = log_in().get(asked, follow=True)
    assert "deja.messagerie-5go=4" in page.redirect_chain[-1][0]
    assert "18 comptes : tranche de 11 à 20 comptes, 150,00 € = 150,00 € au total, moins 50,00 € déjà dus" in words(
        page
    )
