"""A party leaves a convention: what runs under it takes note of its last day at once."""

from datetime import date, datetime

from django.db import transaction

from tripartite.conventions.services.running import denounce_convention, terminate_convention
from tripartite.journal.services import Actor
from tripartite.pricing.calendar import Deadline
from tripartite.subscriptions.services.ending import end_all_with_convention


@transaction.atomic
def denounce(*, convention_id: int, received_on: date, party: str, reason: str, actor: Actor, at: datetime) -> Deadline:
    """Record that a party refuses the tacit renewal (`denounce_convention`), and end all that runs at that term."""
    deadline = denounce_convention(
        convention_id=convention_id, received_on=received_on, party=party, reason=reason, actor=actor, at=at
    )
    end_all_with_convention(convention_id=convention_id, actor=actor, at=at)
    return deadline


@transaction.atomic
def terminate(
    *, convention_id: int, received_on: date, party: str, reason: str, actor: Actor, at: datetime
) -> Deadline:
    """Record a termination with its notice (`terminate_convention`), and end all that runs on its last day."""
    deadline = terminate_convention(
        convention_id=convention_id, received_on=received_on, party=party, reason=reason, actor=actor, at=at
    )
    end_all_with_convention(convention_id=convention_id, actor=actor, at=at)
    return deadline
