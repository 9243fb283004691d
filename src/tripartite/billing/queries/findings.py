"""What is amiss with an invoice to come, in words: read before anything is numbered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tripartite.billing.models import BuyerRequirement
from tripartite.billing.queries.comparing import far_from, reasons, total_of
from tripartite.billing.states import ANOMALY_LABELS, BLOCKING, Anomaly, Way
from tripartite.parties.addresses import place_of
from tripartite.pricing.money import euros
from tripartite.pricing.naming import complement
from tripartite.subscriptions.queries.due_items import DueItem


@dataclass(frozen=True, slots=True)
class Finding:
    """One anomaly, and what to do about it, in French."""

    anomaly: Anomaly
    words: str

    @property
    def label(self) -> str:
        return ANOMALY_LABELS[self.anomaly]

    @property
    def blocks(self) -> bool:
        return self.anomaly in BLOCKING


class Billed(Protocol):
    """What is asked of a body: its names and numbers, its last day, the lines of its address."""

    @property
    def name(self) -> str: ...
    @property
    def siret(self) -> str | None: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def address(self) -> Sequence[str]: ...


def findings_of(
    *,
    lacks: str,
    body: Billed,
    way: Way,
    former: Sequence[str],
    requirement: BuyerRequirement | None,
    items: Sequence[DueItem],
    unpriced: Sequence[DueItem],
    taxed: bool,
    gross_cents: int,
    threshold_cents: int,
    before: Sequence[DueItem],
    on: date,
) -> Iterator[Finding]:
    """Everything amiss, what blocks first."""
    if lacks:
        yield Finding(Anomaly.ISSUER_LACKS, lacks)
    yield from _about_body(body, former, on)
    if way is not Way.CHORUS:
        yield from _address(body)
    yield from _required(requirement)
    if not taxed:
        words = f"Les tarifs ne disent pas, ou pas d'une voix, la TVA de l'émetteur au {on:%d/%m/%Y}."
        yield Finding(Anomaly.NO_VAT, words)
    for item in unpriced:
        why = f"{item.service_name}, {item.charge_name} : {item.explanation}"
        yield Finding(Anomaly.UNPRICED, f"{why}. La ligne attend son prix, les autres sont facturées.")
    if gross_cents < 0:
        words = f"{euros(-gross_cents)} sont à rendre, qu'aucune facture d'ici ne porte plus."
        yield Finding(Anomaly.NOTHING_TO_CREDIT, f"{words} Ils viendront en moins de la prochaine facture.")
    elif items and gross_cents == 0:
        words = "Ce qui est dû et ce qui est rendu se compensent : rien n'est à payer, les lignes rejoignent la facture"
        yield Finding(Anomaly.BELOW_THRESHOLD, f"{words} suivante.")
    elif items and gross_cents < max(threshold_cents, 1):
        words = f"{euros(gross_cents)} : sous le seuil de {euros(threshold_cents)}, le montant attend et rejoint le"
        yield Finding(Anomaly.BELOW_THRESHOLD, f"{words} suivant.")
    if far_from(before, items):
        why = " ; ".join(reasons(before, items)) or "aucune raison trouvée"
        amounts = f"{euros(total_of(before))} l'an dernier, {euros(total_of(items))} cette année"
        yield Finding(Anomaly.FAR_FROM_LAST_YEAR, f"{amounts} : {why}.")


def _about_body(body: Billed, former: Sequence[str], on: date) -> Iterator[Finding]:
    if body.ended_on is not None and body.ended_on < on:
        words = f"{body.name} n'existe plus depuis le {body.ended_on:%d/%m/%Y}, et rien ne dit qui la reprend :"
        yield Finding(Anomaly.BODY_ENDED, f"{words} noter la structure qui la remplace.")
    if not body.siret:
        yield Finding(Anomaly.NO_SIRET, f"Le SIRET {complement(body.name)} manque : le compléter dans l'annuaire.")
    if former:
        yield Finding(Anomaly.BODY_MERGED, f"{body.name} est facturée pour {', '.join(former)}, qu'elle a reprise.")


def _address(body: Billed) -> Iterator[Finding]:
    """What would have a PES flow rejected (Debiteur: Adr2, CP, Ville), once the invoice has its number."""
    place = place_of(body.address)
    missing = [
        words
        for words, said in (("voie", place.lines), ("code postal", place.postal_code), ("ville", place.city))
        if not said
    ]
    if missing:
        words = f"L'adresse {complement(body.name)} n'a pas de {', de '.join(missing)} :"
        words = f"{words} le flux vers le comptable serait rejeté."
        yield Finding(Anomaly.NO_ADDRESS, f"{words} La compléter dans l'annuaire.")


def _required(requirement: BuyerRequirement | None) -> Iterator[Finding]:
    if requirement is None:
        return
    if requirement.service_required and not requirement.service_code:
        yield Finding(Anomaly.NO_SERVICE_CODE, "Chorus Pro exige un code service : le demander, puis le noter.")
    if requirement.engagement_required and not requirement.engagement_number:
        yield Finding(Anomaly.NO_ENGAGEMENT, "Chorus Pro exige un numéro d'engagement : le demander, puis le noter.")
