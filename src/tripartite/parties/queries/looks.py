"""How issuers are named and shown on a day: what they set for themselves, else what the grid and their place give."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from tripartite.documents.colours import palette_of
from tripartite.documents.style import PLAIN, Logo, PaperStyle
from tripartite.parties.models import Issuer, IssuerLook
from tripartite.pricing.grid import Grid
from tripartite.questions import DAY, Place, Question

LOOK = "parties.set-look"
"""The act by which the journal tells that an issuer changed how it is named and shown."""
LABELS = {
    "name": "nom",
    "short_name": "nom court",
    "colour": "couleur",
    "dark_colour": "couleur sur fond sombre",
    "logo": "logo",
    "logo_alt": "texte du logo",
}


def issuers_on(day: date) -> list[Issuer]:
    """All issuers, in the order of their slots, named as on a day, each with how it is shown then (`look`, None where
    it set nothing): one query, two where any did.
    """
    rows = ISSUERS.ask(day)
    looks = _with_logos([one.look_key for one in rows if one.look_key is not None])
    found: list[Issuer] = []
    for one in rows:
        one.look = looks.get(one.look_key)
        if one.look is not None:
            one.name, one.short_name = one.look.name, one.look.short_name
        found.append(one)
    return found


def issuer_on(code: str, day: date) -> Issuer | None:
    """One issuer, as `issuers_on` answers it."""
    return next((one for one in issuers_on(day) if one.code == code), None)


def renamed(grid: Grid, registered: Iterable[Issuer]) -> Grid:
    """A grid whose issuers are named as these are; one that is not among them keeps the name of the act."""
    known = {one.code: one for one in registered}
    named = {
        code: replace(issuer, name=known[code].name, short_name=known[code].short_name) if code in known else issuer
        for code, issuer in grid.issuers.items()
    }
    return replace(grid, issuers=named)


def look_on(code: str, day: date) -> IssuerLook | None:
    """How an issuer is named and shown on a day; None where it set nothing by then."""
    return _on(day).filter(issuer__code=code).select_related("logo").first()


def looks_of(code: str) -> list[IssuerLook]:
    """All that an issuer set, by the day from which it holds."""
    return list(IssuerLook.objects.filter(issuer__code=code).select_related("logo").defer("logo__png"))


def style_of(issuers: Iterable[Issuer]) -> PaperStyle:
    """How papers show these issuers, as `issuers_on` answered them."""
    shown = [(one.slot, one.look) for one in issuers if one.look is not None]
    if not shown:
        return PLAIN
    return PaperStyle(
        tuple((slot, palette_of(look.colour, look.dark_colour).light) for slot, look in shown if look.colour),
        tuple(
            (slot, Logo(look.logo.sha256, look.logo_alt, look.logo.width, look.logo.height))
            for slot, look in shown
            if look.logo
        ),
    )


def to_be_renamed(on: date) -> list[Issuer]:
    """The issuers whose name changes on a day, or changed before and was not taken yet, under their new name."""
    kept = {one.code: (one.name, one.short_name) for one in Issuer.objects.all()}
    return [one for one in issuers_on(on) if kept[one.code] != (one.name, one.short_name)]


def look_value(look: IssuerLook | None, issuer: Issuer) -> dict[str, Any]:
    """What a form shows of it: the names of the grid and no colour where nothing was set."""
    if look is None:
        empty = {"colour": "", "dark_colour": "", "logo": "", "logo_alt": ""}
        return {"name": issuer.name, "short_name": issuer.short_name} | empty
    return {name: getattr(look, name) for name in LABELS} | {"logo": look.logo.sha256 if look.logo else ""}


def look_mark(look: IssuerLook | None, issuer: Issuer) -> str:
    """What the form was made on."""
    from tripartite.journal.seen import mark_of  # noqa: PLC0415 - pricing an order loads no journal

    return mark_of("issuer", issuer.code, look_value(look, issuer))


def _on(day: date | Place) -> QuerySet[IssuerLook]:
    return IssuerLook.objects.filter(applies_on__lte=day).order_by("-applies_on", "-recorded_at", "-pk")


def _with_logos(keys: list[int]) -> dict[int, IssuerLook]:
    if not keys:
        return {}
    return IssuerLook.objects.select_related("logo").defer("logo__png").in_bulk(keys)


ISSUERS = Question[Any](
    lambda day: Issuer.objects.annotate(
        look_key=Subquery(_on(day).filter(issuer=OuterRef("pk")).values("pk")[:1]),
    ),
    DAY,
)
"""All issuers, each with the key of the look that it has on a day."""
