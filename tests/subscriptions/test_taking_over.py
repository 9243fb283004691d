"""Hesdin-la-Forêt takes in Huby-Saint-Leu, Marconne and Sainte-Austreberthe: what they had goes on with it."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.factories import daily, keys, subscriptions
from tests.factories.accounts import AT, TESTER, account
from tests.parties.files import COMMUNES, commune, forget, load, raw, written
from tests.parties.test_import_departures import AUSTREBERTHE, FORMER, HESDIN, HUBY, MARCONNE, MOVEMENTS, OTHERS
from tests.subscriptions.recurring import due_of_bodies
from tests.subscriptions.test_held_by_many import read_alone, read_with_many
from tripartite.conventions.queries.holdings import services_in_force
from tripartite.following.queries.deadlines import deadlines
from tripartite.following.queries.interventions import due_charges_of
from tripartite.following.services.interventions import Subject, plan_intervention, record_intervention
from tripartite.going_live.queries.keys import terms_without_key
from tripartite.going_live.services.activations import open_activations
from tripartite.jobs.daily import do_day
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.bodies import body_by_identifier, merged_bodies
from tripartite.subscriptions.queries.portrait import yearly_of_each
from tripartite.subscriptions.queries.running import cost_reading, running_cost, running_on, subscriptions_of
from tripartite.subscriptions.queries.shapes import cost_json
from tripartite.subscriptions.services.ending import correct_end, end_subscription, reduce_subscription
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.subscriptions.services.taking_over import take_over_subscription

EVE, FIRST, DUE = date(2026, 12, 31), date(2027, 1, 1), date(2027, 11, 23)
AFTER_THE_FIRST = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
KNOWN = datetime(2027, 1, 18, 9, 0, tzinfo=UTC)
MOVED = MOVEMENTS.replace("2025-01-01", "2027-01-01")
pytestmark = pytest.mark.django_db


@pytest.fixture
def before() -> dict[str, Any]:
    """The former communes with their services: mailboxes and démarches at Huby and at Marconne, a name at the third."""
    subscriptions.conventions.offer()
    forget(COMMUNES[HESDIN]["siren"])
    load(written(*OTHERS, *FORMER.values()))
    subscriptions.running({"messagerie-5go": 4, "demarches-simplifiees": 1}, body=HUBY)
    subscriptions.running({"messagerie-5go": 2, "demarches-simplifiees": 1}, body=MARCONNE)
    subscriptions.running({"nom-de-domaine": 1}, body=AUSTREBERTHE)
    return {code: body_by_identifier("siren", line["siren"]) for code, line in FORMER.items()}


@pytest.fixture
def after(before: dict[str, Any]) -> Any:
    """The new commune, once the directory knows it and the day has done its work."""
    load(written(*OTHERS, commune(HESDIN)), raw(MOVED, "mouvements.csv"), at=KNOWN)
    assert [one.failure for one in do_day(on=KNOWN.date(), actor=TESTER, at=KNOWN) if one.failure] == []
    return body_by_identifier("code_insee", HESDIN)


def test_the_new_commune_has_all_of_it_from_its_first_day(before: dict[str, Any], after: Any) -> None:
    assert {body.pk for body in merged_bodies(after)} == {body.pk for body in before.values()}
    held = sorted((one.subscription.service, one.quantity, one.due_on) for one in running_on(after.pk, on=FIRST))
    assert held == [
        ("demarches-simplifiees", 1, DUE),
        ("messagerie-5go", 2, DUE),
        ("messagerie-5go", 4, DUE),
        ("nom-de-domaine", 1, DUE),
    ]
    assert running_on(after.pk, on=EVE) == []
    assert list(daily.units(KNOWN.date())) == []


def test_what_each_paid_is_still_read_on_its_own_page(before: dict[str, Any], after: Any) -> None:
    eve = {code: running_cost(body.pk, on=EVE).totals for code, body in before.items() if code != HESDIN}
    assert eve == {
        HUBY: {"lfn": 8000 + 2600, "cdg62": 5000 + 2500},
        MARCONNE: {"lfn": 4000 + 5100, "cdg62": 2500 + 5000},
        AUSTREBERTHE: {"lfn": 1500, "cdg62": 0},
    }
    assert [running_cost(body.pk, on=FIRST).totals for body in before.values()] == [{}, {}, {}, {}]
    assert [one.ends_on for one in subscriptions_of(before[HUBY].pk)] == [EVE, EVE]


def test_prices_stay_until_the_due_date_then_the_figures_of_the_new_commune_count(after: Any) -> None:
    """4 480 inhabitants: category C. The démarches of Huby (category A) go on; those of Marconne would be a second."""
    kept = {"lfn": 6 * 2000 + 2600 + 1500, "cdg62": 10_000 + 2500}
    assert running_cost(after.pk, on=FIRST).totals == kept
    assert running_cost(after.pk, on=date(2027, 11, 22)).totals == kept
    assert running_cost(after.pk, on=DUE).totals == {"lfn": 6 * 2000 + 12_800 + 1500, "cdg62": 10_000 + 10_000}


DEMARCHES = {"Huby": 2600 + 2500, "category C": 12_800 + 10_000}


def merged(on: str, known: datetime) -> Any:
    """The new commune from a day, once the directory learnt it on another."""
    load(written(*OTHERS, commune(HESDIN)), raw(MOVEMENTS.replace("2025-01-01", on), "mouvements.csv"), at=known)
    assert [one.failure for one in do_day(on=known.date(), actor=TESTER, at=known) if one.failure] == []
    return body_by_identifier("code_insee", HESDIN)


def demarches(body: Any, on: date) -> int:
    """What the « démarches » cost a year, both issuers together."""
    return sum(one.yearly_cents or 0 for one in running_cost(body.pk, on=on).lines if "demarches" in one.line.service)


def test_a_due_date_on_the_day_of_the_merger_takes_the_new_category_at_once(before: dict[str, Any]) -> None:
    """What falls due that day is due by the new commune, for a year that is all its own."""
    body = merged("2027-11-23", datetime(2027, 11, 23, 9, 0, tzinfo=UTC))
    assert demarches(body, DUE) == DEMARCHES["category C"]
    assert demarches(before[HUBY], date(2027, 11, 22)) == DEMARCHES["Huby"]


def test_what_fell_due_before_a_merger_was_learnt_keeps_its_price(before: dict[str, Any]) -> None:
    known = datetime(2027, 12, 10, 9, 0, tzinfo=UTC)
    body = merged("2027-01-01", known)
    assert [demarches(body, day) for day in (FIRST, DUE, date(2028, 11, 22))] == [DEMARCHES["Huby"]] * 3
    assert demarches(body, date(2028, 11, 23)) == DEMARCHES["category C"]
    year = {"since": date(2027, 11, 1), "until": date(2027, 12, 31)}
    due = [one for key in (before[HUBY].pk, body.pk) for one in due_of_bodies([key], **year)[key]]
    asked = [one for one in due if one.service == "demarches-simplifiees"]
    assert sum(one.amount_cents or 0 for one in asked) == DEMARCHES["Huby"]
    assert {one.on for one in asked if one.body_id == body.pk} == {known.date()}


def test_what_is_held_once_ends_where_it_would_be_a_second(before: dict[str, Any], after: Any) -> None:
    ends = {
        one.body_id: one.end_reason
        for body in (before[HUBY], before[MARCONNE])
        for one in subscriptions_of(body.pk)
        if one.service == "demarches-simplifiees"
    }
    assert ends == {
        before[HUBY].pk: "repris par Hesdin-la-Forêt",
        before[MARCONNE].pk: "déjà en service à Hesdin-la-Forêt",
    }


def test_the_file_of_each_convention_tells_it(before: dict[str, Any], after: Any) -> None:
    (one,) = [each for each in subscriptions_of(after.pk) if each.service == "nom-de-domaine"]
    said = entries_about("request", one.convention.request_id).filter(action="subscriptions.take-over")
    assert [entry.text for entry in said] == [
        "Nom de domaine : Sainte-Austreberthe devient Hesdin-la-Forêt le 01/01/2027, le service continue."
    ]
    assert one.continues is not None
    assert one.continues.body == before[AUSTREBERTHE]


def test_nothing_is_taken_over_from_a_body_that_goes_on(before: dict[str, Any]) -> None:
    one = subscriptions_of(before[HUBY].pk)[0]
    with pytest.raises(SubscriptionError, match="n'a pas été réunie"):
        take_over_subscription(subscription_id=one.pk, on=FIRST, actor=TESTER, at=KNOWN)


def _merge() -> Any:
    """The new commune, as the directory then knows it, once the day has done its work."""
    load(written(*OTHERS, commune(HESDIN)), raw(MOVED, "mouvements.csv"), at=KNOWN)
    assert [one.failure for one in do_day(on=KNOWN.date(), actor=TESTER, at=KNOWN) if one.failure] == []
    return body_by_identifier("code_insee", HESDIN)


def _held_by(body: Any, service: str, on: date) -> list[tuple[str, Fraction]]:
    found = [one for one in running_on(body.pk, on=on) if one.subscription.service == service]
    return sorted((str(one.subscription.convention), one.quantity) for one in found)


def test_what_was_noted_for_later_goes_on_with_it(before: dict[str, Any]) -> None:
    """Less from 10 January, and no more from 1 July: both noted while Huby was still a commune."""
    (one,) = [each for each in subscriptions_of(before[HUBY].pk) if each.service == "messagerie-5go"]
    said: dict[str, Any] = {"reason": "Courrier", "actor": TESTER, "at": AFTER_THE_FIRST}
    reduce_subscription(subscription_id=one.pk, removed=Fraction(1), on=date(2027, 1, 10), **said)
    end_subscription(subscription_id=one.pk, last_day=date(2027, 6, 30), **said)
    after, number = _merge(), str(one.convention)
    found = {on: dict(_held_by(after, "messagerie-5go", on)).get(number) for on in (FIRST, date(2027, 1, 10))}
    assert found == {FIRST: 4, date(2027, 1, 10): 3}
    (new,) = [each for each in subscriptions_of(after.pk) if each.continues_id == one.pk]
    assert new.ends_on == date(2027, 6, 30)
    correct_end(subscription_id=new.pk, last_day=None, **(said | {"at": KNOWN}))
    held = services_in_force(new.convention)
    assert {line["service"]: line["quantity"] for line in held.as_lines()} == {
        "demarches-simplifiees": 1,
        "messagerie-5go": 3,
    }


def test_what_a_former_commune_had_ordered_goes_live_beside_what_another_had(before: dict[str, Any]) -> None:
    convention = subscriptions.in_force(quantities={"messagerie-5go": 3}, body=AUSTREBERTHE)
    (activation,) = open_activations(convention_id=convention.pk, actor=TESTER, at=AT)
    after = _merge()
    subscriptions.live(activation, on=KNOWN.date(), at=KNOWN)
    assert sorted(quantity for _, quantity in _held_by(after, "messagerie-5go", KNOWN.date())) == [2, 3, 4]


def test_a_convention_of_the_new_commune_goes_on_with_all_that_the_former_ones_had(after: Any) -> None:
    later = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
    one = subscriptions.running({"messagerie-5go": 6}, body=HESDIN, at=later)["messagerie-5go"]
    assert _held_by(after, "messagerie-5go", later.date()) == [(str(one.convention), 6)]
    assert [quantity for _, quantity in _held_by(after, "messagerie-5go", date(2027, 1, 31))] == [4, 2]


def test_agents_visit_the_new_commune_for_what_a_former_one_had(before: dict[str, Any]) -> None:
    """Planned at Huby before the merger, or at the new commune after: the charge arises for what goes on."""
    agent = account(issuer_code="cdg62").pk
    subscriptions.running({"antivirus": 4}, body=HUBY, at=AFTER_THE_FIRST)
    planned = plan_intervention(
        subject=Subject(before[HUBY].pk, "help", agent, "antivirus"),
        planned_at=datetime(2027, 1, 20, 9, 0, tzinfo=UTC),
        minutes=60,
        actor=TESTER,
        at=AFTER_THE_FIRST,
    )
    after, day = _merge(), datetime(2027, 1, 20, 17, 0, tzinfo=UTC)
    done: dict[str, Any] = {"done_on": day.date(), "minutes": 30, "charged": True, "actor": TESTER, "at": day}
    told = record_intervention(intervention_id=planned.pk, **done)
    assert [charge.amount_cents for charge in told.charges] == [10_000]
    again = record_intervention(subject=Subject(after.pk, "help", agent, "antivirus"), **done)
    assert (again.charges, again.intervention.request_id) == ((), planned.request_id)
    assert [charge.subscription.body for charge in due_charges_of(after.pk)] == [after]


def test_a_key_goes_on_with_its_term_and_is_renewed_once_for_the_new_commune(before: dict[str, Any]) -> None:
    body = before[HUBY]
    subscriptions.running({"cle-signature-3-cdg": 1}, body=HUBY, at=AFTER_THE_FIRST)
    key = keys.registered(body_id=body.pk, at=AFTER_THE_FIRST)
    assert key.subscription is not None
    after = _merge()
    assert [terms_without_key(one.pk) for one in (body, after)] == [[], []]
    found = deadlines(since=keys.LAST, until=keys.LAST)
    ends = [one for one in found if one.kind in ("prepaid-end", "certificate")]
    assert [(one.body.pk, [each.pk for each in one.keys], one.renewable) for one in ends] == [
        (after.pk, [key.pk], False),
        (after.pk, [key.pk], False),
    ]


def test_what_was_taken_over_reads_with_many_as_alone(before: dict[str, Any], after: Any) -> None:
    keys = [after.pk, *(body.pk for body in before.values() if body.pk != after.pk)]
    many = read_with_many(*keys)
    assert many == read_alone(*keys)
    assert {one["continues_id"] is None for one in many} == {one["elsewhere"] for one in many} == {True, False}


def test_a_second_one_that_runs_all_the_same_costs_nothing_more_and_spoils_no_other_price() -> None:
    """What went live at communes already merged, which nobody knew, is taken over from days of its own, in no order."""
    subscriptions.conventions.offer()
    forget(COMMUNES[HESDIN]["siren"])
    load(written(*OTHERS, *FORMER.values()))
    subscriptions.running({"messagerie-5go": 2, "demarches-simplifiees": 1}, body=MARCONNE, at=AT + timedelta(days=9))
    subscriptions.running({"messagerie-5go": 4, "demarches-simplifiees": 1}, body=HUBY)
    body = merged("2026-11-01", KNOWN)
    assert [one.service for one in subscriptions_of(body.pk)].count("demarches-simplifiees") == 2
    found = running_cost(body.pk, on=date(2027, 2, 1))
    mail = [
        one.yearly_cents for one in found.lines if one.line.service == "messagerie-5go" and one.line.issuer == "lfn"
    ]
    assert (found.warnings, found.complete, sum(cents or 0 for cents in mail)) == ((), True, 6 * 2000)
    assert len([one for one in found.lines if "demarches" in one.line.service]) == 2
    (free,) = found.beyond
    (paid,) = free.paid
    assert free.text == (
        f"Démarches simplifiées, en service depuis le {free.subscription.anchor_on:%d/%m/%Y} (convention"
        f" {free.subscription.convention}) : rien de plus à payer, le tarif n'en compte qu'un par structure, payé pour"
        f" ce qui est en service depuis le {paid.anchor_on:%d/%m/%Y} (convention {paid.convention})."
    )
    of_each = yearly_of_each(cost_reading([body.pk])[body.pk], on=date(2027, 2, 1))
    assert (of_each[free.subscription.pk], sorted(of_each[paid.pk])) == ({}, ["cdg62", "lfn"])
    (told,) = cost_json(body, found)["beyond"]
    assert (told["id"], told["paid"], told["text"]) == (free.subscription.pk, [paid.pk], free.text)
