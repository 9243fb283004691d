"""What an export of Chorus Pro's list of invoices says: its columns told by the words of their titles.

The portal names the same status by a code (« MISE_A_DISPOSITION ») or by words (« Mise à disposition du
destinataire »), and has changed its titles before: they are read by the words that they have in common.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tripartite.billing.statements.lines import SEARCHED, day_of
from tripartite.billing.statements.values import Fault, Row
from tripartite.billing.states import PortalStatus
from tripartite.typed import FIRST_DAY

SAID = {
    "deposee": PortalStatus.DEPOSITED,
    "emise": PortalStatus.DEPOSITED,
    "en cours": PortalStatus.ROUTED,
    "en cours d acheminement": PortalStatus.ROUTED,
    "en cours acheminement": PortalStatus.ROUTED,
    "mise a disposition": PortalStatus.AVAILABLE,
    "mise a disposition du destinataire": PortalStatus.AVAILABLE,
    "mise a disposition destinataire": PortalStatus.AVAILABLE,
    "a recycler": PortalStatus.TO_RECYCLE,
    "recyclee": PortalStatus.RECYCLED,
    "suspendue": PortalStatus.SUSPENDED,
    "completee": PortalStatus.COMPLETED,
    "rejetee": PortalStatus.REJECTED,
    "service fait": PortalStatus.SERVICE_DONE,
    "validee": PortalStatus.VALIDATED,
    "mandatee": PortalStatus.ORDERED,
    "mise a disposition du comptable": PortalStatus.WITH_ACCOUNTANT,
    "mise a disposition comptable": PortalStatus.WITH_ACCOUNTANT,
    "comptabilisee": PortalStatus.BOOKED,
    "mise en paiement": PortalStatus.PAID,
    "abandonnee": PortalStatus.DROPPED,
    "supprimee": PortalStatus.DROPPED,
}
"""The portal's words, folded, and what they mean."""
LACKING = (
    "Ce n'est pas une liste de factures de Chorus Pro : il y faut une colonne « Numéro de facture » et une « Statut »."
)


@dataclass(frozen=True, slots=True)
class PortalLine:
    """What a line says of an invoice; `on` is None where the list has no day of the status."""

    row: int
    number: str
    status: PortalStatus
    words: str
    on: date | None
    reason: str


def portal_lines(rows: Sequence[Row], *, on: date) -> tuple[list[PortalLine], list[Fault]]:
    """What each line says, and those that cannot be read; no day is later than `on`. Raises ValueError, in French, for
    a table that is no such list.
    """
    header, places = _header(rows)
    found: list[PortalLine] = []
    faults: list[Fault] = []
    for number, cells in rows[header + 1 :]:
        said = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        try:
            found.append(_line(number, said, on))
        except ValueError as refusal:
            faults.append(Fault(number, str(refusal)))
    return found, faults


def _header(rows: Sequence[Row]) -> tuple[int, dict[str, int]]:
    for place, (_, cells) in enumerate(rows[:SEARCHED]):
        places: dict[str, int] = {}
        for column, name in _named(cells):
            places.setdefault(name, column)
        if {"number", "status"} <= places.keys():
            return place, places
    raise ValueError(LACKING)


def _named(cells: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The columns that are read, each with what it says."""
    for column, title in enumerate(cells):
        words = folded(title).split()
        if "date" in words and {"statut", "etat"} & set(words):
            yield column, "day"
        elif words[:1] in (["statut"], ["etat"]):
            yield column, "status"
        elif "facture" in words and {"numero", "n", "no"} & set(words):
            yield column, "number"
        elif "motif" in words:
            yield column, "reason"
        elif "commentaire" in words:
            yield column, "comment"


def _line(row: int, said: dict[str, str], on: date) -> PortalLine:
    if not (number := said["number"]):
        raise ValueError("pas de numéro de facture.")
    if not (words := said["status"][:100]):
        raise ValueError(f"facture {number[:30]} : pas de statut.")
    day = day_of(said["day"]) if "day" in said else None
    if day is not None and (day > on or day < FIRST_DAY):
        raise ValueError(f"facture {number[:30]} : le {day:%d/%m/%Y} n'est pas le jour d'un statut.")
    reason = " — ".join(part for part in (said.get("reason", ""), said.get("comment", "")) if part)
    return PortalLine(row, number, SAID.get(folded(words), PortalStatus.OTHER), words, day, reason[:1000])


def folded(text: str) -> str:
    """Small letters without accents, words one space apart."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(re.findall(r"[a-z0-9]+", "".join(one for one in bare if not unicodedata.combining(one))))
