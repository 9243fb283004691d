"""An act with money that was noted wrongly is put right: dated, with its reason, told to whom it concerns.

What was said stays: the wrong intervention is annulled and another stands in its place (decision 74).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tripartite.accounts.services.news import tell_agents
from tripartite.following.models import DueCharge, Intervention
from tripartite.following.services.charges import GivenPrice, annul_charges
from tripartite.following.services.errors import FollowingError
from tripartite.following.services.interventions import (
    Recorded,
    Subject,
    journal_intervention,
    locked_intervention,
    move,
    record_intervention,
    touch,
    words_of,
)
from tripartite.following.states import InterventionState
from tripartite.going_live.services.correcting import put_right
from tripartite.journal.services import Actor
from tripartite.pricing.french import day_text
from tripartite.quotes.services.letters import write_about
from tripartite.subscriptions.queries.running import subscription_by_id
from tripartite.subscriptions.services.correcting import Corrected
from tripartite.typed import clean_line


@dataclass(frozen=True, slots=True)
class Rightly:
    """What an intervention should have said: its day, its minutes, its note, whether something is due for it."""

    done_on: date
    minutes: int
    note: str = ""
    charged: bool = False
    price: GivenPrice | None = None


@transaction.atomic
def annul_intervention(*, intervention_id: int, reason: str, actor: Actor, at: datetime) -> Recorded:
    """Say that an intervention noted as done did not take place: it is annulled with its reason, and so is what it made
    due, which is said. Whoever was to pay is told. Raises FollowingError without a reason, when it is not done, or for
    a charge that is another issuer's.
    """
    wrong = locked_intervention(intervention_id)
    charges = _annul(wrong, reason, actor, at)
    why = clean_line(reason)
    text = f"{words_of(wrong)} du {_day(wrong)} annulée, notée par erreur ({why}).{_fallen(charges)}"
    journal_intervention(wrong, actor, at, "annul", text)
    if charges:
        _tell(wrong, text, actor, at)
    return Recorded(wrong, tuple(charges), _fallen(charges).strip())


@transaction.atomic
def correct_intervention(
    *, intervention_id: int, rightly: Rightly, reason: str, actor: Actor, at: datetime
) -> Recorded:
    """Note an intervention again, as it took place: the wrong one is annulled with its reason, and what it made due;
    another stands in its place, and what is due is raised again from it. Raises FollowingError.
    """
    wrong = locked_intervention(intervention_id)
    due = wrong.due_charges.filter(annulment=None).exists()
    said = (wrong.done_on, wrong.minutes, wrong.note, due)
    if said == (rightly.done_on, rightly.minutes, rightly.note or wrong.note, rightly.charged):
        raise FollowingError("Rien n'a changé : c'est déjà ce qui est noté.")
    charges = _annul(wrong, reason, actor, at)
    told = record_intervention(
        subject=Subject(
            body_id=wrong.body_id,
            kind=wrong.kind,
            agent_id=wrong.agent_id,
            service=wrong.service,
            place=wrong.place,
            request_id=wrong.request_id,
            activation_id=wrong.activation_id,
            subscription_id=wrong.subscription_id,
        ),
        done_on=rightly.done_on,
        minutes=rightly.minutes,
        note=rightly.note or wrong.note,
        charged=rightly.charged,
        price=rightly.price,
        corrects=wrong,
        actor=actor,
        at=at,
    )
    text = (
        f"{words_of(wrong)} du {_day(wrong)} corrigée ({clean_line(reason)}) : faite le {day_text(rightly.done_on)},"
        f" {rightly.minutes} min.{_fallen(charges)} {told.said}".strip()
    )
    journal_intervention(told.intervention, actor, at, "correct", text)
    if charges or told.charges:
        _tell(told.intervention, text, actor, at)
    return told


@transaction.atomic
def put_change_right(*, change_id: int, right: Corrected, reason: str, actor: Actor, at: datetime) -> Any:
    """Put a change of quantity right (`put_right`). Raises FollowingError where what an intervention made due would
    then lie outside the service: it is put right first.
    """
    made = put_right(change_id=change_id, right=right, reason=reason, actor=actor, at=at)
    subscription = subscription_by_id(made.subscription_id)
    assert subscription is not None  # noqa: S101 - it has just been changed
    outside = DueCharge.objects.filter(subscription=subscription, annulment=None, due_on__lt=subscription.starts_on)
    if (charge := outside.first()) is not None:
        raise FollowingError(
            f"L'intervention du {day_text(charge.due_on)} a rendu due une somme avant ce premier jour : corrigez-la"
            " d'abord."
        )
    return made


def _annul(wrong: Intervention, reason: str, actor: Actor, at: datetime) -> list[DueCharge]:
    if not clean_line(reason):
        raise FollowingError("Dites pourquoi cette intervention est corrigée.")
    if wrong.state != InterventionState.DONE:
        raise FollowingError(f"Cette intervention est {wrong.state_label} : il n'y a rien à corriger.")
    charges = annul_charges(wrong, clean_line(reason)[:1000], actor, at)
    move(wrong, InterventionState.CANCELLED)
    wrong.cancel_reason = clean_line(reason)[:1000]
    touch(wrong, at)
    wrong.save()
    return charges


def _day(one: Intervention) -> str:
    assert one.done_on is not None  # noqa: S101 - it was done
    return day_text(one.done_on)


def _fallen(charges: Sequence[DueCharge]) -> str:
    return "".join(f" {one.amount_text} ne sont plus dus ({one.explanation})" for one in charges)


def _tell(one: Intervention, text: str, actor: Actor, at: datetime) -> None:
    """Tell the agents of the issuers, and the contact of the file, of what is due no more or otherwise."""
    request = one.request
    if request is None:
        return
    what = "une intervention est corrigée"
    tell_agents(request_id=request.pk, reference=request.reference, what=what, text=text, actor=actor, at=at)
    if request.contact_email:
        write_about(
            kind="subscriptions.intervention-correct",
            asked=request,
            to=(request.contact_name, request.contact_email),
            subject=f"Correction d'une intervention : {one.body.name}",
            paragraphs=(text,),
            actor=actor,
            at=at,
        )
