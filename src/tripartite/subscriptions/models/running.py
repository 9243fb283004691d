"""What runs for whom, and how much of it since when: dated changes are added, never overwritten."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

from django.db import models
from django.db.models import F, Q

from tripartite.conventions.queries.endings import PartLeft
from tripartite.conventions.queries.governing import Governing
from tripartite.many import day_of
from tripartite.pricing.holding import HeldLine


class Subscription(models.Model):
    """A service that runs for a body. Days are inclusive; `ends_on` is None while no end is known.

    `anchor_on` is the day whose anniversaries are its due dates: it stays when another body takes over (`continues`).
    `term_years` is set for what is prepaid for a number of years. `convention` is the first one, not an amendment.
    """

    body = models.ForeignKey("parties.PublicBody", on_delete=models.PROTECT, related_name="+")
    convention = models.ForeignKey("conventions.Convention", on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=100)
    options = models.JSONField(default=dict)
    name = models.CharField(max_length=300)
    anchor_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    end_reason = models.TextField(blank=True)
    term_years = models.PositiveSmallIntegerField(null=True)
    continues = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="continued_by")
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("starts_on", "id")
        indexes = (
            models.Index(fields=("body", "service"), name="subscription_body"),
            models.Index(fields=("ends_on",), name="subscription_end"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="subscription_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(starts_on__gte=F("anchor_on")), name="subscription_anchor_before_start"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(term_years__isnull=False) | ~Q(end_reason=""),
                name="ended_subscription_has_reason",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def offer(self) -> str:
        """That of its convention: what runs never changes offer."""
        return str(self.convention.request.offer)

    @property
    def part_left(self) -> PartLeft | None:
        """The part of its convention that an issuer withdraws (`with_changes`)."""
        at = getattr(self, "part_left_at", None)
        return None if at is None else PartLeft(self.part_left_by, self.part_left_on, at)  # type: ignore[attr-defined]

    @property
    def dated_changes(self) -> "Collection[QuantityChange]":
        """Its changes in their order, prefetched."""
        return self.changes.all()

    @property
    def dated_ends(self) -> "Collection[EndNote]":
        """Its ends as they were noted, in their order, prefetched."""
        return self.end_notes.all()


class EndNote(models.Model):
    """The last day of a subscription as it was noted, on the day it was recorded: None where an end was taken back.
    Rows are added, never changed; `Subscription.ends_on` is that of the last one.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="end_notes")
    ends_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("recorded_at", "id")

    def __str__(self) -> str:
        return f"{self.subscription}, {self.ends_on:%d/%m/%Y}" if self.ends_on else f"{self.subscription}, sans fin"

    @property
    def learnt_on(self) -> date:
        """The day on which it was recorded."""
        return day_of(self.recorded_at)


class QuantityChange(models.Model):
    """How much more, or less, of a service runs from a day on (inclusive). Rows are added, never changed.

    `line` is what is added, in the contract's shape; `removed` (exact decimal text) how much is taken away, the last
    added first. `grid` and `facts` are those that price what is added until the next due date. `first_on` is the day on
    which it first ran, before `on` when another body had it then. `convention` is the paper that adds it. `corrects` is
    the change in whose place this one stands, for a `reason`; with neither `line` nor `removed`, nothing stands there.
    """

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="changes")
    on = models.DateField()
    first_on = models.DateField()
    line = models.JSONField(null=True)
    removed = models.CharField(max_length=40, blank=True)
    grid = models.CharField(max_length=200)
    facts = models.JSONField()
    convention = models.ForeignKey("conventions.Convention", on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    recorded_by = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("on", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(line__isnull=True) & ~Q(removed="")
                | Q(line__isnull=False, removed="")
                | Q(line__isnull=True, removed="", corrects__isnull=False),
                name="change_adds_or_removes",
            ),
            models.CheckConstraint(
                condition=Q(removed="", corrects__isnull=True) | ~Q(reason=""), name="removal_has_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subscription}, {self.on:%d/%m/%Y}"

    @cached_property
    def learnt_on(self) -> date:
        """The day on which it was recorded; what falls due asks it of each row for each day."""
        return day_of(self.recorded_at)

    @cached_property
    def held(self) -> HeldLine | None:
        """What it adds, None where it adds nothing."""
        return None if self.line is None else HeldLine.read(self.line)


class ReadChange(NamedTuple):
    """A change as a cost needs it, read beforehand with those of many bodies: a row of the database for each would take
    longer than the price. `held` is what it adds.
    """

    pk: int
    subscription_id: int
    on: date
    first_on: date
    held: HeldLine | None
    removed: str
    grid: str
    facts: Mapping[str, Any]
    convention_id: int | None
    corrects_id: int | None
    learnt_on: date


@dataclass(slots=True, eq=False)
class ReadSubscription:
    """What runs as a cost needs it, read beforehand with all that many bodies have: a row of the database for each
    would take longer than the price. The fields of `Subscription`, and what bears on it.
    """

    pk: int
    body_id: int
    convention_id: int
    service: str
    name: str
    anchor_on: date
    starts_on: date
    ends_on: date | None
    end_reason: str
    term_years: int | None
    continues_id: int | None
    options: Mapping[str, str]
    goes_on_elsewhere: bool
    body: Any
    convention: Governing
    continues: Subscription | None
    dated_changes: Collection[ReadChange]
    dated_ends: Collection[EndNote]
    part_left: PartLeft | None

    def __str__(self) -> str:
        return self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReadSubscription | Subscription) and self.pk == other.pk

    def __hash__(self) -> int:
        return hash(self.pk)

    @property
    def offer(self) -> str:
        """That of its convention: what runs never changes offer."""
        return self.convention.offer


SubscriptionRow = Subscription | ReadSubscription
"""What runs, read alone or with all that many bodies have."""
