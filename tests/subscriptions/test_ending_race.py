"""A convention terminated while what runs under it is reduced: one after the other, whoever comes first."""

import os
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction

from tests.documents.racing import race, shared_database
from tests.factories import conventions, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.subscriptions.queries.holdings import lots_on, total_of
from tripartite.subscriptions.queries.running import subscription_by_id

HERE = "tests.subscriptions.test_ending_race"
LATER = AT + timedelta(days=10)
pytestmark = pytest.mark.usefixtures("transactional_db")


def act(place: int, given: dict[str, Any]) -> str:
    """One terminates and notes what ends; the others each take one away, by a letter of their own."""
    from tripartite.conventions.services.ending import terminate_convention  # noqa: PLC0415
    from tripartite.conventions.services.errors import ConventionError  # noqa: PLC0415
    from tripartite.subscriptions.services.ending import end_with_convention, reduce_subscription  # noqa: PLC0415

    said = {"reason": f"courrier {os.getpid()}-{place}", "actor": TESTER, "at": LATER}
    try:
        with transaction.atomic():
            if place:
                on = LATER.date()
                reduce_subscription(subscription_id=given["subscription"], removed=Fraction(1), on=on, **said)
                return "réduit"
            terminate_convention(convention_id=given["convention"], received_on=LATER.date(), party="Ruitz", **said)
            end_with_convention(subscription_id=given["subscription"], actor=TESTER, at=LATER)
            return "résilié"
    except ConventionError:
        return "déjà résilié"


def take(place: int, given: dict[str, Any]) -> str:
    """Take one away, each by a letter of its own."""
    from tripartite.subscriptions.services.ending import reduce_subscription  # noqa: PLC0415
    from tripartite.subscriptions.services.errors import SubscriptionError  # noqa: PLC0415

    said = {"reason": f"courrier {os.getpid()}-{place}", "on": LATER.date(), "actor": TESTER, "at": LATER}
    try:
        reduce_subscription(subscription_id=given["subscription"], removed=Fraction(1), **said)
    except SubscriptionError:
        return "refusé"
    return "réduit"


def test_several_at_once_never_take_more_than_there_is() -> None:
    conventions.offer()
    subscriptions.adopt_shipped_checklist()
    (mailboxes,) = subscriptions.running({"messagerie-5go": 3}).values()
    answers = race(shared_database(), f"{HERE}:take", {"subscription": mailboxes.pk})
    assert sorted(answers) == [*["refusé"] * 6, *["réduit"] * 2]


def test_terminating_and_reducing_never_wait_for_each_other() -> None:
    conventions.offer()
    subscriptions.adopt_shipped_checklist()
    (mailboxes,) = subscriptions.running({"messagerie-5go": 40}).values()
    given = {"convention": mailboxes.convention_id, "subscription": mailboxes.pk}
    environment = shared_database()
    answers = race(environment, f"{HERE}:act", given, threads=6)
    assert sorted(answers) == ["déjà résilié", *["réduit"] * 10, "résilié"]
    if "sqlite" not in environment["DATABASE_URL"]:
        one = subscription_by_id(mailboxes.pk)
        assert total_of(lots_on(one.changes.all(), LATER.date())) == 30
