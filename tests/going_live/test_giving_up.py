"""What an amendment gives up stops, or shrinks, on its first day."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from tests.factories import conventions, daily, parties, quotes, subscriptions
from tests.factories.accounts import TESTER
from tripartite.conventions.queries.conventions import conventions_of_bodies
from tripartite.conventions.queries.holdings import services_in_force
from tripartite.conventions.services.drafting import draft_convention
from tripartite.going_live.queries.activations import activations_to_set_going, standing_of
from tripartite.going_live.services.activations import open_activations
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.journal.queries import entries_about
from tripartite.subscriptions.queries.running import running_cost, running_on, subscriptions_of
from tripartite.subscriptions.services.ending import correct_end, end_subscription, reduce_subscription

LATER = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
AFTER = datetime(2026, 12, 16, 9, 0, tzinfo=UTC)
DAY = LATER.date()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()
    subscriptions.adopt_shipped_checklist()


def _amended(quantities: dict[str, int], held: dict[str, int], ended: dict[str, int]) -> Any:
    """An amendment signed and in force, whose going live is not opened yet."""
    (parent,) = conventions_of_bodies([parties.body(quotes.RUITZ).pk])
    asked = conventions.accepted(quantities, in_service=held, ended=ended, at=LATER)
    draft = draft_convention(request_id=asked.pk, parent_id=parent.pk, actor=TESTER, at=LATER)
    return subscriptions.signed(draft, at=LATER)


def _ruled() -> dict[str, Any]:
    return {one.subscription.service: one.quantity for one in running_on(parties.body(quotes.RUITZ).pk, on=DAY)}


def test_what_is_given_up_stops_on_the_eve_and_what_is_reduced_shrinks_that_day() -> None:
    subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1})
    held = {"messagerie-5go": 4, "nom-de-domaine": 1}
    amendment = _amended({"page-internet": 1}, held, {"messagerie-5go": 1, "nom-de-domaine": 1})
    opened = open_activations(convention_id=amendment.pk, actor=TESTER, at=LATER)
    body = parties.body(quotes.RUITZ)
    assert [one.service for one in opened] == ["page-internet"]
    assert _ruled() == {"messagerie-5go": 3}
    (name,) = [one for one in subscriptions_of(body.pk) if one.service == "nom-de-domaine"]
    assert (name.ends_on, name.end_reason) == (date(2027, 2, 28), f"avenant {amendment.number}")
    assert running_cost(body.pk, on=date(2027, 2, 28)).totals == {"lfn": 9500, "cdg62": 5000}
    assert running_cost(body.pk, on=DAY).totals == {"lfn": 6000, "cdg62": 5000}


def test_an_amendment_that_only_gives_up_is_done_by_the_day_once() -> None:
    subscriptions.running({"messagerie-5go": 4})
    amendment = _amended({}, {"messagerie-5go": 4}, {"messagerie-5go": 2})
    listed = [unit.key for unit in daily.units(DAY)]
    assert listed == [f"open:{amendment.pk}"]
    assert daily.run(listed[0], DAY, TESTER, LATER)
    assert [unit.key for unit in daily.units(DAY)] == []
    assert open_activations(convention_id=amendment.pk, actor=TESTER, at=LATER) == []
    assert _ruled() == {"messagerie-5go": 2}


def test_what_never_ran_is_abandoned_with_the_amendment_as_its_reason() -> None:
    found = subscriptions.opened({"messagerie-5go": 4, "nom-de-domaine": 1})
    held = {"messagerie-5go": 4, "nom-de-domaine": 1}
    amendment = _amended({"page-internet": 1}, held, {"nom-de-domaine": 1})
    (added,) = open_activations(convention_id=amendment.pk, actor=TESTER, at=LATER)
    assert _ruled() == {}
    name = subscriptions.reread(found["nom-de-domaine"])
    assert (name.state, name.cancel_reason) == ("cancelled", f"avenant {amendment.number}")
    assert subscriptions.reread(found["messagerie-5go"]).state == "to-do"
    assert subscriptions.reread(added).state == "to-do"


def test_what_waits_is_given_up_before_what_runs() -> None:
    (mail,) = subscriptions.opened({"messagerie-5go": 4}).values()
    subscriptions.live(mail, quantity=Fraction(3))
    amendment = _amended({}, {"messagerie-5go": 4}, {"messagerie-5go": 2})
    open_activations(convention_id=amendment.pk, actor=TESTER, at=LATER)
    assert (subscriptions.reread(mail).state, _ruled()) == ("cancelled", {"messagerie-5go": 2})


def test_a_part_of_what_never_ran_is_asked_for_no_more() -> None:
    (mail,) = subscriptions.opened({"messagerie-5go": 4}).values()
    amendment = _amended({}, {"messagerie-5go": 4}, {"messagerie-5go": 1})
    open_activations(convention_id=amendment.pk, actor=TESTER, at=LATER)
    mail = subscriptions.reread(mail)
    assert (mail.state, standing_of(mail).left, _ruled()) == ("to-do", 3, {})
    said = entries_about("request", mail.version.request_id).filter(action="subscriptions.ask-less")
    assert [entry.text for entry in said] == [
        f"Messagerie, compte 5 Go : 4 → 3 à mettre en service (avenant {amendment.number})."
    ]
    with pytest.raises(GoingLiveError, match="Il en reste 3 à mettre en service, sur 3 demandés"):
        subscriptions.live(mail, on=DAY, at=LATER, quantity=Fraction(4))
    mail = subscriptions.reread(mail)
    assert subscriptions.live(mail, on=DAY, at=LATER).line == {"service": "messagerie-5go", "quantity": 3}
    assert (subscriptions.reread(mail).state, _ruled()) == ("live", {"messagerie-5go": 3})


@pytest.mark.parametrize("live", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("given", [1, 2, 3])
def test_what_runs_and_what_waits_are_together_what_the_convention_holds(live: int, given: int) -> None:
    """Both ways, at each step: nothing is held that neither runs nor waits, nothing runs or waits that is not held."""
    found = subscriptions.opened({"messagerie-5go": 4, "antivirus": 2})
    if live:
        subscriptions.live(found["messagerie-5go"], quantity=Fraction(live))
    held = {"messagerie-5go": 4, "antivirus": 2}
    assert _runs_or_waits() == _held() == held
    amendment = _amended({}, held, {"messagerie-5go": given})
    open_activations(convention_id=amendment.pk, actor=TESTER, at=LATER)
    assert _runs_or_waits() == _held() == {"messagerie-5go": 4 - given, "antivirus": 2}


def _runs_or_waits() -> dict[str, Any]:
    body = parties.body(quotes.RUITZ)
    found: dict[str, Any] = dict(_ruled())
    for one in activations_to_set_going(body.pk):
        found[one.service] = found.get(one.service, 0) + standing_of(one).left
    return found


def _held() -> dict[str, int]:
    (parent,) = [one for one in conventions_of_bodies([parties.body(quotes.RUITZ).pk]) if one.parent_id is None]
    return {line["service"]: line["quantity"] for line in services_in_force(parent).as_lines()}


def test_the_next_amendment_starts_from_what_a_letter_left() -> None:
    running = subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1})
    said: dict[str, Any] = {"reason": "Courrier du 15/12/2026", "actor": TESTER, "at": AFTER}
    reduce_subscription(subscription_id=running["messagerie-5go"].pk, removed=Fraction(1), on=date(2027, 1, 1), **said)
    end_subscription(subscription_id=running["nom-de-domaine"].pk, last_day=date(2027, 1, 31), **said)
    assert _held() == {"messagerie-5go": 3}
    correct_end(subscription_id=running["nom-de-domaine"].pk, last_day=None, **said)
    assert _held() == {"messagerie-5go": 3, "nom-de-domaine": 1}
    amendment = _amended({"messagerie-5go": 2}, _held(), {})
    assert amendment.state == "in-force"
    assert _held() == {"messagerie-5go": 5, "nom-de-domaine": 1}


def test_what_a_letter_takes_away_later_leaves_the_rest_to_the_amendment() -> None:
    """5, less 2 from 1 June by a letter; the amendment of 1 March gives up the 3 others."""
    running = subscriptions.running({"messagerie-5go": 5})
    said: dict[str, Any] = {"reason": "Courrier du 15/12/2026", "actor": TESTER, "at": AFTER}
    reduce_subscription(subscription_id=running["messagerie-5go"].pk, removed=Fraction(2), on=date(2027, 6, 1), **said)
    amendment = _amended({"page-internet": 1}, {"messagerie-5go": 3}, {"messagerie-5go": 3})
    open_activations(convention_id=amendment.pk, actor=TESTER, at=LATER)
    body = parties.body(quotes.RUITZ)
    found = {on: [one.quantity for one in running_on(body.pk, on=on)] for on in (DAY, date(2027, 5, 31))}
    assert found == {DAY: [2], date(2027, 5, 31): [2]}
    assert running_on(body.pk, on=date(2027, 6, 1)) == []


def test_what_is_taken_again_while_an_end_is_noted_goes_on_after_it() -> None:
    """Mailboxes run beside those that end on 30 June; démarches are held once: the same go on."""
    running = subscriptions.running({"messagerie-5go": 4, "demarches-simplifiees": 1, "antivirus": 2})
    said: dict[str, Any] = {"reason": "Courrier du 15/12/2026", "actor": TESTER, "at": AFTER}
    for service in ("messagerie-5go", "demarches-simplifiees"):
        end_subscription(subscription_id=running[service].pk, last_day=date(2027, 6, 30), **said)
    amendment = _amended({"messagerie-5go": 3, "demarches-simplifiees": 1}, {"antivirus": 2}, {})
    for activation in open_activations(convention_id=amendment.pk, actor=TESTER, at=LATER):
        subscriptions.live(activation, on=DAY, at=LATER)
    ruled = {
        on: sorted(
            (one.subscription.service, one.quantity)
            for one in running_on(parties.body(quotes.RUITZ).pk, on=on)
            if one.subscription.service != "antivirus"
        )
        for on in (DAY, date(2027, 6, 30), date(2027, 7, 1))
    }
    both = [("demarches-simplifiees", 1), ("messagerie-5go", 3), ("messagerie-5go", 4)]
    assert ruled == {DAY: both, date(2027, 6, 30): both, date(2027, 7, 1): both[:2]}


def test_an_end_noted_twice_gives_up_once() -> None:
    """4, then 3 more of another start: the end of the first, brought forward, leaves the 3."""
    running = subscriptions.running({"messagerie-5go": 4})
    said: dict[str, Any] = {"reason": "Courrier", "actor": TESTER, "at": AFTER}
    end_subscription(subscription_id=running["messagerie-5go"].pk, last_day=date(2027, 6, 30), **said)
    amendment = _amended({"messagerie-5go": 3}, {}, {})
    (activation,) = open_activations(convention_id=amendment.pk, actor=TESTER, at=LATER)
    subscriptions.live(activation, on=DAY, at=LATER)
    assert _held() == {"messagerie-5go": 3}
    again = said | {"at": LATER + timedelta(hours=1)}
    end_subscription(subscription_id=running["messagerie-5go"].pk, last_day=date(2027, 5, 31), **again)
    assert _held() == {"messagerie-5go": 3}
