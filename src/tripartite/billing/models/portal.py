"""What Chorus Pro says of invoices: dated facts, added, never changed."""

from django.db import models

from tripartite.billing.states import PORTAL_LABELS, portal_label


class PortalFact(models.Model):
    """What the portal said of an invoice on a day, in its own `words`, and why (`reason`). It records no money.

    `digest` is the sha256 of what is said and of the day: the same fact, read again, is one (the database checks).
    """

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="portal_facts")
    status = models.CharField(max_length=20, choices=list(PORTAL_LABELS.items()))
    words = models.CharField(max_length=100)
    reason = models.CharField(max_length=1000, blank=True)
    said_on = models.DateField()
    source = models.CharField(max_length=150)
    digest = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("said_on", "id")
        constraints = (models.UniqueConstraint(fields=("invoice", "digest"), name="portal_fact_once"),)

    def __str__(self) -> str:
        return f"{self.invoice}, {self.words}"

    @property
    def label(self) -> str:
        return portal_label(self.status, self.words)
