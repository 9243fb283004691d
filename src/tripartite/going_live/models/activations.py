"""Going live: a line of a signed convention, its steps, and the parts of it that run already."""

from django.db import models
from django.db.models import Q

from tripartite.going_live.states import ACTIVATION_LABELS, ActivationState


class ChecklistVersion(models.Model):
    """What going live takes, service by service, as data; the last one adopted of an offer serves its new activations.

    `offer` is the code's part before the bar, as for a grid.
    """

    code = models.CharField(max_length=100, unique=True)
    offer = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    adopted_at = models.DateTimeField()
    adopted_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("-adopted_at", "-id")

    def __str__(self) -> str:
        return self.code


class Activation(models.Model):
    """One line of accepted quotes, to be set going under a convention in force.

    `line` is in the estimate contract's shape (service, quantity or quantities, options); `facts` and `grid` are those
    of the quotes, which price its first year. `given_up` is how much of the line amendments gave up before it ran
    (exact decimal text): nobody sets that going any more. `version` are those quotes: the convention's own, or the
    renewal of what is prepaid. `waiting_for` says in French what it waits for, since `waiting_since`; empty, it is to
    be done.
    """

    convention = models.ForeignKey("conventions.Convention", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("quotes.QuoteVersion", on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    service = models.CharField(max_length=100)
    name = models.CharField(max_length=300)
    line = models.JSONField()
    given_up = models.CharField(max_length=40, default="0")
    grid = models.CharField(max_length=200)
    facts = models.JSONField()
    checklist = models.ForeignKey(ChecklistVersion, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=list(ACTIVATION_LABELS.items()), default=ActivationState.TO_DO)
    planned_on = models.DateField(null=True)
    waiting_for = models.CharField(max_length=300, blank=True)
    waiting_since = models.DateField(null=True)
    cancel_reason = models.TextField(blank=True)
    opened_on = models.DateField()
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ("opened_on", "convention_id", "position")
        indexes = (models.Index(fields=("state", "service"), name="activation_state"),)
        constraints = (
            models.UniqueConstraint(fields=("version", "position"), name="activation_line_once"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""), name="cancelled_activation_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(waiting_for="", waiting_since__isnull=True)
                | (~Q(waiting_for="") & Q(waiting_since__isnull=False)),
                name="waiting_activation_says_since_when",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def state_label(self) -> str:
        return ACTIVATION_LABELS[ActivationState(self.state)]


class ActivationStep(models.Model):
    """A step of a checklist as it was when the activation was opened. `by` is a party: an issuer's code, or
    "beneficiary". A required step blocks going live until it is done (`done_on`), or waived with a reason.
    """

    activation = models.ForeignKey(Activation, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=300)
    by = models.CharField(max_length=40)
    required = models.BooleanField()
    done_on = models.DateField(null=True)
    waived_reason = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("activation", "position"), name="activation_step_place_once"),
            models.UniqueConstraint(fields=("activation", "code"), name="activation_step_code_once"),
            models.CheckConstraint(condition=Q(done_on__isnull=True) | Q(waived_reason=""), name="step_done_or_waived"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def settled(self) -> bool:
        """Done, or waived: it no longer holds anything up."""
        return self.done_on is not None or bool(self.waived_reason)


class GoneLive(models.Model):
    """A part of an activation that runs since `live_on` (first day, inclusive): 3 mailboxes of 5. Never changed.

    `line` is the part, in the contract's shape; `subscription` is what runs of it, None for what is done once.
    `corrects` is the part in whose place this one stands, its `note` then being the reason.
    """

    activation = models.ForeignKey(Activation, on_delete=models.PROTECT, related_name="parts")
    line = models.JSONField()
    live_on = models.DateField()
    note = models.TextField(blank=True)
    subscription = models.ForeignKey(
        "subscriptions.Subscription", on_delete=models.PROTECT, null=True, related_name="parts"
    )
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("live_on", "id")

    def __str__(self) -> str:
        return f"{self.activation}, {self.live_on:%d/%m/%Y}"
