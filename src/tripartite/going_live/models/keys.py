"""The register of signature keys: what the certificate itself says, and in whose hands it is."""

from django.db import models
from django.db.models import F, Q

from tripartite.going_live.states import KEY_LABELS, KeyState


class SignatureKey(models.Model):
    """A key and its certificate. Serial, issuer and days are read off the deposited certificate, never typed.

    Days are inclusive. `activation` is the going-live for which it was made, `subscription` the prepaid term that it
    is. `renewal` is the request made to renew it, `replaced_by` the key that took over. `holder_reason` says
    why the certificate bears another name than its holder's.
    """

    class Handing(models.TextChoices):
        """Where a key is put into its holder's hands."""

        CDG = "cdg", "dans les locaux du centre de gestion"
        SITE = "site", "sur site"

    body = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    activation = models.ForeignKey("going_live.Activation", on_delete=models.PROTECT, null=True, related_name="keys")
    subscription = models.ForeignKey(
        "subscriptions.Subscription", on_delete=models.PROTECT, null=True, related_name="keys"
    )
    holder_name = models.CharField(max_length=200)
    holder_function = models.CharField(max_length=200)
    holder_reason = models.TextField(blank=True)
    serial = models.CharField(max_length=80)
    certificate_issuer = models.CharField(max_length=500)
    certificate_subject = models.CharField(max_length=500)
    fingerprint = models.CharField(max_length=64, unique=True)
    valid_from = models.DateField()
    valid_until = models.DateField()
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=list(KEY_LABELS.items()), default=KeyState.MADE)
    handed_over_on = models.DateField(null=True)
    handing = models.CharField(max_length=8, choices=Handing.choices, blank=True)
    ended_on = models.DateField(null=True)
    end_reason = models.TextField(blank=True)
    renewal = models.ForeignKey("quotes.Request", on_delete=models.PROTECT, null=True, related_name="+")
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("valid_until", "id")
        indexes = (
            models.Index(fields=("state", "valid_until"), name="key_state"),
            models.Index(fields=("body", "state"), name="key_body"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(valid_until__gte=F("valid_from")), name="key_ends_after_start"),
            models.CheckConstraint(
                condition=~Q(state="handed-over") | Q(handed_over_on__isnull=False), name="handed_over_key_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="revoked") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
                name="revoked_key_has_day_and_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.holder_name}, {self.holder_function}"

    @property
    def state_label(self) -> str:
        return KEY_LABELS[KeyState(self.state)]
