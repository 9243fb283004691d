"""What runs costs what the quotes said, then what the tariff of each due date says."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pytest

from tests.factories import parties, quotes, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.services.drafting import draft_convention
from tripartite.parties.services.figures import declare_figure
from tripartite.subscriptions.queries.effects import changes_ahead
from tripartite.subscriptions.queries.running import cost_reading, held_lines, running_cost, running_on
from tripartite.subscriptions.services.ending import end_subscription, reduce_subscription
from tripartite.tariffs.services import adopt_grid, draft_grid

DAY = AT.date()
MAILBOX = 'frequency = "yearly"\nplace = "Présence en ligne › Messagerie › Messagerie compte 5 Go"'
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()
    subscriptions.adopt_shipped_checklist()


def _next_grid(**changes: str) -> None:
    """A later tariff of the same act's body, 22 € a mailbox rather than 20."""
    text = tariffs.grid_text()
    wanted = {
        'code = "cdg62/2024-03-26"': 'code = "cdg62/2027-01-01"\nsupersedes = "cdg62/2024-03-26"',
        "applies_from = 2024-03-26": changes.get("applies", "applies_from = 2027-01-01"),
        "lfn = { per_unit = 20 }": changes.get("price", "lfn = { per_unit = 22 }"),
        MAILBOX: MAILBOX.replace("yearly", changes.get("frequency", "yearly")),
    }
    for old, new in wanted.items():
        assert old in text
        text = text.replace(old, new, 1)
    draft_grid(text=text, actor=TESTER, at=AT)
    adopt_grid(code="cdg62/2027-01-01", actor=TESTER, at=AT)


def _totals(body: Any, on: date) -> dict[str, int]:
    return running_cost(body.pk, on=on).totals


def test_the_first_year_costs_what_the_quotes_said() -> None:
    running = subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1, "demarches-simplifiees": 1})
    body = parties.body(quotes.RUITZ)
    cost = running_cost(body.pk, on=DAY)
    assert {one.service for one in running.values()} == {"messagerie-5go", "nom-de-domaine", "demarches-simplifiees"}
    assert cost.totals == {"lfn": 8000 + 1500 + 5100, "cdg62": 5000 + 5000}
    assert cost.complete
    assert cost.warnings == ()
    (mailboxes,) = [one for one in cost.lines if one.line.service == "messagerie-5go" and one.issuer == "lfn"]
    assert mailboxes.line.explanation == "4 comptes × 20,00\N{NO-BREAK SPACE}€"
    assert (mailboxes.priced_on, mailboxes.due_on) == (DAY, date(2027, 11, 23))
    assert mailboxes.citation == "délibération du conseil d'administration du 26/03/2024"


def test_a_first_year_has_its_own_price_up_to_the_eve_of_the_first_due_date() -> None:
    dearer = "lfn = { per_unit = 20, first_year = { per_unit = 30 } }"
    _next_grid(applies="applies_from = 2026-06-01", price=dearer)
    subscriptions.running({"messagerie-5go": 4})
    body = parties.body(quotes.RUITZ)

    assert [_totals(body, day)["lfn"] for day in (DAY, date(2027, 11, 22))] == [12_000, 12_000]
    assert [_totals(body, day)["lfn"] for day in (date(2027, 11, 23), date(2028, 11, 23))] == [8_000, 8_000]


@pytest.mark.parametrize(
    "applies", ["applies_from = 2027-01-01", "applies_from = 2027-01-01\nrunning_from = 2027-02-01"]
)
def test_what_goes_live_under_a_newer_tariff_and_figures_costs_its_quotes_until_its_first_due_date(
    applies: str,
) -> None:
    waiting = subscriptions.opened({"messagerie-5go": 4, "demarches-simplifiees": 1})
    _next_grid(applies=applies)
    body = parties.body(quotes.RUITZ)
    declare_figure(
        body_id=body.pk,
        measure="population",
        counted="municipale",
        value=2400,
        declared_by="Prénom NOM, secrétaire",
        actor=TESTER,
        at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
    )
    live_on = date(2027, 2, 1)
    for activation in waiting.values():
        subscriptions.live(activation, on=live_on, at=datetime(2027, 2, 1, 9, 0, tzinfo=UTC))

    assert [_totals(body, day)["lfn"] for day in (live_on, date(2028, 1, 31))] == [8000 + 5100] * 2
    assert _totals(body, date(2028, 2, 1))["lfn"] == 8800 + 12_800


def test_what_is_due_by_the_month_costs_twelve_a_year() -> None:
    monthly = "lfn = { per_unit = 2, first_year = { per_unit = 3 } }"
    _next_grid(applies="applies_from = 2026-06-01", price=monthly, frequency="monthly")
    subscriptions.running({"messagerie-5go": 4})
    body = parties.body(quotes.RUITZ)

    assert [_totals(body, day)["lfn"] for day in (DAY, date(2027, 11, 23))] == [4 * 300 * 12, 4 * 200 * 12]


def test_nothing_runs_before_it_goes_live() -> None:
    subscriptions.opened({"messagerie-5go": 4})
    assert _totals(parties.body(quotes.RUITZ), DAY) == {}


def test_once_only_services_run_nothing() -> None:
    running = subscriptions.running({"antivirus": 3, "antivirus-intervention": 3})
    assert set(running) == {"antivirus"}
    assert _totals(parties.body(quotes.RUITZ), DAY) == {"lfn": 5100, "cdg62": 0}


@pytest.mark.parametrize(("last_day", "due_on"), [(date(2027, 11, 22), None), (date(2027, 11, 23), date(2027, 11, 23))])
def test_what_ends_on_its_due_date_still_falls_due_that_day(last_day: date, due_on: date | None) -> None:
    one = subscriptions.running({"messagerie-5go": 4})["messagerie-5go"]
    end_subscription(subscription_id=one.pk, last_day=last_day, reason="courrier", actor=TESTER, at=AT)
    body = parties.body(quotes.RUITZ)

    assert {line.due_on for line in running_cost(body.pk, on=DAY).lines} == {due_on}
    assert [running.due_on for running in running_on(body.pk, on=DAY)] == [due_on]


def test_a_new_tariff_counts_from_the_next_due_date() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _next_grid()
    body = parties.body(quotes.RUITZ)
    assert _totals(body, date(2027, 11, 22)) == {"lfn": 8000, "cdg62": 5000}
    assert _totals(body, date(2027, 11, 23)) == {"lfn": 8800, "cdg62": 5000}


def test_a_change_is_ahead_up_to_its_eve_and_tells_both_costs() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _next_grid()
    reading = cost_reading([key := parties.body(quotes.RUITZ).pk])[key]

    (change,) = changes_ahead(reading, on=date(2027, 11, 22))
    assert (change.on, change.before.totals["lfn"], change.after.totals["lfn"]) == (date(2027, 11, 23), 8000, 8800)
    assert changes_ahead(reading, on=date(2027, 11, 23)) == []


def test_an_act_may_fix_the_day_for_what_runs() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _next_grid(applies="applies_from = 2027-01-01\nrunning_from = 2027-03-01")
    body = parties.body(quotes.RUITZ)
    assert _totals(body, date(2027, 2, 28)) == {"lfn": 8000, "cdg62": 5000}
    assert _totals(body, date(2027, 3, 1)) == {"lfn": 8800, "cdg62": 5000}


def test_a_tariff_fixed_for_later_lets_a_due_date_pass() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _next_grid(applies="applies_from = 2027-01-01\nrunning_from = 2028-01-01")
    body = parties.body(quotes.RUITZ)
    assert _totals(body, date(2027, 12, 31)) == {"lfn": 8000, "cdg62": 5000}
    assert _totals(body, date(2028, 1, 1)) == {"lfn": 8800, "cdg62": 5000}


def test_what_is_prepaid_is_never_touched_and_ends_with_its_term() -> None:
    running = subscriptions.running({"cle-signature-3-cdg": 1})
    key = running["cle-signature-3-cdg"]
    assert (key.starts_on, key.ends_on, key.term_years) == (DAY, date(2029, 11, 22), 3)
    body = parties.body(quotes.RUITZ)
    assert _totals(body, DAY) == {}
    assert [one.quantity for one in running_on(body.pk, on=date(2029, 11, 22))] == [1]
    assert running_on(body.pk, on=date(2029, 11, 23)) == []


def test_a_category_changes_at_the_next_due_date_after_the_figure() -> None:
    subscriptions.running({"demarches-simplifiees": 1})
    body = parties.body(quotes.RUITZ)
    declare_figure(
        body_id=body.pk,
        measure="population",
        counted="municipale",
        value=2400,
        year=2027,
        declared_by="Prénom NOM, secrétaire",
        actor=TESTER,
        at=datetime(2027, 6, 1, 9, 0, tzinfo=UTC),
    )
    assert _totals(body, date(2027, 11, 22)) == {"lfn": 5100, "cdg62": 5000}
    assert _totals(body, date(2027, 11, 23)) == {"lfn": 12800, "cdg62": 10000}


def test_mailboxes_added_by_an_amendment_cost_their_difference_then_the_whole() -> None:
    subscriptions.running({"messagerie-5go": 4})
    _next_grid()
    later = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
    body = parties.body(quotes.RUITZ)
    (parent,) = [one for one in _conventions(body) if one.parent_id is None]
    asked = subscriptions.conventions.accepted({"messagerie-5go": 3}, in_service={"messagerie-5go": 4}, at=later)
    amendment = draft_convention(request_id=asked.pk, parent_id=parent.pk, actor=TESTER, at=later)
    signed = subscriptions.signed(amendment, at=later)
    (activation,) = subscriptions.open_activations(convention_id=signed.pk, actor=TESTER, at=later)
    subscriptions.live(activation, on=later.date(), at=later)
    cost = running_cost(body.pk, on=later.date())
    assert cost.totals == {"lfn": 4 * 2000 + 3 * 2200, "cdg62": 5000 + 5000}
    assert held_lines(body.pk, on=later.date(), offer="cdg62") == [
        {"service": "messagerie-5go", "quantity": 4},
        {"service": "messagerie-5go", "quantity": 3},
    ]
    (one,) = running_on(body.pk, on=later.date())
    assert (one.quantity, one.due_on) == (7, date(2027, 11, 23))
    assert _totals(body, date(2027, 11, 23)) == {"lfn": 7 * 2200, "cdg62": 10000}


def test_what_is_taken_away_comes_off_the_last_added_from_its_day() -> None:
    running = subscriptions.running({"messagerie-5go": 4})
    body = parties.body(quotes.RUITZ)
    reduce_subscription(
        subscription_id=running["messagerie-5go"].pk,
        removed=Fraction(2),
        on=date(2027, 1, 1),
        reason="Courrier du 15/12/2026",
        actor=TESTER,
        at=AT,
    )
    assert _totals(body, date(2026, 12, 31)) == {"lfn": 8000, "cdg62": 5000}
    assert _totals(body, date(2027, 1, 1)) == {"lfn": 4000, "cdg62": 2500}


def test_a_price_given_by_hand_holds_while_the_quantity_stays() -> None:
    asked = subscriptions.conventions.quotes.request({"sauvegarde": 1, "stockage-supplementaire": 101})
    subscriptions.conventions.quotes.price(asked, amount_cents=90_000)
    running = subscriptions.running_from(asked)
    body = parties.body(quotes.RUITZ)
    cost = running_cost(body.pk, on=DAY)
    (storage,) = [one for one in cost.lines if one.line.service == "stockage-supplementaire"]
    assert (storage.yearly_cents, storage.agreed) == (90_000, "LFN-2026-00012")
    assert cost.totals == {"lfn": 46_300 + 90_000, "cdg62": 5000}
    reduce_subscription(
        subscription_id=running["stockage-supplementaire"].pk,
        removed=Fraction(1),
        on=date(2027, 1, 1),
        reason="Avenant",
        actor=TESTER,
        at=AT,
    )
    assert _totals(body, date(2027, 1, 1)) == {"lfn": 46_300 + 110_000, "cdg62": 5000}


@pytest.mark.parametrize("count", [1, 3])
def test_the_costs_of_bodies_are_read_in_as_many_queries_however_many_they_are(
    count: int, django_assert_num_queries: Any
) -> None:
    bodies = [quotes.RUITZ, quotes.ARRAS, "62498"][:count]
    for code in bodies:
        subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1}, body=code)
    keys = [parties.body(code).pk for code in bodies]
    running_cost(keys[0], on=DAY)  # grids are parsed once a process
    with django_assert_num_queries(10):
        for reading in cost_reading(keys).values():
            assert reading.cost(DAY).totals["lfn"] == 9500


def _conventions(body: Any) -> list[Any]:
    from tripartite.conventions.queries.conventions import conventions_of_bodies  # noqa: PLC0415

    return conventions_of_bodies([body.pk])
