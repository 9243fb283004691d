"""Recording the acts that empower people to sign, completing them, noting their end."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.documents.services import store_scan
from tripartite.journal.services import Actor, record
from tripartite.parties.models import Issuer, Mandate, PublicBody
from tripartite.parties.queries.mandates import why_not_ended
from tripartite.parties.services.errors import FieldErrors
from tripartite.typed import clean_line


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
    document_id: int | None = None,
    covers: Collection[str] = (),
) -> Mandate:
    """Record the act that empowers `person` to sign for a public body (`body_id`) or for an issuer (its code).

    `act` is "deliberation", "delegation", "election" or "decision"; `organ` who took it; days are inclusive. An act
    may be recorded before it is enforceable: it empowers from that day only. `covers` is for what ("quotes",
    "convention"): nothing is all that concerns the offer. `scan` is kept with it, or `document_id` names the paper,
    already kept, that is its copy. Raises FieldErrors, or ScanRefused.
    """
    texts = {"person": (person, 200), "function": (function, 200), "organ": (organ, 200)}
    errors = {
        name: "À remplir (200 caractères au plus)."
        for name, (text, most) in texts.items()
        if not clean_line(text) or len(text) > most
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
    if set(covers) - set(Mandate.Purpose.values):
        errors["covers"] = "Choisir pour quoi l'acte vaut."
    if errors:
        raise FieldErrors(errors)
    body = PublicBody.objects.get(pk=body_id) if body_id is not None else None
    held_by = Issuer.objects.get(code=issuer) if issuer is not None else None
    title = f"Acte qui habilite à signer, {body.name if body else held_by.name if held_by else ''}"
    mandate = Mandate.objects.create(
        body=body,
        issuer=held_by,
        person=clean_line(person),
        function=clean_line(function),
        act=act,
        organ=clean_line(organ),
        number=clean_line(number) or None,
        adopted_on=adopted_on,
        enforceable_on=enforceable_on,
        valid_until=valid_until,
        covers=_covered(covers),
        document_id=store_scan(content=scan, title=title, at=at).pk if scan is not None else document_id,
        recorded_by=actor.label,
        recorded_at=at,
    )
    text = f"Pouvoir de signer : {mandate}, {mandate.get_act_display()} du {adopted_on:%d/%m/%Y} ({mandate.organ})."
    _record(mandate, actor, at, "parties.record-mandate", text)
    return mandate


def _covered(covers: Collection[str]) -> list[str]:
    """For what, in the order of the choices; all of them is nothing in particular."""
    chosen = [value for value in Mandate.Purpose.values if value in covers]
    return [] if len(chosen) == len(Mandate.Purpose.values) else chosen


@transaction.atomic
def complete_mandate(
    *,
    mandate_id: int,
    organ: str,
    number: str,
    enforceable_on: date | None,
    covers: Collection[str],
    actor: Actor,
    at: datetime,
    scan: bytes | None = None,
    reason: str = "",
) -> Mandate:
    """Say what an act still lacked: who took it, its number, the day on which it is enforceable, for what it is good,
    its copy. What rests on it follows from then on.

    What was already said changes only with a `reason`: somebody may have relied on it, so that the journal keeps what
    was there, what is, and why. The person, the nature of the act and its day never change: that is another act.
    Raises FieldErrors, or ScanRefused.
    """
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("body", "issuer").get(pk=mandate_id)
    given: dict[str, Any] = {
        "organ": " ".join(organ.split()),
        "number": clean_line(number) or None,
        "enforceable_on": enforceable_on,
        "covers": _covered(covers),
    }
    before = {name: getattr(mandate, name) for name in given}
    changed = [name for name in given if given[name] != before[name]]
    errors = _refusals(mandate, given, covers)
    if not changed and scan is None and not errors:
        errors["enforceable_on"] = "Rien n'est complété."
    replaced = [LABELS[name] for name in changed if before[name] or name == "covers"]
    replaced += ["copie"] if scan is not None and mandate.document_id is not None else []
    if replaced and not clean_line(reason):
        errors["reason"] = f"Cela remplace ce qui était noté ({', '.join(replaced)}) : dites pourquoi."
    if errors:
        raise FieldErrors(errors)
    if scan is not None:
        given["document_id"] = store_scan(content=scan, title=f"Acte qui habilite à signer, {mandate}", at=at).pk
        before["document_id"] = mandate.document_id
        changed.append("document_id")
    for name in changed:
        setattr(mandate, name, given[name])
    mandate.save(update_fields=changed)
    said = [_change(name, before[name], given[name]) for name in changed]
    why = f" Motif : {clean_line(reason)}" if clean_line(reason) else ""
    text = f"Acte de {mandate}, du {mandate.adopted_on:%d/%m/%Y}, complété : {' ; '.join(said)}.{why}"
    values = {name: [_plain(before[name]), _plain(given[name])] for name in changed}
    _record(mandate, actor, at, "parties.complete-mandate", text, changes=values)
    return mandate


def _refusals(mandate: Mandate, given: dict[str, Any], covers: Collection[str]) -> dict[str, str]:
    """What an act cannot say, by field."""
    errors = {}
    if not given["organ"] or len(given["organ"]) > 200:
        errors["organ"] = "À remplir (200 caractères au plus)."
    if len(given["number"] or "") > 60:
        errors["number"] = "Trop long : 60 caractères au plus."
    if given["enforceable_on"] is not None and given["enforceable_on"] < mandate.adopted_on:
        errors["enforceable_on"] = "Un acte n'est pas exécutoire avant d'être pris."
    if set(covers) - set(Mandate.Purpose.values):
        errors["covers"] = "Choisir pour quoi l'acte vaut."
    return errors


LABELS = {
    "organ": "pris par",
    "number": "numéro",
    "enforceable_on": "exécutoire le",
    "covers": "vaut pour",
    "document_id": "copie",
}


def _change(name: str, before: Any, after: Any) -> str:
    if name == "document_id":
        return "copie remplacée" if before else "copie ajoutée"
    was, now = (_words(name, value) for value in (before, after))
    return f"{LABELS[name]} : {was} → {now}"


def _words(name: str, value: Any) -> str:
    if name == "covers":
        return Mandate(covers=value).covers_words
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return str(value) if value else "non dit"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def end_mandate(*, mandate_id: int, last_day: date, reason: str, actor: Actor, at: datetime) -> Mandate:
    """Say until when (inclusive) a person had the power: end of office, new act. Papers already signed keep theirs.

    Raises FieldErrors without a reason, before the act's own day, or when an end is recorded already.
    """
    mandate = Mandate.objects.select_for_update(of=("self",)).select_related("body", "issuer").get(pk=mandate_id)
    errors = {}
    if not clean_line(reason):
        errors["reason"] = "Indiquer le motif."
    if refusal := why_not_ended(mandate):
        errors["last_day"] = refusal
    elif last_day < mandate.adopted_on:
        errors["last_day"] = "La fin du pouvoir précède l'acte."
    if errors:
        raise FieldErrors(errors)
    mandate.valid_until = last_day
    mandate.save(update_fields=["valid_until"])
    text = f"Fin du pouvoir de signer de {mandate}, le {last_day:%d/%m/%Y} : {clean_line(reason)}"
    _record(mandate, actor, at, "parties.end-mandate", text)
    return mandate


def _record(mandate: Mandate, actor: Actor, at: datetime, action: str, text: str, **more: Any) -> None:
    kind, key = ("body", mandate.body_id) if mandate.body_id else ("issuer", mandate.issuer and mandate.issuer.code)
    details = {"mandate": mandate.pk} | more
    record(actor=actor, at=at, action=action, subject_kind=kind, subject_id=key, text=text, details=details)
