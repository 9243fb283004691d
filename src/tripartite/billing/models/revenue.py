"""Revenue orders (titres de recettes) and their slips (bordereaux): numbered per budget and fiscal year, no gap."""

from django.db import models
from django.db.models import Q

from tripartite.billing.states import SLIP_LABELS, SlipKind


class RevenueSlip(models.Model):
    """A slip of orders of one kind, handed to the accountant together; each kind has its numbers. `by_table`: in a
    table, which another program takes; no flow is then written.
    """

    issuer = models.CharField(max_length=40)
    budget = models.CharField(max_length=10)
    fiscal_year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=list(SLIP_LABELS.items()), default=SlipKind.ORDINARY)
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)
    by_table = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering = ("issuer", "budget", "fiscal_year", "kind", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("issuer", "budget", "fiscal_year", "kind", "number"), name="revenue_slip_once"
            ),
        )

    def __str__(self) -> str:
        return f"bordereau {self.number}/{self.fiscal_year}"

    @property
    def kind_label(self) -> str:
        return SLIP_LABELS[SlipKind(self.kind)]


class RevenueOrder(models.Model):
    """An order to collect an invoice, or to reduce what was ordered by a credit note. Never changed.

    `reduces` is the order that a reduction bears on; `account` and `function` are where the revenue is entered.
    """

    slip = models.ForeignKey(RevenueSlip, on_delete=models.PROTECT, related_name="orders")
    issuer = models.CharField(max_length=40)
    budget = models.CharField(max_length=10)
    fiscal_year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    invoice = models.OneToOneField("billing.Invoice", on_delete=models.PROTECT, null=True, related_name="revenue_order")
    credit_note = models.OneToOneField(
        "billing.CreditNote", on_delete=models.PROTECT, null=True, related_name="revenue_order"
    )
    reduces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reductions")
    amount_cents = models.BigIntegerField()
    account = models.CharField(max_length=20, blank=True)
    function = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("issuer", "budget", "fiscal_year", "number")
        constraints = (
            models.UniqueConstraint(fields=("issuer", "budget", "fiscal_year", "number"), name="revenue_order_once"),
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, credit_note__isnull=True, reduces__isnull=True)
                | Q(invoice__isnull=True, credit_note__isnull=False, reduces__isnull=False),
                name="revenue_order_of_one_paper",
            ),
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="revenue_order_of_something"),
        )

    def __str__(self) -> str:
        return f"titre {self.number}/{self.fiscal_year}"
