"""Tenths of a unit, from the order to what runs: three tenths less one tenth are two, to the digit, at every step."""

import re
from datetime import date, timedelta
from fractions import Fraction
from urllib.parse import parse_qs

import pytest
import time_machine
from django.urls import reverse

from tests.factories import conventions, parties, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import words
from tests.web.space.test_page import enter
from tripartite.conventions.queries.holdings import services_in_force
from tripartite.conventions.services.drafting import draft_convention
from tripartite.going_live.services.activations import open_activations
from tripartite.going_live.services.parts import go_live
from tripartite.pricing.holding import Holding
from tripartite.quotes.queries.requests import request_list
from tripartite.subscriptions.queries.running import held_lines, running_on
from tripartite.subscriptions.services.ending import reduce_subscription
from tripartite.web.estimator.selection import order_query

pytestmark = pytest.mark.django_db
WORKSHOP = """
[[service]]
code = "atelier"
family = "securite"
name = "Atelier"
unit = ["jour", "jours"]
step = 0.1
minimum = 0.1

[[service.charge]]
code = "abonnement"
name = "Abonnement"
frequency = "yearly"
place = "Sécurité › Atelier › Abonnement"
lfn = { per_unit = 17 }
"""
MAIL, DAYS = "messagerie-5go", "atelier"
DAY = AT.date()


@pytest.fixture(autouse=True)
def _clock_and_grid():
    with time_machine.travel(AT, tick=False):
        conventions.offer(WORKSHOP)
        yield


def three_tenths_running():
    """A convention of three tenths, that went live as one tenth, then what was left."""
    convention = subscriptions.in_force(quantities={DAYS: 0.3, MAIL: 1})
    (one,) = [each for each in opened(convention) if each.service == DAYS]
    subscriptions.waive_all(one)
    go_live(activation_id=one.pk, live_on=DAY, quantity=Fraction(1, 10), actor=TESTER, at=AT)
    go_live(activation_id=one.pk, live_on=DAY, actor=TESTER, at=AT)
    return convention, one


def opened(convention):
    return open_activations(convention_id=convention.pk, actor=TESTER, at=AT)


def held(*lines):
    return Holding.read({"service": service, "quantity": quantity} for service, quantity in lines)


def test_an_amendment_from_three_tenths_to_one_gives_up_two(log_in) -> None:
    convention, activation = three_tenths_running()
    agent = log_in()
    assert [part.line["quantity"] for part in activation.parts.all()] == [0.1, 0.2]
    assert "0,1 depuis le" in words(agent.get(reverse("activation", args=[activation.pk])))
    page = agent.get(reverse("convention-amend", args=[convention.pk]))
    assert "0,3 dans la convention" in words(page)
    (field,) = re.findall(r'<input[^>]*name="atelier"[^>]*>', page.content.decode())
    said = dict(re.findall(r" (value|step|min)=\"([^\"]*)\"", field))
    assert said == {"value": "0.3", "step": "0.1", "min": "0"}

    agent.post(reverse("convention-amend", args=[convention.pk]), {MAIL: "1", DAYS: "0.1"})

    made = request_list().first()
    assert made.order == {
        "lines": [],
        "in_service": [{"service": DAYS, "quantity": 0.3}, {"service": MAIL, "quantity": 1}],
        "ended": [{"service": DAYS, "quantity": 0.2}],
    }
    conventions.accepted(asked=made)
    assert "Abonnement, par an : −0,2 jour pourquoi" in words(enter(made).get(reverse("space")))
    draft = draft_convention(request_id=made.pk, parent_id=convention.pk, actor=TESTER, at=AT)
    amendment = subscriptions.signed(conventions.read(draft))
    assert amendment.changes.replace("\u00a0", " ") == "Atelier : 0,3 jour → 0,1 jour"
    assert services_in_force(conventions.read(convention)) == held((DAYS, 0.1), (MAIL, 1))
    opened(amendment)
    assert held_lines(convention.beneficiary_id, on=DAY, offer="cdg62") == [{"service": DAYS, "quantity": 0.1}]


def test_a_tenth_less_by_letter_leaves_two_on_the_convention_and_running() -> None:
    convention, _ = three_tenths_running()
    (running,) = running_on(convention.beneficiary_id, on=DAY)
    change = reduce_subscription(
        subscription_id=running.subscription.pk,
        removed=Fraction(1, 10),
        on=date(2027, 1, 1),
        reason="courrier",
        actor=TESTER,
        at=AT + timedelta(days=1),
    )
    assert change.removed == "0.1"
    (after,) = running_on(convention.beneficiary_id, on=date(2027, 1, 1))
    assert after.quantity == Fraction(1, 5)
    assert services_in_force(conventions.read(convention)) == held((DAYS, 0.2), (MAIL, 1))


def test_tenths_typed_in_the_estimator_are_kept_and_said_again(log_in) -> None:
    agent = log_in()
    siren = parties.body().siren
    answer = agent.get(reverse("estimator"), {"siren": siren, DAYS: "0,3"})
    assert "5,10 €" in words(answer).replace("\u00a0", " ")
    said = order_query({"lines": [{"service": DAYS, "quantity": 0.3}], "in_service": []}, siren)
    assert said is not None
    assert parse_qs(said) == {"siren": [siren], DAYS: ["0.3"]}
