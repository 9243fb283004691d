"""The end of a body that no movement of communes tells: recorded by somebody, with its day and what shows it."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tripartite.journal.services import Actor, record
from tripartite.parties.models import PublicBody
from tripartite.parties.queries.bodies import bearer_of
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.revision import mark_changed
from tripartite.typed import clean_line

LONGEST_REASON = 300


@transaction.atomic
def end_body(
    *, body_id: int, last_day: date, reason: str, actor: Actor, at: datetime, into_id: int | None = None
) -> PublicBody:
    """Record the last day (inclusive) of a body, the one that takes it in where there is one, and what shows it.

    A file that still lists it does not bring it back: `reopen_body` does. Raises FieldErrors without a reason, when it
    has ended already, or when what takes it in had ended by then.
    """
    body = PublicBody.objects.select_for_update().get(pk=body_id)
    into = PublicBody.objects.select_related("merged_into").filter(pk=into_id).first() if into_id else None
    errors: dict[str, str] = {}
    reason = _reason(reason, errors)
    if body.ended_on is not None:
        errors["last_day"] = f"Son dernier jour est déjà noté : {body.ended_on:%d/%m/%Y}."
    if into is not None and (into.pk == body.pk or bearer_of(into).pk == body.pk):
        errors["into"] = "Une structure ne se réunit pas à elle-même."
    elif into is not None and into.ended_on is not None and into.ended_on <= last_day:
        errors["into"] = f"{into.name} n'existe plus depuis le {into.ended_on:%d/%m/%Y}."
    if errors:
        raise FieldErrors(errors)
    body.ended_on, body.merged_into, body.unlisted_on = last_day, into, None
    body.end_learnt_on = timezone.localdate(at)
    body.save(update_fields=["ended_on", "end_learnt_on", "merged_into", "unlisted_on"])
    mark_changed()
    where = f", dans {into.name} ({into.siren})" if into else ""
    text = f"N'existe plus : {body.name} ({body.siren}), jusqu'au {last_day:%d/%m/%Y}{where} : {reason}"
    _record(body, actor, at, "parties.end-body", text)
    return body


@transaction.atomic
def reopen_body(*, body_id: int, reason: str, actor: Actor, at: datetime) -> PublicBody:
    """Say that a body noted as ended lives, with the reason: a day mistyped, a body restored.

    Raises FieldErrors without a reason, when it has not ended, or when its INSEE code is another's now.
    """
    body = PublicBody.objects.select_for_update().get(pk=body_id)
    errors: dict[str, str] = {}
    reason = _reason(reason, errors)
    if body.ended_on is None:
        errors["reason"] = f"{body.name} n'est pas notée comme terminée."
    elif body.code_insee and PublicBody.objects.filter(code_insee=body.code_insee, ended_on=None).exists():
        errors["reason"] = f"Le code INSEE {body.code_insee} est celui d'une autre commune maintenant."
    if errors:
        raise FieldErrors(errors)
    before = f"{body.ended_on:%d/%m/%Y}"
    body.ended_on = body.end_learnt_on = body.merged_into = None
    body.save(update_fields=["ended_on", "end_learnt_on", "merged_into"])
    mark_changed()
    text = f"Existe de nouveau : {body.name} ({body.siren}), notée terminée le {before} : {reason}"
    _record(body, actor, at, "parties.reopen-body", text)
    return body


def _reason(text: str, errors: dict[str, str]) -> str:
    reason = clean_line(text)
    if not reason or len(reason) > LONGEST_REASON:
        errors["reason"] = f"Indiquer l'acte, ou ce qui le montre ({LONGEST_REASON} caractères au plus)."
    return reason


def _record(body: PublicBody, actor: Actor, at: datetime, action: str, text: str) -> None:
    record(actor=actor, at=at, action=action, subject_kind="body", subject_id=body.pk, text=text)
