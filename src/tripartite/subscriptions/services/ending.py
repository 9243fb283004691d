"""What runs changes and ends, at a day, for a reason; and goes on with the body that takes over."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.queries.endings import last_withdrawal
from tripartite.conventions.services.records import journal
from tripartite.conventions.services.withdrawing import give_back_service, withdraw_service
from tripartite.journal.services import Actor
from tripartite.pricing.calendar import last_day as last_day_of_term
from tripartite.pricing.cases import Number
from tripartite.pricing.french import day_text
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.money import number_text
from tripartite.pricing.quantities import quantity_text
from tripartite.subscriptions.models import QuantityChange, Subscription
from tripartite.subscriptions.queries.days import last_day_of
from tripartite.subscriptions.queries.holdings import lots_on, total_of
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.subscriptions.services.records import check_amount, locked_subscription, note_end
from tripartite.tariffs.queries import grid_by_code
from tripartite.typed import clean_line

WITH_CONVENTION = "fin de la convention"
"""How the reason of an end begins when it is that of the convention."""
CONTINUED = "continué par la convention"
"""How the reason begins when another convention goes on with it."""


@transaction.atomic
def reduce_subscription(
    *,
    subscription_id: int,
    removed: Number,
    on: date,
    reason: str,
    actor: Actor,
    at: datetime,
    by_amendment: bool = False,
) -> QuantityChange:
    """Take so much away from a day on (its first day without): a dated change, never an overwrite.

    The last added goes first. More of a service goes through an amendment. Unless an amendment itself says so
    (`by_amendment`), the convention notes it, so that the next amendment starts from what is left. Raises
    SubscriptionError when that much does not run that day, or would not run on a later day already noted. Said twice,
    by hand, with the same day, amount and reason, it is one: the change noted then is answered.
    """
    subscription = locked_subscription(subscription_id)
    _check_running(subscription, on)
    if not clean_line(reason):
        raise SubscriptionError("Dites pourquoi la quantité baisse : l'avenant, le courrier reçu…")
    if removed <= 0:
        raise SubscriptionError("Indiquez de combien la quantité baisse : au moins un.")
    if not by_amendment and (same := _noted_already(subscription, removed, on, reason)) is not None:
        return same
    changes = list(subscription.changes.all())
    last_on = subscription.ends_on or date.max
    days = [on, *(change.on for change in changes if on < change.on <= last_on)]
    least = min(total_of(lots_on(changes, day)) for day in days)
    if removed >= least:
        raise SubscriptionError(
            f"Il en tourne {number_text(least)} : pour tout arrêter, notez la fin du service."
            if removed == least
            else f"Il n'en tourne que {number_text(least)}."
        )
    last = lots_on(changes, on)[-1]
    if not last.line.is_simple:
        raise SubscriptionError("Ce service ne se réduit pas en partie : notez sa fin.")
    if (grid := grid_by_code(last.grid)) is not None:
        check_amount(grid, subscription.service, removed)
    change = QuantityChange.objects.create(
        subscription=subscription,
        on=on,
        first_on=on,
        removed=quantity_text(removed),
        grid=last.grid,
        facts=last.facts,
        reason=clean_line(reason)[:1000],
        recorded_by=actor.label,
        recorded_at=at,
    )
    if not by_amendment:
        _withdraw(subscription, last.line.with_amount(removed), "less", on, reason, actor, at)
    text = f"{subscription.name} : {number_text(removed)} de moins à partir du {day_text(on)} ({clean_line(reason)})."
    journal(subscription.convention, actor, at, "subscriptions.reduce", text, subscription=subscription.pk)
    return change


@transaction.atomic
def end_subscription(
    *, subscription_id: int, last_day: date, reason: str, actor: Actor, at: datetime, by_amendment: bool = False
) -> Subscription:
    """End a service on a day, its last one; the convention notes it, unless an amendment itself says so.

    Raises SubscriptionError when it has ended by then, or without a reason.
    """
    subscription = locked_subscription(subscription_id)
    if not clean_line(reason):
        raise SubscriptionError("Dites pourquoi ce service s'arrête.")
    _check_running(subscription, last_day)
    if not by_amendment:
        _give_back(subscription, reason, actor, at)
        for lot in lots_on(subscription.changes.all(), date.max):
            _withdraw(subscription, lot.line, "end", last_day + timedelta(days=1), reason, actor, at)
    _end(subscription, last_day, clean_line(reason)[:1000], actor, at)
    return subscription


def _noted_already(subscription: Subscription, removed: Number, on: date, reason: str) -> QuantityChange | None:
    """The same reduction, said before: pressed again, or read again off the same letter by somebody else."""
    same = {"on": on, "removed": quantity_text(removed), "reason": clean_line(reason)[:1000]}
    return subscription.changes.filter(**same, corrected_by=None).first()


def _withdraw(  # noqa: PLR0917 - private
    subscription: Subscription, line: HeldLine, act: str, on: date, reason: str, actor: Actor, at: datetime
) -> None:
    withdraw_service(
        convention_id=subscription.convention_id,
        line=line.as_json(),
        origin=origin_of(subscription, act),
        on=on,
        reason=clean_line(reason)[:1000],
        actor=actor,
        at=at,
    )


def _give_back(subscription: Subscription, reason: str, actor: Actor, at: datetime) -> None:
    """Hold again what an end noted before, when another body still had it perhaps, made the convention hold no more."""
    one: Subscription | None = subscription
    while one is not None:
        give_back_service(
            convention_id=one.convention_id,
            origin=origin_of(one, "end"),
            on=timezone.localdate(at),
            reason=clean_line(reason)[:1000],
            actor=actor,
            at=at,
        )
        one = one.continues if one.continues and one.continues.body_id != one.body_id else None


def origin_of(subscription: Subscription, act: str) -> str:
    """By what name its convention notes that it holds less because of an act: `less`, `end`."""
    return f"subscription:{subscription.pk}:{act}"


@transaction.atomic
def end_with_convention(*, subscription_id: int, actor: Actor, at: datetime) -> bool:
    """End what a convention set going on the convention's own last day; what is prepaid goes to the end of its term.

    False when there is nothing to end: the convention goes on, or it was done already.
    """
    subscription = locked_subscription(subscription_id)
    convention = convention_by_id(subscription.convention_id)
    if convention is None or convention.ended_on is None or subscription.term_years is not None:
        return False
    last = max(convention.ended_on, subscription.starts_on)
    if subscription.ends_on is not None and subscription.ends_on <= last:
        return False
    _end(subscription, last, f"{WITH_CONVENTION} {convention} : {convention.end_reason}"[:1000], actor, at)
    return True


@transaction.atomic
def end_all_with_convention(*, convention_id: int, actor: Actor, at: datetime) -> int:
    """Note at once, on all that a convention set going, the last day of that convention as soon as it is known; how
    many changed. The day's own work does the same for whatever knew it otherwise.
    """
    running = _set_going_by(convention_id).order_by("pk").values_list("pk", flat=True)
    return sum(end_with_convention(subscription_id=key, actor=actor, at=at) for key in list(running))


def _set_going_by(convention_id: int) -> QuerySet[Subscription]:
    """What a convention set going, its amendments included."""
    return Subscription.objects.filter(Q(convention_id=convention_id) | Q(convention__parent_id=convention_id))


@transaction.atomic
def resume_with_convention(*, convention_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Let go on all that had its last day from the end of its convention, once that end is annulled: without an end, or
    with the one that a letter had noted before. How many changed.
    """
    ended = _set_going_by(convention_id).filter(end_reason__startswith=WITH_CONVENTION)
    found = [locked_subscription(key) for key in ended.order_by("pk").values_list("pk", flat=True)]
    today = timezone.localdate(at)
    resumed = [one for one in found if one.ends_on is not None and one.ends_on >= today]
    for one in resumed:
        noted = last_withdrawal(one.convention_id, origin_of(one, "end"))
        last, why = (noted.on - timedelta(days=1), noted.reason) if noted else (None, "")
        note_end(one, last, why, actor, at)
        until = f"dernier jour le {day_text(one.ends_on)}" if one.ends_on else "sans fin notée"
        text = f"{one.name} : la fin de la convention est annulée, {until} ({clean_line(reason)})."
        journal(one.convention, actor, at, "subscriptions.resume", text, subscription=one.pk)
    return len(resumed)


@transaction.atomic
def correct_end(
    *, subscription_id: int, last_day: date | None, reason: str, actor: Actor, at: datetime
) -> Subscription:
    """Note another last day for a service whose end is noted and still to come; None: no end, or that of its term.

    Raises SubscriptionError when no end was noted by hand, when it is past, when another took the service over, or when
    its convention ends by then.
    """
    subscription = locked_subscription(subscription_id)
    present, today = subscription.ends_on, timezone.localdate(at)
    if not clean_line(reason):
        raise SubscriptionError("Dites pourquoi cette fin est corrigée.")
    if present is None or not subscription.end_reason:
        raise SubscriptionError("Aucune fin n'est notée pour ce service.")
    if present < today or subscription.continued_by.exists():
        raise SubscriptionError(f"Ce service s'est arrêté le {day_text(present)} : cela ne change plus.")
    most = last_possible(subscription)
    wanted = most if last_day is None else last_day
    if wanted is not None and wanted < max(today, subscription.starts_on):
        raise SubscriptionError("La fin corrigée est passée : notez un jour à venir.")
    if most is not None and wanted is not None and wanted > most:
        raise SubscriptionError(f"Ce service ne peut pas durer au-delà du {day_text(most)}.")
    by_itself = last_day is None and (wanted is None or subscription.term_years is not None)
    note_end(subscription, wanted, "" if by_itself else clean_line(reason)[:1000], actor, at)
    if last_day is None:
        _give_back(subscription, reason, actor, at)
    until = f"dernier jour le {day_text(wanted)}" if wanted else "sans fin notée"
    text = f"{subscription.name} : fin du {day_text(present)} corrigée, {until} ({clean_line(reason)})."
    journal(subscription.convention, actor, at, "subscriptions.correct-end", text, subscription=subscription.pk)
    return subscription


def last_possible(subscription: Subscription) -> date | None:
    """The last day that a service may have: that of its term, or of its convention once it is known."""
    if subscription.term_years is not None:
        return last_day_of_term(subscription.anchor_on, subscription.term_years)
    convention = convention_by_id(subscription.convention_id)
    return convention.ended_on if convention else None


def let_go(  # noqa: PLR0917 - one act of several, inside another
    former: Iterable[Subscription], quantity: Number | None, day: date, reason: str, actor: Actor, at: datetime
) -> None:
    """Stop, from a day on, so much of what another goes on with (None: all of it), one subscription after the other."""
    for one in former:
        runs = total_of(lots_on(one.changes.all(), day))
        if quantity is None or quantity >= runs:
            end_on_the_eve(one, day, reason, actor, at)
        elif quantity > 0:
            reduce_subscription(
                subscription_id=one.pk,
                removed=quantity,
                on=day,
                reason=reason,
                by_amendment=True,
                actor=actor,
                at=at,
            )
        if quantity is not None:
            quantity = max(quantity - runs, 0)


def end_on_the_eve(subscription: Subscription, day: date, reason: str, actor: Actor, at: datetime) -> None:
    """End a locked subscription on the eve of a day, when another takes over. It began before that day."""
    eve = day - timedelta(days=1)
    if eve < subscription.starts_on:
        raise SubscriptionError(
            f"{subscription.name} est en service depuis le {day_text(subscription.starts_on)} :"
            " ce qui le continue commence au plus tôt le lendemain."
        )
    _end(subscription, eve, reason, actor, at)


def _end(subscription: Subscription, last_day: date, reason: str, actor: Actor, at: datetime) -> None:
    note_end(subscription, last_day, reason, actor, at)
    text = f"{subscription.name} : dernier jour le {day_text(last_day)} ({reason})."
    journal(subscription.convention, actor, at, "subscriptions.end", text, subscription=subscription.pk)


def _check_running(subscription: Subscription, on: date) -> None:
    if on < subscription.starts_on:
        raise SubscriptionError(f"Ce service n'est en service que depuis le {day_text(subscription.starts_on)}.")
    if subscription.ends_on is not None and on > subscription.ends_on:
        raise SubscriptionError(f"Ce service s'arrête le {day_text(subscription.ends_on)}.")
    last = last_day_of(subscription)
    if last is not None and on > last:
        raise SubscriptionError(f"Ce service va au plus tard jusqu'au {day_text(last)} : rien n'y change ensuite.")
