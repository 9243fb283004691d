"""A deadline that has passed and needs nothing is dismissed, with a reason: it is in sight no more."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from tripartite.following.models import DeadlineDismissal
from tripartite.following.queries.overdue import overdue
from tripartite.following.services.errors import FollowingError
from tripartite.journal.services import Actor, record
from tripartite.pricing.french import day_text
from tripartite.typed import clean_line


@transaction.atomic
def dismiss_deadline(*, key: str, reason: str, actor: Actor, at: datetime) -> DeadlineDismissal:
    """Say that a deadline which has passed needs nothing more, and why; said twice, it is one. The body's journal tells
    it. Raises FollowingError without a reason, or for what is not overdue.
    """
    if not clean_line(reason):
        raise FollowingError("Dites pourquoi cette échéance n'appelle plus rien.")
    known = DeadlineDismissal.objects.filter(key=key).first()
    if known is not None:
        return known
    late = next((one for one in overdue(on=timezone.localdate(at)) if one.key == key), None)
    if late is None:
        raise FollowingError("Cette échéance n'est pas en retard : elle est à venir, ou déjà réglée.")
    try:
        with transaction.atomic():
            made = DeadlineDismissal.objects.create(
                key=key,
                body_id=late.body.pk,
                reason=clean_line(reason)[:1000],
                recorded_by=actor.label,
                recorded_at=at,
            )
    except IntegrityError:
        return DeadlineDismissal.objects.get(key=key)
    record(
        actor=actor,
        at=at,
        action="subscriptions.dismiss",
        subject_kind="body",
        subject_id=late.body.pk,
        text=f"Échéance classée : {late.kind_label} du {day_text(late.day)}, {late.what} ({made.reason}).",
        details={"deadline": key},
    )
    return made
