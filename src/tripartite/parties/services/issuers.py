"""Issuers: known by the grid that names them, completed by their own people."""

import re
from datetime import datetime
from itertools import count

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction

from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor, record
from tripartite.parties.models import Issuer
from tripartite.parties.queries.seen import ISSUER, issuer_value
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.identifiers import siret_of
from tripartite.pricing.grid import Issuer as GridIssuer
from tripartite.typed import clean_line, clean_text

LENGTHS = {"address": 500, "place": 100, "phone": 30, "website": 200, "email": 254, "quote_conditions": 4000}
LABELS = {
    "siret": "SIRET",
    "address": "adresse",
    "place": "lieu",
    "email": "adresse électronique",
    "phone": "téléphone",
    "website": "site",
    "quote_validity_days": "durée de validité des devis",
    "quote_conditions": "conditions des devis",
}


@transaction.atomic
def register_issuer(*, identity: GridIssuer, slot: int, actor: Actor, at: datetime) -> Issuer:
    """Record the issuer that a grid names, at its place in the grid (`slot`, from 1: its colour), or at the next one
    that is free where an issuer of another offer has it. Idempotent.

    An issuer already there keeps all that it has; only a SIRET or an address still unknown is taken from the grid.
    """
    issuer = Issuer.objects.select_for_update().filter(code=identity.code).first()
    if issuer is None:
        issuer = Issuer.objects.create(
            code=identity.code,
            name=identity.name,
            short_name=identity.short_name,
            slot=_free_slot(slot),
            siret=identity.siret,
            address=identity.address,
            created_at=at,
        )
        _record(issuer, actor, at, "parties.register-issuer", f"Émetteur enregistré : {issuer.name}.")
        return issuer
    learnt = {name: getattr(identity, name) for name in ("siret", "address") if getattr(issuer, name) is None}
    learnt = {name: value for name, value in learnt.items() if value is not None}
    if learnt:
        _write(issuer, learnt, actor, at)
    return issuer


def _free_slot(wanted: int) -> int:
    taken = set(Issuer.objects.values_list("slot", flat=True))
    return next(slot for slot in count(wanted) if slot not in taken)


@transaction.atomic
def update_issuer(
    *, code: str, changes: dict[str, object], actor: Actor, at: datetime, seen: str | None = None
) -> Issuer:
    """Complete or correct an issuer: `changes` by field (siret, address, place, email, phone, website,
    quote_validity_days in days from 1 to 365, quote_conditions). An empty text means unknown.

    Papers already issued keep what they say. `seen` is the mark (`issuer_mark`) of what the edit was made on:
    StaleError when somebody has changed it since. Raises FieldErrors, and then writes nothing.
    """
    issuer = Issuer.objects.select_for_update().get(code=code)
    check_seen(seen, "issuer", issuer.code, issuer_value(issuer), what="Ce réglage", actions=(ISSUER,))
    errors: dict[str, str] = {}
    values: dict[str, object] = {}
    for name, value in changes.items():
        try:
            values[name] = _checked(name, value)
        except ValueError as error:
            errors[name] = str(error)
    if errors:
        raise FieldErrors(errors)
    values = {name: value for name, value in values.items() if getattr(issuer, name) != value}
    if values:
        _write(issuer, values, actor, at)
    return issuer


SEVERAL_LINES = frozenset({"address", "quote_conditions"})


def _checked(name: str, value: object) -> object:
    if name not in LABELS:
        raise ValueError(f"« {name} » ne se modifie pas ici.")
    if name == "quote_validity_days":
        return _validity_days(value)
    text = (clean_text if name in SEVERAL_LINES else clean_line)(str(value or ""))
    if name == "quote_conditions":
        _check_length(name, text)
        return text
    if not text:
        return None
    if name == "siret":
        return siret_of(text)
    _check_length(name, text)
    try:
        if name == "email":
            validate_email(text)
        elif name == "website":
            URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        example = "accueil@cdg.exemple.fr" if name == "email" else "https://www.exemple.fr"
        raise ValueError(f"Écrire une adresse complète, par exemple {example}.") from None
    if name == "phone" and not re.fullmatch(r"\+?[0-9][0-9 .()-]{4,28}", text):
        raise ValueError("Écrire un numéro de téléphone, par exemple 01 23 45 67 89.")
    return text


def _validity_days(value: object) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= 365):
        raise ValueError("Écrire un nombre entier de jours, de 1 à 365.")
    return int(text)


def _check_length(name: str, text: str) -> None:
    if len(text) > LENGTHS[name]:
        raise ValueError(f"Trop long : {LENGTHS[name]} caractères au plus.")


def _write(issuer: Issuer, values: dict[str, object], actor: Actor, at: datetime) -> None:
    before = {name: getattr(issuer, name) for name in values}
    for name, value in values.items():
        setattr(issuer, name, value)
    issuer.save(update_fields=list(values))
    named = ", ".join(LABELS[name] for name in values)
    text = f"{issuer.short_name} : {named} à jour."
    _record(issuer, actor, at, ISSUER, text, before=before, after=values)


def _record(issuer: Issuer, actor: Actor, at: datetime, action: str, text: str, **details: object) -> None:
    record(actor=actor, at=at, action=action, subject_kind="issuer", subject_id=issuer.code, text=text, details=details)
