"""Questions about interventions: those of a body, of a week, of an agent; the time that they took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from tripartite.following.models import DueCharge, Intervention
from tripartite.following.states import InterventionState
from tripartite.parties.queries.search import named
from tripartite.questions import KEY, Place, Question
from tripartite.subscriptions.queries.listing import service_names_of
from tripartite.tariffs.queries import grids_in_force


@dataclass(frozen=True, slots=True)
class TimeSpent:
    """How many interventions a service took in a period, and how many minutes in all. No service: `service` is « »."""

    service: str
    name: str
    agent: str
    count: int
    minutes: int


def _with_all() -> QuerySet[Intervention]:
    found = Intervention.objects.select_related("body", "agent__issuer", "request", "subscription")
    return found.prefetch_related("due_charges__annulment")


def intervention_by_id(intervention_id: int) -> Intervention | None:
    return _with_all().filter(pk=intervention_id).first()


def interventions_of_body(body_id: int | Place) -> QuerySet[Intervention]:
    """Those of a body, planned ones first, then the latest done."""
    return _with_all().filter(body_id=body_id).order_by(F("done_on").desc(nulls_first=True), "-planned_at", "-pk")


LATEST_OF_BODY = Question[Intervention](lambda body: interventions_of_body(body)[:5], KEY)


def latest_interventions(body_id: int) -> list[Intervention]:
    """The first five of `interventions_of_body`."""
    return LATEST_OF_BODY.ask(body_id)


OF_REQUEST = Question[Intervention](lambda request: _with_all().filter(request=request), KEY)


def interventions_of_request(request_id: int) -> list[Intervention]:
    """Those of a file, in the order of the journal, the latest first."""
    return OF_REQUEST.ask(request_id)


def intervention_list(
    *,
    since: date | None = None,
    until: date | None = None,
    agent_id: int | None = None,
    service: str = "",
    state: str = "",
    text: str = "",
) -> QuerySet[Intervention]:
    """Interventions by day: of the plan while planned or cancelled, of the act once done. Days are inclusive."""
    found = _with_all()
    if agent_id is not None:
        found = found.filter(agent_id=agent_id)
    if service:
        found = found.filter(service=service)
    if state in set(InterventionState):
        found = found.filter(state=state)
    for word in text.split()[:8]:
        found = found.filter(named(word, "body") | Q(note__icontains=word) | Q(place__icontains=word))
    done, waits = Q(done_on__isnull=False), Q(done_on__isnull=True)
    if since:
        found = found.filter(done & Q(done_on__gte=since) | waits & Q(planned_at__gte=_midnight(since)))
    if until:
        later = _midnight(until + timedelta(days=1))
        found = found.filter(done & Q(done_on__lte=until) | waits & Q(planned_at__lt=later))
    return found.order_by("planned_at", "done_on", "pk")


def day_of(intervention: Intervention) -> date:
    """The day on which an intervention stands in a calendar."""
    if intervention.done_on:
        return intervention.done_on
    return timezone.localdate(intervention.planned_at)


def interventions_in_feed(account_id: int, *, since: date) -> list[Intervention]:
    """What the calendar of an agent shows: all that was planned for it from a day on, cancelled ones included."""
    found = _with_all().filter(agent_id=account_id, planned_at__gte=_midnight(since))
    return list(found.order_by("planned_at", "pk"))


def time_spent(*, since: date, until: date, names: dict[str, str], per_agent: bool = False) -> list[TimeSpent]:
    """The time spent on each service in a period, both days included: one query."""
    keys = ["service", "agent__name"] if per_agent else ["service"]
    rows = (
        Intervention.objects.filter(state=InterventionState.DONE, done_on__gte=since, done_on__lte=until)
        .order_by(*keys)
        .values(*keys)
        .annotate(number=Count("pk"), spent=Sum("minutes"))
    )
    found = [
        TimeSpent(
            row["service"],
            names.get(row["service"], row["service"]) or "sans service",
            row.get("agent__name", ""),
            row["number"],
            row["spent"] or 0,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.service == "", one.name, one.agent))


def known_services(body_id: int, *, on: date) -> dict[str, str]:
    """What an intervention of a body may bear on, by code: what ran for it, then the grids in force."""
    found = service_names_of(body_id)
    for grid in grids_in_force(on):
        for code, service in grid.services.items():
            found.setdefault(code, service.name)
    return found


def due_charges_of(body_id: int) -> Sequence[DueCharge]:
    """The charges that became due for a body because of an intervention, the oldest first, those annulled left out."""
    found = DueCharge.objects.filter(subscription__body_id=body_id, annulment=None)
    return list(found.select_related("subscription", "intervention"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
