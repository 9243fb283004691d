"""Keeping that an announcement was made, in the transaction that makes it: it is not made again."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from tripartite.subscriptions.models import Notice


def note(*, name: str, body_id: int | None, on: date, text: str, at: datetime) -> bool:
    """Write the notice of an announcement, in the caller's transaction, before it is made: the letter and the journal
    say the rest. False when it is there already, even written at the same instant by another.
    """
    try:
        with transaction.atomic():
            Notice.objects.create(name=name, body_id=body_id, on=on, text=text, recorded_at=at)
    except IntegrityError:
        return False
    return True
