"""A request (the file begins here), the prices given to its lines on request, and its quotes, version by version."""

from django.db import models
from django.db.models import Q

from tripartite.pricing.estimate import Columns, Totals
from tripartite.quotes.states import QUOTE_LABELS, REQUEST_LABELS, QuoteState, RequestState


class Origin(models.TextChoices):
    """The door by which a request came in."""

    PUBLIC = "public", "estimateur public"
    AGENT = "agent", "saisie par un agent"
    COMMAND = "command", "ligne de commande"


class Request(models.Model):
    """Who asks, for what. `order` holds lines, in_service, ended and set_up as in the estimate contract.

    `offer` is that of the grids that price it: it never changes, and all that follows is of it.
    `amends_number` is the convention that it asks to amend, `amends_rank` which amendment of it that would be.
    `token` makes a form sent twice one request.
    """

    reference = models.CharField(max_length=20, unique=True)
    beneficiary = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    contact_name = models.CharField(max_length=200, blank=True)
    contact_function = models.CharField(max_length=200, blank=True)
    contact_email = models.EmailField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    offer = models.CharField(max_length=200)
    order = models.JSONField()
    state = models.CharField(max_length=12, choices=list(REQUEST_LABELS.items()), default=RequestState.RECEIVED)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)
    changed_at = models.DateTimeField(null=True)
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.TextField(blank=True)
    amends_number = models.CharField(max_length=40, blank=True)
    amends_rank = models.PositiveSmallIntegerField(null=True)
    token = models.CharField(max_length=64, null=True, unique=True)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(fields=("state", "created_at"), name="request_state"),
            models.Index(fields=("offer",), name="request_offer"),
        )
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="cancelled") | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="cancelled_request_has_reason",
            ),
            models.CheckConstraint(condition=~Q(offer=""), name="request_has_offer"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def amendment(self) -> str:
        """« avenant n° 1 à la convention C-2026-00001 »; nothing for what amends none."""
        if not self.amends_number:
            return ""
        return f"avenant n°\u00a0{self.amends_rank} à la convention {self.amends_number}"

    @property
    def state_label(self) -> str:
        return REQUEST_LABELS[RequestState(self.state)]


class DeclaredFigure(models.Model):
    """A figure that whoever asked declared with the request, because the directory had none. It prices this request
    alone until an agent confirms it; it is then a figure of the body, and this row says by whom and when.
    """

    class Counted(models.TextChoices):
        MUNICIPALE = "municipale", "population municipale"
        TOTALE = "totale", "population totale"
        AGENTS = "agents", "agents"
        ETP = "etp", "équivalents temps plein"

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="declared_figures")
    measure = models.CharField(max_length=10)
    counted = models.CharField(max_length=10, choices=Counted.choices)
    value = models.IntegerField()
    declared_by = models.CharField(max_length=200)
    declared_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("request", "measure"), name="declared_figure_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="declared_figure_not_negative"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="declared_figure_confirmed_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_counted_display()} : {self.value}"


class OnRequestPrice(models.Model):
    """A price that an agent of the issuer gave to a line « sur devis », with its reason. Rows are added, never changed.

    `fingerprint` names what was priced (service, charge, options, quantity, circumstances): when the order changes,
    the old price no longer answers and the line waits again. `amount_cents` is on the basis that the
    grid votes, TTC or HT.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="on_request_prices")
    issuer = models.CharField(max_length=40)
    service = models.CharField(max_length=100)
    charge = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    amount_cents = models.BigIntegerField()
    reason = models.TextField()
    priced_by = models.CharField(max_length=200)
    priced_at = models.DateTimeField()

    class Meta:
        ordering = ("priced_at", "id")
        constraints = (models.CheckConstraint(condition=~Q(reason=""), name="on_request_price_has_reason"),)

    def __str__(self) -> str:
        return f"{self.service} › {self.charge} : {self.amount_cents}"


class QuoteVersion(models.Model):
    """What was issued together: one quote per issuer, from one estimate under one grid."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField()
    grid = models.CharField(max_length=200)
    order = models.JSONField()
    estimate = models.JSONField()
    what_changed = models.TextField(blank=True)
    issued_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("version",)
        constraints = (models.UniqueConstraint(fields=("request", "version"), name="quote_version_once"),)

    def __str__(self) -> str:
        return f"{self.request} v{self.version}"


class Quote(models.Model):
    """The quote of one issuer. Totals are integer cents, TTC, with the same HT where the tariff is voted HT (None where
    it is voted TTC); `valid_until` is the last day, included.

    What recurs is below zero where more is given up than is asked for.
    """

    version = models.ForeignKey(QuoteVersion, on_delete=models.PROTECT, related_name="quotes")
    issuer = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=list(QUOTE_LABELS.items()), default=QuoteState.ISSUED)
    valid_until = models.DateField()
    once_cents = models.BigIntegerField()
    yearly_cents = models.BigIntegerField()
    term_cents = models.BigIntegerField()
    first_year_cents = models.BigIntegerField()
    once_net_cents = models.BigIntegerField(null=True)
    yearly_net_cents = models.BigIntegerField(null=True)
    term_net_cents = models.BigIntegerField(null=True)
    first_year_net_cents = models.BigIntegerField(null=True)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(fields=("issuer", "number"), name="quote_number_once"),
            models.UniqueConstraint(fields=("version", "issuer"), name="quote_once_per_issuer"),
            models.CheckConstraint(
                condition=Q(once_cents__gte=0, term_cents__gte=0), name="quote_gives_nothing_back_of_what_is_paid"
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def state_label(self) -> str:
        return QUOTE_LABELS[QuoteState(self.state)]

    @property
    def basis(self) -> str:
        """What its tariff votes: « TTC » or « HT »."""
        return "TTC" if self.first_year_net_cents is None else "HT"

    @property
    def totals(self) -> Totals:
        """Its totals, as its estimate had them."""
        columns = (self.once_cents, self.yearly_cents, self.term_cents, self.first_year_cents)
        if self.first_year_net_cents is None:
            return Totals(*columns, complete=True)
        untaxed = (self.once_net_cents, self.yearly_net_cents, self.term_net_cents, self.first_year_net_cents)
        return Totals(*columns, complete=True, net=Columns(*(cents or 0 for cents in untaxed)))


class Answer(models.Model):
    """What the beneficiary answered to one quote: who, when, by which way, with what was read. Never changed, but for
    the act that empowers the person (`mandate`), which may come after: an acceptance counts once it is there.

    `answered_on` is the day on the paper, or that of the click; `wording` the words agreed to; `document` the scan of a
    paper; `proof` the paper of evidence of an acceptance given online; `reason` why it is refused, or why this quote
    alone is accepted.
    """

    class Way(models.TextChoices):
        ONLINE = "online", "en ligne"
        PAPER = "paper", "sur papier"

    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="answer")
    accepted = models.BooleanField()
    person = models.CharField(max_length=200)
    function = models.CharField(max_length=200)
    answered_on = models.DateField()
    way = models.CharField(max_length=10, choices=Way.choices)
    wording = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    address = models.CharField(max_length=60, blank=True)
    browser = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    proof = models.ForeignKey("documents.Document", on_delete=models.PROTECT, null=True, related_name="+")
    mandate = models.ForeignKey("parties.Mandate", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=Q(accepted=True) | ~Q(reason=""), name="refusal_has_reason"),
            models.CheckConstraint(
                condition=~Q(way="paper", accepted=True) | Q(document__isnull=False), name="paper_acceptance_has_scan"
            ),
        )

    def __str__(self) -> str:
        return f"{self.quote} : {'accepté' if self.accepted else 'refusé'}"


class QuoteLine(models.Model):
    """A line of a quote, as printed, its `quantity` too (`read_number_text`); amounts are integer cents, on the basis
    that its tariff votes, TTC or HT (`Quote.basis`).

    `on_request`: the grid has no price, an agent gave this one. `reason` is what is printed beside the amount, whatever
    made it: it tells nothing of who gave it. `options` are those ordered, by name.
    """

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    service = models.CharField(max_length=100)
    charge = models.CharField(max_length=100)
    options = models.JSONField(default=dict)
    quantity = models.CharField(max_length=40)
    frequency = models.CharField(max_length=10)
    years = models.PositiveSmallIntegerField(null=True)
    status = models.CharField(max_length=12)
    amount_cents = models.BigIntegerField(null=True)
    first_year_amount_cents = models.BigIntegerField(null=True)
    on_request = models.BooleanField(default=False)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=("quote", "position"), name="quote_line_position_once"),
            models.CheckConstraint(
                condition=Q(amount_cents__isnull=False) | Q(status="conditional"), name="quote_line_is_priced"
            ),
        )

    def __str__(self) -> str:
        return f"{self.service} › {self.charge}"
