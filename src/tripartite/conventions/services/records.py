"""What every verb about a convention shares: locking it, moving its state, telling the journal."""

from datetime import date, datetime
from typing import Any

from tripartite.conventions.models import Convention, Signatory
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.states import CONVENTION_LABELS, CONVENTION_TRANSITIONS, SIGNABLE, ConventionState
from tripartite.journal.services import Actor, record
from tripartite.parties.queries.bodies import why_ended
from tripartite.pricing.french import refused_move
from tripartite.questions import KEY, Question

PARENT = Question[int | None](
    lambda key: Convention.objects.filter(pk=key).order_by().values_list("parent_id", flat=True), KEY
)
HELD = Question[Convention](lambda key: Convention.objects.select_for_update().filter(pk=key).order_by(), KEY)
LOCKED = Question[Convention](
    lambda key: (
        Convention.objects.select_for_update(of=("self",))
        .select_related("request", "beneficiary", "text")
        .filter(pk=key)
        .order_by()
    ),
    KEY,
)
TO_SIGN = Question[int](
    lambda key: Signatory.objects.filter(pk=key).order_by().values_list("convention_id", flat=True), KEY
)
SIGNATORY = Question[Signatory](lambda key: Signatory.objects.select_related("mandate").filter(pk=key).order_by(), KEY)


def lock_convention(convention_id: int) -> None:
    """Hold a convention until the end of the caller's transaction; for an amendment, the convention that it changes.

    Whoever holds an amendment, or what runs under a convention, holds the convention first: one order for all, so that
    two acts never wait for each other.
    """
    parent = PARENT.sole(convention_id)
    HELD.sole(parent or convention_id)


def locked(convention_id: int) -> Convention:
    """The convention, locked until the end of the transaction. Raises ConventionError when there is none."""
    lock_convention(convention_id)
    convention = LOCKED.sole(convention_id)
    if convention is None:
        raise ConventionError("Cette convention n'existe pas.")
    return convention


def move(convention: Convention, state: ConventionState) -> None:
    """Change the state as its table of transitions allows. The caller saves."""
    if state not in CONVENTION_TRANSITIONS[ConventionState(convention.state)]:
        raise ConventionError(refused_move("convention", convention.state_label, CONVENTION_LABELS[state]))
    convention.state = state


def check_living(body: Any, *, on: date) -> None:
    """Raise ConventionError when a body has ended before a day: nothing is prepared, sent or signed in its name."""
    if ended := why_ended(body, on=on):
        raise ConventionError(ended)


def awaited(signatory_id: int) -> tuple[Convention, Signatory]:
    """The convention, locked, and a signatory whose signature it awaits. Raises ConventionError otherwise."""
    convention_id = TO_SIGN.sole(signatory_id)
    if convention_id is None:
        raise ConventionError("Ce signataire n'existe pas.")
    convention = locked(convention_id)
    if convention.state not in SIGNABLE:
        raise ConventionError(f"Convention {convention.state_label} : aucune signature n'est attendue.")
    (signatory,) = SIGNATORY.ask(signatory_id)
    if hasattr(signatory, "signature"):
        raise ConventionError(f"{signatory.name} a déjà signé, le {signatory.signature.signed_on:%d/%m/%Y}.")
    return convention, signatory


def journal(convention: Convention, actor: Actor, at: datetime, action: str, text: str, **details: Any) -> None:
    """Tell the file's journal, under the convention's own name."""
    record(
        actor=actor,
        at=at,
        action=action,
        subject_kind="request",
        subject_id=convention.request_id,
        text=text,
        details={"convention": convention.pk} | details,
    )
