"""What has fallen due and is not billed yet: what `following` says, less what some line bills (decision 100)."""

from collections.abc import Collection, Iterable
from datetime import date
from hashlib import sha256

from tripartite.billing.models import BilledItem
from tripartite.billing.queries.told_otherwise import told_otherwise
from tripartite.following.queries.due import DueReading
from tripartite.going_live.queries.due import bodies_gone_live
from tripartite.subscriptions.queries.due_items import DueItem
from tripartite.subscriptions.queries.listing import bodies_with_services


def digest_of(key: str) -> str:
    """What tells an item from all others, however long its key."""
    return sha256(key.encode()).hexdigest()


def billable_bodies() -> list[int]:
    """The keys of the bodies to which something may have fallen due: two queries."""
    return sorted({*bodies_with_services(), *bodies_gone_live()})


def unbilled(
    issuer: str, due: DueReading, *, since: date, until: date, frequencies: Collection[str] = ()
) -> list[DueItem]:
    """What fell due to an issuer between two days, both included, and is not billed, in order: with `frequencies`,
    only charges of these. What was billed and is told otherwise since asks its difference, or gives it back. Three
    queries, four where there is any.
    """
    fell = [item for items in due.between(since, until).values() for item in items if item.issuer == issuer]
    known = told_otherwise(issuer, due, fell, (since, until))
    found = [item for item in known if not frequencies or item.frequency.value in frequencies]
    billed = billed_digests(digest_of(item.key) for item in found)
    return [item for item in found if digest_of(item.key) not in billed]


def billed_digests(digests: Iterable[str]) -> set[str]:
    """Which of these items are billed, and not given back to be billed again."""
    wanted = list(digests)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        rows = BilledItem.objects.filter(digest__in=wanted[start : start + 500], credited_by__isnull=True)
        found.update(rows.values_list("digest", flat=True))
    return found
