"""A convention that runs: in force on its day, renewed tacitly, denounced, terminated, ended."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tripartite.conventions.models import Convention
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.records import journal, locked, move
from tripartite.conventions.services.signing import put_in_force
from tripartite.conventions.states import SIGNABLE, ConventionState
from tripartite.journal.services import Actor
from tripartite.pricing.calendar import Deadline, end_after_notice, last_notice_day, renewed_end


@transaction.atomic
def advance_convention(*, convention_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Do what a day brings to a convention: in force, renewed tacitly, at its end. Twice a day changes nothing more.
    An amendment comes in force on its day, and then follows its convention.

    Answers whether something changed.
    """
    convention = locked(convention_id)
    if convention.state == ConventionState.SIGNED and convention.due_on and convention.due_on <= on:
        put_in_force(convention, actor, at)
        convention.save()
        return True
    if convention.parent_id or convention.state != ConventionState.IN_FORCE:
        return False
    if convention.ends_on is None or on <= convention.ends_on:
        return False
    if convention.ended_on is None and convention.renewed < convention.tacit_renewals:
        convention.ends_on = renewed_end(convention.ends_on, convention.years)
        convention.renewed += 1
        convention.save()
        _carry_amendments(convention, actor, at)
        text = f"{convention} reconduite tacitement jusqu'au {convention.ends_on:%d/%m/%Y} compris."
        journal(convention, actor, at, "conventions.renew", text)
        return True
    _end(convention, convention.end_reason or "terme", actor, at)
    return True


def _end(convention: Convention, reason: str, actor: Actor, at: datetime) -> None:
    move(convention, ConventionState.ENDED)
    convention.end_reason = reason
    convention.ended_on = convention.ended_on or convention.ends_on
    convention.save()
    text = f"{convention} terminée le {convention.ended_on:%d/%m/%Y} : {reason}."
    journal(convention, actor, at, "conventions.end", text)
    _carry_amendments(convention, actor, at)


def _carry_amendments(convention: Convention, actor: Actor, at: datetime) -> None:
    """An amendment lasts as long as its convention; one that is not signed when it ends is abandoned."""
    over = convention.state == ConventionState.ENDED
    for one in Convention.objects.select_for_update(of=("self",)).filter(parent_id=convention.pk):
        if one.state in (ConventionState.IN_FORCE, ConventionState.SIGNED):
            one.ends_on, one.ended_on, one.renewed = convention.ends_on, convention.ended_on, convention.renewed
            one.tacit_renewals = convention.tacit_renewals
            if convention.end_reason:
                one.end_reason = f"convention {convention.number} : {convention.end_reason}"
            if over:
                move(one, ConventionState.ENDED)
                text = f"{one} terminé avec la convention {convention.number}."
                journal(one, actor, at, "conventions.end", text)
            one.save()
        elif over and one.state in (ConventionState.DRAFT, *SIGNABLE):
            move(one, ConventionState.ABANDONED)
            one.end_reason, one.ended_on = f"la convention {convention.number} est terminée", convention.ended_on
            one.save()
            journal(one, actor, at, "conventions.abandon", f"{one} abandonné : {one.end_reason}.")


@transaction.atomic
def denounce_convention(
    *, convention_id: int, received_on: date, party: str, reason: str, actor: Actor, at: datetime
) -> Deadline:
    """Record that a party refuses the tacit renewal: the convention ends at its term.

    Raises ConventionError when the notice came after its last day.
    """
    convention = _running(convention_id, received_on, at)
    if convention.renewed >= convention.tacit_renewals or convention.ends_on is None:
        raise ConventionError("Il n'y a pas de reconduction à dénoncer : la convention s'arrête à son terme.")
    last = last_notice_day(convention.ends_on, convention.notice_months)
    if received_on > last:
        raise ConventionError(
            f"Le préavis est de {convention.notice_months} mois : la dénonciation devait être reçue au plus tard le"
            f" {last:%d/%m/%Y}. La convention est reconduite ; une résiliation reste possible."
        )
    convention.ended_on = convention.ends_on
    convention.end_reason = f"dénoncée par {party.strip()} : {reason.strip()}"
    convention.save()
    _carry_amendments(convention, actor, at)
    why = f"dénonciation reçue le {received_on:%d/%m/%Y}, avant le {last:%d/%m/%Y} : terme inchangé"
    text = f"{convention} dénoncée par {party.strip()} : dernier jour le {convention.ends_on:%d/%m/%Y} compris ({why})."
    journal(convention, actor, at, "conventions.denounce", text)
    return Deadline(convention.ends_on, why)


@transaction.atomic
def terminate_convention(
    *, convention_id: int, received_on: date, party: str, reason: str, actor: Actor, at: datetime
) -> Deadline:
    """Record a termination with its notice: the last day is computed and explained. Raises ConventionError."""
    convention = _running(convention_id, received_on, at)
    if not party.strip() or not reason.strip():
        raise ConventionError("Dites qui résilie, et pourquoi.")
    deadline = end_after_notice(received_on, convention.notice_months)
    if convention.ends_on is not None and convention.ends_on < deadline.day:
        deadline = Deadline(convention.ends_on, f"{deadline.why}, ramené au terme du {convention.ends_on:%d/%m/%Y}")
    convention.ends_on = convention.ended_on = deadline.day
    convention.tacit_renewals = convention.renewed
    convention.end_reason = f"résiliée par {party.strip()} : {reason.strip()}"
    convention.save()
    _carry_amendments(convention, actor, at)
    text = f"{convention} résiliée par {party.strip()} ({reason.strip()}) ; {deadline.why}."
    journal(convention, actor, at, "conventions.terminate", text)
    return deadline


def _running(convention_id: int, received_on: date, at: datetime) -> Convention:
    convention = locked(convention_id)
    if convention.state != ConventionState.IN_FORCE:
        raise ConventionError(f"Convention {convention.state_label} : elle n'est pas en vigueur.")
    if convention.parent_id:
        raise ConventionError("C'est la convention, et non son avenant, qui se dénonce ou se résilie.")
    if convention.ended_on is not None:
        raise ConventionError(f"Sa fin est déjà notée : le {convention.ended_on:%d/%m/%Y}.")
    if received_on > timezone.localdate(at):
        raise ConventionError("La date de réception est à venir.")
    if convention.in_force_on is not None and received_on < convention.in_force_on:
        raise ConventionError(f"La convention n'est en vigueur que depuis le {convention.in_force_on:%d/%m/%Y}.")
    return convention
