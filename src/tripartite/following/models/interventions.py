"""Visits and help given by agents, what becomes due because of one, and the calendars that agents subscribe to."""

from django.db import models
from django.db.models import Q

from tripartite.following.states import INTERVENTION_LABELS, InterventionState
from tripartite.pricing.money import amount_text


class Intervention(models.Model):
    """What an agent does, or will do, for a body: planned at an instant for so many minutes, then done on a day.

    `service` is a code of the grid (empty: none in particular); `charged` says that the conditional charge of the
    service arises from it. `sequence` counts the changes of what a calendar shows, the last one at `changed_at`.
    `corrects` is the one, noted wrongly, in whose place this one stands.
    """

    class Kind(models.TextChoices):
        SET_UP = "set-up", "mise en service"
        TRAINING = "training", "formation"
        HELP = "help", "assistance"
        HAND_OVER = "hand-over", "remise d'une clé"
        MEETING = "meeting", "rendez-vous"
        OTHER = "other", "autre"

    body = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey("quotes.Request", on_delete=models.PROTECT, null=True, related_name="+")
    activation = models.ForeignKey(
        "going_live.Activation", on_delete=models.PROTECT, null=True, related_name="interventions"
    )
    subscription = models.ForeignKey(
        "subscriptions.Subscription", on_delete=models.PROTECT, null=True, related_name="interventions"
    )
    service = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(
        max_length=12, choices=list(INTERVENTION_LABELS.items()), default=InterventionState.PLANNED
    )
    agent = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(null=True)
    planned_minutes = models.PositiveSmallIntegerField(null=True)
    place = models.CharField(max_length=300, blank=True)
    done_on = models.DateField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True)
    charged = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    cancel_reason = models.TextField(blank=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    sequence = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("agent", "planned_at"), name="intervention_agent"),
            models.Index(fields=("body", "created_at"), name="intervention_body"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="planned") | Q(planned_at__isnull=False), name="planned_intervention_has_its_hour"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False, minutes__isnull=False),
                name="done_intervention_has_day_and_time_spent",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="cancelled_intervention_has_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.body}"

    @property
    def state_label(self) -> str:
        return INTERVENTION_LABELS[InterventionState(self.state)]


class DueCharge(models.Model):
    """A charge that became due once, from an intervention: « uniquement en cas d'intervention ». Never changed.

    Amounts are integer cents, TTC; `net_cents` is the HT of a tariff voted HT (None: voted TTC). `on_request_reason`
    says why an agent of the issuer set the price by hand. `rank` is how many times it arose before, and was annulled:
    it is due once.
    """

    subscription = models.ForeignKey("subscriptions.Subscription", on_delete=models.PROTECT, related_name="due_charges")
    intervention = models.ForeignKey(Intervention, on_delete=models.PROTECT, related_name="due_charges")
    issuer = models.CharField(max_length=40)
    service = models.CharField(max_length=100)
    charge = models.CharField(max_length=100)
    grid = models.CharField(max_length=200)
    quantity = models.CharField(max_length=40)
    amount_cents = models.BigIntegerField()
    net_cents = models.BigIntegerField(null=True)
    explanation = models.TextField()
    on_request_reason = models.TextField(blank=True)
    due_on = models.DateField()
    rank = models.PositiveSmallIntegerField(default=0)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("due_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("subscription", "issuer", "charge", "rank"), name="charge_due_once"),
            models.CheckConstraint(condition=Q(amount_cents__gte=0), name="due_charge_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.service} › {self.charge} : {self.amount_cents}"

    @property
    def amount_text(self) -> str:
        """« 50,00 € TTC », « 50,00 € HT, soit 60,00 € TTC »."""
        return amount_text(self.amount_cents, self.net_cents)


class ChargeAnnulment(models.Model):
    """That a charge is not due after all, from an intervention noted wrongly, and why. Never changed."""

    charge = models.OneToOneField(DueCharge, on_delete=models.PROTECT, related_name="annulment")
    reason = models.TextField()
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="annulled_charge_has_reason"),)

    def __str__(self) -> str:
        return f"{self.charge} : {self.reason}"


class CalendarFeed(models.Model):
    """The address by which an account's calendar program reads its interventions, or the deadlines. Its secret is kept
    as a hash alone; it can be revoked, and another made.
    """

    class Kind(models.TextChoices):
        AGENDA = "agenda", "agenda"
        DEADLINES = "deadlines", "échéances"

    account = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.AGENDA)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("account", "kind"), condition=Q(revoked_at__isnull=True), name="one_living_feed_of_a_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.account}, {self.get_kind_display()}"
