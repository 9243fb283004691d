"""The combinations that make a flow, a slip or an attachment be rejected: what a schema cannot say, and its own forms.

Each rule is written in the documentation of the schema 5.17, at the element named by its code. What that documentation
only cites (annexes, what Hélios knows) is in `UNCHECKED`: nobody can check it here.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from tripartite.billing.pes.flow import PES_INVOICE, TO_CHORUS, Attachment, Flow, Party, Title
from tripartite.billing.pes.texts import fit

ALL_KINDS = frozenset({"01", "02", "03", "06"})
PIECE_KINDS = frozenset({"01", "02", "03", "04", "05", "06", "07", "09", "10", "11", "12", "14", "15"})
NATURES = frozenset({"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "18"})
CATEGORIES = frozenset(f"{code}" for code in (*range(20, 30), 50, *range(60, 66), *range(70, 75)))
"""All but 01, a person: no person is billed here."""
LEGAL = frozenset({"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11"})
PROOFS = frozenset(f"{number:03d}" for number in range(1, 14))
TIED = frozenset({("02", "02", "06"), ("01", "02", "09"), ("02", "02", "10"), ("01", "14", "01")})
"""Triplets (TypBord, TypPce, NatPce) whose piece must name the one that it bears on."""
UNWRITTEN = frozenset({("01", "09", "01"), ("01", "10", "01"), ("01", "10", "02"), ("01", "06", "01")})
"""Triplets that ask for blocks which are not written here: increases, agreements over years, rolls."""
POST = re.compile(r"02[AB][0-9]{3,4}|[0-9]{6,7}")
COLLECTIVITY, BUDGET = re.compile(r"[0-9]{3}"), re.compile(r"[0-9A-Z][0-9]")
ACCOUNT, FUNCTION = re.compile(r"[0-9]{1,12}"), re.compile(r"[0-9]{1,10}")
PRODUCT, IDENTIFIER = re.compile(r"[0-9A-Za-z]{1,4}"), re.compile(r"[0-9A-Za-z]{1,50}")
INVOICE_NUMBER = re.compile(r"[ \-/_+0-9A-Za-z]{1,20}")
POSTAL_CODE = re.compile(r"[0-9]{5}")
ATTACHED = re.compile(r".+\.[A-Za-z0-9]{2,4}")
LARGEST = 99_999_999_999_999
"""Cents: fourteen digits."""

UNCHECKED = (
    "La grille des triplets (type de bordereau, type et nature de pièce), annexe citée par le schéma.",
    "La grille des catégories et natures juridiques des tiers, annexe citée par le schéma.",
    "Ce que seul Hélios connaît : le poste, le budget, le code produit, le compte, les numéros déjà reçus, leur suite.",
    "La norme du talon optique de l'avis des sommes à payer, hors du schéma.",
    "Si le cumul annuel du bordereau est attendu hors taxes ou toutes taxes comprises : il est TTC ici.",
)
"""What the documentation cites without holding it: said with each flow."""
CHECKED = (
    "Formes, longueurs et caractères de chaque valeur ; noms de fichiers.",
    "Codes du poste, de la collectivité et du budget ; SIRET de l'émetteur et du débiteur, clé comprise.",
    "Numéros de bordereau et de titre, uniques ; nombre de pièces ; montants au-dessus de zéro.",
    "TVA : montant et taux ensemble, jamais à zéro ; total du bordereau.",
    "Titre qui en réduit un autre : le titre d'origine, du même exercice.",
    "Avis vers Chorus Pro : numéro de facture, SIRET, pièce jointe, un seul débiteur ; contenu de l'avis.",
    "Pièces jointes : identifiant unique, nom, contenu, description, référence.",
    "Signature : cumul annuel et repères du bordereau quand le flux est à signer.",
)


class Rejects(StrEnum):
    """What is rejected: the whole flow, the slip (or its piece), the attachment."""

    FLOW = "flow"
    SLIP = "slip"
    ATTACHMENT = "attachment"


REJECTS_LABELS = {
    Rejects.FLOW: "rejet du flux",
    Rejects.SLIP: "rejet du bordereau",
    Rejects.ATTACHMENT: "rejet de la pièce jointe",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason to be rejected: the element of the schema that says so, where, in French words what to do. `title` is
    the number of the title that it is of; 0, of none.
    """

    rejects: Rejects
    element: str
    where: str
    words: str
    title: int = 0

    def __str__(self) -> str:
        return f"{self.where} : {self.words} ({self.element}, {REJECTS_LABELS[self.rejects]})"


def pes_findings(flow: Flow) -> list[Finding]:
    """All that would make a flow be rejected, in the order of the flow; none: it is valid and may be handed over."""
    found = [*_flow(flow), *_slip(flow)]
    for title in flow.titles:
        found += [replace(one, title=title.number) for one in _title(title, flow)]
    return found + list(_attachments(flow))


def siret_is_valid(number: str) -> bool:
    """Fourteen digits whose key is right (La Poste has its own)."""
    from stdnum.fr import siret  # noqa: PLC0415 - its tables are read when it is asked for

    return len(number) == 14 and bool(siret.is_valid(number))


def _flow(flow: Flow) -> Iterator[Finding]:
    def amiss(element: str, words: str) -> Finding:
        return Finding(Rejects.FLOW, element, "Flux", words)

    if not POST.fullmatch(flow.post) or not flow.post.strip("0"):
        yield amiss("IdPost", "régler le code du poste comptable, six ou sept chiffres")
    if not siret_is_valid(flow.siret):
        yield amiss("IdColl", "le SIRET de l'émetteur manque, ou n'est pas valable")
    if not COLLECTIVITY.fullmatch(flow.collectivity) or flow.collectivity == "000":
        yield amiss("CodCol", "régler le code de la collectivité, trois chiffres")
    if not BUDGET.fullmatch(flow.budget):
        yield amiss("CodBud", "régler le code du budget, deux caractères")
    if not fit(flow.file_type, 32):
        yield amiss("TypFic", "régler le type de fichier")
    if not fit(flow.file_name, 100) or len(flow.file_name) > 100:
        yield amiss("NomFic", "le nom du fichier manque, ou dépasse cent caractères")
    if not fit(flow.software, 32) or not fit(flow.software_version, 38):
        yield amiss("Emetteur", "le nom du logiciel ou sa version manque")


def _slip(flow: Flow) -> Iterator[Finding]:
    where = f"Bordereau {flow.number}"

    def amiss(rejects: Rejects, element: str, words: str) -> Finding:
        return Finding(rejects, element, where, words)

    if not 0 < flow.number < 10**7 or not 0 < flow.fiscal_year < 10**4:
        yield amiss(Rejects.FLOW, "IdBord", "le numéro a un à sept chiffres, l'exercice quatre")
    if flow.kind not in ALL_KINDS:
        yield amiss(Rejects.FLOW, "TypBord", "ce type de bordereau n'existe pas à l'aller")
    if not 0 < len(flow.titles) < 10**5:
        yield amiss(Rejects.FLOW, "NbrPce", "un bordereau porte au moins un titre, moins de cent mille")
    if not 0 < flow.net_cents <= LARGEST:
        yield amiss(Rejects.FLOW, "MtBordHt", "le total hors taxes est au-dessus de zéro, quatorze chiffres au plus")
    if not 0 <= flow.vat_cents <= LARGEST:
        yield amiss(Rejects.SLIP, "MtBordTVA", "le total de TVA n'est jamais négatif")
    if flow.signed_outside and flow.kind != "06" and not 0 < flow.year_cents <= LARGEST:
        yield amiss(Rejects.SLIP, "MtCumulAnnuel", "un flux à signer dit le cumul annuel, au-dessus de zéro")
    for number, times in Counter(title.number for title in flow.titles).items():
        if times > 1:
            yield amiss(Rejects.SLIP, "IdPce", f"le titre {number} y est {times} fois")


def _title(title: Title, flow: Flow) -> Iterator[Finding]:
    where = f"Titre {title.number}"

    def amiss(element: str, words: str, rejects: Rejects = Rejects.SLIP) -> Finding:
        return Finding(rejects, element, where, words)

    if not 0 < title.number < 10**8:
        yield amiss("IdPce", "le numéro du titre a un à huit chiffres", Rejects.FLOW)
    if title.kind not in PIECE_KINDS:
        yield amiss("TypPce", "ce type de pièce n'existe pas à l'aller", Rejects.FLOW)
    if title.nature not in NATURES:
        yield amiss("NatPce", "cette nature de titre n'existe pas", Rejects.FLOW)
    if not PRODUCT.fullmatch(title.product) or not title.product.strip("0"):
        yield amiss("CodProdLoc", "régler le code produit, un à quatre caractères", Rejects.FLOW)
    if not ACCOUNT.fullmatch(title.account) or not title.account.strip("0"):
        yield amiss("Nature", "régler le compte d'imputation, des chiffres", Rejects.FLOW)
    if title.function and not FUNCTION.fullmatch(title.function):
        yield amiss("Fonction", "la fonction s'écrit en dix chiffres au plus", Rejects.FLOW)
    yield from _amounts(title, where)
    yield from _tied(title, flow, where)
    yield from _debtor(title.debtor, where)
    yield from _proofs(title, flow, where)
    number = title.invoice_number
    if number and (not INVOICE_NUMBER.fullmatch(number) or fit(number, 20) != number):
        yield amiss("NumeroFacture", "vingt lettres, chiffres, espaces ou signes - + _ / au plus", Rejects.FLOW)
    if title.edition:
        yield from _edition(title, flow, where)


def _amounts(title: Title, where: str) -> Iterator[Finding]:
    def amiss(element: str, words: str) -> Finding:
        return Finding(Rejects.SLIP, element, where, words)

    if not 0 < title.net_cents <= LARGEST:
        yield amiss("MtHT", "le montant hors taxes est au-dessus de zéro")
    if title.vat_cents is not None and not 0 < title.vat_cents <= LARGEST:
        yield amiss("MtTVA", "un montant de TVA est au-dessus de zéro, ou ne se dit pas")
    if (title.vat_cents is None) != (title.vat_rate is None):
        yield amiss("TxTva", "le taux et le montant de TVA se disent ensemble")
    if title.vat_rate is not None and not 0 < title.vat_rate < 10**5:
        yield amiss("TxTva", "le taux de TVA est au-dessus de zéro")


def _tied(title: Title, flow: Flow, where: str) -> Iterator[Finding]:
    triplet = (flow.kind, title.kind, title.nature)
    if triplet in UNWRITTEN:
        words = "ce genre de titre demande des données qui ne se saisissent pas ici"
        yield Finding(Rejects.SLIP, "NatPce", where, words)
    tied = title.reduces
    if triplet in TIED and (tied is None or tied.number <= 0 or tied.line < 1):
        yield Finding(Rejects.SLIP, "RattachPiece", where, "dire le titre d'origine, et sa ligne")
    elif tied is not None and triplet == ("02", "02", "06") and tied.fiscal_year != flow.fiscal_year:
        words = "le titre réduit est d'un autre exercice : il s'annule par un mandat, non par un titre"
        yield Finding(Rejects.SLIP, "ExerRat", where, words)
    if tied is not None and tied.number >= 10**13:
        yield Finding(Rejects.FLOW, "IdPceOrig", where, "le numéro du titre d'origine a treize chiffres au plus")


def _debtor(debtor: Party, where: str) -> Iterator[Finding]:
    def amiss(element: str, words: str, rejects: Rejects = Rejects.SLIP) -> Finding:
        return Finding(rejects, element, where, words)

    if not siret_is_valid(debtor.siret):
        yield amiss("IdTiers", "le SIRET du débiteur manque, ou n'est pas valable")
    if debtor.category not in CATEGORIES:
        yield amiss("CatTiers", "régler la catégorie de ce genre de structure")
    if debtor.legal not in LEGAL:
        yield amiss("NatJur", "régler la nature juridique de ce genre de structure")
    if not fit(debtor.name, 38):
        yield amiss("Nom", "le nom du débiteur manque")
    if not any(fit(line, 38) for line in debtor.address.lines):
        yield amiss("Adr2", "l'adresse du débiteur manque", Rejects.FLOW)
    if not POSTAL_CODE.fullmatch(debtor.address.postal_code):
        yield amiss("CP", "le code postal du débiteur a cinq chiffres")
    if not fit(debtor.address.city, 38):
        yield amiss("Ville", "la ville du débiteur manque", Rejects.FLOW)


def _proofs(title: Title, flow: Flow, where: str) -> Iterator[Finding]:
    held = {one.unique_id for one in flow.attachments}
    for proof in title.proofs:
        if not IDENTIFIER.fullmatch(proof) or not proof.strip("0"):
            yield Finding(
                Rejects.FLOW, "PJRef", where, "l'identifiant d'une pièce jointe a cinquante caractères au plus"
            )
        elif proof not in held:
            yield Finding(Rejects.FLOW, "PJRef", where, f"la pièce jointe {proof} n'est pas dans le flux")


def _edition(title: Title, flow: Flow, where: str) -> Iterator[Finding]:
    def amiss(element: str, words: str) -> Finding:
        return Finding(Rejects.SLIP, element, where, words)

    if title.kind == "15":
        yield amiss("Edition", "un titre multi-créanciers ne porte pas cet avis")
    if title.edition not in {"01", TO_CHORUS, "04"}:
        yield amiss("Edition", "ce traitement de l'avis ne vaut pas pour un titre")
    if title.edition != TO_CHORUS:
        return
    if not title.invoice_number:
        yield amiss("NumeroFacture", "un avis vers Chorus Pro porte le numéro de la facture")
    invoices = {one.unique_id for one in flow.attachments if one.kind == PES_INVOICE}
    if not invoices.intersection(title.proofs):
        yield amiss("Edition", "un avis vers Chorus Pro est joint au flux (type 006) et nommé par le titre")


def _attachments(flow: Flow) -> Iterator[Finding]:
    for number, times in Counter(one.unique_id for one in flow.attachments).items():
        if times > 1:
            yield Finding(Rejects.ATTACHMENT, "IdUnique", f"Pièce jointe {number}", f"elle y est {times} fois")
    for one in flow.attachments:
        yield from _attachment(one)


def _attachment(one: Attachment) -> Iterable[Finding]:
    where = f"Pièce jointe {one.unique_id}"

    def amiss(element: str, words: str) -> Finding:
        return Finding(Rejects.ATTACHMENT, element, where, words)

    if not IDENTIFIER.fullmatch(one.unique_id) or not one.unique_id.strip("0"):
        yield amiss("IdUnique", "l'identifiant a un à cinquante lettres ou chiffres")
    if not ATTACHED.fullmatch(fit(one.file_name, 100)):
        yield amiss("NomPJ", "le nom finit par un point et deux à quatre lettres ou chiffres")
    if one.kind not in PROOFS:
        yield amiss("TypePJ", "ce type de pièce jointe n'existe pas")
    if not one.content:
        yield amiss("Fichier", "le fichier est vide")
    if not one.media_type.strip():
        yield amiss("Fichier", "le type du fichier manque")
    if not fit(one.description, 250):
        yield amiss("Description", "la description manque")
