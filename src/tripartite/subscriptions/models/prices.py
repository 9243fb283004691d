"""Prices that agents give to what runs and that the tariff leaves « sur devis ». Rows are added, never changed."""

from django.db import models
from django.db.models import Q


class GivenPrice(models.Model):
    """The price of a charge of what runs for a body, for exactly that `quantity` (exact decimal text) and `options`,
    from the day `since`: integer cents, as voted (TTC, or HT), at the frequency of the charge. `issuer` is the one of
    the agent who gave it, `offer` that of what runs.
    """

    body = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    offer = models.CharField(max_length=200)
    issuer = models.CharField(max_length=40)
    service = models.CharField(max_length=100)
    charge = models.CharField(max_length=100)
    options = models.JSONField(default=dict)
    quantity = models.CharField(max_length=40)
    since = models.DateField()
    amount_cents = models.BigIntegerField()
    reason = models.TextField()
    given_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(reason=""), name="given_price_has_reason"),
            models.CheckConstraint(condition=Q(amount_cents__gte=0), name="given_price_not_negative"),
            models.UniqueConstraint(
                fields=("body", "offer", "issuer", "service", "charge", "options", "quantity", "since"),
                name="given_price_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service} › {self.charge} : {self.amount_cents}"
