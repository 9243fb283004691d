"""Recording the acts that empower people to sign."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tripartite.documents.services import store_scan
from tripartite.journal.services import Actor, record
from tripartite.parties.models import Issuer, Mandate, PublicBody
from tripartite.parties.services.errors import FieldErrors


@transaction.atomic
def record_mandate(
    *,
    person: str,
    function: str,
    act: str,
    organ: str,
    adopted_on: date,
    actor: Actor,
    at: datetime,
    body_id: int | None = None,
    issuer: str | None = None,
    number: str = "",
    enforceable_on: date | None = None,
    valid_until: date | None = None,
    scan: bytes | None = None,
) -> Mandate:
    """Record the act that empowers `person` to sign for a public body (`body_id`) or for an issuer (its code).

    `act` is "deliberation", "delegation", "election" or "decision"; `organ` who took it; days are inclusive. A
    deliberation may be recorded before it is enforceable: it empowers from that day only. `scan` is kept with it.
    Raises FieldErrors, or ScanRefused.
    """
    texts = {"person": (person, 200), "function": (function, 200), "organ": (organ, 200)}
    errors = {
        name: "À remplir (200 caractères au plus)."
        for name, (text, most) in texts.items()
        if not text.strip() or len(text) > most
    }
    if act not in Mandate.Act.values:
        errors["act"] = "Choisir la nature de l'acte."
    if adopted_on > timezone.localdate(at):
        errors["adopted_on"] = "Cette date est à venir : l'acte doit être pris."
    if enforceable_on is not None and enforceable_on < adopted_on:
        errors["enforceable_on"] = "Un acte n'est pas exécutoire avant d'être pris."
    if valid_until is not None and valid_until < adopted_on:
        errors["valid_until"] = "La fin du pouvoir précède l'acte."
    if len(number) > 60:
        errors["number"] = "Trop long : 60 caractères au plus."
    if errors:
        raise FieldErrors(errors)
    body = PublicBody.objects.get(pk=body_id) if body_id is not None else None
    held_by = Issuer.objects.get(code=issuer) if issuer is not None else None
    title = f"Acte qui habilite à signer, {body.name if body else held_by.name if held_by else ''}"
    mandate = Mandate.objects.create(
        body=body,
        issuer=held_by,
        person=" ".join(person.split()),
        function=" ".join(function.split()),
        act=act,
        organ=" ".join(organ.split()),
        number=number.strip() or None,
        adopted_on=adopted_on,
        enforceable_on=enforceable_on,
        valid_until=valid_until,
        document=store_scan(content=scan, title=title, at=at) if scan is not None else None,
        recorded_by=actor.label,
        recorded_at=at,
    )
    text = f"Pouvoir de signer : {mandate}, {mandate.get_act_display()} du {adopted_on:%d/%m/%Y} ({mandate.organ})."
    _record(mandate, actor, at, "parties.record-mandate", text)
    return mandate


@transaction.atomic
def end_mandate(*, mandate_id: int, last_day: date, reason: str, actor: Actor, at: datetime) -> Mandate:
    """Say until when (inclusive) a person had the power: end of office, new act. Papers already signed keep theirs.

    Raises FieldErrors without a reason, before the act's own day, or when an end is recorded already.
    """
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("body", "issuer").get(pk=mandate_id)
    errors = {}
    if not reason.strip():
        errors["reason"] = "Indiquer le motif."
    if mandate.valid_until is not None:
        errors["last_day"] = f"La fin est déjà notée : {mandate.valid_until:%d/%m/%Y}."
    elif last_day < mandate.adopted_on:
        errors["last_day"] = "La fin du pouvoir précède l'acte."
    if errors:
        raise FieldErrors(errors)
    mandate.valid_until = last_day
    mandate.save(update_fields=["valid_until"])
    text = f"Fin du pouvoir de signer de {mandate}, le {last_day:%d/%m/%Y} : {reason.strip()}"
    _record(mandate, actor, at, "parties.end-mandate", text)
    return mandate


def _record(mandate: Mandate, actor: Actor, at: datetime, action: str, text: str) -> None:
    kind, key = ("body", mandate.body_id) if mandate.body_id else ("issuer", mandate.issuer and mandate.issuer.code)
    details = {"mandate": mandate.pk}
    record(actor=actor, at=at, action=action, subject_kind=kind, subject_id=key, text=text, details=details)
