"""What goes live starts to run: it enlarges what runs already, continues what ran before, or is new."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tripartite.conventions.services.records import journal
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import lineage_of
from tripartite.pricing.calendar import last_day
from tripartite.pricing.french import day_text
from tripartite.pricing.grid import Grid
from tripartite.pricing.holding import HeldLine
from tripartite.subscriptions.models import QuantityChange, Subscription
from tripartite.subscriptions.queries.days import runs_on
from tripartite.subscriptions.services.ending import CONTINUED, end_with_convention, let_go


@dataclass(frozen=True, slots=True)
class Started:
    """So much of a service (`line`) that runs for a body from a day on (`on`, inclusive).

    `convention` orders it: a convention, or an amendment. `grid` and `facts` price it until the next due date. `years`
    is set for what is prepaid; `term` then holds its first and last days, inclusive, where something else says them.
    """

    body_id: int
    convention: Any
    name: str
    line: HeldLine
    grid: Grid
    facts: dict[str, Any]
    on: date
    years: int | None = None
    term: tuple[date, date] | None = None

    @property
    def service(self) -> str:
        return self.line.what.service

    @property
    def options(self) -> dict[str, str]:
        return dict(self.line.what.options)

    @property
    def under(self) -> int:
        """The convention itself, for what an amendment adds."""
        return int(self.convention.parent_id or self.convention.pk)

    @property
    def days(self) -> tuple[date, date | None]:
        """The first day and the last one, where it is known."""
        return self.term or (self.on, last_day(self.on, self.years) if self.years else None)


@transaction.atomic
def start_service(*, started: Started, whole: bool, actor: Actor, at: datetime) -> Subscription:
    """Run so much of a service from its day on: what runs is enlarged, continued, or begins; answers it.

    What it continues stops as much, and altogether with the last part of what was ordered (`whole`). What began later
    under the same convention, a part recorded before this one, has begun with it: one subscription, its due dates
    those of its first day. Where its convention has ended meanwhile, it ends with it. Raises SubscriptionError where
    what it continues began that day.
    """
    running = [] if started.years else _running(started)
    subscription = next((one for one in running if _goes_on(one, started)), None)
    former = _continued(started, [one for one in running if one != subscription])
    reason = f"{CONTINUED} {started.convention}"
    later = _begun_later(started) if subscription is None and not started.years else None
    if later is not None:
        going = [one for one in former if one.ends_on is None or one.ends_on >= later.starts_on]
        let_go(going if whole else (), None, later.starts_on, reason, actor, at)
        begin_on(later, started.on, actor, at)
    let_go(former, None if whole and later is None else started.line.total, started.on, reason, actor, at)
    subscription = subscription or later
    if subscription is None:
        subscription = _start(started, former[0] if former else None, actor, at)
    counted_on = subscription.starts_on if started.term else started.on
    QuantityChange.objects.create(
        subscription=subscription,
        on=counted_on,
        first_on=counted_on,
        line=started.line.as_json(),
        grid=started.grid.code,
        facts=started.facts,
        convention_id=started.convention.pk,
        recorded_by=actor.label,
        recorded_at=at,
    )
    end_with_convention(subscription_id=subscription.pk, actor=actor, at=at)
    return subscription


def begin_on(subscription: Subscription, day: date, actor: Actor, at: datetime) -> None:
    """Make a locked subscription begin on another day, from which its due dates count; the file is told. In the
    caller's transaction, which says from when each quantity runs.
    """
    before = subscription.starts_on
    subscription.anchor_on = subscription.starts_on = day
    subscription.save(update_fields=["anchor_on", "starts_on"])
    text = f"{subscription.name} : premier jour le {day_text(day)}, et non le {day_text(before)}."
    journal(subscription.convention, actor, at, "subscriptions.begin", text, subscription=subscription.pk)


def _start(started: Started, continued: Subscription | None, actor: Actor, at: datetime) -> Subscription:
    first, last = started.days
    return Subscription.objects.create(
        body_id=started.body_id,
        convention_id=started.under,
        service=started.service,
        options=started.options,
        name=started.name,
        anchor_on=first,
        starts_on=first,
        ends_on=last,
        term_years=started.years,
        continues=continued,
        created_at=at,
        created_by=actor.label,
    )


def _running(started: Started) -> list[Subscription]:
    """The same service of the same offer, with the same options, that runs for the body on that day: several after a
    merger.
    """
    found = Subscription.objects.select_for_update(of=("self",)).select_related("convention", "body")
    offer = {"convention__request__offer": started.grid.offer}
    same = found.filter(runs_on(started.on), body_id=started.body_id, service=started.service, term_years=None, **offer)
    return [one for one in same if one.options == started.options]


def _begun_later(started: Started) -> Subscription | None:
    """What the same convention set going for the same body after that day, and that goes on from no other body."""
    found = Subscription.objects.select_for_update(of=("self",)).select_related("convention", "body")
    later = found.filter(
        body_id=started.body_id,
        service=started.service,
        convention_id=started.under,
        term_years=None,
        starts_on__gt=started.on,
    )
    own = [one for one in later if one.continues is None or one.continues.body_id == started.body_id]
    return next((one for one in own if one.options == started.options and _goes_on(one, started)), None)


def _goes_on(one: Subscription, started: Started) -> bool:
    """Whether what is added joins it: it is of the same convention, and ends no sooner."""
    return one.convention_id == started.under and one.ends_on in (None, one.convention.ended_on)


def _continued(started: Started, running: list[Subscription]) -> list[Subscription]:
    """What stops because this goes on with it: all that a body holds once; else what former conventions of the same
    beneficiary, or of those that it took in, set going. What an amendment adds, and what another commune merged into
    the same one had, run beside the rest; so does what is added to a service whose end is noted.
    """
    if started.grid.services[started.service].held_once:
        return running
    if started.convention.parent_id is not None or not running:
        return []
    others = [one for one in running if one.convention_id != started.under]
    if started.convention.beneficiary_id == started.body_id:  # all that it has is its own, whoever had signed for it
        return others
    own = lineage_of(started.convention.beneficiary_id)
    return [one for one in others if one.convention.beneficiary_id in own]
