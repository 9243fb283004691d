"""Bodies that no file lists, and what agents complete on those that a file does."""

import re
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor, record
from tripartite.parties.models import PublicBody
from tripartite.parties.queries.seen import BODY, body_value
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.identifiers import siren_of, siret_of
from tripartite.parties.services.revision import mark_changed
from tripartite.parties.services.traits import keep_traits
from tripartite.pricing.order import Kind
from tripartite.typed import clean_line, clean_text

LABELS = {
    "name": "nom",
    "siret": "SIRET du siège",
    "department": "département du siège",
    "address": "adresse",
    "postal_codes": "codes postaux",
    "client_class": "classe de client",
}
LISTED_ONLY = frozenset({"name", "postal_codes"})


@transaction.atomic
def create_body(
    *,
    kind: str,
    name: str,
    actor: Actor,
    at: datetime,
    siren: str = "",
    siret: str = "",
    department: str = "",
    postal_codes: str = "",
    address: str = "",
    client_class: str = "",
    parent_id: int | None = None,
    declared_by: str = "",
) -> PublicBody:
    """Add a body that no file lists: a CCAS, a syndicat… Either `siren` or `siret` is needed; the rest may stay empty,
    which means unknown. `parent_id` is the commune or EPCI of a CCAS, CIAS or caisse des écoles. `declared_by` is the
    visitor who says that it is: unconfirmed until an agent says so too (`confirm_body`); declared again under the same
    SIREN, it is the same one.

    Raises FieldErrors (a SIREN already in the directory included), and then writes nothing.
    """
    typed = {"siren": siren, "siret": siret, "kind": kind, "name": name, "department": department}
    typed |= {"postal_codes": postal_codes, "address": address, "client_class": client_class}
    values, errors = _checked(typed)
    if values["siren"] is None and "siren" not in errors and "siret" not in errors:
        if values["siret"] is None:
            errors["siren"] = "Indiquer le SIREN ou le SIRET."
        else:
            values["siren"] = str(values["siret"])[:9]
    if values["siren"] and values["siret"] and not str(values["siret"]).startswith(str(values["siren"])):
        errors["siret"] = "Un SIRET commence par le SIREN de l'établissement : ceux-ci ne vont pas ensemble."
    known = PublicBody.objects.filter(siren=values["siren"]).first() if values["siren"] else None
    if known is not None and known.unconfirmed and declared_by and not errors:
        text = f"Déclarée aussi par {declared_by}, sous le nom « {values['name']} »."
        _record(known, actor, at, "parties.declare-body", text)
        return known
    if known is not None:
        errors["siren" if siren else "siret"] = f"Déjà dans l'annuaire sous ce SIREN : {known.name}."
    if parent_id is not None and not PublicBody.objects.filter(pk=parent_id).exists():
        errors["parent_id"] = "Cette collectivité de rattachement n'est pas dans l'annuaire."
    if errors:
        raise FieldErrors(errors)
    body = PublicBody.objects.create(
        **values,
        departments=values["department"] or "",
        parent_id=parent_id,
        source=f"ajouté par {declared_by or actor.label}"[:200],
        declared_by=declared_by[:200],
        created_at=at,
    )
    mark_changed()
    what = f"Déclarée par {declared_by}, à confirmer" if declared_by else "Ajout à l'annuaire"
    text = f"{what} : {body.name} ({body.kind_label}, SIREN {body.siren})."
    _record(body, actor, at, "parties.create-body", text, siren=body.siren, kind=body.kind)
    return body


@transaction.atomic
def confirm_body(*, body_id: int, actor: Actor, at: datetime) -> PublicBody:
    """Say that a body which a visitor declared is what it says: it is then one of the directory for everyone.

    Raises FieldErrors when somebody has confirmed it already.
    """
    body = PublicBody.objects.select_for_update().get(pk=body_id)
    if not body.unconfirmed:
        raise FieldErrors({"name": f"{body.name} est déjà confirmée."})
    declared_by, body.declared_by = body.declared_by, ""
    body.save(update_fields=["declared_by"])
    mark_changed()
    text = f"{body.name}, déclarée par {declared_by} : confirmée, elle est de l'annuaire."
    _record(body, actor, at, "parties.confirm-body", text, declared_by=declared_by)
    return body


@transaction.atomic
def drop_declared(*, body_id: int, into: PublicBody, actor: Actor, at: datetime) -> None:
    """Take a body that a visitor declared out of the directory: it was another one (`into`), which had its requests
    before. Raises FieldErrors when it was confirmed, or when something else is kept under it.
    """
    body = PublicBody.objects.select_for_update().get(pk=body_id)
    if not body.unconfirmed:
        raise FieldErrors({"siren": f"{body.name} est confirmée : elle ne se réunit pas ainsi."})
    text = f"{body.name} (SIREN {body.siren}), déclarée par {body.declared_by}, était celle-ci."
    try:
        with transaction.atomic():
            body.delete()
    except ProtectedError:
        kept = f"{body.name} porte déjà autre chose que des demandes : corrigez-la, ou confirmez-la."
        raise FieldErrors({"siren": kept}) from None
    mark_changed()
    _record(into, actor, at, "parties.merge-declared", text, siren=body.siren)


@transaction.atomic
def complete_body(
    *, body_id: int, changes: dict[str, str], actor: Actor, at: datetime, seen: str | None = None
) -> PublicBody:
    """Complete or correct what no file gives: `siret`, `department` (of the seat), `address`, `client_class`; and, on
    a body that agents added, `name` and `postal_codes`. An empty text means unknown.

    Papers already issued keep what they say. `seen` is the mark (`body_mark`) of what the edit was made on: StaleError
    when somebody has changed it since. Raises FieldErrors, and then writes nothing.
    """
    body = PublicBody.objects.select_for_update().get(pk=body_id)
    check_seen(seen, "body", body.pk, body_value(body), what="Cette structure", actions=(BODY,))
    values, errors = _checked(changes)
    for name in changes:
        if name not in LABELS or (body.listed and name in LISTED_ONLY):
            errors[name] = "Ce renseignement vient du fichier importé et ne se modifie pas ici."
    siret = values.get("siret")
    if siret and not str(siret).startswith(body.siren):
        errors["siret"] = f"Ce SIRET n'est pas celui d'un établissement du SIREN {body.siren}."
    if errors:
        raise FieldErrors(errors)
    values = {name: value for name, value in values.items() if getattr(body, name) != value}
    if not values:
        return body
    before = {name: getattr(body, name) for name in values}
    keep_traits(body, values, on=timezone.localdate(at))
    for name, value in values.items():
        setattr(body, name, value)
    if "department" in values and not body.listed:
        body.departments = body.department or ""
    body.save()
    mark_changed()
    text = f"{body.name} : {', '.join(LABELS[name] for name in values)} à jour."
    _record(body, actor, at, BODY, text, before=before, after=values)
    return body


def _checked(typed: dict[str, str]) -> tuple[dict[str, str | None], dict[str, str]]:
    """The values to write, by field, and the messages for those that are refused."""
    values: dict[str, str | None] = {}
    errors: dict[str, str] = {}
    for name, raw in typed.items():
        values[name] = None
        text = clean_text(raw) if name == "address" else clean_line(raw)
        try:
            values[name] = CHECKS[name](text) if name in CHECKS else None
        except ValueError as error:
            errors[name] = str(error)
    return values, errors


def _optional(check: Callable[[str], str]) -> Callable[[str], str | None]:
    return lambda text: check(text) if text else None


def _name(text: str) -> str:
    if not text:
        raise ValueError("Indiquer le nom.")
    return _at_most(200)(text)


def _kind(text: str) -> str:
    if text not in {kind.value for kind in Kind}:
        raise ValueError("Choisir la nature de l'établissement dans la liste.")
    return text


def _department(text: str) -> str:
    if not re.fullmatch(r"\d{2}|2[AB]|9[78]\d", text.upper()):
        raise ValueError("Écrire le numéro du département, par exemple 01.")
    return text.upper()


def _postal_codes(text: str) -> str:
    codes = re.split(r"[\s,;]+", text) if text else []
    if len(codes) > 40 or not all(re.fullmatch(r"[0-9]{5}", code) for code in codes):
        raise ValueError("Écrire un code postal de cinq chiffres (ou plusieurs, séparés par des espaces).")
    return " ".join(codes)


def _at_most(length: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if len(text) > length:
            raise ValueError(f"Trop long : {length} caractères au plus.")
        return text

    return check


CHECKS: dict[str, Callable[[str], str | None]] = {
    "siren": _optional(siren_of),
    "siret": _optional(siret_of),
    "kind": _kind,
    "name": _name,
    "department": _optional(_department),
    "postal_codes": _postal_codes,
    "address": _optional(_at_most(500)),
    "client_class": _optional(_at_most(40)),
}


def _record(body: PublicBody, actor: Actor, at: datetime, action: str, text: str, **details: object) -> None:
    record(actor=actor, at=at, action=action, subject_kind="body", subject_id=body.pk, text=text, details=details)
