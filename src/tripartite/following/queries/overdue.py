"""What was to be settled by a day that has passed, and is not: it stays in sight until it is, or is dismissed.

Settled is a fact, read where it is: a key replaced or revoked, a term followed by another, a request prepared and still
in hand, a quote answered or its request given up, a convention followed by another. What passes by itself (a last day
of notice, a tacit renewal, a due date) is never overdue.
"""

from collections.abc import Collection
from datetime import date, timedelta

from tripartite.conventions.queries.running import conventions_over
from tripartite.following.models import DeadlineDismissal
from tripartite.following.queries.deadline_rules import DeadlineKind
from tripartite.following.queries.deadlines import NOTHING_PREPARED, Deadline, Prepared, prepared_for, told
from tripartite.following.queries.outlines import (
    Outline,
    bodies_of,
    of_convention,
    of_keys,
    of_quotes,
    of_running,
)
from tripartite.going_live.queries.checklists import renewals_by_offer
from tripartite.going_live.queries.keys import keys_that_expire
from tripartite.quotes.queries.requests import quotes_that_expire
from tripartite.subscriptions.queries.ahead import running_with_days, terms_over

EVER = date(2000, 1, 1)
ONE_YEAR = timedelta(days=366)


def overdue(*, on: date, body_id: int | None = None) -> list[Deadline]:
    """What is overdue on a day, of a body or of all, the oldest first: a constant number of queries."""
    return told(*overdue_outlines(on=on, body_id=body_id))


def overdue_outlines(*, on: date, body_id: int | None = None) -> tuple[list[Outline], dict[str, Prepared]]:
    """The same before it is told, with what was prepared for each: of a whole directory, only what is shown is told."""
    found = _passed(on, body_id)
    prepared = prepared_for(found)
    late = [one for one in found if not _is_settled(one, prepared.get(one.key, NOTHING_PREPARED))]
    dismissed = dismissals_of([one.key for one in late])
    late = [one for one in late if one.key not in dismissed]
    return sorted(late, key=lambda one: (one.day, one.body.name, one.key)), prepared


def _passed(on: date, body_id: int | None) -> list[Outline]:
    """What was to be settled before a day."""
    eve, year_before = on - timedelta(days=1), on - ONE_YEAR
    renewed = {service for services in renewals_by_offer().values() for service in services}
    yearly = running_with_days(since=year_before, until=eve, body_id=body_id, services=renewed) if renewed else []
    terms = terms_over(before=on, body_id=body_id)
    over = conventions_over(before=on, body_id=body_id)
    keys = list(keys_that_expire(since=EVER, until=eve, body_id=body_id))
    quotes = quotes_that_expire(since=EVER, until=eve, body_id=body_id)
    bodies = bodies_of(over, [*yearly, *terms], keys, quotes)
    renewals = [one for one in of_running(yearly, bodies, year_before, eve) if one.kind is DeadlineKind.RENEWAL]
    return [
        *(
            of_convention(
                one,
                bodies,
                DeadlineKind.CONVENTION_END,
                one.ended_on,
                f"terme le {one.ended_on:%d/%m/%Y}, sans autre convention depuis",
            )
            for one in over
            if one.ended_on is not None
        ),
        *_last_of_each(renewals),
        *of_running(terms, bodies, EVER, eve),
        *of_keys(keys, bodies),
        *of_quotes(quotes, bodies),
    ]


def dismissals_of(keys: Collection[str]) -> dict[str, DeadlineDismissal]:
    """Those of these deadlines that were dismissed, by their keys: one query."""
    return {one.key: one for one in DeadlineDismissal.objects.filter(key__in=keys)} if keys else {}


def _is_settled(one: Outline, prepared: Prepared) -> bool:
    """What a term or a renewal waits for is under way once its request is; a term whose keys are known is theirs."""
    if one.kind is DeadlineKind.PREPAID_END and prepared.keys:
        return True
    return one.kind in (DeadlineKind.PREPAID_END, DeadlineKind.RENEWAL) and prepared.request is not None


def _last_of_each(renewals: list[Outline]) -> list[Outline]:
    """The last renewal of each service of a body: it is the one that waits."""
    last: dict[tuple[int, tuple[str, ...], str], Outline] = {}
    for one in sorted(renewals, key=lambda each: each.day):
        last[one.subject, one.services, one.apart] = one
    return list(last.values())
