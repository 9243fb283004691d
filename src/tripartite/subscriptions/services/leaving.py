"""A party leaves a convention, or comes back: what runs under it takes note of its last day at once, or goes on."""

from datetime import date, datetime

from django.db import transaction

from tripartite.conventions.services.ending import (
    NoticeGiven,
    annul_ending,
    denounce_convention,
    end_convention,
    terminate_convention,
)
from tripartite.journal.services import Actor
from tripartite.pricing.calendar import Deadline
from tripartite.pricing.endings import Foreseen
from tripartite.subscriptions.services.ending import end_all_with_convention, resume_with_convention


@transaction.atomic
def leave(*, convention_id: int, notice: NoticeGiven, actor: Actor, at: datetime) -> Foreseen:
    """Record what a party ends, by a ground of the text (`end_convention`), and end all that runs on that day."""
    foreseen = end_convention(convention_id=convention_id, notice=notice, actor=actor, at=at)
    end_all_with_convention(convention_id=convention_id, actor=actor, at=at)
    return foreseen


@transaction.atomic
def come_back(*, ending_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Annul an ending before it takes effect (`annul_ending`); what it had ended goes on."""
    convention = annul_ending(ending_id=ending_id, reason=reason, actor=actor, at=at)
    resume_with_convention(convention_id=convention.pk, reason=reason, actor=actor, at=at)


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
    *,
    convention_id: int,
    received_on: date,
    party: str,
    reason: str,
    actor: Actor,
    at: datetime,
    ground: str | None = None,
    formal_on: date | None = None,
) -> Deadline:
    """Record a termination (`terminate_convention`), and end all that runs on its last day."""
    deadline = terminate_convention(
        convention_id=convention_id,
        received_on=received_on,
        party=party,
        reason=reason,
        actor=actor,
        at=at,
        ground=ground,
        formal_on=formal_on,
    )
    end_all_with_convention(convention_id=convention_id, actor=actor, at=at)
    return deadline
