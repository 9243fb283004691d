"""Visits and help given by agents: planned, moved, done, cancelled; each told to the journal of the file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.accounts.queries import account_by_id
from tripartite.accounts.services.people import lock_account
from tripartite.following.models import DueCharge, Intervention
from tripartite.following.queries.interventions import known_services
from tripartite.following.queries.seen import MOVE, visit_subject, visit_value
from tripartite.following.services.charges import GivenPrice, raise_charges
from tripartite.following.services.errors import FollowingError
from tripartite.following.states import INTERVENTION_LABELS, INTERVENTION_TRANSITIONS, InterventionState
from tripartite.going_live.queries.activations import activation_by_id
from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor, record
from tripartite.parties.queries.bodies import body_by_id, lineage_of
from tripartite.pricing.french import day_text, instant_text
from tripartite.quotes.queries.requests import request_by_id
from tripartite.subscriptions.queries.running import subscriptions_of
from tripartite.tariffs.queries import name_of_service
from tripartite.typed import clean_line, clean_text

LONGEST = 24 * 60
"""Minutes: an intervention lasts a day at most."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom an intervention is for, what it is, who makes it. `service` is a code of the grid, or empty.

    The file (`request_id`) may be left out: that of the activation or of the subscription is then taken, if any.
    """

    body_id: int
    kind: str
    agent_id: int
    service: str = ""
    place: str = ""
    request_id: int | None = None
    activation_id: int | None = None
    subscription_id: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An intervention done, the charges that arose from it, and what to know of them, in French."""

    intervention: Intervention
    charges: tuple[DueCharge, ...]
    said: str


@transaction.atomic
def plan_intervention(
    *, subject: Subject, planned_at: datetime, minutes: int, actor: Actor, at: datetime, note: str = ""
) -> Intervention:
    """Plan an intervention at an instant, for so many minutes; said twice, it is one. Raises FollowingError for an
    instant already past.
    """
    _check_plan(planned_at, minutes, at)
    made = _new(subject, actor, at)
    same = _said_before(made, state=InterventionState.PLANNED, planned_at=planned_at, planned_minutes=minutes)
    if same is not None:
        return same
    made.planned_at, made.planned_minutes, made.note = planned_at, minutes, clean_text(note)[:4000]
    made.save()
    journal_intervention(made, actor, at, "plan", f"{words_of(made)} prévue le {_when(planned_at)}, par {made.agent}.")
    return made


@transaction.atomic
def move_intervention(
    *,
    intervention_id: int,
    planned_at: datetime,
    minutes: int,
    agent_id: int,
    place: str,
    actor: Actor,
    at: datetime,
    seen: str | None = None,
) -> Intervention:
    """Change the instant, the length, the place or the agent of a planned intervention. `seen` is the mark
    (`visit_mark`) of what the edit was made on: StaleError when somebody has changed it since. Raises FollowingError.
    """
    moved = locked_intervention(intervention_id)
    check_seen(seen, *visit_subject(moved), visit_value(moved), what="Cette intervention", actions=(MOVE,))
    if moved.state != InterventionState.PLANNED:
        raise FollowingError(f"Cette intervention est {moved.state_label} : elle ne se déplace plus.")
    _check_plan(planned_at, minutes, at)
    place = clean_line(place)[:300]
    if (moved.planned_at, moved.planned_minutes, moved.agent_id, moved.place) == (planned_at, minutes, agent_id, place):
        raise FollowingError("Rien n'a changé : c'est déjà ce qui est prévu.")
    moved.planned_at, moved.planned_minutes, moved.place = planned_at, minutes, place
    if moved.agent_id != agent_id:
        moved.agent = _agent(agent_id)
    touch(moved, at)
    moved.save()
    text = f"{words_of(moved)} déplacée au {_when(planned_at)}, par {moved.agent}."
    journal_intervention(moved, actor, at, "move", text)
    return moved


@transaction.atomic
def record_intervention(
    *,
    done_on: date,
    minutes: int,
    actor: Actor,
    at: datetime,
    subject: Subject | None = None,
    intervention_id: int | None = None,
    note: str = "",
    charged: bool = False,
    price: GivenPrice | None = None,
    corrects: Intervention | None = None,
) -> Recorded:
    """Say that an intervention took place: the planned one (`intervention_id`), or another (`subject`).

    Said twice with the same words, it is one. `charged`: the conditional charge of its service arises from it, once;
    when it arose or was ordered before, nothing is charged and `said` says so. `price` is what an agent of the
    issuer sets where the grid says « sur devis ». Raises FollowingError; nothing is then written.
    """
    if done_on > timezone.localdate(at):
        raise FollowingError("Ce jour est à venir : planifiez l'intervention.")
    if not 0 < minutes <= LONGEST:
        raise FollowingError("Indiquez le temps passé, en minutes : entre 1 minute et 24 heures.")
    if intervention_id is not None:
        done = locked_intervention(intervention_id)
    elif subject is not None:
        done = _new(subject, actor, at)
    else:
        raise FollowingError("Dites de quelle intervention il s'agit.")
    done.corrects = corrects
    told = {"done_on": done_on, "minutes": minutes, "note": clean_text(note)[:4000]}
    if intervention_id is None and (same := _said_before(done, state=InterventionState.DONE, **told)) is not None:
        return Recorded(same, tuple(same.due_charges.all()), "C'était déjà noté.")
    move(done, InterventionState.DONE)
    done.done_on, done.minutes = done_on, minutes
    done.note = clean_text(note)[:4000] or done.note
    if intervention_id is not None:
        touch(done, at)
    done.save()
    charges, said = raise_charges(done, price, actor, at) if charged else ((), "")
    if charges:
        done.charged = True
        done.save(update_fields=["charged"])
    text = f"{words_of(done)} faite le {day_text(done_on)}, {minutes} min, par {done.agent}."
    journal_intervention(done, actor, at, "done", f"{text} {said}".strip())
    return Recorded(done, charges, said)


@transaction.atomic
def cancel_intervention(*, intervention_id: int, reason: str, actor: Actor, at: datetime) -> Intervention:
    """Give a planned intervention up, with a reason. Calendars show it as cancelled. Raises FollowingError."""
    cancelled = locked_intervention(intervention_id)
    if not clean_line(reason):
        raise FollowingError("Dites pourquoi cette intervention est annulée.")
    if cancelled.state == InterventionState.DONE:
        raise FollowingError("Cette intervention est faite : si elle est notée par erreur, elle se corrige.")
    move(cancelled, InterventionState.CANCELLED)
    cancelled.cancel_reason = clean_line(reason)[:1000]
    touch(cancelled, at)
    cancelled.save()
    journal_intervention(cancelled, actor, at, "cancel", f"{words_of(cancelled)} annulée ({clean_line(reason)}).")
    return cancelled


def _check_plan(planned_at: datetime, minutes: int, at: datetime) -> None:
    if planned_at <= at:
        raise FollowingError("Ce moment est passé : choisissez-en un à venir, ou notez l'intervention comme faite.")
    if planned_at > at + timedelta(days=3 * 366):
        raise FollowingError("C'est dans plus de trois ans : vérifiez la date.")
    if not 0 < minutes <= LONGEST:
        raise FollowingError("Indiquez la durée prévue, en minutes : entre 1 minute et 24 heures.")


def _new(subject: Subject, actor: Actor, at: datetime) -> Intervention:
    """A planned intervention, not yet written. What it names is checked."""
    if subject.kind not in Intervention.Kind.values:
        raise FollowingError("Choisissez le genre de l'intervention dans la liste.")
    body = body_by_id(subject.body_id)
    if body is None:
        raise FollowingError("Cette collectivité n'est pas dans l'annuaire.")
    request_id = _file_of(subject, lineage_of(body.pk))
    if subject.service and subject.service not in known_services(body.pk, on=timezone.localdate(at)):
        raise FollowingError("Ce service n'est ni au tarif ni en service dans cette collectivité.")
    return Intervention(
        body=body,
        request_id=request_id,
        activation_id=subject.activation_id,
        subscription_id=subject.subscription_id,
        service=subject.service,
        kind=subject.kind,
        state=InterventionState.PLANNED,
        agent=_agent(subject.agent_id),
        place=clean_line(subject.place)[:300],
        created_at=at,
        changed_at=at,
        created_by=actor.label,
    )


def _said_before(made: Intervention, **told: Any) -> Intervention | None:
    """The same intervention, said before: pressed again, even at the same instant. What was cancelled can be again."""
    lock_account(made.agent_id)
    who = {"body": made.body, "kind": made.kind, "service": made.service, "agent": made.agent}
    return Intervention.objects.filter(**who, **told).first() if made.corrects is None else None


def _file_of(subject: Subject, own: Collection[int]) -> int | None:
    """The file named, or that of what is visited: of its activation, of what runs, of the service. Each is of the body,
    or of one that it took in (`own`). Raises FollowingError otherwise.
    """
    held = subscriptions_of(subject.body_id)
    visited: Any = next((one for one in reversed(held) if one.service == subject.service), None)
    if subject.subscription_id is not None:
        visited = next((one for one in held if one.pk == subject.subscription_id), None)
        if visited is None:
            raise FollowingError("Ce service n'est pas celui de cette collectivité.")
    if subject.activation_id is not None:
        visited = activation_by_id(subject.activation_id)
        if visited is None or visited.body_id not in own:
            raise FollowingError("Cette mise en service n'est pas celle de cette collectivité.")
    if subject.request_id is None:
        return visited.convention.request_id if visited else None
    asked = request_by_id(subject.request_id)
    if asked is None or asked.beneficiary_id not in own:
        raise FollowingError("Cette demande n'est pas celle de cette collectivité.")
    return subject.request_id


def _agent(agent_id: int) -> Any:
    agent = account_by_id(agent_id)
    if agent is None or not agent.is_active or agent.issuer_id is None:
        raise FollowingError("Choisissez un agent qui a un compte ouvert.")
    return agent


def locked_intervention(intervention_id: int) -> Intervention:
    """The intervention, locked; its agent is read after: another may have just changed it."""
    found = Intervention.objects.select_for_update().filter(pk=intervention_id).first()
    if found is None:
        raise FollowingError("Cette intervention n'existe pas.")
    return found


def move(intervention: Intervention, state: InterventionState) -> None:
    """Change the state as its table of transitions allows; the caller saves. Raises FollowingError."""
    if state not in INTERVENTION_TRANSITIONS[InterventionState(intervention.state)]:
        raise FollowingError(
            f"Cette intervention est {intervention.state_label} : elle ne peut plus être {INTERVENTION_LABELS[state]}."
        )
    intervention.state = state


def touch(intervention: Intervention, at: datetime) -> None:
    """One more change of what a calendar shows."""
    intervention.sequence += 1
    intervention.changed_at = at


def words_of(intervention: Intervention) -> str:
    """« Intervention (assistance, antivirus) »."""
    on = timezone.localdate(intervention.changed_at)
    service = f", {name_of_service(intervention.service, on=on)}" if intervention.service else ""
    return f"Intervention ({intervention.get_kind_display()}{service})"


def _when(instant: datetime) -> str:
    return instant_text(timezone.localtime(instant))


def journal_intervention(intervention: Intervention, actor: Actor, at: datetime, act: str, text: str) -> None:
    """Tell the file when there is one, else the body."""
    kind, key = visit_subject(intervention)
    record(
        actor=actor,
        at=at,
        action=f"subscriptions.intervention-{act}",
        subject_kind=kind,
        subject_id=key,
        text=text,
        details={"intervention": intervention.pk},
    )
