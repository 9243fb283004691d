"""What runs, read with all that many bodies have, says what it says read alone."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.factories import subscriptions
from tests.factories.accounts import TESTER
from tripartite.subscriptions.queries.running import cost_reading, subscription_by_id
from tripartite.subscriptions.services.ending import end_subscription, reduce_subscription

NIGHT = datetime(2026, 11, 25, 23, 30, tzinfo=UTC)
"""The 26th already where people are."""

FIELDS = (
    *("pk", "body_id", "body", "convention_id", "service", "name", "options", "offer", "anchor_on"),
    *("starts_on", "ends_on", "end_reason", "term_years", "continues_id", "continues", "part_left"),
)
OF_CONVENTIONS = (
    *("pk", "number", "parent_id", "beneficiary_id", "years", "tacit_renewals", "in_force_on", "ended_on"),
)
OF_CHANGES = (
    *("pk", "on", "first_on", "held", "removed", "grid", "facts", "convention_id", "corrects_id", "learnt_on"),
)


def said(one: Any) -> dict[str, Any]:
    """All that a subscription says, however it was read."""
    told = {name: getattr(one, name) for name in FIELDS}
    changes = [[getattr(change, name) for name in OF_CHANGES] for change in one.dated_changes]
    told["convention"] = [getattr(one.convention, name) for name in OF_CONVENTIONS]
    return told | {"elsewhere": bool(one.goes_on_elsewhere), "changes": changes, "ends": list(one.dated_ends)}


def read_with_many(*body_ids: int) -> list[dict[str, Any]]:
    return [said(one) for reading in cost_reading(body_ids).values() for one in reading.subscriptions]


def read_alone(*body_ids: int) -> list[dict[str, Any]]:
    found = [subscription_by_id(one.pk) for key in body_ids for one in cost_reading([key])[key].subscriptions]
    return [said(one) for one in found]


@pytest.mark.django_db
def test_it_says_the_same_as_read_alone_its_days_those_of_people() -> None:
    subscriptions.conventions.offer()
    running = subscriptions.running({"messagerie-5go": 4, "cle-signature-3-cdg": 1})
    mail, key = running["messagerie-5go"], running["cle-signature-3-cdg"]
    reduce_subscription(
        subscription_id=mail.pk, removed=1, on=date(2026, 12, 1), reason="Essai", actor=TESTER, at=NIGHT
    )
    end_subscription(subscription_id=mail.pk, last_day=date(2027, 1, 31), reason="Essai", actor=TESTER, at=NIGHT)
    many = read_with_many(mail.body_id)
    assert many == read_alone(mail.body_id)
    assert [(one["pk"], one["term_years"]) for one in many] == [(mail.pk, None), (key.pk, 3)]
    first, second = many[0]["changes"]
    assert (first[-1], second[-1], second[4]) == (date(2026, 11, 23), date(2026, 11, 26), "1")
    assert [note.ends_on for note in many[0]["ends"]] == [date(2027, 1, 31)]
