"""Counting the uses of a public form, so that nobody can use it without end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from tripartite.accounts.models import Attempt

KEPT = timedelta(days=1)


@transaction.atomic
def count_attempt(*, purpose: str, who: str, most: Sequence[tuple[timedelta, int]], at: datetime) -> bool:
    """Count one use by `who` (an address, kept as a hash, for a day); False when there were too many already.

    `most` says how many in how long. What is refused is not counted. It concerns no file: nothing is journaled.
    """
    Attempt.objects.filter(at__lt=at - KEPT).delete()
    key = salted_hmac(f"tripartite.accounts.attempt.{purpose}", who, algorithm="sha256").hexdigest()
    instants = list(Attempt.objects.filter(purpose=purpose, who=key).values_list("at", flat=True))
    if any(sum(instant > at - span for instant in instants) >= number for span, number in most):
        return False
    Attempt.objects.create(purpose=purpose, who=key, at=at)
    return True
