"""Questions about what is to be set going: how far each is, whose turn it is, what the board shows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tripartite.going_live.models import Activation, ActivationStep, GoneLive
from tripartite.going_live.states import OPEN, ActivationState
from tripartite.parties.queries.search import named
from tripartite.pricing.cases import Number
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.quantities import plain
from tripartite.questions import KEY, Question

RECENT = timedelta(days=30)
READY = "ready"
"""Whose turn it is when every step is settled: an agent's, to say that it is in service."""


class Column(StrEnum):
    """What the board sorts by: TO_DO and WAITING are open; LATE are those of both past their planned day; DONE went
    wholly live in the last thirty days.
    """

    TO_DO = "a-faire"
    WAITING = "en-attente"
    LATE = "en-retard"
    DONE = "faites"
    CANCELLED = "abandonnees"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an activation is: how much was ordered (what an amendment gave up since is no longer), runs, is left; the
    required steps that hold it up.
    """

    ordered: Number
    live: Number
    blocking: tuple[str, ...]

    @property
    def left(self) -> Number:
        return self.ordered - self.live


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is next: `by`, an issuer's code, "beneficiary" or READY; the step awaited, if any; since when.

    `settled` of `steps` are done or waived.
    """

    by: str
    step: str
    since: date | datetime
    settled: int
    steps: int


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What narrows the board: words, the code of a service, the key of an EPCI, whose turn it is."""

    text: str = ""
    service: str = ""
    territory: int | None = None
    turn: str = ""


def standing_of(activation: Activation) -> Standing:
    """How far an activation is, from its parts and its steps (prefetched or not)."""
    live = plain(sum((HeldLine.read(part.line).total for part in parts_of(activation)), start=0))
    blocking = tuple(step.name for step in activation.steps.all() if step.required and not step.settled)
    ordered = plain(HeldLine.read(activation.line).total - Fraction(activation.given_up))
    return Standing(ordered, live, blocking)


def parts_of(activation: Activation) -> list[GoneLive]:
    """The parts of an activation that count (prefetched or not): a correction takes the place of what it corrects."""
    parts = list(activation.parts.all())
    corrected = {one.corrects_id for one in parts}
    return [one for one in parts if one.pk not in corrected]


def turn_of(activation: Activation) -> Turn:
    """Whose turn it is in an open activation: the party of the first step that is not settled."""
    steps = list(activation.steps.all())
    left = [step for step in steps if not step.settled]
    moments = [step.recorded_at for step in steps if step.settled and step.recorded_at]
    since: date | datetime = activation.waiting_since or max(moments, default=activation.opened_at)
    by, name = (left[0].by, left[0].name) if left else (READY, "")
    return Turn(by, name, since, len(steps) - len(left), len(steps))


def is_late(activation: Activation, *, on: date) -> bool:
    """Whether it was planned for a day that has passed, and is not done."""
    return activation.state in OPEN and activation.planned_on is not None and activation.planned_on < on


def _with_all() -> QuerySet[Activation]:
    """Activations with all that a card says: three queries."""
    return Activation.objects.select_related(
        "body__epci", "convention__request", "version__request", "convention__parent"
    ).prefetch_related("steps", "parts")


OF_REQUEST = Question[Activation](lambda request: _with_all().filter(version__request=request), KEY)
TO_SET_GOING = Question[Activation](lambda body: _with_all().filter(body=body, state__in=OPEN).order_by("pk"), KEY)


def activation_by_id(activation_id: int) -> Activation | None:
    """An activation with its steps and its parts."""
    return _with_all().filter(pk=activation_id).first()


def activation_list(column: Column, narrowing: Narrowing, *, on: date) -> QuerySet[Activation]:
    """The activations of a column of the board, what presses first."""
    found = _narrowed(_with_all(), narrowing).filter(_in_column(column, on))
    if column is Column.DONE:
        ends = GoneLive.objects.filter(activation=OuterRef("pk")).order_by("-live_on").values("live_on")[:1]
        return found.annotate(done_on=Subquery(ends)).order_by("-done_on", "-pk")
    if column is Column.CANCELLED:
        return found.order_by("-opened_at", "-pk")
    return found.order_by(F("planned_on").asc(nulls_last=True), "opened_at", "pk")


def activation_counts(narrowing: Narrowing, *, on: date) -> dict[Column, int]:
    """How many are in each column: one query."""
    found = _narrowed(Activation.objects.all(), narrowing)
    counted = found.aggregate(**{column.name: Count("pk", filter=_in_column(column, on)) for column in Column})
    return {column: counted[column.name] for column in Column}


def _in_column(column: Column, on: date) -> Q:
    opened = Q(state__in=OPEN)
    match column:
        case Column.TO_DO:
            return opened & Q(waiting_for="")
        case Column.WAITING:
            return opened & ~Q(waiting_for="")
        case Column.LATE:
            return opened & Q(planned_on__lt=on)
        case Column.DONE:
            recent = GoneLive.objects.filter(live_on__gt=on - RECENT).values("activation_id")
            return Q(state=ActivationState.LIVE, pk__in=recent)
    return Q(state=ActivationState.CANCELLED)


def _narrowed(found: QuerySet[Activation], by: Narrowing) -> QuerySet[Activation]:
    for word in by.text.split()[:8]:
        found = found.filter(
            named(word, "body")
            | Q(name__icontains=word)
            | Q(convention__number__icontains=word)
            | Q(version__request__reference__icontains=word)
        )
    if by.service:
        found = found.filter(service=by.service)
    if by.territory is not None:
        found = found.filter(Q(body__epci_id=by.territory) | Q(body_id=by.territory))
    if by.turn:
        left = ActivationStep.objects.filter(activation=OuterRef("pk"), done_on__isnull=True, waived_reason="")
        turn = Coalesce(Subquery(left.order_by("position").values("by")[:1]), Value(READY))
        found = found.filter(state__in=OPEN).annotate(turn=turn).filter(turn=by.turn)
    return found


def services_to_set_going() -> list[tuple[str, str]]:
    """The services that were ever to be set going, as code and name, for a choice."""
    names: dict[str, str] = {}
    for code, name in Activation.objects.order_by("name").values_list("service", "name").distinct():
        names[code] = min(names.get(code, name), name, key=len)
    return sorted(names.items(), key=lambda pair: pair[1])


def territories() -> list[tuple[int, str]]:
    """The EPCI in which something was to be set going, themselves included, for a choice."""
    members = Activation.objects.exclude(body__epci=None).order_by().values_list("body__epci_id", "body__epci__name")
    groups = Activation.objects.filter(body__kind="epci").order_by().values_list("body_id", "body__name")
    found = {key: name for key, name in [*members.distinct(), *groups.distinct()] if key is not None}
    return sorted(((key, str(name)) for key, name in found.items()), key=lambda pair: pair[1])


def activations_of_request(request_id: int) -> list[Activation]:
    """What the accepted quotes of a file set going, in the order of their lines."""
    return OF_REQUEST.ask(request_id)


def activations_of_convention(convention_id: int) -> list[Activation]:
    """What a convention sets going, in the order of its lines, then what renews it."""
    return list(_with_all().filter(convention_id=convention_id))


def activations_to_set_going(body_id: int) -> list[Activation]:
    """What is still to be set going for a body, the oldest first."""
    return TO_SET_GOING.ask(body_id)


def requests_to_set_going() -> tuple[int, ...]:
    """The files in which something is still to be set going, by key, oldest first: one query."""
    opened = Activation.objects.filter(state__in=OPEN).order_by()
    return tuple(
        opened.values("version__request_id")
        .annotate(at=Min("opened_at"))
        .order_by("at", "version__request_id")
        .values_list("version__request_id", flat=True)
    )
