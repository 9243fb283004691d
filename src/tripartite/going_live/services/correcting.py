"""A going-live that was mistyped is put right, with what runs of it: its day, or how much of it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.going_live.models import Activation, GoneLive
from tripartite.going_live.queries.activations import standing_of
from tripartite.going_live.services.errors import GoingLiveError
from tripartite.going_live.services.records import locked_activation, move
from tripartite.going_live.states import ActivationState
from tripartite.journal.services import Actor
from tripartite.pricing.french import day_text
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.money import number_text
from tripartite.subscriptions.queries.running import change_by_id
from tripartite.subscriptions.services.correcting import Corrected, correct_change
from tripartite.typed import clean_line


@transaction.atomic
def put_right(*, change_id: int, right: Corrected, reason: str, actor: Actor, at: datetime) -> Any:
    """Put a change of quantity right (`correct_change`); the going-live that made it, if one did, follows: another part
    stands in its place, and what is left to set going is counted again.

    Raises GoingLiveError for a day to come or before the convention, for more than was ordered, or where a certificate
    says the days; SubscriptionError as `correct_change` does.
    """
    part = _part_of(change_id)
    if part is None:
        return correct_change(change_id=change_id, right=right, reason=reason, actor=actor, at=at)
    activation = locked_activation(part.activation_id)
    _check(part, activation, right, at)
    whole = _is_whole(part, activation, right)
    made = correct_change(change_id=change_id, right=right, reason=reason, actor=actor, at=at, whole=whole)
    GoneLive.objects.create(
        activation=activation,
        line=made.line,
        live_on=right.on,
        note=clean_line(reason)[:1000],
        subscription_id=made.subscription_id,
        corrects=part,
        recorded_by=actor.label,
        recorded_at=at,
    )
    wanted = ActivationState.LIVE if standing_of(activation).left == 0 else ActivationState.PARTLY_LIVE
    if activation.state not in (wanted, ActivationState.CANCELLED):
        move(activation, wanted)
        activation.save(update_fields=["state"])
    return made


def _is_whole(part: GoneLive, activation: Activation, right: Corrected) -> bool:
    """Whether a part is then all that was ordered, by itself."""
    others = GoneLive.objects.filter(activation=activation, corrected_by=None).exclude(pk=part.pk).exists()
    was = HeldLine.read(part.line).total
    return not others and right.quantity == standing_of(activation).left + was


def _part_of(change_id: int) -> GoneLive | None:
    """The part that made a change: recorded with it, and standing still."""
    change = change_by_id(change_id)
    if change is None or change.line is None:
        return None
    recorded = GoneLive.objects.filter(subscription_id=change.subscription_id, recorded_at=change.recorded_at)
    return next((one for one in recorded.filter(corrected_by=None) if one.line == change.line), None)


def _check(part: GoneLive, activation: Activation, right: Corrected, at: datetime) -> None:
    if right.on > timezone.localdate(at):
        raise GoingLiveError("Ce jour est à venir : une mise en service faite a une date passée.")
    starts = activation.convention.in_force_on
    if starts is not None and right.on < starts:
        raise GoingLiveError(f"La convention n'est en vigueur que depuis le {day_text(starts)}.")
    if right.on != part.live_on and part.subscription is not None and part.subscription.keys.exists():
        raise GoingLiveError("Le certificat de la clé dit ses jours : ils ne se corrigent pas ici.")
    if right.quantity is None:
        return
    standing, own = standing_of(activation), HeldLine.read(part.line).total
    most = standing.left + own
    if right.quantity > most:
        raise GoingLiveError(f"Il en était demandé {number_text(standing.ordered)} : {number_text(most)} au plus ici.")
    if activation.state == ActivationState.CANCELLED and right.quantity > own:
        raise GoingLiveError("Le reste de cette mise en service est abandonné : elle ne peut pas grandir.")
