"""What an invoice lacks before it can be issued, by the rules of its data and of their deposit, told to an agent."""

import re
from collections.abc import Iterator
from datetime import date

from stdnum import iban as iban_numbers

from tripartite.billing.printout.business_terms import buyer_terms, seller_terms
from tripartite.billing.printout.paper import InvoicePaper
from tripartite.billing.printout.parts import PaperKind, VatCategory
from tripartite.pricing.naming import complement

NUMBER = re.compile(r"[A-Za-z0-9+\-_/]{1,20}")
"""BR-FR-02; Chorus Pro takes twenty characters, the standard of the French reform thirty-five (BR-FR-01)."""
SIREN, SIRET = re.compile(r"[0-9]{9}"), re.compile(r"[0-9]{14}")
BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?")
VAT_NUMBER = re.compile(r"FR[0-9A-Z]{2}[0-9]{9}")
LONGEST = {"service_code": 100, "engagement": 50, "contract": 50}
"""Of what Chorus Pro takes (schema PES Recette Aller: CodeService, NumeroEngagement, NumeroMarche)."""
REFERENCES = {
    "service_code": "Le code service",
    "engagement": "Le numéro d'engagement",
    "contract": "Le numéro du marché ou de la convention",
}
FRAMEWORK = re.compile(r"[A-Z][0-9]{1,2}")
"""BT-23: A1 to A25 for Chorus Pro, B, S or M and a figure for an approved platform."""
YEARS = range(2000, 2100)
"""BR-FR-03."""


class InvoiceLacksError(ValueError):
    """An invoice was to be issued with something lacking; its sentences say what."""


def what_lacks(paper: InvoicePaper) -> list[str]:
    """What stands in the way of issuing a paper, a sentence each, its number apart; nothing where it can be."""
    return [*_parties(paper), *_amounts(paper), *_days(paper), *_said(paper), *_payment(paper), *_public_order(paper)]


def check_issued(paper: InvoicePaper) -> None:
    """Raises InvoiceLacksError where a paper has no number, or lacks something."""
    lacks = what_lacks(paper)
    if paper.number is None or not NUMBER.fullmatch(paper.number):
        lacks.append(f"Numéro impossible : « {paper.number or ''} » ; au plus vingt lettres, chiffres, tirets.")
    if lacks:
        raise InvoiceLacksError(" ".join(lacks))


def _parties(paper: InvoicePaper) -> Iterator[str]:
    seller, buyer = seller_terms(paper), buyer_terms(paper)
    who = seller.trading_name or seller.name
    if not SIRET.fullmatch(seller.siret):
        yield f"Le SIRET {complement(who)} manque."
    if not (seller.address.city and seller.address.postal_code):
        yield f"Le code postal et la ville {complement(who)} manquent à son adresse."
    if paper.vat.category is VatCategory.STANDARD and not seller.vat_number:
        yield f"Le numéro de TVA {complement(who)} manque."
    elif seller.vat_number and not VAT_NUMBER.fullmatch(seller.vat_number):
        yield f"Le numéro de TVA {complement(who)} n'est pas un numéro français : « {seller.vat_number} »."
    if not buyer.name.strip():
        yield "Le nom du destinataire manque."
    if not SIREN.fullmatch(buyer.siren):
        yield f"Le SIREN manque : {buyer.name}."
    if buyer.siret and not (SIRET.fullmatch(buyer.siret) and buyer.siret.startswith(buyer.siren)):
        yield f"Le SIRET n'est pas de son SIREN : {buyer.name}, « {buyer.siret} »."


def _amounts(paper: InvoicePaper) -> Iterator[str]:
    if not paper.lines:
        yield "Aucune ligne : rien n'est à facturer."
        return
    if paper.totals.due < 0 and paper.kind is PaperKind.INVOICE:
        yield "Le total est négatif : c'est un avoir qui est à établir."
    if paper.totals.due < 0 and paper.kind is PaperKind.CREDIT_NOTE:
        yield "Le total est négatif : un avoir retire une somme, il n'en ajoute pas."
    for line in paper.lines:
        if not line.name.strip():
            yield f"Une ligne n'a pas de désignation ({line.service})."
        if line.basis not in ("TTC", "HT"):
            yield f"{line.name} : « {line.basis} » n'est ni TTC ni HT."


def _days(paper: InvoicePaper) -> Iterator[str]:
    if paper.due_on < paper.issued_on:
        yield "L'échéance précède le jour de la facture."
    said: list[date] = [paper.issued_on, paper.due_on, *(one.issued_on for one in paper.preceding)]
    for line in paper.lines:
        said += [line.since, line.until]
        if line.until < line.since:
            yield f"{line.name} : la période finit avant de commencer."
    for day in sorted({day for day in said if day.year not in YEARS}):
        yield f"Une date est hors de ce que la norme accepte : {day:%d/%m/%Y}."


def _said(paper: InvoicePaper) -> Iterator[str]:
    if paper.kind is PaperKind.CREDIT_NOTE and not paper.preceding:
        yield "La facture dont cet avoir vient en déduction manque."
    for before in paper.preceding:
        if not NUMBER.fullmatch(before.number):
            yield f"Numéro de facture impossible : « {before.number} »."
    if not FRAMEWORK.fullmatch(paper.framework):
        yield f"Le cadre de facturation n'en est pas un : « {paper.framework} »."
    for name, label in REFERENCES.items():
        if len(getattr(paper.references, name)) > LONGEST[name]:
            yield f"{label} compte plus de {LONGEST[name]} caractères."
    if paper.vat.category is VatCategory.EXEMPT and not (paper.vat.mention or "").strip():
        yield "La mention qui dit pourquoi la TVA n'est pas due manque."


def _payment(paper: InvoicePaper) -> Iterator[str]:
    for text, label in (
        (paper.terms.penalties, "les pénalités de retard"),
        (paper.terms.recovery, "les frais de recouvrement"),
        (paper.terms.discount, "l'escompte ou son absence"),
    ):
        if not text.strip():
            yield f"La mention sur {label} manque."
    if paper.payment.iban and not iban_numbers.is_valid(paper.payment.iban):
        yield f"L'IBAN du comptable n'est pas valable : « {paper.payment.iban} »."
    if paper.payment.bic and not BIC.fullmatch(paper.payment.bic):
        yield f"Le BIC du comptable n'est pas valable : « {paper.payment.bic} »."


def _public_order(paper: InvoicePaper) -> Iterator[str]:
    """What a public creditor owes to the debtor (CGCT, L. 1617-5; CRPA, L. 212-1)."""
    order = paper.revenue_order
    if order is None:
        return
    for text, label in (
        (order.number, "Le numéro du titre de recettes"),
        (order.enforceable, "La formule exécutoire"),
        (order.signatory, "Le nom de l'ordonnateur"),
        (order.capacity, "La qualité de l'ordonnateur"),
        (order.accountant, "Le comptable chargé du recouvrement"),
        ("".join(order.appeal), "La mention des voies et délais de recours"),
    ):
        if not text.strip():
            yield f"{label} manque à l'avis des sommes à payer."
