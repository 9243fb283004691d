"""Interventions: planned, moved, done, cancelled; and the charge that arises from one, once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.factories import parties, quotes, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER, account
from tripartite.following.queries.charges import charges_in_case
from tripartite.following.queries.interventions import (
    due_charges_of,
    intervention_list,
    interventions_of_body,
    time_spent,
)
from tripartite.following.services.charges import GivenPrice
from tripartite.following.services.interventions import (
    Subject,
    cancel_intervention,
    move_intervention,
    plan_intervention,
    record_intervention,
)
from tripartite.journal.queries import entries_about
from tripartite.subscriptions.services.errors import SubscriptionError

DAY = AT.date()
TOMORROW = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    subscriptions.conventions.offer()


def subject(**more: Any) -> Subject:
    values = {"body_id": parties.body().pk, "kind": "help", "agent_id": account(issuer_code="cdg62").pk}
    return Subject(**(values | more))


def planned(**more: Any) -> Any:
    return plan_intervention(subject=subject(**more), planned_at=TOMORROW, minutes=90, actor=TESTER, at=AT)


def done(**more: Any) -> Any:
    asked = {name: more.pop(name) for name in ("service", "kind", "body_id") if name in more}
    options = {"done_on": DAY, "minutes": 45, "actor": TESTER, "at": AT} | more
    return record_intervention(subject=subject(**asked), **options)


def test_an_intervention_is_planned_moved_and_done() -> None:
    subscriptions.running({"antivirus": 4})
    other = account(issuer_code="cdg62", name="Autre NOM")
    made = planned(service="antivirus")
    later = TOMORROW + timedelta(days=1)
    moved = move_intervention(
        intervention_id=made.pk, planned_at=later, minutes=60, agent_id=other.pk, place="Mairie", actor=TESTER, at=AT
    )
    assert (moved.sequence, moved.agent.name, moved.planned_minutes, moved.place) == (1, "Autre NOM", 60, "Mairie")
    day = later + timedelta(hours=3)
    told = record_intervention(
        intervention_id=made.pk, done_on=later.date(), minutes=50, note="Fait.", actor=TESTER, at=day
    )
    one = told.intervention
    assert (one.state, one.done_on, one.minutes, one.charged, told.charges) == ("done", later.date(), 50, False, ())
    texts = [entry.text for entry in entries_about("request", one.request_id) if "Intervention" in entry.text]
    assert texts == [
        "Intervention (assistance, Antivirus) prévue le 24/11/2026 à 9 h 30, par Prénom NOM.",
        "Intervention (assistance, Antivirus) déplacée au 25/11/2026 à 9 h 30, par Autre NOM.",
        "Intervention (assistance, Antivirus) faite le 25/11/2026, 50 min, par Autre NOM.",
    ]


def test_without_a_file_the_body_is_told() -> None:
    made = planned(kind="meeting")
    assert made.request_id is None
    assert [entry.action for entry in entries_about("body", made.body_id)][-1] == "subscriptions.intervention-plan"


def test_a_planned_one_is_cancelled_with_a_reason_and_moves_no_more() -> None:
    made = planned()
    with pytest.raises(SubscriptionError, match="Dites pourquoi"):
        cancel_intervention(intervention_id=made.pk, reason=" ", actor=TESTER, at=AT)
    cancelled = cancel_intervention(intervention_id=made.pk, reason="Mairie fermée", actor=TESTER, at=AT)
    assert (cancelled.state, cancelled.sequence) == ("cancelled", 1)
    with pytest.raises(SubscriptionError, match="Cette intervention est annulée"):
        record_intervention(intervention_id=made.pk, done_on=DAY, minutes=5, actor=TESTER, at=AT)
    with pytest.raises(SubscriptionError, match="ne se déplace plus"):
        move_intervention(
            intervention_id=made.pk,
            planned_at=TOMORROW,
            minutes=5,
            agent_id=made.agent_id,
            place="",
            actor=TESTER,
            at=AT,
        )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"done_on": DAY + timedelta(days=1)}, "Ce jour est à venir"),
        ({"minutes": 0}, "temps passé"),
        ({"minutes": 1441}, "temps passé"),
        ({"kind": "autre chose"}, "genre"),
        ({"service": "inconnu"}, "ni au tarif ni en service"),
        ({"body_id": 999_999}, "annuaire"),
        ({"charged": True}, "n'est pas en service ce jour-là"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_nothing_is_written(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SubscriptionError, match=said):
        done(**change)
    assert not intervention_list().exists()


def test_the_conditional_charge_of_a_running_service_arises_once() -> None:
    subscriptions.running({"antivirus": 4})
    (before,) = charges_in_case(parties.body().pk, on=DAY)
    assert (before.issuer, before.amount_cents, before.settled) == ("cdg62", 10_000, "")
    told = done(service="antivirus", charged=True)
    (charge,) = told.charges
    assert (charge.issuer, charge.charge, charge.amount_cents, charge.quantity) == (
        "cdg62",
        "mise-en-service",
        10_000,
        "4",
    )
    assert (told.intervention.charged, charge.due_on, charge.grid) == (True, DAY, "cdg62/2024-03-26")
    assert told.said.startswith(
        "Mise en service par le CDG, CDG 62 : 100,00\u00a0€ TTC dus une fois (Uniquement en cas"
    )
    again = done(service="antivirus", charged=True)
    assert again.charges == ()
    assert again.said.endswith("rien de plus à payer, déjà due depuis l'intervention du 23/11/2026.")
    assert again.intervention.charged is False
    assert len(due_charges_of(parties.body().pk)) == 1


def test_what_was_ordered_with_the_convention_is_not_charged_again() -> None:
    subscriptions.running({"antivirus": 4, "antivirus-intervention": 4})
    told = done(service="antivirus", charged=True)
    assert (told.charges, told.intervention.charged) == ((), False)
    assert told.said.endswith("rien de plus à payer, déjà commandée avec la convention ou l'un de ses avenants.")


def test_what_was_ordered_with_the_convention_before_is_not_charged_again_either() -> None:
    subscriptions.running({"antivirus": 4, "antivirus-intervention": 4})
    later = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
    subscriptions.running({"antivirus": 4}, at=later)
    told = done(service="antivirus", charged=True, done_on=later.date(), at=later)
    assert told.charges == ()
    assert told.said.endswith("rien de plus à payer, déjà commandée avec la convention ou l'un de ses avenants.")


def test_what_another_body_has_is_not_visited() -> None:
    running = subscriptions.running({"antivirus": 4})["antivirus"]
    activation = running.parts.get().activation
    other = parties.body(quotes.ARRAS).pk
    with pytest.raises(SubscriptionError, match="Ce service n'est pas celui de cette collectivité"):
        planned(body_id=other, subscription_id=running.pk)
    with pytest.raises(SubscriptionError, match="Cette mise en service n'est pas celle de cette collectivité"):
        planned(body_id=other, activation_id=activation.pk)
    assert planned(activation_id=activation.pk).request_id == running.convention.request_id


def test_a_service_without_such_a_charge_says_so() -> None:
    subscriptions.running({"messagerie-5go": 4})
    with pytest.raises(SubscriptionError, match="le tarif ne prévoit rien en cas d'intervention"):
        done(service="messagerie-5go", charged=True)


def test_beyond_the_bands_an_agent_of_that_issuer_gives_the_price_with_a_reason() -> None:
    subscriptions.running({"antivirus": 21})
    for price in (None, GivenPrice("lfn", 45_000, "Devis fait."), GivenPrice("cdg62", 45_000, " ")):
        with pytest.raises(SubscriptionError, match="Un agent de CDG 62 indique le montant, avec son motif"):
            done(service="antivirus", charged=True, price=price)
    assert not intervention_list().exists()
    (charge,) = done(service="antivirus", charged=True, price=GivenPrice("cdg62", 45_000, "Devis fait.")).charges
    assert (charge.amount_cents, charge.on_request_reason) == (45_000, "Devis fait.")


def test_the_quantity_is_the_one_that_runs_that_day() -> None:
    running = subscriptions.running({"antivirus": 4})
    from fractions import Fraction  # noqa: PLC0415

    from tripartite.subscriptions.services.ending import reduce_subscription  # noqa: PLC0415

    reduce_subscription(
        subscription_id=running["antivirus"].pk,
        removed=Fraction(2),
        on=date(2027, 1, 1),
        reason="Courrier",
        actor=TESTER,
        at=AT,
    )
    later = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
    (charge,) = done(service="antivirus", charged=True, done_on=later.date(), at=later).charges
    assert (charge.quantity, charge.amount_cents) == ("2", 5000)


def test_the_tariff_of_a_charge_is_that_of_what_was_added_last() -> None:
    (one,) = subscriptions.running({"antivirus": 3}).values()
    dearer = tariffs.grid_text().replace("{ from = 3, to = 5, flat = 100 }", "{ from = 3, to = 5, flat = 120 }")
    days = 'code = "cdg62/2027-01-01"\nsupersedes = "cdg62/2024-03-26"'
    dearer = dearer.replace('code = "cdg62/2024-03-26"', days, 1).replace("= 2024-03-26", "= 2027-01-01", 1)
    tariffs.adopt_text(dearer)
    first, on = one.changes.get(), date(2027, 1, 5)
    added = {"line": {"service": "antivirus", "quantity": 1}, "grid": "cdg62/2027-01-01", "facts": first.facts}
    dated = {"on": on, "first_on": on, "recorded_at": AT, "recorded_by": "essai"}
    one.changes.create(convention_id=first.convention_id, **added, **dated)

    for day, grid, due in ((DAY, "cdg62/2024-03-26", 10_000), (on, "cdg62/2027-01-01", 12_000)):
        (charge,) = charges_in_case(parties.body().pk, on=day)
        assert (charge.grid.code, charge.amount_cents) == (grid, due)


def test_the_time_spent_is_added_up_by_service() -> None:
    done(service="antivirus", minutes=30)
    done(service="antivirus", minutes=15)
    done(minutes=20)
    planned(service="antivirus")
    found = time_spent(since=DAY, until=DAY, names={"antivirus": "Antivirus"})
    assert [(one.name, one.count, one.minutes) for one in found] == [("Antivirus", 2, 45), ("sans service", 1, 20)]
    assert time_spent(since=DAY - timedelta(days=9), until=DAY - timedelta(days=1), names={}) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_is_read_in_as_many_queries_however_long_it_is(count: int, django_assert_num_queries: Any) -> None:
    for code in [quotes.RUITZ, quotes.ARRAS, "62498"][:count]:
        planned(body_id=parties.body(code).pk)
    with django_assert_num_queries(2):
        found = list(intervention_list(since=DAY, until=DAY + timedelta(days=7)))
        assert [(one.body.name != "", str(one.agent), list(one.due_charges.all())) for one in found] == [
            (True, "Prénom NOM", [])
        ] * count


def test_those_of_a_body_come_planned_first_then_from_the_latest() -> None:
    ahead = planned()
    days = [DAY, DAY - timedelta(days=30), DAY - timedelta(days=2)]
    made = {day: done(done_on=day, note=f"{day}").intervention for day in days}
    latest_first = [made[day] for day in sorted(days, reverse=True)]
    assert list(interventions_of_body(parties.body().pk)) == [ahead, *latest_first]
