"""A convention that runs: in force on its day, renewed tacitly, ended."""

from datetime import date, datetime

from django.db import transaction

from tripartite.conventions.models import Convention
from tripartite.conventions.services.letters import tell_abandoned, tell_ended
from tripartite.conventions.services.records import journal, locked, move
from tripartite.conventions.services.signing import put_in_force
from tripartite.conventions.states import SIGNABLE, ConventionState
from tripartite.journal.services import Actor
from tripartite.pricing.calendar import renewed_end


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
        carry_amendments(convention, actor, at)
        text = f"{convention} reconduite tacitement jusqu'au {convention.ends_on:%d/%m/%Y} compris."
        journal(convention, actor, at, "conventions.renew", text)
        return True
    _end(convention, convention.end_reason or "terme", actor, at)
    return True


def _end(convention: Convention, reason: str, actor: Actor, at: datetime) -> None:
    """End a locked convention, and its amendments, on the day already noted or that of its term."""
    move(convention, ConventionState.ENDED)
    convention.end_reason = reason
    convention.ended_on = convention.ended_on or convention.ends_on
    convention.save()
    text = f"{convention} terminée le {convention.ended_on:%d/%m/%Y} : {reason}."
    journal(convention, actor, at, "conventions.end", text)
    tell_ended(convention=convention, reason=reason, actor=actor, at=at)
    carry_amendments(convention, actor, at)


def carry_amendments(convention: Convention, actor: Actor, at: datetime) -> None:
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
            tell_abandoned(convention=one, reason=one.end_reason, actor=actor, at=at)
