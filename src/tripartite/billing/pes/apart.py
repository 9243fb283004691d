"""Reading what the accountant sends back: called apart, in a process of its own, by name (tripartite/bounded).

Entities and document types are refused. What the schema asks for and is not there makes the whole file refused: no
amount is guessed. What the schema has and is not used here is left aside.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from lxml import etree

from tripartite.billing.pes.returned import (
    Collected,
    FileKind,
    FileReturned,
    OrderReturned,
    OrderState,
    SlipAcknowledged,
)
from tripartite.bounded.strict_xml import Refused, strict_root
from tripartite.typed import whole_number, written_day

RETURN = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour"
ACKNOWLEDGEMENT = "http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2"
AMOUNT = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,2}))?")
MOST_ORDERS = 50_000
OTHER = "Ce n'est ni un acquittement ni un PES Retour recette."


def read_return(content: bytes) -> FileReturned:
    """What a file says, or why it is refused."""
    try:
        return _file(strict_root(content))
    except Refused as refusal:
        return FileReturned(refusal=str(refusal))


def _file(root: etree._Element) -> FileReturned:
    found = FileReturned()
    match root.tag:
        case name if name == f"{{{RETURN}}}PES_Retour":
            revenue = root.find("PES_RecetteRetour")
            if revenue is None:
                raise Refused(OTHER)
            found.orders = list(_orders(revenue))
        case name if name == f"{{{ACKNOWLEDGEMENT}}}PES_ACQUIT":
            found.kind = FileKind.ACKNOWLEDGEMENT
            found.acknowledged = list(_acknowledged(root))
        case _:
            raise Refused(OTHER)
    head = root.find("EnTetePES")
    if head is None:
        raise Refused("L'en-tête du fichier manque.")
    found.siret = _said(head, "IdColl")
    found.collectivity = _said(head, "CodColl") or _said(head, "CodCol")
    found.budget = _said(head, "CodBud")
    found.made_on = _day(head, "DteStr")
    envelope = root.find("Enveloppe/Parametres")
    found.name = "" if envelope is None else _said(envelope, "NomFic")
    return found


WHOLE = frozenset({"0", "1", "2"})
"""DomaineAck of what is said of a whole flow: its form, its signature."""


def _orders(revenue: etree._Element) -> Iterator[OrderReturned]:
    count = 0
    for slip in revenue.findall("Bordereau"):
        block = slip.find("BlocBordereau")
        if block is None:
            continue  # a roll of several creditors: none is written here
        for piece in slip.findall("Piece"):
            count += 1
            if count > MOST_ORDERS:
                raise Refused(f"Plus de {MOST_ORDERS} titres dans un fichier.")
            yield _order(block, piece)


def _order(block: etree._Element, piece: etree._Element) -> OrderReturned:
    told = piece.find("BlocPiece")
    if told is None:
        raise Refused("Une pièce n'a pas ses informations.")
    state = _said(told, "EtatPce")
    if state not in set(OrderState):
        raise Refused(f"Titre {_said(told, 'IdPce')} : état inconnu ({state}).")
    return OrderReturned(
        fiscal_year=_number(block, "Exer"),
        slip=_number(block, "IdBord"),
        slip_kind=_said(block, "TypBord"),
        number=_number(told, "IdPce"),
        state=OrderState(state),
        reasons=_said(told, "ObsEtat"),
        comment=_said(told, "Commentaire"),
        collected=tuple(_collected(piece)),
    )


def _collected(piece: etree._Element) -> Iterator[Collected]:
    seen: Counter[Any] = Counter()
    for line in piece.findall("LigneDePiece"):
        told = line.find("BlocLignePiece/InfoLignePiece")
        if told is None:
            raise Refused("Une ligne de titre n'a pas ses informations.")
        number = _number(told, "IdLigne")
        for one in line.findall("EncaissementEmargement"):
            same = (number, _day(one, "DteReco"), _cents(one, "MtReco"), _said(one, "OrgEma"))
            seen[same] += 1
            yield Collected(*same, rank=seen[same])


def _acknowledged(root: etree._Element) -> Iterator[SlipAcknowledged]:
    for one in root.findall("ACQUIT/ElementACQUIT"):
        errors = tuple(_errors(one))
        accepted = _said(one, "EtatAck")
        if accepted not in {"0", "1", "true", "false"}:
            raise Refused("Un acquittement ne dit pas si le flux est accepté.")
        slip, year = _said(one, "NumBord"), _said(one, "ExerciceBord")
        yield SlipAcknowledged(
            fiscal_year=whole_number(year, digits=4),
            slip=whole_number(slip),
            accepted=accepted in {"1", "true"},
            errors=errors,
            whole=not slip and _said(one, "DomaineAck") in WHOLE,
            titles=tuple(
                number for piece in one.findall("DetailPiece") if (number := whole_number(_said(piece, "NumPiece")))
            ),
        )


def _errors(one: etree._Element) -> Iterator[str]:
    """The errors of an element, its pieces and their lines, each where it is."""
    for error in one.iter("Erreur"):
        where = ", ".join(
            f"{name} {_said(above, tag)}"
            for above in reversed(list(error.iterancestors("DetailPiece", "DetailLigne")))
            for name, tag in (("titre", "NumPiece"), ("ligne", "NumLigne"))
            if _said(above, tag)
        )
        words = " ".join(part for part in (_said(error, "NumAnoAck"), _said(error, "LibelleAnoAck")) if part)
        yield f"{where} : {words}" if where else words


def _said(node: etree._Element, name: str) -> str:
    found = node.find(name)
    return "" if found is None else " ".join((found.get("V") or "").split())[:500]


def _number(node: etree._Element, name: str) -> int:
    text = _said(node, name)
    if not (text.isascii() and text.isdigit() and len(text) <= 13):
        raise Refused(f"« {text[:20]} » n'est pas un numéro ({name}).")
    return int(text)


def _cents(node: etree._Element, name: str) -> int:
    found = AMOUNT.fullmatch(_said(node, name))
    if found is None:
        raise Refused(f"« {_said(node, name)[:20]} » n'est pas un montant ({name}).")
    cents = int(found[2]) * 100 + int((found[3] or "0").ljust(2, "0"))
    return -cents if found[1] else cents


def _day(node: etree._Element, name: str) -> date:
    if (found := written_day(_said(node, name)[:10])) is None:
        raise Refused(f"« {_said(node, name)[:20]} » n'est pas un jour ({name}).")
    return found
