"""Figures that somebody declares. They are added to those already known, never written over them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tripartite.journal.services import Actor, record
from tripartite.parties.models import Figure, PublicBody
from tripartite.parties.services.errors import FieldErrors
from tripartite.pricing.bounds import MOST_PEOPLE, too_many
from tripartite.pricing.money import whole
from tripartite.typed import clean_line


@transaction.atomic
def declare_figure(
    *,
    body_id: int,
    measure: str,
    counted: str,
    value: int | str,
    declared_by: str,
    actor: Actor,
    at: datetime,
    year: int | str | None = None,
    source: str = "",
) -> Figure:
    """Add a population or a staff that `declared_by` (a person and function, in words) declares.

    `measure` is "population" (`counted` "municipale" or "totale") or "staff" ("agents" or "etp"); `value` a whole
    number. It counts from the day of the declaration; `year` is the year it was counted for, where that is said.
    A figure declared again makes a newer row, and papers already issued keep theirs. Raises FieldErrors.
    """
    today = timezone.localdate(at)
    errors, values = _checked(measure, counted, value, declared_by)
    counted_for = None if year is None or year == "" else _whole(year)
    if counted_for is not None and not (1900 <= counted_for <= today.year):
        errors["year"] = "Écrire une année, par exemple 2023."
    source = clean_line(source)
    if len(source) > 300:
        errors["source"] = "Trop long : 300 caractères au plus."
    if errors:
        raise FieldErrors(errors)
    figure = Figure.objects.create(
        body=PublicBody.objects.get(pk=body_id),
        **values,
        year=counted_for,
        applies_on=today,
        source=source,
        recorded_at=at,
    )
    _record(figure, today, actor, at)
    return figure


def check_declared(*, measure: str, counted: str, value: int | str, declared_by: str) -> dict[str, Any]:
    """The same as declared by somebody, as it would be written, where it is not (yet) a figure of a body: its
    `measure`, `counted`, `value` (whole) and `declared_by` (cleaned). Raises FieldErrors.
    """
    errors, values = _checked(measure, counted, value, declared_by)
    if errors:
        raise FieldErrors(errors)
    return values


def _checked(measure: str, counted: str, value: int | str, declared_by: str) -> tuple[dict[str, str], dict[str, Any]]:
    errors: dict[str, str] = {}
    known = Figure.COUNTED_OF.get(measure, ())
    if not known:
        errors["measure"] = "Choisir : population ou effectif."
    elif counted not in known:
        words = " ou ".join(Figure.Counted(code).label for code in known)
        errors["counted"] = f"Préciser ce qui est compté : {words}."
    if (whole := _whole(value)) < 0:
        errors["value"] = "Écrire un nombre entier, sans décimale."
    elif whole > MOST_PEOPLE:
        errors["value"] = too_many(MOST_PEOPLE)
    declared_by = clean_line(declared_by)
    if not declared_by or len(declared_by) > 200:
        errors["declared_by"] = "Indiquer qui déclare ce chiffre (200 caractères au plus)."
    return errors, {"measure": measure, "counted": counted, "value": whole, "declared_by": declared_by}


def _whole(value: int | str) -> int:
    """The whole number that `value` writes (spaces between thousands allowed), or −1."""
    if isinstance(value, bool):
        return -1
    if isinstance(value, int):
        return value
    digits = "".join(value.split())
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 100 else -1


def _record(figure: Figure, today: date, actor: Actor, at: datetime) -> None:
    record(
        actor=actor,
        at=at,
        action="parties.declare-figure",
        subject_kind="body",
        subject_id=figure.body_id,
        text=(
            f"{figure.body.name}, {figure.get_counted_display()} : {whole(figure.value)},"
            f" déclaré par {figure.declared_by} le {today:%d/%m/%Y}."
        ),
        details={"figure": figure.pk, "measure": figure.measure, "counted": figure.counted, "value": figure.value},
    )
