"""What was to be settled by a day that has passed, and is not: it stays in sight until it is, or is dismissed.

Settled is a fact, read where it is: a key replaced or revoked, a term followed by another, a request prepared and still
in hand, a quote answered or its request given up, a convention followed by another. What passes by itself (a last day
of notice, a tacit renewal, a due date) is never overdue.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, timedelta

from tripartite.conventions.queries.conventions import conventions_over
from tripartite.following.models import DeadlineDismissal
from tripartite.following.queries.deadline_rules import DeadlineKind
from tripartite.following.queries.deadlines import (
    WHO,
    Deadline,
    of_keys,
    of_quotes,
    of_subscriptions,
    with_prepared,
)
from tripartite.going_live.queries.checklists import renewals_by_offer
from tripartite.parties.queries.bodies import bearer_of, issuers
from tripartite.subscriptions.queries.running import subscriptions_with_days, terms_over

EVER = date(2000, 1, 1)
ONE_YEAR = timedelta(days=366)


def overdue(*, on: date, body_id: int | None = None) -> list[Deadline]:
    """What is overdue on a day, of a body or of all, the oldest first: a constant number of queries."""
    names, eve = {issuer.code: issuer.short_name for issuer in issuers()}, on - timedelta(days=1)
    renewed = {service for services in renewals_by_offer().values() for service in services}
    yearly = subscriptions_with_days(since=on - ONE_YEAR, until=eve, body_id=body_id)
    yearly = yearly.filter(term_years=None, service__in=renewed)
    renewals = of_subscriptions(yearly, names, on - ONE_YEAR, eve)
    terms = of_subscriptions(terms_over(before=on, body_id=body_id), names, EVER, eve)
    found = with_prepared(
        [
            *_conventions(on, body_id),
            *_last_of_each([one for one in renewals if one.kind is DeadlineKind.RENEWAL]),
            *terms,
            *of_keys(EVER, eve, body_id),
            *of_quotes(EVER, eve, body_id, names),
        ]
    )
    late = [one for one in found if not _is_settled(one)]
    dismissed = dismissals_of([one.key for one in late])
    return sorted((one for one in late if one.key not in dismissed), key=lambda one: (one.day, one.body.name, one.key))


def dismissals_of(keys: Collection[str]) -> dict[str, DeadlineDismissal]:
    """Those of these deadlines that were dismissed, by their keys: one query."""
    return {one.key: one for one in DeadlineDismissal.objects.filter(key__in=keys)} if keys else {}


def _is_settled(one: Deadline) -> bool:
    """What a term or a renewal waits for is under way once its request is; a term whose keys are known is theirs."""
    if one.kind is DeadlineKind.PREPAID_END and one.keys:
        return True
    return one.kind in (DeadlineKind.PREPAID_END, DeadlineKind.RENEWAL) and one.request is not None


def _conventions(on: date, body_id: int | None) -> Iterator[Deadline]:
    for one in conventions_over(before=on, body_id=body_id):
        assert one.ended_on is not None  # noqa: S101 - the query says so
        yield Deadline(
            kind=DeadlineKind.CONVENTION_END,
            subject=one.pk,
            day=one.ended_on,
            body=bearer_of(one.beneficiary),
            what=f"Convention {one}",
            why=f"terme le {one.ended_on:%d/%m/%Y}, sans autre convention depuis",
            who=WHO[DeadlineKind.CONVENTION_END],
            convention_id=one.pk,
            reference=str(one),
        )


def _last_of_each(renewals: list[Deadline]) -> list[Deadline]:
    """The last renewal of each service of a body: it is the one that waits."""
    last: dict[tuple[int, tuple[str, ...], str], Deadline] = {}
    for one in sorted(renewals, key=lambda each: each.day):
        last[one.subject, one.services, one.apart] = replace(one)
    return list(last.values())
