"""Whether a subscription runs on a day: both ends are included. Said to the database, and of a row already read."""

from datetime import date

from django.db.models import Q

from tripartite.subscriptions.models import Subscription


def runs_on(on: date) -> Q:
    """The condition on subscriptions that run on a day."""
    return Q(starts_on__lte=on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def does_run(one: Subscription, *, on: date) -> bool:
    """The same, of a subscription at hand."""
    return one.starts_on <= on and (one.ends_on is None or on <= one.ends_on)
