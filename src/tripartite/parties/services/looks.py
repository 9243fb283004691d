"""How an issuer is named and shown from a day on: checked, dated, journaled."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from tripartite.documents.colours import check_dark, check_light, read_colour
from tripartite.documents.findings import PictureFound
from tripartite.documents.pictures import PictureRefused, keep_picture, read_picture
from tripartite.journal.seen import check_seen
from tripartite.journal.services import Actor, record
from tripartite.parties.models import Issuer, IssuerLook
from tripartite.parties.queries.looks import LABELS, LOOK, look_on, look_value, to_be_renamed
from tripartite.parties.services.errors import FieldErrors
from tripartite.typed import clean_line

LONGEST = {"name": 200, "short_name": 80, "logo_alt": 200}
NAMED = "parties.take-name"


def set_look(
    *,
    code: str,
    changes: Mapping[str, str],
    applies_on: date,
    actor: Actor,
    at: datetime,
    logo: bytes | None = None,
    seen: str | None = None,
) -> IssuerLook:
    """Set how an issuer is named and shown from a day on: `changes` by field (name, short_name, colour, dark_colour,
    logo_alt; « logo » empty takes it away), the others as they are that day. `logo` is a PNG or JPEG, read apart.

    Papers already issued keep their look. `seen` is the mark (`look_mark`) of what the edit was made on. Raises
    FieldErrors, and then writes nothing; StaleError when somebody has changed it since; Busy when too many files are
    being read.
    """
    errors: dict[str, str] = {}
    picture = None
    try:
        picture = read_picture(logo) if logo is not None else None
    except PictureRefused as refusal:
        errors["logo"] = str(refusal)
    return _write(code, changes, picture, errors, applies_on=applies_on, actor=actor, at=at, seen=seen)


@transaction.atomic
def _write(
    code: str,
    changes: Mapping[str, str],
    picture: PictureFound | None,
    errors: dict[str, str],
    *,
    applies_on: date,
    actor: Actor,
    at: datetime,
    seen: str | None,
) -> IssuerLook:
    issuer = Issuer.objects.select_for_update().get(code=code)
    today, before = timezone.localdate(at), look_on(code, applies_on)
    was = look_value(before, issuer)
    check_seen(seen, "issuer", code, was, what="Ce réglage", actions=(LOOK,))
    values = dict(was)
    for name, value in changes.items():
        try:
            values[name] = _checked(name, value)
        except ValueError as error:
            errors[name] = str(error)
    errors = _day_slips(issuer, applies_on, today) | _slips(issuer, values, picture) | errors
    if errors:
        raise FieldErrors(errors)
    kept = keep_picture(picture) if picture else before.logo if before and values["logo"] else None
    values["logo"] = kept.sha256 if kept else ""
    values["logo_alt"] = values["logo_alt"] if kept else ""
    changed = [name for name in LABELS if values[name] != was[name]]
    if not changed:
        return before or IssuerLook(issuer=issuer, applies_on=applies_on, **{**values, "logo": None})
    _keep_first_names(issuer)
    made = IssuerLook.objects.create(
        issuer=issuer, applies_on=applies_on, recorded_by=actor.label, recorded_at=at, **{**values, "logo": kept}
    )
    record(
        actor=actor,
        at=at,
        action=LOOK,
        subject_kind="issuer",
        subject_id=code,
        text=f"Réglé à partir du {applies_on:%d/%m/%Y} : {', '.join(LABELS[name] for name in changed)}.",
        details={"before": {name: was[name] for name in changed}, "after": {name: values[name] for name in changed}},
    )
    if applies_on == today:
        _rename(issuer, made.name, made.short_name)
    return made


def _keep_first_names(issuer: Issuer) -> None:
    """Before the first change, the names that an issuer had until then: what is made for an earlier day says those."""
    if not issuer.looks.exists():
        IssuerLook.objects.create(
            issuer=issuer,
            applies_on=timezone.localdate(issuer.created_at),
            name=issuer.name,
            short_name=issuer.short_name,
            recorded_by="la grille",
            recorded_at=issuer.created_at,
        )


def _day_slips(issuer: Issuer, applies_on: date, today: date) -> dict[str, str]:
    last = IssuerLook.objects.filter(issuer=issuer).last()
    if applies_on < today:
        return {"applies_on": "Dire aujourd'hui, ou un jour à venir : les papiers déjà émis ne changent pas."}
    if last is not None and applies_on < last.applies_on:
        return {"applies_on": f"Un réglage vaut déjà à partir du {last.applies_on:%d/%m/%Y} : dire un jour suivant."}
    return {}


def _slips(issuer: Issuer, values: Mapping[str, str], picture: PictureFound | None) -> dict[str, str]:
    """What does not go together."""
    found = {}
    if Issuer.objects.exclude(pk=issuer.pk).filter(short_name=values["short_name"]).exists():
        found["short_name"] = "Un autre émetteur porte déjà ce nom."
    if (picture is not None or values["logo"]) and not values["logo_alt"]:
        found["logo_alt"] = "Dire ce que montre le logo, à qui ne le voit pas."
    if values["dark_colour"] and not values["colour"]:
        found["colour"] = "Donner d'abord la couleur sur fond clair."
    return found


def _checked(name: str, value: str) -> str:
    text = clean_line(value or "")
    match name:
        case "colour" | "dark_colour":
            return _colour(name, text)
        case "logo" if not text:
            return ""
        case "name" | "short_name" | "logo_alt":
            if not text and name != "logo_alt":
                raise ValueError("Écrire un nom.")
            if len(text) > LONGEST[name]:
                raise ValueError(f"Trop long : {LONGEST[name]} caractères au plus.")
            return text
    raise ValueError(f"« {name} » ne se règle pas ici.")


def _colour(name: str, text: str) -> str:
    if not text:
        return ""
    colour = read_colour(text)
    (check_light if name == "colour" else check_dark)(colour)
    return colour


@transaction.atomic
def take_name(*, code: str, on: date, actor: Actor, at: datetime) -> bool:
    """Take the name that an issuer set, once its day has come. Answers whether something changed: once only."""
    issuer = Issuer.objects.select_for_update().get(code=code)
    named = next((one for one in to_be_renamed(on) if one.code == code), None)
    if named is None:
        return False
    was = issuer.short_name
    _rename(issuer, named.name, named.short_name)
    text = f"{was} s'appelle désormais {issuer.short_name} ({issuer.name})."
    record(actor=actor, at=at, action=NAMED, subject_kind="issuer", subject_id=code, text=text)
    return True


def _rename(issuer: Issuer, name: str, short_name: str) -> None:
    issuer.name, issuer.short_name = name, short_name
    issuer.save(update_fields=["name", "short_name"])
