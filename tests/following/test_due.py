"""All that falls due: what recurs, what goes live, what is prepaid, what an intervention asks."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import log_in, words  # noqa: F401 - a fixture
from tripartite.cli.main import main
from tripartite.following.queries.due import all_due
from tripartite.going_live.services.correcting import put_right
from tripartite.pricing.estimate import Frequency
from tripartite.quotes.models import Quote
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind
from tripartite.subscriptions.services.correcting import Corrected

DAY = AT.date()
YEAR = date(2027, 11, 22)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()


def _due(since: date = DAY, until: date = YEAR, *, of: str = quotes.RUITZ) -> list[DueItem]:
    body = parties.body(of)
    return all_due([body.pk], since=since, until=until)[body.pk]


def _sums(items: list[DueItem]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for item in items:
        found[item.issuer] += item.amount_cents or 0
    return dict(found)


def test_the_first_year_is_what_the_accepted_quotes_said_to_the_cent() -> None:
    wanted = {
        "messagerie-5go": 4,
        "nom-de-domaine": 1,
        "demarches-simplifiees": 1,
        "cle-signature-3-cdg": 2,
        "antivirus": 3,
        "antivirus-intervention": 3,
        "sauvegarde": 1,
    }
    subscriptions.running(wanted)
    said = dict(Quote.objects.values_list("issuer", "first_year_cents"))
    items = _due()
    assert _sums(items) == {issuer: amount for issuer, amount in said.items() if amount}
    numbers = dict(Quote.objects.values_list("issuer", "number"))
    assert {item.quotes for item in items} == {(numbers["lfn"],), (numbers["cdg62"],)}
    assert len({item.key for item in items}) == len(items)
    (keys,) = [item for item in items if item.service == "cle-signature-3-cdg" and item.frequency is Frequency.TERM]
    assert (keys.on, keys.since, keys.until, keys.amount_cents) == (DAY, DAY, date(2029, 11, 22), 18_000)


def test_a_line_gone_live_in_parts_is_due_in_parts_that_add_up() -> None:
    activation = subscriptions.opened({"messagerie-5go": 5})["messagerie-5go"]
    later = datetime(2027, 1, 15, 9, 0, tzinfo=UTC)
    subscriptions.live(activation, quantity=3)
    subscriptions.live(subscriptions.reread(activation), on=later.date(), at=later, quantity=2)
    said = dict(Quote.objects.values_list("issuer", "first_year_cents"))
    assert _sums(_due()) == said == {"lfn": 10_000, "cdg62": 10_000}
    once = [item for item in _due() if item.frequency is Frequency.ONCE]
    assert [(item.on, item.quantity, item.amount_cents) for item in once] == [
        (DAY, "3", 3000),
        (later.date(), "2", 2000),
    ]


def test_a_price_given_on_request_is_due_with_its_quote() -> None:
    asked = subscriptions.conventions.quotes.request({"sauvegarde": 1, "stockage-supplementaire": 101})
    subscriptions.conventions.quotes.price(asked, amount_cents=90_000)
    subscriptions.running_from(asked)
    (item,) = [one for one in _due() if one.service == "stockage-supplementaire" and one.issuer == "lfn"]
    assert (item.amount_cents, item.explanation) == (90_000, "prix convenu au devis LFN-2026-00012")


def test_a_going_live_put_right_gives_back_what_was_asked_and_asks_what_is_due() -> None:
    """Five mailboxes on 23 November, said in January to have been four, since 1 December."""
    one = subscriptions.running({"messagerie-5go": 5})["messagerie-5go"]
    at = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)
    right, december = Corrected(on=date(2026, 12, 1), quantity=Fraction(4)), date(2026, 12, 1)
    put_right(change_id=one.changes.get().pk, right=right, reason="Mal lu", actor=TESTER, at=at)
    lfn = [(item.on, item.since, item.kind, item.amount_cents) for item in _due() if item.issuer == "lfn"]
    assert lfn == [
        (DAY, DAY, ItemKind.DUE, 10_000),
        (at.date(), DAY, ItemKind.CREDIT, -10_000),
        (at.date(), december, ItemKind.DUE, 8000),
    ]
    once = [item for item in _due() if item.frequency is Frequency.ONCE]
    assert [(item.on, item.kind, item.amount_cents) for item in once] == [
        (DAY, ItemKind.DUE, 5000),
        (at.date(), ItemKind.CREDIT, -1000),
    ]
    assert [item.amount_cents for item in _due(december, date(2026, 12, 31))] == []
    assert len({item.key for item in _due()}) == len(_due())


def test_a_part_noted_late_moves_the_due_dates_and_asks_nothing_twice() -> None:
    """Three mailboxes since 23 November; two more noted in January, in service since the 20th."""
    asked = subscriptions.opened({"messagerie-5go": 5}, at=datetime(2026, 11, 19, 9, 0, tzinfo=UTC))
    activation = asked["messagerie-5go"]
    subscriptions.live(activation, quantity=3)
    at, before = datetime(2027, 1, 15, 9, 0, tzinfo=UTC), date(2026, 11, 20)
    subscriptions.live(subscriptions.reread(activation), on=before, at=at, quantity=2)
    said = dict(Quote.objects.values_list("issuer", "first_year_cents"))
    assert _sums(_due(before, date(2027, 11, 19))) == said


def test_windows_of_any_length_give_the_same_items() -> None:
    subscriptions.running({"messagerie-5go": 4, "cle-signature-3-cdg": 1})
    whole = _due(until=date(2029, 12, 31))
    asked, since = [], DAY
    for days in (0, 30, 365, 700):
        until = DAY + timedelta(days=days)
        asked += _due(since, until)
        since = until + timedelta(days=1)
    assert asked + _due(since, date(2029, 12, 31)) == whole
    assert all(item.kind is ItemKind.DUE for item in whole)


@pytest.mark.parametrize("count", [1, 3])
def test_bodies_are_read_in_as_many_queries_however_many(count: int, django_assert_num_queries: Any) -> None:
    for code in [quotes.RUITZ, quotes.ARRAS, "62498"][:count]:
        subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1}, body=code)
    keys = [parties.body(code).pk for code in [quotes.RUITZ, quotes.ARRAS, "62498"][:count]]
    all_due(keys, since=DAY, until=YEAR)
    with django_assert_num_queries(17):
        all_due(keys, since=DAY, until=YEAR)


def test_the_command_says_them(capsys: pytest.CaptureFixture[str]) -> None:
    subscriptions.running({"messagerie-5go": 4})
    siren = parties.body(quotes.RUITZ).siren
    days = ["--since", "2026-11-23", "--until", "2027-11-23"]
    assert main(["due", siren, *days, "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["issuer"], row["amount_cents"], row["on"]) for row in rows] == [
        ("cdg62", 4000, "2026-11-23"),
        ("cdg62", 5000, "2026-11-23"),
        ("lfn", 8000, "2026-11-23"),
        ("cdg62", 5000, "2027-11-23"),
        ("lfn", 8000, "2027-11-23"),
    ] or sorted(row["amount_cents"] for row in rows) == [4000, 5000, 5000, 8000, 8000]
    assert main(["due", *days, "--issuer", "lfn", "--format", "csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("siren;collectivité;émetteur;tombe dû le")
    assert [line.split(";")[9] for line in lines[1:]] == ["80,00", "80,00"]
    assert main(["due", siren, *days]) == 0
    assert "En tout, lfn" in capsys.readouterr().out
    assert main(["due", "000000000", *days]) == 1
    assert main(["due", siren, "--since", "2027-01-02", "--until", "2027-01-01"]) == 2


def test_agents_see_them_on_the_page_of_the_body_and_by_the_api(log_in: Any) -> None:  # noqa: F811 - the fixture
    subscriptions.running({"messagerie-5go": 4})
    siren, agent = parties.body(quotes.RUITZ).siren, log_in()
    page = words(agent.get(reverse("body-services", args=[siren]), {"on": "2026-11-23"})).replace("\u00a0", " ")
    assert "Ce qui tombe dû en un an" in page
    assert "CDG 62, en tout 90,00 €" in page.replace(" ,", ",")
    window = {"since": "2027-11-23", "until": "2027-11-23"}
    whole = words(agent.get(reverse("body-due", args=[siren]), window)).replace("\u00a0", " ")
    assert "80,00 €" in whole
    assert "40,00 €" not in whole
    assert agent.get(reverse("body-due", args=[siren]), {"since": "x", "until": "y"}).status_code == 422
    lines = agent.get(reverse("body-due", args=[siren]), window | {"format": "csv"}).content.decode("utf-8-sig")
    assert lines.splitlines()[0].startswith("tombe dû le;émetteur")
    answer = agent.get(f"/api/v1/bodies/{siren}/due", window)
    assert [(one["issuer"], one["amount_cents"]) for one in answer.json()] == [("cdg62", 5000), ("lfn", 8000)]
    assert agent.get(f"/api/v1/bodies/{siren}/due", {"since": "x", "until": "y"}).status_code == 422
