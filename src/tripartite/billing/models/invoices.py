"""Runs, invoices and credit notes. Amounts are integer cents; days are inclusive."""

from django.db import models
from django.db.models import F, Q

from tripartite.billing.states import INVOICE_LABELS, InvoiceState


class BillingRun(models.Model):
    """What somebody asked to bill: for an issuer, all that is due until a day and not billed yet.

    `frequencies` are the kinds of charge, `units` the invoices chosen (`body:12`, `convention:7`): empty, all of them.
    `job` does it, one invoice a unit; its outcomes say what was issued, what waits, and why.
    """

    issuer = models.CharField(max_length=40)
    until = models.DateField()
    issued_on = models.DateField()
    frequencies = models.JSONField(default=list, blank=True)
    units = models.JSONField(default=list, blank=True)
    job = models.OneToOneField("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("issuer", "created_at"), name="billing_run_issuer"),)

    def __str__(self) -> str:
        return f"{self.issuer}, jusqu'au {self.until:%d/%m/%Y}"


class Invoice(models.Model):
    """An invoice: what it says is in its paper and its lines, which never change; what becomes of it is here.

    `number` is as printed, `rank` its place in the series of the issuer and `fiscal_year`. `body` is who is billed,
    `convention` where the grid bills each convention apart. `since` and `until` hold all that its lines pay.
    What is to pay, `gross_cents`, is the sum of what was voted: `rounding_cents` is what VAT computed once on the HT is
    off by (BT-114). `credited_cents` is what credit notes have taken back, `paid_cents` what payments bring, less what
    was paid back: `owed_cents` is what is left, below zero where something is to be paid back.
    """

    issuer = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    fiscal_year = models.PositiveSmallIntegerField()
    rank = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=list(INVOICE_LABELS.items()), default=InvoiceState.ISSUED)
    body = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey("conventions.Convention", on_delete=models.PROTECT, null=True, related_name="+")
    run = models.ForeignKey(BillingRun, on_delete=models.PROTECT, null=True, related_name="invoices")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replacements")
    issued_on = models.DateField()
    due_on = models.DateField()
    since = models.DateField()
    until = models.DateField()
    net_cents = models.BigIntegerField()
    vat_cents = models.BigIntegerField()
    rounding_cents = models.SmallIntegerField(default=0)
    gross_cents = models.BigIntegerField()
    credited_cents = models.BigIntegerField(default=0)
    paid_cents = models.BigIntegerField(default=0)
    buyer_name = models.CharField(max_length=200)
    buyer_siret = models.CharField(max_length=14, blank=True)
    service_code = models.CharField(max_length=100, blank=True)
    engagement_number = models.CharField(max_length=50, blank=True)
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("issuer", "fiscal_year", "rank")
        indexes = (
            models.Index(fields=("body", "issuer"), name="invoice_body"),
            models.Index(fields=("issuer", "due_on"), name="invoice_due"),
        )
        constraints = (
            models.UniqueConstraint(fields=("issuer", "number"), name="invoice_number_once"),
            models.UniqueConstraint(fields=("issuer", "fiscal_year", "rank"), name="invoice_rank_once"),
            models.CheckConstraint(condition=Q(gross_cents__gt=0), name="invoice_asks_something"),
            models.CheckConstraint(
                condition=Q(gross_cents=F("net_cents") + F("vat_cents") + F("rounding_cents")), name="invoice_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(credited_cents__gte=0, credited_cents__lte=F("gross_cents")), name="invoice_credited_within"
            ),
            models.CheckConstraint(
                condition=Q(state="issued", credited_cents__lt=F("gross_cents"))
                | Q(state="credited", credited_cents=F("gross_cents")),
                name="invoice_credited_in_full",
            ),
            models.CheckConstraint(condition=Q(paid_cents__gte=0), name="invoice_paid_not_negative"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> str:
        return INVOICE_LABELS[InvoiceState(self.state)]

    @property
    def left_cents(self) -> int:
        """What credit notes have left of it: no credit may be higher."""
        return self.gross_cents - self.credited_cents

    @property
    def owed_cents(self) -> int:
        """What is still to be paid; below zero, what is to be paid back."""
        return self.left_cents - self.paid_cents


class CreditNote(models.Model):
    """What takes back all or part of an invoice, and why: its amounts are above zero. Never changed."""

    issuer = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    fiscal_year = models.PositiveSmallIntegerField()
    rank = models.PositiveIntegerField()
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")
    run = models.ForeignKey(BillingRun, on_delete=models.PROTECT, null=True, related_name="credit_notes")
    issued_on = models.DateField()
    reason = models.TextField()
    net_cents = models.BigIntegerField()
    vat_cents = models.BigIntegerField()
    rounding_cents = models.SmallIntegerField(default=0)
    gross_cents = models.BigIntegerField()
    document = models.OneToOneField("documents.Document", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("issuer", "fiscal_year", "rank")
        constraints = (
            models.UniqueConstraint(fields=("issuer", "number"), name="credit_note_number_once"),
            models.UniqueConstraint(fields=("issuer", "fiscal_year", "rank"), name="credit_note_rank_once"),
            models.CheckConstraint(condition=Q(gross_cents__gt=0), name="credit_note_gives_something"),
            models.CheckConstraint(
                condition=Q(gross_cents=F("net_cents") + F("vat_cents") + F("rounding_cents")),
                name="credit_note_adds_up",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="credit_note_has_reason"),
        )

    def __str__(self) -> str:
        return self.number


class BilledLine(models.Model):
    """A line of an invoice or of a credit note, as printed. Never changed.

    `amount_cents` is on the `basis` that was voted, signed as it counts there: on a credit note, above zero is given
    back. `net_cents` is its HT; `vat_rate` is in hundredths of a
    percent (2000 = 20 %), None where there is no VAT. `corrects` is the line that a credit note takes back.
    """

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, null=True, related_name="lines")
    credit_note = models.ForeignKey(CreditNote, on_delete=models.PROTECT, null=True, related_name="lines")
    position = models.PositiveSmallIntegerField()
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    service = models.CharField(max_length=100)
    service_name = models.CharField(max_length=300)
    charge = models.CharField(max_length=100)
    charge_name = models.CharField(max_length=300)
    frequency = models.CharField(max_length=10)
    kind = models.CharField(max_length=12)
    quantity = models.CharField(max_length=40)
    fell_due_on = models.DateField()
    since = models.DateField()
    until = models.DateField()
    amount_cents = models.BigIntegerField()
    basis = models.CharField(max_length=3, choices=[("TTC", "TTC"), ("HT", "HT")])
    net_cents = models.BigIntegerField()
    vat_rate = models.PositiveSmallIntegerField(null=True)
    explanation = models.TextField()
    grid = models.CharField(max_length=200, blank=True)
    citation = models.TextField(blank=True)
    quotes = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("invoice", "position"), name="invoice_line_position_once"),
            models.UniqueConstraint(fields=("credit_note", "position"), name="credit_line_position_once"),
            models.CheckConstraint(
                condition=Q(invoice__isnull=True, credit_note__isnull=False)
                | Q(invoice__isnull=False, credit_note__isnull=True),
                name="billed_line_of_one_paper",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service} › {self.charge}"


class BilledItem(models.Model):
    """That something which fell due (`DueItem.key`) is billed, by which line: once, as the database checks.

    `digest` is the sha256 of the key, which names every lot and may be long. `credited_by` is the credit note that took
    its whole invoice back and let it be billed again.
    """

    key = models.TextField()
    digest = models.CharField(max_length=64)
    line = models.OneToOneField(BilledLine, on_delete=models.PROTECT, related_name="item")
    credited_by = models.ForeignKey(CreditNote, on_delete=models.PROTECT, null=True, related_name="released")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("digest",), condition=Q(credited_by__isnull=True), name="billed_item_once"),
        )

    def __str__(self) -> str:
        return self.key
