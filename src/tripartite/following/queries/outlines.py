"""Deadlines before they are told: which day brings what to whom. Enough to sort, count and choose among those of a
whole directory; `deadlines.told` puts the words to those that are shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tripartite.conventions.queries.running import RanConvention, conventions_that_ran
from tripartite.following.queries.deadline_rules import (
    KIND_LABELS,
    DeadlineKind,
    convention_days,
    subscription_due_days,
)
from tripartite.going_live.queries.checklists import renewals_by_offer
from tripartite.going_live.queries.keys import keys_that_expire
from tripartite.parties.queries.named_bodies import NamedBody, bearer_among, named_bodies
from tripartite.pricing.calendar import due_days
from tripartite.quotes.queries.requests import quotes_that_expire
from tripartite.subscriptions.queries.ahead import RunningDays, running_with_days

ORDER = {kind: place for place, kind in enumerate(KIND_LABELS)}


@dataclass(frozen=True, slots=True)
class Outline:
    """A day (inclusive) and what it brings to a body. `key` names it for ever: kind, subject and day, and the offer
    (`apart`) where the body has another such deadline that day, of an older offer.

    `services` are the codes of the services that it bears on, `of` the rows that it was read from (a convention, what
    runs, a key or a quote), `why` the computation where it is known already.
    """

    kind: DeadlineKind
    subject: int
    day: date
    body: NamedBody
    of: tuple[Any, ...]
    services: tuple[str, ...] = ()
    why: str = ""
    apart: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.subject}-{self.day.isoformat()}{'-' if self.apart else ''}{self.apart}"

    @property
    def subscription_ids(self) -> tuple[int, ...]:
        """What runs of it: none for a convention, a key or a quote."""
        return tuple(one.pk for one in self.of if isinstance(one, RunningDays))


def outlines(*, since: date, until: date, body_id: int | None = None) -> list[Outline]:
    """The deadlines between two days, both included, of a body or of all, by day: at most seven queries, and one
    more a step of what was merged."""
    ran = conventions_that_ran(since=since, body_id=body_id)
    running = running_with_days(since=since, until=until, body_id=body_id)
    keys = list(keys_that_expire(since=since, until=until, body_id=body_id))
    quotes = quotes_that_expire(since=since, until=until, body_id=body_id)
    bodies = bodies_of(ran, running, keys, quotes)
    found = [
        *_of_conventions(ran, bodies, since, until),
        *of_running(running, bodies, since, until),
        *of_keys(keys, bodies),
        *of_quotes(quotes, bodies),
    ]
    return sorted(found, key=lambda one: (one.day, one.body.name, ORDER[one.kind]))


def bodies_of(
    conventions: Iterable[RanConvention], running: Iterable[RunningDays], keys: Iterable[Any], quotes: Iterable[Any]
) -> dict[int, NamedBody]:
    """The bodies that these rows are about."""
    found = {one.beneficiary_id for one in conventions} | {one.body_id for one in running}
    found |= {key.body_id for key in keys} | {quote.version.request.beneficiary_id for quote in quotes}
    return named_bodies(found)


def _of_conventions(
    ran: Sequence[RanConvention], bodies: dict[int, NamedBody], since: date, until: date
) -> Iterator[Outline]:
    for convention in ran:
        for dated in convention_days(convention):
            if since <= dated.day <= until:
                yield of_convention(convention, bodies, dated.kind, dated.day, dated.why)


def of_convention(
    convention: RanConvention, bodies: dict[int, NamedBody], kind: DeadlineKind, day: date, why: str
) -> Outline:
    """A day of a convention, told under the body that took in the one that signed it, if one did."""
    return Outline(kind, convention.pk, day, bearer_among(bodies, convention.beneficiary_id), (convention,), why=why)


def of_running(
    rows: Iterable[RunningDays], bodies: dict[int, NamedBody], since: date, until: date
) -> Iterator[Outline]:
    """Due dates and ends of prepaid terms; those of one kind, of one body and offer, on one day, go together: the
    oldest offer of a body keeps the bare name.
    """
    by_offer = renewals_by_offer()
    anniversaries: dict[date, list[date]] = {}
    together: dict[tuple[DeadlineKind, int, date, str], list[RunningDays]] = {}
    for one in rows:
        if one.term_years is not None:
            if one.ends_on is not None:
                together.setdefault((DeadlineKind.PREPAID_END, one.body_id, one.ends_on, one.offer), []).append(one)
            continue
        kind = DeadlineKind.RENEWAL if one.service in by_offer.get(one.offer, {}) else DeadlineKind.DUE
        if one.anchor_on not in anniversaries:
            anniversaries[one.anchor_on] = due_days(one.anchor_on, since=since, until=until)
        days = anniversaries[one.anchor_on]
        for day in subscription_due_days(days, one.anchor_on, one.starts_on, one.last_on):
            together.setdefault((kind, one.body_id, day, one.offer), []).append(one)
    met: set[tuple[DeadlineKind, int, date]] = set()
    for (kind, body_id, day, offer), group in together.items():
        services = tuple(dict.fromkeys(one.service for one in group))
        outline = Outline(kind, body_id, day, bodies[body_id], tuple(group), services)
        yield replace(outline, apart=offer) if (kind, body_id, day) in met else outline
        met.add((kind, body_id, day))


def of_keys(keys: Iterable[Any], bodies: dict[int, NamedBody]) -> Iterator[Outline]:
    for one in keys:
        services = (one.subscription.service,) if one.subscription else ()
        bearer = bearer_among(bodies, one.body_id)
        yield Outline(DeadlineKind.CERTIFICATE, one.pk, one.valid_until, bearer, (one,), services)


def of_quotes(quotes: Iterable[Any], bodies: dict[int, NamedBody]) -> Iterator[Outline]:
    for quote in quotes:
        services = tuple(dict.fromkeys(line["service"] for line in quote.version.order["lines"]))
        body = bodies[quote.version.request.beneficiary_id]
        yield Outline(DeadlineKind.QUOTE, quote.pk, quote.valid_until, body, (quote,), services)
