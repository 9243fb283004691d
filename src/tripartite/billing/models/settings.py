"""How an issuer bills, and what a buyer asks of its invoices: dated rows, added, never changed."""

from django.db import models
from django.db.models import Q

from tripartite.billing.states import (
    FRAMEWORK_LABELS,
    PROFILE_LABELS,
    SIGNING_LABELS,
    VAT_LABELS,
    WAY_LABELS,
    Framework,
    Profile,
    Signing,
    VatPosition,
    Way,
)

SETTLEMENT = "Démarche non prévue par la collectivité"
"""What a notice says of standing orders where nothing is set: the example of the schema's own documentation."""
PENALTIES = (
    "Tout retard fait courir de plein droit des intérêts moratoires, au taux de la Banque centrale européenne"
    " majoré de huit points (articles L. 2192-13 et R. 2192-31 du code de la commande publique)."
)
RECOVERY = (
    "Indemnité forfaitaire pour frais de recouvrement : 40 euros (article D. 2192-35 du code de la commande publique)."
)
DISCOUNT = "Aucun escompte n'est accordé pour paiement anticipé."
REMINDER_DAYS = 15


class BillingSettings(models.Model):
    """All the settings of an issuer from `applies_on` on: on a day, the row of the latest such day, the last recorded
    of that day. Rows are added, never changed.

    `threshold_cents` is the amount under which a public body may not collect, `threshold_source` the text that says so.
    `prefix` heads the numbers of invoices and credit notes. What fell due before `first_billed_on` was billed
    elsewhere, and is never billed here. `officer_…` is who orders revenue; `accountant_…` the public accountant, with
    the account (`iban`, `bic`) to pay on and the code of its post; `appeal_…` the ways and time limits of appeal that
    an *avis des sommes à payer* must say, and their source. What is not known is empty.
    `reminder_days` go by, at the least, between two reminders of an invoice; `late_…` are the sentences on late payment
    that every invoice must say (penalties, lump sum, discount), and `framework` its cadre de facturation (BT-23).

    The last ones are said in the flows to the accountant alone (`pes`): `product_code` (CodProdLoc), `title_nature`
    (NatPce), `debtor_categories` and `issuer_category` (CatTiers/NatJur), `bank_reference` (RefBdf), an address
    (`collection_centre`), `talon` (the two lines of the optical slip, its words between braces), `settlement_text`.
    """

    issuer = models.CharField(max_length=40)
    applies_on = models.DateField()
    first_billed_on = models.DateField()
    threshold_cents = models.BigIntegerField()
    threshold_source = models.CharField(max_length=300)
    payment_days = models.PositiveSmallIntegerField()
    prefix = models.CharField(max_length=20)
    vat_position = models.CharField(max_length=12, choices=list(VAT_LABELS.items()), default=VatPosition.OUT_OF_SCOPE)
    vat_number = models.CharField(max_length=20, blank=True)
    vat_mention = models.CharField(max_length=300, blank=True)
    profile = models.CharField(max_length=10, choices=list(PROFILE_LABELS.items()), default=Profile.EN16931)
    way = models.CharField(max_length=10, choices=list(WAY_LABELS.items()), default=Way.PES_ASAP)
    iban = models.CharField(max_length=34, blank=True)
    bic = models.CharField(max_length=11, blank=True)
    accountant_name = models.CharField(max_length=200, blank=True)
    accountant_address = models.TextField(blank=True)
    accountant_post = models.CharField(max_length=7, blank=True)
    collectivity_code = models.CharField(max_length=10, blank=True)
    budget_code = models.CharField(max_length=10, default="00")
    budget_name = models.CharField(max_length=200, blank=True)
    revenue_account = models.CharField(max_length=20, blank=True)
    revenue_function = models.CharField(max_length=20, blank=True)
    officer_name = models.CharField(max_length=200, blank=True)
    officer_capacity = models.CharField(max_length=200, blank=True)
    appeal_text = models.TextField(blank=True)
    appeal_source = models.CharField(max_length=300, blank=True)
    pes_file_type = models.CharField(max_length=32, default="PESALR1")
    pes_signing = models.CharField(max_length=8, choices=list(SIGNING_LABELS.items()), default=Signing.UNSIGNED)
    product_code = models.CharField(max_length=4, blank=True)
    title_nature = models.CharField(max_length=2, default="01")
    debtor_categories = models.TextField(blank=True)
    issuer_category = models.CharField(max_length=5, default="29/09")
    bank_reference = models.CharField(max_length=13, blank=True)
    collection_centre = models.TextField(blank=True)
    talon = models.TextField(blank=True)
    settlement_text = models.CharField(max_length=250, default=SETTLEMENT)
    framework = models.CharField(max_length=2, choices=list(FRAMEWORK_LABELS.items()), default=Framework.A1)
    reminder_days = models.PositiveSmallIntegerField(default=REMINDER_DAYS)
    late_penalties = models.TextField(default=PENALTIES)
    late_recovery = models.TextField(default=RECOVERY)
    late_discount = models.TextField(default=DISCOUNT)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("issuer", "applies_on", "recorded_at", "id")
        indexes = (models.Index(fields=("issuer", "applies_on"), name="billing_settings_day"),)
        constraints = (
            models.CheckConstraint(condition=Q(threshold_cents__gte=0), name="billing_threshold_not_negative"),
            models.CheckConstraint(condition=Q(payment_days__range=(1, 365)), name="billing_payment_days"),
            models.CheckConstraint(condition=~Q(prefix=""), name="billing_prefix"),
            models.CheckConstraint(condition=Q(reminder_days__range=(1, 365)), name="billing_reminder_days"),
        )

    def __str__(self) -> str:
        return f"{self.issuer}, {self.applies_on:%d/%m/%Y}"


class BuyerRequirement(models.Model):
    """What a body asks of the invoices of an issuer (`issuer` empty: of all), for Chorus Pro: the last row counts.

    A code may be known without being required. Rows are added, never changed.
    """

    body = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    issuer = models.CharField(max_length=40, blank=True)
    service_required = models.BooleanField(default=False)
    service_code = models.CharField(max_length=100, blank=True)
    engagement_required = models.BooleanField(default=False)
    engagement_number = models.CharField(max_length=50, blank=True)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")
        indexes = (models.Index(fields=("body", "issuer"), name="buyer_requirement_of"),)

    def __str__(self) -> str:
        return f"{self.body}, {self.issuer}"
