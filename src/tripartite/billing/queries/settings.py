"""The settings of billing on a day, and what buyers ask of invoices."""

from collections.abc import Collection
from datetime import date

from django.db.models import CharField, Q

from tripartite.billing.models import BillingSettings, BuyerRequirement
from tripartite.billing.states import Framework, Way
from tripartite.journal.seen import mark_of
from tripartite.many import Among, keys_told
from tripartite.questions import KEYS, Question

SETTINGS = "billing.settings"
"""The act by which the journal tells that the settings of an issuer changed."""
LABELS = {
    "first_billed_on": "premier jour facturé ici",
    "threshold_cents": "seuil de recouvrement",
    "threshold_source": "source du seuil",
    "payment_days": "délai de paiement",
    "prefix": "préfixe des numéros",
    "vat_position": "situation de TVA",
    "vat_number": "numéro de TVA",
    "vat_mention": "mention de TVA",
    "profile": "profil de facture",
    "way": "voie vers le comptable",
    "iban": "IBAN",
    "bic": "BIC",
    "accountant_name": "comptable assignataire",
    "accountant_address": "adresse du comptable",
    "accountant_post": "code du poste comptable",
    "collectivity_code": "code de la collectivité",
    "budget_code": "code du budget",
    "budget_name": "nom du budget",
    "revenue_account": "compte d'imputation",
    "revenue_function": "fonction",
    "officer_name": "nom de l'ordonnateur",
    "officer_capacity": "qualité de l'ordonnateur",
    "appeal_text": "voies et délais de recours",
    "appeal_source": "source des voies de recours",
    "framework": "cadre de facturation",
    "late_penalties": "pénalités de retard",
    "late_recovery": "frais de recouvrement",
    "late_discount": "escompte",
    "reminder_days": "délai entre deux relances",
    "pes_file_type": "type de fichier PES",
    "pes_signing": "signature du flux PES",
    "product_code": "code produit",
    "title_nature": "nature des titres",
    "debtor_categories": "catégories des débiteurs",
    "issuer_category": "catégorie de l'émetteur",
    "bank_reference": "numéro d'émetteur du budget",
    "collection_centre": "centre d'encaissement",
    "talon": "talon optique",
    "settlement_text": "modalités de prélèvement",
}
"""What can be set, in the words of people."""

SEVERAL_LINES = frozenset({"accountant_address", "appeal_text", "debtor_categories", "collection_centre", "talon"})
"""Those of them whose lines matter: shown, and kept, as several."""

NEEDED = ("iban", "accountant_name", "late_penalties", "late_recovery", "late_discount")
"""Without which an invoice cannot be paid, or lacks what it must say."""


def settings_on(issuer: str, on: date) -> BillingSettings | None:
    """The settings of an issuer on a day; None before the first ones. One query."""
    return BillingSettings.objects.filter(issuer=issuer, applies_on__lte=on).last()


def settings_lacks(found: BillingSettings) -> list[str]:
    """What the settings of an issuer leave blank, or say against one another, in French: what would keep invoices from
    being paid, or taken.
    """
    blank = [LABELS[name] for name in NEEDED if not getattr(found, name).strip()]
    lacks = [f"à régler : {', '.join(blank)}"] if blank else []
    if found.framework != Framework.A1 and found.way in (Way.CHORUS, Way.PES_ASAP):
        lacks.append(f"cadre de facturation {found.framework}, que Chorus Pro ne prend pas")
    return lacks


def settings_history(issuer: str) -> list[BillingSettings]:
    """All the settings of an issuer, in the order of the days from which they apply."""
    return list(BillingSettings.objects.filter(issuer=issuer))


def settings_value(found: BillingSettings | None) -> dict[str, object]:
    """The settings by name; none where nothing is set."""
    return {} if found is None else {name: getattr(found, name) for name in LABELS}


def settings_mark(issuer: str, on: date) -> str:
    """What the form that changes them was made on."""
    return mark_of("issuer", issuer, settings_value(settings_on(issuer, on)))


REQUIREMENTS = Question[BuyerRequirement](
    lambda bodies, issuer: BuyerRequirement.objects.filter(
        Q(issuer="") | Q(issuer=issuer), Among("body", bodies)
    ).order_by("recorded_at", "pk"),
    KEYS,
    CharField(),
)


def requirements_of(body_ids: Collection[int], issuer: str) -> dict[int, BuyerRequirement]:
    """What each body asks of the invoices of an issuer: what it said for that one, else what it said for all. One
    query; a body that asks nothing is left out.
    """
    found: dict[int, BuyerRequirement] = {}
    for row in REQUIREMENTS.ask(keys_told(body_ids), issuer):
        known = found.get(row.body_id)
        if known is None or row.issuer or not known.issuer:
            found[row.body_id] = row
    return found


def requirement_history(body_id: int, issuer: str) -> list[BuyerRequirement]:
    """All that a body said of the invoices of an issuer, or of all, the latest first: one query."""
    return list(BuyerRequirement.objects.filter(body=body_id, issuer__in=("", issuer)).order_by("-recorded_at", "-pk"))
