"""What runs and that the tariff leaves on request: its price is asked of the agents of its issuer, who give it."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from tests.factories import accounts, parties, quotes, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER
from tripartite.accounts.services.news import want_news
from tripartite.jobs.daily import do_day
from tripartite.journal.models import Entry
from tripartite.messages.queries import message_list
from tripartite.parties.services.figures import declare_figure
from tripartite.quotes.queries.agreed import Priced
from tripartite.subscriptions.models import GivenPrice
from tripartite.subscriptions.queries.on_request import lines_asked, on_request_lines, prices_waited_for
from tripartite.subscriptions.queries.running import cost_reading, running_cost
from tripartite.subscriptions.services.asking_prices import give_price
from tripartite.subscriptions.services.ending import reduce_subscription
from tripartite.subscriptions.services.errors import SubscriptionError

SPRING = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
DUE = date(2027, 11, 23)
SUPPORT = Priced("cdg62", "demarches-simplifiees", "abonnement", (), "1", "cdg62")
STORAGE = Priced("lfn", "stockage-supplementaire", "abonnement", (), "101", "cdg62")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()


def _in_category_g() -> Any:
    """Ruitz, of category B, then of category G: 40 000 inhabitants declared."""
    subscriptions.running({"demarches-simplifiees": 1})
    body = parties.body(quotes.RUITZ)
    declare_figure(
        body_id=body.pk,
        measure="population",
        counted="municipale",
        value=40_000,
        declared_by="Prénom NOM, secrétaire",
        actor=TESTER,
        at=SPRING,
    )
    return body


def _day(at: datetime) -> list[str]:
    return [tried.unit.key for tried in do_day(on=at.date(), actor=TESTER, at=at) if tried.changed]


def _give(body: Any, at: datetime = SPRING, **changes: Any) -> GivenPrice:
    said: dict[str, Any] = {"what": SUPPORT, "amount_cents": 65_000, "reason": "Étude faite", "issuer": "cdg62"}
    return give_price(body_id=body.pk, **said | changes, actor=TESTER, at=at)


def _support(body: Any, on: date) -> int | None:
    (line,) = [one for one in running_cost(body.pk, on=on).lines if one.issuer == "cdg62"]
    return line.yearly_cents


def test_the_price_of_a_former_category_is_not_one_that_an_agent_gave() -> None:
    body = _in_category_g()
    cost = running_cost(body.pk, on=DUE)
    assert (_support(body, date(2027, 11, 22)), _support(body, DUE)) == (5000, None)
    assert (cost.complete, bool(cost.lacks["cdg62"]), bool(cost.lacks.get("lfn"))) == (False, True, False)
    assert cost.totals == {"lfn": 255_300, "cdg62": 0}


def test_the_agents_of_its_issuer_are_asked_once_and_the_letter_says_it() -> None:
    for code in ("cdg62", "lfn"):
        told = accounts.account(email=f"{code}@exemple.fr", issuer_code=code)
        want_news(account_id=told.pk, how="at-once", actor=TESTER, at=AT)
    body = _in_category_g()
    _day(SPRING)
    asked = [one for one in message_list() if one.kind == "agents.news" and "prix à donner" in one.subject]
    assert [one.recipient for one in asked] == ["cdg62@exemple.fr"]
    assert "est sur devis à partir du 23/11/2027" in asked[0].text
    (letter,) = [one for one in message_list() if one.kind == "subscriptions.announce-figures"]
    amounts = "CDG 62 : 0,00\N{NO-BREAK SPACE}€ hors lignes sur devis par an TTC, au lieu de 50,00\N{NO-BREAK SPACE}€"
    assert amounts in letter.text
    assert "Démarches simplifiées, abonnement : sur devis, CDG 62 vous en écrira le prix." in letter.text
    assert prices_waited_for(on=SPRING.date()) == {"cdg62": 1}
    assert [(one.what, one.since, one.price) for one in lines_asked(on=SPRING.date())] == [(SUPPORT, DUE, None)]
    assert _day(SPRING) == []
    assert _day(datetime(2027, 11, 23, 9, 0, tzinfo=UTC)) == []
    assert lines_asked(on=SPRING.date())[0].body == body


def test_what_was_read_of_a_body_answers_without_asking_the_base(django_assert_num_queries: Any) -> None:
    body = _in_category_g()
    reading = cost_reading([body.pk])[body.pk]
    with django_assert_num_queries(0):
        assert [one.what for one in on_request_lines(reading, on=SPRING.date())] == [SUPPORT]


def test_what_an_agent_gives_counts_from_the_day_it_is_on_request_and_is_told() -> None:
    body = _in_category_g()
    _day(SPRING)
    price = _give(body)
    assert (price.since, price.given_by) == (DUE, TESTER.label)
    assert [_support(body, day) for day in (date(2027, 11, 22), DUE, date(2030, 1, 1))] == [5000, 65_000, 65_000]
    assert prices_waited_for(on=SPRING.date()) == {}
    (letter,) = [one for one in message_list() if one.kind == "subscriptions.tell-price"]
    assert "Démarches simplifiées, abonnement : 650,00\N{NO-BREAK SPACE}€ à partir du 23/11/2027" in letter.text
    said = Entry.objects.get(action="subscriptions.give-price").text
    assert said.startswith("Démarches simplifiées, abonnement : 650,00")


def test_another_price_counts_from_a_due_date_to_come_only() -> None:
    body = _in_category_g()
    _give(body)
    with pytest.raises(SubscriptionError, match="Un prix est déjà convenu"):
        _give(body, amount_cents=70_000)
    with pytest.raises(SubscriptionError, match="Un prix est déjà convenu"):
        _give(body, amount_cents=70_000, since=SPRING.date())
    _give(body, amount_cents=70_000, since=date(2028, 1, 1))
    assert [_support(body, day) for day in (DUE, date(2028, 11, 22), date(2028, 11, 23))] == [65_000, 65_000, 70_000]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"issuer": "lfn"}, "celle de l'autre émetteur"),
        ({"reason": " "}, "Donnez le motif"),
        ({"amount_cents": -1}, "de zéro ou plus"),
        ({"what": SUPPORT._replace(quantity="2")}, "n'est pas sur devis"),
        (
            {"what": Priced("lfn", "demarches-simplifiees", "abonnement", (), "1", "cdg62"), "issuer": "lfn"},
            "n'est pas sur devis",
        ),
        ({"since": date(2027, 11, 22)}, "n'est sur devis que depuis le 23/11/2027"),
    ],
)
def test_what_cannot_be_is_refused(changes: dict[str, Any], why: str) -> None:
    body = _in_category_g()
    with pytest.raises(SubscriptionError, match=why):
        _give(body, **changes)
    assert not GivenPrice.objects.exists()


def test_less_of_what_was_agreed_is_asked_again() -> None:
    """A price for 102 Go does not answer 101 Go: still above the bands of the tariff, so on request."""
    asked = subscriptions.conventions.quotes.request({"sauvegarde": 1, "stockage-supplementaire": 102})
    subscriptions.conventions.quotes.price(asked, amount_cents=90_000)
    running = subscriptions.running_from(asked)
    body = parties.body(quotes.RUITZ)
    _day(AT)
    assert prices_waited_for(on=AT.date()) == {}
    reduce_subscription(
        subscription_id=running["stockage-supplementaire"].pk,
        removed=Fraction(1),
        on=date(2027, 1, 1),
        reason="Courrier reçu",
        actor=TESTER,
        at=AT,
    )
    _day(AT)
    assert prices_waited_for(on=AT.date()) == {"lfn": 1}
    lines = on_request_lines(cost_reading([body.pk])[body.pk], on=AT.date())
    assert [(one.what, one.price is None) for one in lines] == [
        (STORAGE, True),
        (STORAGE._replace(quantity="102"), False),
    ]


def test_a_price_reaches_what_waited_for_it_when_a_tariff_took_what_runs_since() -> None:
    """On request on its due date, and again on the day that a later act fixes: one price, asked for the whole year."""
    body = _in_category_g()
    fixed = date(2027, 12, 1)
    code = f'code = "cdg62/{fixed}"\nsupersedes = "{tariffs.GRID}"'
    text = tariffs.grid_text().replace(f'code = "{tariffs.GRID}"', code, 1)
    days = f"applies_from = {fixed}\nrunning_from = {fixed}"
    tariffs.adopt_text(text.replace("applies_from = 2024-03-26", days, 1))
    later = datetime(2027, 12, 10, 9, 0, tzinfo=UTC)
    (line,) = on_request_lines(cost_reading([body.pk])[body.pk], on=later.date())
    assert line.since == DUE
    _give(body, at=later)
    assert (_support(body, DUE), _support(body, fixed)) == (65_000, 65_000)
