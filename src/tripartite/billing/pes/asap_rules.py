"""What makes an *avis des sommes à payer* be rejected (PES_Facture, TypeFact 09), by its schema's documentation."""

import re
from collections.abc import Iterator

from tripartite.billing.pes.asap import MOST_LINES, Notice
from tripartite.billing.pes.rules import LARGEST, POSTAL_CODE, Finding, Rejects, siret_is_valid
from tripartite.billing.pes.texts import fit
from tripartite.billing.printout.parts import PostalAddress

REFERENCE = re.compile(r"[0-9A-Za-z]{1,13}")
BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?")
TALON = re.compile(r"[0-9A-Z ]{1,60}")
LONGEST_APPEAL = 420


def notice_findings(notice: Notice) -> list[Finding]:
    """All that would make the notice of an order be rejected."""
    where = f"Avis du titre {notice.title}"
    return [Finding(Rejects.ATTACHMENT, element, where, words, notice.title) for element, words in _amiss(notice)]


def _amiss(notice: Notice) -> Iterator[tuple[str, str]]:
    yield from _place("Emetteur", notice.issuer.address, "de l'émetteur")
    yield from _place("Tiers 26", notice.accountant_address, "du comptable")
    yield from _place("Debiteur", notice.debtor.address, "du débiteur")
    if not POSTAL_CODE.fullmatch(notice.centre.postal_code) or not fit(notice.centre.city, 38):
        yield "Tiers 25", "régler le code postal et la ville du centre d'encaissement"
    if not fit(notice.accountant, 38):
        yield "Tiers 26", "régler le nom du comptable"
    if not _iban_is_valid(notice.iban):
        yield "IBAN", "régler l'IBAN du comptable"
    if notice.bic and not BIC.fullmatch(notice.bic):
        yield "BIC", "le BIC du comptable a huit ou onze capitales et chiffres"
    if not siret_is_valid(notice.debtor.siret):
        yield "IdTiers", "le SIRET du débiteur manque, ou n'est pas valable"
    if not REFERENCE.fullmatch(notice.reference) or not notice.reference.strip("0"):
        yield "RefBdf", "régler le numéro d'émetteur du budget, treize lettres ou chiffres au plus"
    yield from _said(notice)
    yield from _lines(notice)


def _said(notice: Notice) -> Iterator[tuple[str, str]]:
    if not (fit(notice.signatory, 38) and fit(notice.signatory_given, 38) and fit(notice.capacity, 50)):
        yield "Signataire", "régler le prénom, le nom et la qualité de l'ordonnateur"
    if not all(TALON.fullmatch(line) and line.strip() for line in notice.talon):
        yield "TalonOptique2Lignes", "régler les deux lignes du talon optique, capitales, chiffres et espaces"
    if not fit(notice.settlement, 250):
        yield "ModalitesReglement", "régler les modalités de prélèvement"
    if len(" ".join(notice.appeal.split())) > LONGEST_APPEAL:
        yield (
            "ModalitesContestation",
            f"les voies de recours dépassent {LONGEST_APPEAL} caractères : elles seraient coupées",
        )
    if not (fit(notice.subject, 160) and fit(notice.invoice_number, 50)):
        yield "FactureIndiv", "l'objet ou le numéro de la facture manque"


def _place(element: str, address: PostalAddress, whose: str) -> Iterator[tuple[str, str]]:
    said = any(fit(line, 38) for line in address.lines) and fit(address.city, 38)
    if not said or not POSTAL_CODE.fullmatch(address.postal_code):
        yield element, f"l'adresse {whose} a une voie, un code postal et une ville"


def _lines(notice: Notice) -> Iterator[tuple[str, str]]:
    if not 0 < len(notice.lines) <= MOST_LINES:
        yield "LigneFacture", f"l'avis a une à {MOST_LINES} lignes"
    for line in notice.lines:
        if not (0 < line.net_cents <= LARGEST and 0 <= line.vat_cents <= LARGEST):
            yield "MtHT", "chaque ligne de l'avis est au-dessus de zéro"
        if not fit(line.label, 200):
            yield "Libelle", "une ligne de l'avis n'a pas de libellé"
        if line.since > line.until:
            yield "DateDebut", "une ligne de l'avis finit avant de commencer"
    if notice.net_cents + notice.vat_cents <= 0:
        yield "MtTotalTTC", "le total de l'avis est au-dessus de zéro"


def _iban_is_valid(text: str) -> bool:
    from stdnum import iban  # noqa: PLC0415 - its tables are read when it is asked for

    return bool(text) and bool(iban.is_valid(text))
