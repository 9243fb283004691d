"""What falls due on given days, to the cent: anniversaries, months, civil years, changes within a year."""

from datetime import date
from typing import Any

import pytest

from tests.factories import tariffs
from tests.factories.lives import added, body, reading, removed, subscription
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_reading import read_grid
from tripartite.quotes.queries.agreed import AgreedPrices, Agreement, Priced
from tripartite.subscriptions.queries.due import recurring_due
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind

LIVE = date(2026, 11, 23)
LAST = date(2027, 11, 22)
NEXT = date(2027, 11, 23)


def grid(**changes: str) -> Grid:
    """The shipped tariff, with what a test changes in its text."""
    text = tariffs.grid_text()
    for old, new in changes.items():
        wanted = KEYS[old]
        assert wanted in text
        text = text.replace(wanted, new, 1)
    return read_grid(text)


KEYS = {
    "price": "lfn = { per_unit = 20 }",
    "prorata": 'prorata = "none"',
    "part": 'part = "Services"',
    "code": 'code = "cdg62/2024-03-26"',
    "days": "applies_from = 2024-03-26",
    "table": "[act]",
}
PLAIN = grid()


def due(found: Any, since: date = LIVE, until: date = LAST, *, issuer: str = "lfn") -> list[tuple[Any, ...]]:
    items = [one for one in recurring_due(found, since=since, until=until) if one.issuer == issuer]
    return [(one.on, one.since, one.until, one.amount_cents) for one in items]


def mailboxes(tariff: Grid, *more: Any, quantity: int = 4, **options: Any) -> Any:
    return subscription(1, [added(tariff, LIVE, "messagerie-5go", quantity), *more], **options)


def test_a_year_is_due_at_going_live_then_at_each_anniversary() -> None:
    found = reading([mailboxes(PLAIN)], PLAIN)
    assert due(found, until=date(2029, 1, 1)) == [
        (LIVE, LIVE, LAST, 8000),
        (NEXT, NEXT, date(2028, 11, 22), 8000),
        (date(2028, 11, 23), date(2028, 11, 23), date(2029, 11, 22), 8000),
    ]
    assert due(found, issuer="cdg62") == [(LIVE, LIVE, LAST, 5000)]
    assert due(found, since=date(2026, 11, 24)) == []
    (item,) = recurring_due(found, since=LIVE, until=LIVE)[1:]
    assert item.key == "1:lfn:messagerie-5go/abonnement[]:1:2026-11-23"
    assert (item.kind, item.basis, item.grid) == (ItemKind.DUE, "TTC", "cdg62/2024-03-26")
    assert item.explanation == "4 comptes × 20,00\N{NO-BREAK SPACE}€"
    assert [(lot.subscription, lot.first_on, lot.quantity) for lot in item.lots] == [(1, LIVE, "4")]


def test_what_is_added_within_the_year_is_due_whole_to_the_next_due_date() -> None:
    more = added(PLAIN, date(2027, 5, 23), "messagerie-5go", 3)
    found = reading([mailboxes(PLAIN, more)], PLAIN)
    assert due(found, until=NEXT) == [
        (LIVE, LIVE, LAST, 8000),
        (date(2027, 5, 23), date(2027, 5, 23), LAST, 6000),
        (NEXT, NEXT, date(2028, 11, 22), 14_000),
    ]
    assert due(found, issuer="cdg62", until=NEXT) == [
        (LIVE, LIVE, LAST, 5000),
        (date(2027, 5, 23), date(2027, 5, 23), LAST, 5000),
        (NEXT, NEXT, date(2028, 11, 22), 10_000),
    ]


def test_a_part_of_a_year_is_counted_where_the_tariff_says_so() -> None:
    months = grid(prorata='prorata = "months"')
    more = added(months, date(2027, 5, 24), "messagerie-5go", 3)
    assert due(reading([mailboxes(months, more)], months))[1:] == [(date(2027, 5, 24), date(2027, 5, 24), LAST, 3000)]
    found = recurring_due(reading([mailboxes(months, more)], months), since=LIVE, until=LAST)
    assert found[-1].explanation.endswith("6 mois entamés sur 12")


def test_less_or_an_end_gives_nothing_back() -> None:
    less = removed(PLAIN, date(2027, 5, 23), 2)
    found = reading([mailboxes(PLAIN, less, ends=[(date(2027, 8, 31), date(2027, 8, 1))])], PLAIN)
    assert due(found, until=date(2030, 1, 1)) == [(LIVE, LIVE, LAST, 8000)]


def test_it_gives_back_the_part_not_begun_where_the_tariff_says_so() -> None:
    giving = grid(prorata='prorata = "months"', table="[due]\ngives_back = true\n\n[act]")
    less = removed(giving, date(2027, 5, 23), 2)
    found = reading([mailboxes(giving, less, ends=[(date(2027, 8, 22), date(2027, 8, 1))])], giving)
    items = [one for one in recurring_due(found, since=LIVE, until=NEXT) if one.issuer == "lfn"]
    assert [(one.on, one.until, one.amount_cents, one.kind) for one in items] == [
        (LIVE, LAST, 8000, ItemKind.DUE),
        (date(2027, 5, 23), LAST, -2000, ItemKind.CREDIT),
        (date(2027, 8, 23), LAST, -1000, ItemKind.CREDIT),
    ]
    # 40 € for two mailboxes, less the six months begun before 23 May: 20 €
    told = items[1].explanation.replace("\u00a0", " ").split(" ; ")[0]
    stays = "40,00 € pour la période entière, dont 6 mois entamés sur 12 restent dus"
    assert told == f"rendu du 23/05/2027 au 22/11/2027 : {stays}"


def test_the_first_year_has_its_own_price() -> None:
    dearer = grid(price="lfn = { per_unit = 20, first_year = { per_unit = 30 } }")
    more = added(dearer, date(2027, 5, 23), "messagerie-5go", 1)
    found = due(reading([mailboxes(dearer, more)], dearer), until=NEXT)
    assert [amount for *_, amount in found] == [12_000, 3000, 10_000]


def test_what_is_monthly_is_due_each_month() -> None:
    text = tariffs.grid_text()
    place = text.index("lfn = { per_unit = 20 }")
    start = text.rindex('frequency = "yearly"', 0, place)
    monthly = read_grid(text[:start] + text[start:].replace('frequency = "yearly"', 'frequency = "monthly"', 1))
    less = removed(monthly, date(2027, 2, 1), 1)
    found = due(reading([mailboxes(monthly, less)], monthly))
    assert len(found) == 12
    assert found[0] == (LIVE, LIVE, date(2026, 12, 22), 8000)
    assert [amount for *_, amount in found] == [8000] * 3 + [6000] * 9


def test_a_civil_year_begins_in_january() -> None:
    civil = grid(part='part = "Services"\nrhythm = "civil-year"\nprorata = "months"')
    found = reading([mailboxes(civil)], civil)
    assert due(found, until=date(2028, 1, 1)) == [
        (LIVE, LIVE, date(2026, 12, 31), 1333),
        (date(2027, 1, 1), date(2027, 1, 1), date(2027, 12, 31), 8000),
        (date(2028, 1, 1), date(2028, 1, 1), date(2028, 12, 31), 8000),
    ]
    assert due(found, issuer="cdg62", until=date(2028, 1, 1)) == [
        (LIVE, LIVE, LAST, 5000),
        (NEXT, NEXT, date(2028, 11, 22), 5000),
    ]


def test_a_day_that_an_act_fixes_makes_the_difference_due_where_a_part_of_a_year_is_counted() -> None:
    for prorata, expected in (("none", []), ("months", [(date(2027, 5, 23), date(2027, 5, 23), LAST, 400)])):
        old = grid(prorata=f'prorata = "{prorata}"')
        new = grid(
            code='code = "cdg62/2027-01-01"',
            days="applies_from = 2027-01-01\nrunning_from = 2027-05-23",
            price="lfn = { per_unit = 22 }",
            prorata=f'prorata = "{prorata}"',
        )
        assert due(reading([mailboxes(old)], old, new))[1:] == expected


def test_lots_of_two_due_dates_are_counted_in_the_order_in_which_they_came() -> None:
    """3 accounts (CDG: 50 € from 3 to 5), then 3 more under another subscription (100 € from 6 to 10)."""
    second = subscription(2, [added(PLAIN, date(2027, 5, 23), "messagerie-5go", 3)])
    found = reading([mailboxes(PLAIN, quantity=3), second], PLAIN)
    years = due(found, issuer="cdg62", until=date(2028, 11, 22))
    assert [(on, amount) for on, _, _, amount in years] == [
        (LIVE, 5000),
        (date(2027, 5, 23), 5000),
        (NEXT, 5000),
        (date(2028, 5, 23), 5000),
    ]


def test_what_waits_for_a_price_is_due_without_amount_then_once_with_it() -> None:
    line = Priced("lfn", "stockage-supplementaire", "abonnement", (), "101", "cdg62")
    storage = subscription(3, [added(PLAIN, LIVE, "stockage-supplementaire", 101)])
    assert due(reading([storage], PLAIN)) == [(LIVE, LIVE, LAST, None)]
    given = AgreedPrices({line: (Agreement(LIVE, date(2027, 2, 1), 90_000),)})
    assert due(reading([storage], PLAIN, agreed=given)) == [
        (LIVE, LIVE, LAST, None),
        (date(2027, 2, 1), LIVE, LAST, 90_000),
    ]


def test_what_an_amendment_agreed_counts_on_top_of_what_the_tariff_prices() -> None:
    """90 Go by the bands, then 20 more for which an agent gave a price: 110 Go are on request by the tariff."""
    amended = date(2027, 5, 23)
    lots = [added(PLAIN, day, "stockage-supplementaire", count) for day, count in ((LIVE, 90), (amended, 20))]
    line = Priced("lfn", "stockage-supplementaire", "abonnement", (), "20", "cdg62")
    given = AgreedPrices({line: (Agreement(amended, amended, 30_000, "LFN-2027-00001"),)})
    found = reading([subscription(1, lots)], PLAIN, agreed=given)
    assert due(found, until=NEXT) == [
        (LIVE, LIVE, LAST, 99_000),
        (amended, amended, LAST, 30_000),
        (NEXT, NEXT, date(2028, 11, 22), 129_000),
    ]
    assert found.cost(amended).totals["lfn"] == found.cost(NEXT).totals["lfn"] == 129_000


def _told(found: Any, until: date) -> list[tuple[date, ItemKind, int | None]]:
    items: list[DueItem] = [one for one in recurring_due(found, since=LIVE, until=until) if one.issuer == "lfn"]
    return [(one.on, one.kind, one.amount_cents) for one in items]


def test_a_tariff_learnt_late_makes_its_difference_due_once_where_its_act_asks_it() -> None:
    for table, expected in (
        ("", []),
        ('[due]\nlate_tariff = "difference"\n\n', [(date(2028, 1, 10), "difference", 800)]),
    ):
        new = grid(
            code='code = "cdg62/2027-11-01"',
            days="applies_from = 2027-11-01",
            price="lfn = { per_unit = 22 }",
            table=f"{table}[act]",
        )
        found = reading([mailboxes(PLAIN)], PLAIN, new, learnt={new.code: date(2028, 1, 10)})
        assert _told(found, date(2028, 12, 31)) == [
            (LIVE, "due", 8000),
            (NEXT, "due", 8000),
            *expected,
            (date(2028, 11, 23), "due", 8800),
        ]


def test_a_population_learnt_late_makes_its_difference_due_once_where_the_tariff_asks_it() -> None:
    """In force on 1 November, imported on 10 January: category B, then C."""
    learnt = date(2028, 1, 10)
    known = body([(date(2020, 1, 1), 1994, date(2020, 1, 1)), (date(2027, 11, 1), 2400, learnt)])
    asking = grid(table='[due]\nlate_figures = "difference"\n\n[act]')
    for tariff, expected in ((PLAIN, []), (asking, [(learnt, "difference", 7700)])):
        one = subscription(1, [added(tariff, LIVE, "demarches-simplifiees", 1)])
        assert _told(reading([one], tariff, of=known), date(2028, 12, 31)) == [
            (LIVE, "due", 5100),
            (NEXT, "due", 5100),
            *expected,
            (date(2028, 11, 23), "due", 12_800),
        ]


def test_an_end_learnt_late_gives_back_what_was_asked_beyond_it() -> None:
    found = reading([mailboxes(PLAIN, ends=[(LAST, date(2027, 12, 5))])], PLAIN)
    assert _told(found, date(2029, 1, 1)) == [
        (LIVE, "due", 8000),
        (NEXT, "due", 8000),
        (date(2027, 12, 5), "credit", -8000),
    ]
    again = reading([mailboxes(PLAIN, ends=[(LAST, date(2027, 12, 5)), (None, date(2027, 12, 20))])], PLAIN)
    assert _told(again, date(2028, 1, 1))[2:] == [
        (date(2027, 12, 5), "credit", -8000),
        (date(2027, 12, 20), "due", 8000),
    ]
    keys = [one.key for one in recurring_due(again, since=LIVE, until=date(2028, 1, 1))]
    assert len(keys) == len(set(keys))


def test_a_going_live_learnt_late_is_due_the_day_it_is_learnt() -> None:
    late = subscription(1, [added(PLAIN, LIVE, "messagerie-5go", 4, learnt=date(2027, 12, 1))])
    found = reading([late], PLAIN)
    assert due(found, until=date(2028, 1, 1)) == [
        (date(2027, 12, 1), LIVE, LAST, 8000),
        (date(2027, 12, 1), NEXT, date(2028, 11, 22), 8000),
    ]


def test_a_figure_that_lacks_is_told_and_not_forgotten() -> None:
    one = subscription(1, [added(PLAIN, LIVE, "demarches-simplifiees", 1, population=None)])
    one.changes.all()[0].facts.pop("population")
    (item,) = [each for each in recurring_due(reading([one], PLAIN), since=LIVE, until=LAST) if each.issuer == "lfn"]
    assert item.amount_cents is None
    assert "population" in item.explanation


@pytest.mark.parametrize("issuer", ["lfn", "cdg62"])
def test_nothing_is_due_before_it_runs(issuer: str) -> None:
    assert due(reading([mailboxes(PLAIN)], PLAIN), date(2020, 1, 1), date(2026, 11, 22), issuer=issuer) == []


def test_what_fell_due_before_a_part_was_noted_late_stays_in_every_window_and_is_taken_back_once() -> None:
    """A part that came first is noted after a due date: due dates move, and what was asked by the former one is still
    told on its day, whichever window is asked.
    """
    learnt, earlier = date(2027, 12, 1), date(2026, 11, 20)
    found = reading([mailboxes(PLAIN, added(PLAIN, earlier, "messagerie-5go", 1, learnt=learnt))], PLAIN)
    whole = due(found, until=date(2028, 1, 31))
    assert whole == [
        (LIVE, LIVE, LAST, 8000),
        (NEXT, NEXT, date(2028, 11, 22), 8000),
        (learnt, earlier, date(2027, 11, 19), 2000),
        (learnt, date(2027, 11, 20), date(2028, 11, 19), 10000),
        (learnt, NEXT, date(2028, 11, 22), -8000),
    ]
    assert due(found, until=NEXT) + due(found, since=date(2027, 11, 24), until=date(2028, 1, 31)) == whole


def test_a_new_tariff_takes_services_in_turn_and_the_year_asks_the_price_of_the_whole() -> None:
    """Both kinds of mailbox share a band. The tariff of 2027 takes the first ones on their due date, while the others
    are under the former one still: each is counted after what came before it, whatever its tariff.
    """
    later = grid(code='code = "cdg62/2027-01-01"', days="applies_from = 2027-01-01")
    other = added(PLAIN, date(2026, 12, 15), "messagerie-illimitee", 1)
    found = reading([mailboxes(PLAIN), subscription(2, [other])], PLAIN, later)
    asked = due(found, issuer="cdg62", since=NEXT, until=date(2027, 12, 31))
    first_years = due(found, issuer="cdg62", until=date(2026, 12, 31))
    assert [amount for *_, amount in first_years] == [5000]
    assert [amount for *_, amount in asked] == [5000]
    two = reading([mailboxes(PLAIN, quantity=5), subscription(2, [other])], PLAIN, later)
    assert [amount for *_, amount in due(two, issuer="cdg62", since=NEXT, until=date(2027, 12, 31))] == [5000, 5000]


def test_what_comes_in_two_reckonings_has_the_quantity_of_both() -> None:
    """Two parts of one service, of other figures: one item on their common due date, of all that it covers."""
    more = added(PLAIN, date(2026, 12, 1), "messagerie-5go", 2, population=900)
    between = subscription(2, [added(PLAIN, date(2026, 11, 25), "messagerie-illimitee", 1)])
    found = reading([mailboxes(PLAIN, more), between], PLAIN)
    items = recurring_due(found, since=NEXT, until=NEXT)
    assert [(one.issuer, one.quantity, one.amount_cents) for one in items] == [
        ("cdg62", "6", 10000),
        ("lfn", "6", 12000),
    ]


def test_what_a_reduction_gave_back_stays_when_another_body_takes_the_service_over() -> None:
    """What is taken over does not end, and gives nothing back; a reduction of before has."""
    tariff = grid(prorata='prorata = "months"', table="[due]\ngives_back = true\n\n[act]")
    less, taken_on = date(2027, 2, 23), date(2027, 5, 1)
    one = mailboxes(tariff, removed(tariff, less, 2), ends=[(date(2027, 4, 30), taken_on)])
    one.goes_on_elsewhere = True
    assert due(reading([one], tariff)) == [(LIVE, LIVE, LAST, 8000), (less, less, LAST, -3000)]
    ended = mailboxes(tariff, removed(tariff, less, 2), ends=[(date(2027, 4, 22), date(2027, 4, 23))])
    assert due(reading([ended], tariff))[2:] == [(date(2027, 4, 23), date(2027, 4, 23), LAST, -2333)]
