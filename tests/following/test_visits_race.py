"""Several at once: one charge for two interventions, one request for a renewal, one weekly letter."""

import os
import threading
import time
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from tests.bounds import PATIENCE
from tests.documents.racing import race, shared_database
from tests.factories import accounts, parties, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.following.models import DueCharge
from tripartite.following.queries.deadlines import deadlines
from tripartite.following.services.digest import want_digest
from tripartite.following.services.errors import FollowingError
from tripartite.following.services.interventions import Subject, plan_intervention, record_intervention
from tripartite.subscriptions.services.ending import end_subscription

HERE = "tests.following.test_visits_race"
MONDAY = date(2027, 10, 4)
pytestmark = pytest.mark.usefixtures("transactional_db")


def intervene(place: int, given: dict[str, Any]) -> int:
    """Note an intervention that charges; how many charges arose."""
    from tripartite.following.services.interventions import Subject, record_intervention  # noqa: PLC0415 - Django is set up

    subject = Subject(given["body"], "help", given["agent"], "antivirus")
    told = record_intervention(
        subject=subject, done_on=AT.date(), minutes=5, note=given["note"], charged=True, actor=TESTER, at=AT
    )
    return len(told.charges) if given["note"] else told.intervention.pk


def visit(place: int, given: dict[str, Any]) -> int:
    """The same, of which each says something else, by two agents: what they do is held by what runs alone."""
    return intervene(place, given | {"note": f"{os.getpid()}, {place}", "agent": given["agents"][place]})


def renew(place: int, given: dict[str, Any]) -> str:
    """Prepare the renewal; the reference of what was answered."""
    from tripartite.following.services.preparing import prepare_renewal  # noqa: PLC0415 - Django is set up by then

    return str(prepare_renewal(key=given["key"], actor=TESTER, at=AT).reference)


def write(place: int, given: dict[str, Any]) -> bool:
    """Write the weekly letter; whether it was."""
    from tripartite.following.services.digest import send_digest  # noqa: PLC0415 - Django is set up by then

    return send_digest(account_id=given["account"], on=MONDAY, actor=TESTER, at=AT)


def move(place: int, given: dict[str, Any]) -> str:
    """Give the intervention to an agent of its own; what was answered."""
    from tripartite.following.services.interventions import move_intervention  # noqa: PLC0415
    from tripartite.subscriptions.services.errors import SubscriptionError  # noqa: PLC0415

    try:
        moved = move_intervention(
            intervention_id=given["intervention"],
            planned_at=AT + timedelta(days=1),
            minutes=os.getpid() % 1000 + 1,
            agent_id=given["agents"][place],
            place="",
            actor=TESTER,
            at=AT,
        )
    except SubscriptionError as refusal:
        return str(refusal)
    return str(moved.agent)


def moves(place: int, given: dict[str, Any]) -> int:
    """How many changes calendars are told of, as another process reads it."""
    from tripartite.following.queries.interventions import intervention_by_id  # noqa: PLC0415

    found = intervention_by_id(given["intervention"])
    assert found is not None
    return found.sequence


def test_an_intervention_given_to_several_agents_at_once_goes_to_each_in_turn() -> None:
    subscriptions.conventions.offer()
    agents = [accounts.account(issuer_code="cdg62", name=f"Prénom {name}").pk for name in ("UN", "DEUX")]
    subject = Subject(parties.body().pk, "help", accounts.account(issuer_code="cdg62").pk)
    made = plan_intervention(subject=subject, planned_at=AT + timedelta(days=2), minutes=30, actor=TESTER, at=AT)
    given = {"intervention": made.pk, "agents": agents}
    shared = shared_database()
    answers = race(shared, f"{HERE}:move", given, threads=2)
    assert sorted(answers) == ["Prénom DEUX", "Prénom DEUX", "Prénom UN", "Prénom UN"]
    assert race(shared, f"{HERE}:moves", given, processes=1, threads=1) == [4]


def test_interventions_at_once_charge_once() -> None:
    subscriptions.conventions.offer()
    subscriptions.running({"antivirus": 4})
    agents = [accounts.account(issuer_code="cdg62", name=f"Prénom {name}").pk for name in ("UN", "DEUX")]
    given = {"body": parties.body().pk, "agents": agents}
    answers = race(shared_database(), f"{HERE}:visit", given, threads=2)
    assert sorted(answers) == [0, 0, 0, 1]


def _somebody_waits() -> bool:
    """Whether another transaction waits for what this one holds, now: a transaction reads who is there only once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
        return bool(cursor.fetchone()[0])


def test_a_visit_waits_for_the_end_that_another_is_noting_and_charges_nothing_after_it() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite écrit une transaction après l'autre : rien ne se croise")
    subscriptions.conventions.offer()
    (antivirus,) = subscriptions.running({"antivirus": 4}).values()
    subject = Subject(parties.body().pk, "help", accounts.account(issuer_code="cdg62").pk, "antivirus")
    later, answers = AT + timedelta(days=10), list[str]()

    def visit_after_the_end() -> None:
        said: dict[str, Any] = {"done_on": later.date(), "minutes": 5, "actor": TESTER, "at": later}
        try:
            answers.append(f"{len(record_intervention(subject=subject, charged=True, **said).charges)} due")
        except FollowingError as refusal:
            answers.append(str(refusal))
        finally:
            connections.close_all()

    visitor, patience = threading.Thread(target=visit_after_the_end), time.monotonic() + PATIENCE
    with transaction.atomic():
        eve = later.date() - timedelta(days=1)
        end_subscription(subscription_id=antivirus.pk, last_day=eve, reason="courrier", actor=TESTER, at=later)
        visitor.start()
        while visitor.is_alive() and not _somebody_waits() and time.monotonic() < patience:
            time.sleep(0.02)
    visitor.join(PATIENCE)
    assert [answer.split(" :")[0] for answer in answers] == ["Ce service n'est pas en service ce jour-là"]
    assert not DueCharge.objects.exists()


def test_the_same_intervention_said_by_several_at_once_is_one() -> None:
    subscriptions.conventions.offer()
    subscriptions.running({"antivirus": 4})
    given = {"body": parties.body().pk, "agent": accounts.account(issuer_code="cdg62").pk, "note": ""}
    assert len(set(race(shared_database(), f"{HERE}:intervene", given, threads=2))) == 1


def test_a_renewal_prepared_by_several_is_one_request() -> None:
    subscriptions.conventions.offer()
    subscriptions.running({"cle-signature-1-cdg": 1})
    (term,) = [one for one in deadlines(since=AT.date(), until=date(2028, 1, 1)) if one.kind == "prepaid-end"]
    answers = race(shared_database(), f"{HERE}:renew", {"key": term.key}, threads=2)
    assert (len(answers), len(set(answers))) == (4, 1)


def test_the_weekly_letter_is_written_once() -> None:
    subscriptions.conventions.offer()
    one = accounts.account()
    want_digest(account_id=one.pk, wanted=True, actor=TESTER, at=AT)
    answers = race(shared_database(), f"{HERE}:write", {"account": one.pk}, threads=2)
    assert sorted(answers) == [False, False, False, True]
