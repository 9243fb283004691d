"""Public bodies, their dated figures, and the issuers. What no source gives is NULL: unknown, never made up."""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from tripartite.many import day_of
from tripartite.parties.states import Change
from tripartite.pricing.naming import LegalName, legal_name
from tripartite.pricing.order import KIND_LABELS, Kind

KIND_CHOICES = [(kind.value, label) for kind, label in KIND_LABELS.items()]


class PublicBody(models.Model):
    """A collectivité or an établissement. Never deleted: one that ended keeps its papers and its last day.

    `department` is that of the seat, which alone decides of eligibility; `departments` are all those it extends
    over. `listed` bodies come from a file that lists all bodies of their kind; the others were added by agents.
    `usual_names` are what people call it (an acronym), separated by « | ». `unlisted_on` is the day of the import whose
    list of all such bodies first lacked it: it may have ended, and its last day is to be recorded.

    `end_learnt_on` is the day on which its end, or what took it in, was recorded. `former_traits` keep what a change of
    kind, seat or class of client replaced, and its first day (`changed_on`): added, never rewritten.
    """

    siren = models.CharField(max_length=9, unique=True)
    siret = models.CharField(max_length=14, null=True, unique=True)
    kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    name = models.CharField(max_length=200)
    department = models.CharField(max_length=3, null=True)
    departments = models.CharField(max_length=80, default="", blank=True)
    code_insee = models.CharField(max_length=5, null=True)
    postal_codes = models.CharField(max_length=300, default="", blank=True)
    address = models.TextField(null=True)
    client_class = models.CharField(max_length=40, null=True)
    epci = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="members")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="dependents")
    ended_on = models.DateField(null=True)
    end_learnt_on = models.DateField(null=True)
    former_traits = models.JSONField(default=list, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    listed = models.BooleanField(default=False)
    unlisted_on = models.DateField(null=True)
    usual_names = models.CharField(max_length=900, default="", blank=True)
    source = models.CharField(max_length=200)
    declared_by = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name", "id")
        constraints = (
            models.CheckConstraint(condition=Q(siren__regex=r"^[0-9]{9}$"), name="body_siren_nine_digits"),
            models.CheckConstraint(
                condition=Q(siret__isnull=True) | Q(siret__regex=r"^[0-9]{14}$", siret__startswith=F("siren")),
                name="body_siret_of_its_siren",
            ),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="body_kind"),
            models.CheckConstraint(condition=~Q(name=""), name="body_has_name"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(ended_on__isnull=False), name="body_merged_has_ended"
            ),
            models.UniqueConstraint(
                fields=("code_insee",), condition=Q(ended_on__isnull=True), name="body_living_code_insee"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def unconfirmed(self) -> bool:
        """True while it is only what a visitor declared (`declared_by`): no agent has confirmed that it is."""
        return bool(self.declared_by)

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[Kind(self.kind)]

    @property
    def legal(self) -> LegalName:
        """As law names it: « la commune de X »."""
        return legal_name(self.name, Kind(self.kind))


class CommuneMovement(models.Model):
    """A change of a commune that INSEE's file of movements tells (`queries.history.Movement`). `on` is its first day.

    Rows are added, never changed: a commune that lives again is another row. The commune that `into` names may not be
    in the directory, or not yet.
    """

    change = models.CharField(max_length=10, choices=[(change.value, change.value) for change in Change])
    code = models.CharField(max_length=5, db_index=True)
    name = models.CharField(max_length=200, default="", blank=True)
    into = models.CharField(max_length=5, default="", blank=True, db_index=True)
    into_name = models.CharField(max_length=200, default="", blank=True)
    on = models.DateField()
    source = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("on", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("change", "code", "name", "into", "into_name", "on"), name="commune_movement_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.code}) → {self.into_name} ({self.into})"


class DirectoryUpdate(models.Model):
    """One or several files brought to the directory together: read, by `job`, then applied or given up; or refused.

    Where only what was said beside the files is missing, it is incomplete: what was read is kept, and that is asked.
    `report` is what it would change, or changed, or why it is refused. The content of its files goes once it is
    settled: their publisher keeps them, and their fingerprint says which they were.
    """

    class State(models.TextChoices):
        READING = "reading", "en lecture"
        REFUSED = "refused", "refusée"
        INCOMPLETE = "incomplete", "à compléter"
        PREPARED = "prepared", "préparée"
        APPLIED = "applied", "appliquée"
        GIVEN_UP = "given-up", "abandonnée"

    state = models.CharField(max_length=10, choices=State.choices)
    department = models.CharField(max_length=3, null=True)
    report = models.JSONField(default=dict, blank=True)
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField()
    prepared_by = models.CharField(max_length=200)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        ordering = ("-prepared_at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("reading", "incomplete", "prepared"), settled_at__isnull=True)
                | Q(state__in=("refused", "applied", "given-up"), settled_at__isnull=False),
                name="directory_update_settled",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.prepared_at:%d/%m/%Y}"


class UpdateFile(models.Model):
    """A file of an update: which, from where, of which kind and year. `content` is compressed, until it has been read;
    `table` is then what was read of it, compressed, or `findings` say why nothing was. Settled, it keeps neither.

    `year` is that of what it says, `year_given` the one that somebody gave with a file that does not say it.
    """

    update = models.ForeignKey(DirectoryUpdate, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    layout = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=200)
    year = models.SmallIntegerField(null=True)
    year_given = models.SmallIntegerField(null=True)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    table = models.BinaryField(null=True)
    findings = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


class Figure(models.Model):
    """A dated fact about a body: so many inhabitants or staff, counted so, for such a year, says such a source.

    `applies_on` is the day from which it counts. Rows are added, never changed: a corrected figure is a later row.
    """

    class Measure(models.TextChoices):
        POPULATION = "population", "population"
        STAFF = "staff", "effectif"

    class Counted(models.TextChoices):
        MUNICIPALE = "municipale", "population municipale"
        TOTALE = "totale", "population totale"
        AGENTS = "agents", "agents"
        ETP = "etp", "équivalents temps plein"

    COUNTED_OF: ClassVar[dict[str, tuple[str, ...]]] = {
        "population": ("municipale", "totale"),
        "staff": ("agents", "etp"),
    }

    body = models.ForeignKey(PublicBody, on_delete=models.PROTECT, related_name="figures")
    measure = models.CharField(max_length=10, choices=Measure.choices)
    counted = models.CharField(max_length=10, choices=Counted.choices)
    value = models.IntegerField()
    year = models.SmallIntegerField(null=True)
    applies_on = models.DateField()
    source = models.CharField(max_length=300)
    declared_by = models.CharField(max_length=200, null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("applies_on", "recorded_at", "id")
        constraints = (
            models.CheckConstraint(condition=Q(value__gte=0), name="figure_not_negative"),
            models.CheckConstraint(
                condition=Q(measure="population", counted__in=("municipale", "totale"))
                | Q(measure="staff", counted__in=("agents", "etp")),
                name="figure_counted_of_measure",
            ),
            models.CheckConstraint(condition=Q(year__isnull=True) | Q(year__range=(1900, 2200)), name="figure_year"),
            models.UniqueConstraint(
                fields=("body", "measure", "counted", "applies_on", "source", "recorded_at"), name="figure_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_counted_display()} : {self.value}"

    @cached_property
    def learnt_on(self) -> date:
        """The day on which it was recorded; what falls due asks it for each day."""
        return day_of(self.recorded_at)

    def delete(self, *_args: Any, **_kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("a figure is never deleted: declare another one")


class Issuer(models.Model):
    """A body that issues quotes for its own part. `slot` is its place in the grid, hence its mark, from 1, and its
    colour where it set none. `name` and `short_name` are those of today: what is made for another day asks for
    `queries.looks.issuers_on`, which also says how it is shown (`look`).
    """

    look: "IssuerLook | None"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    slot = models.PositiveSmallIntegerField()
    siret = models.CharField(max_length=14, null=True)
    address = models.TextField(null=True)
    place = models.CharField(max_length=100, null=True)
    email = models.EmailField(null=True)
    phone = models.CharField(max_length=30, null=True)
    website = models.URLField(null=True)
    quote_validity_days = models.PositiveSmallIntegerField(default=90)
    quote_conditions = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("slot", "code")
        constraints = (
            models.CheckConstraint(
                condition=Q(siret__isnull=True) | Q(siret__regex=r"^[0-9]{14}$"), name="issuer_siret_fourteen_digits"
            ),
            models.CheckConstraint(condition=Q(quote_validity_days__range=(1, 365)), name="issuer_validity"),
            models.CheckConstraint(condition=Q(slot__gte=1), name="issuer_slot"),
        )

    def __str__(self) -> str:
        return self.name


class IssuerLook(models.Model):
    """How an issuer is named and shown from `applies_on` on: on a day, the row of the latest such day, the last one
    recorded of that day. Rows are added, never changed.

    `colour` (« #0b5a6e ») is that of light grounds, `dark_colour` that of dark screens; without the first, the colour
    is that of its slot, without the other, it is found from the first. `logo_alt` stands for the logo when it is read.
    """

    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, related_name="looks")
    applies_on = models.DateField()
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80)
    colour = models.CharField(max_length=7, blank=True)
    dark_colour = models.CharField(max_length=7, blank=True)
    logo = models.ForeignKey("documents.Picture", on_delete=models.PROTECT, null=True, related_name="+")
    logo_alt = models.CharField(max_length=200, blank=True)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("issuer", "applies_on", "recorded_at", "id")
        constraints = (
            models.CheckConstraint(condition=~Q(name="") & ~Q(short_name=""), name="issuer_look_named"),
            models.CheckConstraint(condition=Q(logo__isnull=True) | ~Q(logo_alt=""), name="issuer_look_logo_is_said"),
        )

    def __str__(self) -> str:
        return f"{self.short_name}, {self.applies_on:%d/%m/%Y}"


class Mandate(models.Model):
    """The act that empowers a person to sign for a public body or for an issuer. Its end is added, what it lacked is
    completed, what was mistyped is corrected with a reason: the journal keeps what was there before.

    `enforceable_on` is the day on which the act may be relied on: transmitted to the préfet and published (articles
    L. 2131-1, L. 3131-1 and L. 5211-3 of the code général des collectivités territoriales); an election needs none.
    `valid_until` is the last day, inclusive: the end of an office, or the day before another took it.
    `covers` says for what (`Purpose`): empty, for all that concerns the offer.
    """

    class Act(models.TextChoices):
        DELIBERATION = "deliberation", "délibération"
        DELEGATION = "delegation", "arrêté de délégation"
        ELECTION = "election", "procès-verbal d'élection"
        DECISION = "decision", "décision prise par délégation de l'assemblée"

    class Purpose(models.TextChoices):
        QUOTES = "quotes", "accepter des devis"
        CONVENTION = "convention", "signer la convention et ses avenants"

    body = models.ForeignKey(PublicBody, on_delete=models.PROTECT, null=True, related_name="mandates")
    issuer = models.ForeignKey(Issuer, on_delete=models.PROTECT, null=True, related_name="mandates")
    person = models.CharField(max_length=200)
    function = models.CharField(max_length=200)
    act = models.CharField(max_length=20, choices=Act.choices)
    organ = models.CharField(max_length=200)
    number = models.CharField(max_length=60, null=True)
    adopted_on = models.DateField()
    enforceable_on = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    covers = models.JSONField(default=list, blank=True)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("-adopted_on", "-id")
        constraints = (
            models.CheckConstraint(
                condition=Q(body__isnull=True, issuer__isnull=False) | Q(body__isnull=False, issuer__isnull=True),
                name="mandate_of_one_holder",
            ),
            models.CheckConstraint(
                condition=Q(enforceable_on__isnull=True) | Q(enforceable_on__gte=F("adopted_on")),
                name="mandate_enforceable_after_adoption",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.function}"

    @property
    def covers_words(self) -> str:
        """For what it empowers, in French."""
        labels = [label for value, label in self.Purpose.choices if value in self.covers]
        return " et ".join(labels) or "tout ce qui concerne l'offre"


class DirectoryRevision(models.Model):
    """One row, whose token changes with every change of a searchable fact: it tells an index that it is stale."""

    token = models.CharField(max_length=32)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(id=1), name="directory_revision_one_row"),)

    def __str__(self) -> str:
        return self.token
