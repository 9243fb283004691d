"""Counting the uses of what anyone may use, so that nobody can use it without end: the one mechanism of every door.

A count lasts one span from its first use, then starts again. It is one row and one statement, so that it is exact
however many workers count at once. One that began more than a span ahead was counted by a clock that has been set right
since: it starts again too, so that nobody waits for that day.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.crypto import salted_hmac

from tripartite.accounts.models import Use
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor
from tripartite.limits import Bound

EVERYONE = ""
"""In place of the hash of an address, in the row that counts them all."""
NO_WAIT = timedelta(0)
SHORT_WAIT = 250
"""Milliseconds that a page waits for its turn to be counted, where one writes at a time."""

_COUNT = """
INSERT INTO accounts_use (purpose, who, span, uses, since) VALUES {rows}
ON CONFLICT (purpose, who, span) DO UPDATE SET
  uses = CASE WHEN abs(accounts_use.since - excluded.since) < accounts_use.span
         THEN accounts_use.uses + 1 ELSE 1 END,
  since = CASE WHEN abs(accounts_use.since - excluded.since) < accounts_use.span
          THEN accounts_use.since ELSE excluded.since END
RETURNING span, uses, since
"""


@contextmanager
def impatient() -> Iterator[None]:
    """Inside, what waits for another writer gives up at once (OperationalError): a page that only reads does not stand
    in line to be counted. PostgreSQL has no such line, and a transaction has its turn already.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5))
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {SHORT_WAIT}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual * 1000}")


def count_use(*, purpose: str, who: str, most: Sequence[Bound], at: datetime) -> timedelta:
    """Count one use by `who` (an address, an account: kept as a hash, for the longest of the spans).

    Answers zero, or how long to wait when there were too many already: by `who`, or by all together. What one address
    is refused does not count among what all together did. It concerns no file: nothing is journaled.
    """
    wait = _count(purpose, _hashed(purpose, who), {bound.span: bound.each for bound in most}, at)
    return wait or _count(purpose, EVERYONE, {bound.span: bound.everyone for bound in most}, at)


def count_attempt(*, purpose: str, who: str, most: Sequence[tuple[timedelta, int]], at: datetime) -> bool:
    """Count one use by `who` alone; False when there were too many already. `most` says how many in how long."""
    return not _count(purpose, _hashed(purpose, who), dict(most), at)


def wait_left(*, purpose: str, who: str, most: Sequence[tuple[timedelta, int]], at: datetime) -> timedelta:
    """How long `who` is still to wait, without counting anything; zero when it has uses left."""
    found = Use.objects.filter(purpose=purpose, who=_hashed(purpose, who))
    bounds = {int(span.total_seconds()): number for span, number in most}
    now = int(at.timestamp())
    return _longest(
        [
            one.since + one.span - now
            for one in found
            if one.span in bounds and one.uses >= bounds[one.span] and one.since - now < one.span
        ],
    )


@transaction.atomic
def forget_attempts(*, purpose: str, who: str) -> None:
    """Start the counts of `who` again."""
    Use.objects.filter(purpose=purpose, who=_hashed(purpose, who)).delete()


def units(on: date) -> Iterator[Unit]:
    """What is to be erased on that day: `over`, when counts ended before it."""
    if _over(on).exists():
        yield Unit("over", "Effacer les compteurs d'usage échus")


@transaction.atomic
def run(key: str, on: date, actor: Actor, at: datetime) -> bool:  # noqa: ARG001 - the signature of a daily step
    """Erase the counts that ended before that day; whether there were any. Raises JobError for another key."""
    if key != "over":
        raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")
    return bool(_over(on).delete()[0])


def _over(on: date) -> QuerySet[Use]:
    begins = int(datetime.combine(on, time(), UTC).timestamp())
    return Use.objects.filter(since__lt=begins - F("span"))


def _count(purpose: str, key: str, most: dict[timedelta, int], at: datetime) -> timedelta:
    now = int(at.timestamp())
    bounds = {int(span.total_seconds()): number for span, number in most.items()}
    rows = [(purpose, key, span, 1, now) for span in sorted(bounds)]
    statement = _COUNT.format(rows=", ".join(["(%s, %s, %s, %s, %s)"] * len(rows)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
        found = cursor.fetchall()
    return _longest([since + span - now for span, uses, since in found if uses > bounds[span]])


def _longest(seconds: list[int]) -> timedelta:
    return timedelta(seconds=max(seconds, default=0)) if any(left > 0 for left in seconds) else NO_WAIT


def _hashed(purpose: str, who: str) -> str:
    return salted_hmac(f"tripartite.accounts.use.{purpose}", who, algorithm="sha256").hexdigest()
