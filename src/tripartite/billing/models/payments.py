"""What pays invoices, and what reminds of them. Amounts are integer cents."""

from django.db import models
from django.db.models import F, Q


class Payment(models.Model):
    """Money received for an issuer; below zero, money paid back. What its shares leave is not matched yet.

    `reference` is what the accountant or the bank writes, `payer` who paid in their words, `source` the file it was
    read from (its digest and line make a file read twice harmless: `source_key`). `shared_cents` is the sum of shares,
    and of what was paid back of what no invoice has.
    """

    issuer = models.CharField(max_length=40)
    received_on = models.DateField()
    amount_cents = models.BigIntegerField()
    shared_cents = models.BigIntegerField(default=0)
    payer = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300, blank=True)
    source_key = models.CharField(max_length=120, null=True)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("received_on", "id")
        indexes = (models.Index(fields=("issuer", "received_on"), name="payment_issuer_day"),)
        constraints = (
            models.CheckConstraint(condition=~Q(amount_cents=0), name="payment_of_something"),
            models.UniqueConstraint(fields=("issuer", "source_key"), name="payment_read_once"),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0, shared_cents__gte=0, shared_cents__lte=F("amount_cents"))
                | Q(amount_cents__lt=0, shared_cents__lte=0, shared_cents__gte=F("amount_cents")),
                name="payment_shared_within",
            ),
        )

    def __str__(self) -> str:
        return f"{self.received_on:%d/%m/%Y}, {self.amount_cents}"

    @property
    def unmatched_cents(self) -> int:
        """What is not shared between invoices, nor paid back, yet."""
        return self.amount_cents - self.shared_cents


class PaymentShare(models.Model):
    """What a payment brings to an invoice; one of the other sign, later, takes it off again (`undoes`)."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="shares")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="payment_shares")
    amount_cents = models.BigIntegerField()
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(amount_cents=0), name="payment_share_of_something"),)

    def __str__(self) -> str:
        return f"{self.payment} → {self.invoice}"


class PayingBack(models.Model):
    """That money kept aside of a payment was paid back, by another payment, below zero. Never changed."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="paid_back")
    by = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="pays_back")
    reason = models.TextField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="paying_back_has_reason"),)

    def __str__(self) -> str:
        return f"{self.payment} → {self.by}"


class Reminder(models.Model):
    """That an invoice was reminded of: the first time, the second… `owed_cents` is what was then owed, `document` the
    letter that says so, with the other invoices of its body; `by_post` where nobody could be written to.
    """

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="reminders")
    rank = models.PositiveSmallIntegerField()
    reminded_on = models.DateField()
    owed_cents = models.BigIntegerField()
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    by_post = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("invoice", "rank")
        constraints = (
            models.UniqueConstraint(fields=("invoice", "rank"), name="reminder_once"),
            models.CheckConstraint(condition=Q(owed_cents__gt=0, rank__gte=1), name="reminder_of_something"),
        )

    def __str__(self) -> str:
        return f"{self.invoice}, relance {self.rank}"
