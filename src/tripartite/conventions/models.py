"""Conventions, their texts, who is to sign and who has signed. A sent text never changes."""

from django.db import models
from django.db.models import F, Q

from tripartite.conventions.states import (
    CONVENTION_LABELS,
    TEXT_LABELS,
    WAY_LABELS,
    ConventionState,
    TextState,
    Way,
)


class TextVersion(models.Model):
    """A dated text model, as data. `kind` is "convention", "amendment" or "deliberation"; `offer` the code of the only
    offer that it is for, « » for all. One of each kind and offer at most is adopted."""

    code = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=20)
    offer = models.CharField(max_length=200, default="", blank=True)
    title = models.CharField(max_length=300)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=list(TEXT_LABELS.items()), default=TextState.DRAFT)
    drafted_at = models.DateTimeField()
    drafted_by = models.CharField(max_length=200)
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.CharField(max_length=200, null=True)
    adopting_act = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-drafted_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "offer"), condition=Q(state="adopted"), name="one_adopted_text_of_a_kind_and_offer"
            ),
            models.CheckConstraint(
                condition=~Q(state="adopted") | Q(adopted_at__isnull=False), name="adopted_text_has_its_instant"
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def state_label(self) -> str:
        return TEXT_LABELS[TextState(self.state)]


class Convention(models.Model):
    """A convention or one of its amendments (`parent`). Days are inclusive.

    `number` and `document` come when it is sent; `payload` is then all that it says. `due_on` is the day from which it
    may be in force when signed earlier; `changes` what an amendment changes, a line each. `ends_on` moves with
    each tacit renewal.
    """

    request = models.ForeignKey("quotes.Request", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("quotes.QuoteVersion", on_delete=models.PROTECT, related_name="+")
    beneficiary = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="amendments")
    text = models.ForeignKey(TextVersion, on_delete=models.PROTECT, related_name="conventions")
    number = models.CharField(max_length=40, null=True, unique=True)
    state = models.CharField(max_length=16, choices=list(CONVENTION_LABELS.items()), default=ConventionState.DRAFT)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    years = models.PositiveSmallIntegerField()
    tacit_renewals = models.PositiveSmallIntegerField(default=0)
    notice_months = models.PositiveSmallIntegerField(default=0)
    in_force_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    renewed = models.PositiveSmallIntegerField(default=0)
    ended_on = models.DateField(null=True)
    end_reason = models.TextField(blank=True)
    changes = models.TextField(blank=True)
    original_place = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("draft", "abandoned")) | Q(number__isnull=False, document__isnull=False),
                name="sent_convention_has_number_and_paper",
            ),
            models.CheckConstraint(
                condition=~Q(state="in-force") | Q(in_force_on__isnull=False), name="convention_in_force_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("ended", "abandoned", "refused")) | ~Q(end_reason=""),
                name="ended_convention_has_reason",
            ),
            models.CheckConstraint(condition=Q(years__gte=1), name="convention_lasts"),
        )

    def __str__(self) -> str:
        return self.number or "convention en préparation"

    @property
    def state_label(self) -> str:
        return CONVENTION_LABELS[ConventionState(self.state)]


class Signatory(models.Model):
    """One who has to sign, at its place. `role` is "beneficiary" or the code of an issuer.

    Name, function and act are frozen when the convention is sent; address and telephone may be corrected after.
    """

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="signatories")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    function = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    mandate = models.ForeignKey("parties.Mandate", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("convention", "position"), name="signatory_place_once"),
            models.UniqueConstraint(fields=("convention", "role"), name="signatory_role_once"),
        )

    def __str__(self) -> str:
        named = self.name or "signataire à désigner"
        return f"{named}, {self.function}" if self.function else named


class Signature(models.Model):
    """A signature given: by which way, when, and the paper that carries it. Never changed.

    `document` is the scan, or the revision of the PDF that the signature made; `proof` the paper of evidence of one
    given here, by a link and a code; `evidence` what shows it: the signatures verified in the file, or the code,
    address, browser and words agreed to.
    """

    signatory = models.OneToOneField(Signatory, on_delete=models.PROTECT, related_name="signature")
    way = models.CharField(max_length=10, choices=list(WAY_LABELS.items()))
    signed_on = models.DateField()
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")
    proof = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.JSONField(default=dict)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")

    def __str__(self) -> str:
        return f"{self.signatory} ({self.way_label})"

    @property
    def way_label(self) -> str:
        return WAY_LABELS[Way(self.way)]


class SigningRefusal(models.Model):
    """A party that will not sign: who, why, when, by which way (« here », by link, or on paper). Never changed.

    `evidence` is what shows it when it came by link: the address of the link, where from, with what.
    """

    signatory = models.OneToOneField(Signatory, on_delete=models.PROTECT, related_name="refusal")
    way = models.CharField(max_length=10, choices=list(WAY_LABELS.items()))
    refused_on = models.DateField()
    reason = models.TextField()
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    evidence = models.JSONField(default=dict)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="signing_refusal_has_reason"),)

    def __str__(self) -> str:
        return f"{self.signatory} : {self.reason}"


class Withdrawal(models.Model):
    """So much of a service that a convention no longer holds, agreed without an amendment (a letter, a service that
    stopped); `back` gives it back, after a mistake. Never changed.

    `line` is in the estimate contract's shape; `origin` names what stopped (a later step's row).
    """

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="withdrawals")
    line = models.JSONField()
    back = models.BooleanField(default=False)
    origin = models.CharField(max_length=60)
    on = models.DateField()
    reason = models.TextField()
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_has_reason"),)

    def __str__(self) -> str:
        return f"{self.convention}, {self.line['service']}"


class Ending(models.Model):
    """That a party ends a convention, or withdraws its part, by a ground of the text: when it was received, the last
    day and why. Annulled before it takes effect, it keeps by whom and why.

    `role` is "beneficiary" or the code of an issuer; `effect` "convention" or "own-part".
    """

    convention = models.ForeignKey(Convention, on_delete=models.PROTECT, related_name="endings")
    ground = models.CharField(max_length=60)
    label = models.CharField(max_length=300)
    effect = models.CharField(max_length=20)
    role = models.CharField(max_length=40)
    received_on = models.DateField()
    formal_on = models.DateField(null=True)
    last_day = models.DateField()
    why = models.TextField()
    reason = models.TextField()
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    annulled_at = models.DateTimeField(null=True)
    annulled_by = models.CharField(max_length=200, blank=True)
    annulled_because = models.TextField(blank=True)

    class Meta:
        ordering = ("recorded_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("convention", "effect", "role"), condition=Q(annulled_at=None), name="one_ending_of_a_party"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ending_has_reason"),
            models.CheckConstraint(
                condition=Q(annulled_at=None) | ~Q(annulled_because=""), name="annulled_ending_has_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.convention}, {self.label}"


class FormerConvention(models.Model):
    """What a body held under a former programme, as a deposited spreadsheet says it. Days are inclusive.

    `offer` is the one whose services were held, by its codes. `request` is the one made of it, if any: the rest then no
    longer changes. `going_live_due` is whether what was held pays its going live again, as the spreadsheet says it;
    None where it does not: it is then asked.
    """

    body = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    programme = models.CharField(max_length=100)
    offer = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField()
    request = models.ForeignKey("quotes.Request", on_delete=models.PROTECT, null=True, related_name="+")
    going_live_due = models.BooleanField(null=True)
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()
    imported_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("body__name", "id")
        constraints = (
            models.UniqueConstraint(fields=("body", "programme"), name="former_convention_once_per_programme"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="former_convention_ends_after_start"),
            models.CheckConstraint(condition=~Q(programme=""), name="former_convention_has_programme"),
        )

    def __str__(self) -> str:
        return f"{self.programme}, du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"


class HeldService(models.Model):
    """A service held under a former convention, by its code in the grid; `quantity` is exact decimal text."""

    former = models.ForeignKey(FormerConvention, on_delete=models.CASCADE, related_name="held")
    service = models.CharField(max_length=100)
    quantity = models.CharField(max_length=40)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("former", "service"), name="held_service_once"),
            models.CheckConstraint(condition=~Q(quantity=""), name="held_service_has_quantity"),
        )

    def __str__(self) -> str:
        return f"{self.service} : {self.quantity}"
