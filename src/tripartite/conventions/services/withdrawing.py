"""What a convention holds no more, without an amendment: the next one then starts from what is left."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from tripartite.conventions.models import Withdrawal
from tripartite.conventions.services.records import locked
from tripartite.journal.services import Actor


@transaction.atomic
def withdraw_service(
    *, convention_id: int, line: dict[str, Any], origin: str, on: date, reason: str, actor: Actor, at: datetime
) -> Withdrawal:
    """Note that so much of a service is no longer held, from a day on. The caller's act journals it."""
    return _note(convention_id, line, origin, on, reason, actor, at, back=False)


@transaction.atomic
def give_back_service(
    *, convention_id: int, origin: str, on: date, reason: str, actor: Actor, at: datetime
) -> list[Withdrawal]:
    """Hold again all that was withdrawn for that origin, by mistake. The caller's act journals it."""
    locked(convention_id)
    noted = list(Withdrawal.objects.filter(convention_id=convention_id, origin=origin))
    given = [place for place, one in enumerate(noted) if one.back]
    withdrawn = noted[given[-1] + 1 :] if given else noted
    return [_note(convention_id, one.line, origin, on, reason, actor, at, back=True) for one in withdrawn]


def _note(  # noqa: PLR0917 - private
    convention_id: int,
    line: dict[str, Any],
    origin: str,
    on: date,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    back: bool,
) -> Withdrawal:
    convention = locked(convention_id)
    return Withdrawal.objects.create(
        convention_id=convention.parent_id or convention.pk,
        line=line,
        back=back,
        origin=origin,
        on=on,
        reason=reason,
        recorded_by=actor.label,
        recorded_at=at,
    )
