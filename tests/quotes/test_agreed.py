"""Prices given by agents are told from those of the grid, printed beside a sentence or not."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.factories import conventions, parties, quotes
from tests.migrated import put_back
from tripartite.quotes.models import QuoteLine
from tripartite.quotes.queries.agreed import AgreedPrices, Agreement, Priced, agreed_prices

WHAT = Priced("lfn", "stockage", "abonnement", (), "101", "cdg62")
NOT_YET = Agreement(date(2028, 1, 1), date(2027, 12, 1), 700, "B")
FIRST = Agreement(date(2027, 1, 1), date(2026, 12, 1), 500, "A")
LATE = Agreement(date(2027, 1, 1), date(2027, 6, 1), 600)


def test_the_last_price_known_that_binds_that_day_answers() -> None:
    prices = AgreedPrices({WHAT: (FIRST, NOT_YET)})
    assert prices.of(WHAT, on=date(2026, 12, 31)) is None
    assert prices.of(WHAT, on=date(2027, 1, 1)) == FIRST
    assert prices.of(WHAT, on=date(2028, 1, 1)) == NOT_YET
    assert prices.of(WHAT._replace(quantity="102"), on=date(2028, 1, 1)) is None
    assert prices.of(WHAT._replace(options=(("duree", "3"),)), on=date(2028, 1, 1)) is None


def test_what_had_a_price_keeps_it_and_what_had_none_takes_the_first_given_later() -> None:
    day = date(2027, 2, 1)
    assert AgreedPrices({WHAT: (FIRST, LATE)}).of(WHAT, on=day, known_on=day) == FIRST
    assert AgreedPrices({WHAT: (LATE,)}).of(WHAT, on=day, known_on=day) == LATE
    assert AgreedPrices({WHAT: (LATE,)}).known_on(day) == AgreedPrices({WHAT: ()})


@pytest.mark.django_db
def test_a_price_of_the_grid_told_by_a_sentence_is_never_one_that_an_agent_gave() -> None:
    conventions.offer()
    asked = quotes.request({"demarches-simplifiees": 1, "sauvegarde": 1, "stockage-supplementaire": 101})
    quotes.price(asked, amount_cents=90_000)
    conventions.accepted(asked=asked)
    body = parties.body(quotes.RUITZ)
    assert QuoteLine.objects.filter(service="demarches-simplifiees").exclude(reason="").exists()
    (found,) = agreed_prices([body.pk])[body.pk].agreements.items()
    assert found[0] == Priced("lfn", "stockage-supplementaire", "abonnement", (), "101", "cdg62")
    assert [one.amount_cents for one in found[1]] == [90_000]


@pytest.mark.usefixtures("transactional_db")
def test_lines_issued_before_are_told_apart() -> None:
    conventions.offer()
    asked = quotes.request({"demarches-simplifiees": 1, "sauvegarde": 1, "stockage-supplementaire": 101})
    quotes.price(asked, amount_cents=90_000)
    conventions.accepted(asked=asked)
    kept = _told(QuoteLine)
    with put_back():
        MigrationExecutor(connection).migrate([("quotes", "0006_declared_figures")])
        MigrationExecutor(connection).migrate([("quotes", "0007_prices_given_by_agents")])
        assert _told(QuoteLine) == kept
        assert [line for line in kept if line[-1]] == [("lfn", "stockage-supplementaire", "abonnement", {}, True)]


def _told(model: Any) -> list[tuple[Any, ...]]:
    rows = model.objects.order_by("pk")
    return list(rows.values_list("quote__issuer", "service", "charge", "options", "on_request"))
