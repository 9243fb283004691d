"""A signature key's life starts at its making: the prepaid term that it is runs as its certificate says."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from tripartite.going_live.models import Activation, SignatureKey
from tripartite.going_live.states import IN_USE
from tripartite.journal.services import Actor
from tripartite.pricing.holding import HeldLine
from tripartite.subscriptions.services.terms import run_term


def keys_made_for(activation: Activation, line: HeldLine) -> list[SignatureKey]:
    """The keys of the register made for an activation that no term stands for yet, as many as the line takes."""
    waiting = SignatureKey.objects.select_for_update(of=("self",)).filter(activation=activation, subscription=None)
    return list(waiting.order_by("valid_from", "pk")[: int(line.total)])


def term_of(keys: Iterable[SignatureKey]) -> tuple[date, date]:
    """The first and last days, inclusive, of the term that keys stand for; those in use say the last one."""
    found = list(keys)
    running = [one for one in found if one.state in IN_USE] or found
    return min(one.valid_from for one in found), max(one.valid_until for one in running)


def attach_keys(keys: Iterable[SignatureKey], subscription: Any) -> None:
    """Say that a term is that of these keys."""
    for key in keys:
        key.subscription = subscription
        key.save(update_fields=["subscription"])


def follow_certificates(subscription: Any, actor: Actor, at: datetime) -> None:
    """Make a locked term run as the certificates of its keys say, and tell the file. What ended by an act keeps it."""
    first, last = term_of(SignatureKey.objects.filter(subscription=subscription))
    run_term(subscription=subscription, first=first, last=last, source="le certificat", actor=actor, at=at)
