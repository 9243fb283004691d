"""Lists of what runs: for whom, which service, in which EPCI, under which convention, due in which month."""

from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from tripartite.parties.queries.search import named
from tripartite.subscriptions.models import Subscription
from tripartite.subscriptions.queries.days import runs_on
from tripartite.subscriptions.queries.running import with_changes


class Shown(StrEnum):
    """Which subscriptions a list shows on a day."""

    RUNNING = "running"
    ENDING = "ending"
    PREPAID = "prepaid"
    ENDED = "ended"


SHOWN_LABELS = {
    Shown.RUNNING: "en service",
    Shown.ENDING: "dont la fin est notée",
    Shown.PREPAID: "payés d'avance",
    Shown.ENDED: "terminés",
}


def subscription_list(
    *,
    on: date,
    shown: Shown = Shown.RUNNING,
    text: str = "",
    service: str = "",
    epci: str = "",
    month: int = 0,
    offer: str = "",
) -> QuerySet[Subscription]:
    """The subscriptions of a day, by the names of their bodies: three queries with all that a line says.

    `text` looks in the body (name, SIREN, INSEE code) and in the number of the convention, `epci` is a SIREN, `month`
    (1 to 12) that of the due dates.
    """
    found = with_changes().select_related("body__epci").filter(_shown(shown, on))
    for word in text.split()[:8]:
        found = found.filter(
            named(word, "body")
            | Q(body__siren__startswith=word)
            | Q(body__code_insee=word)
            | Q(convention__number__icontains=word)
            | Q(name__icontains=word)
        )
    if service:
        found = found.filter(service=service)
    if offer:
        found = found.filter(convention__request__offer=offer)
    if epci:
        found = found.filter(Q(body__epci__siren=epci) | Q(body__siren=epci))
    if month:
        found = found.filter(anchor_on__month=month, term_years__isnull=True)
    return found.order_by("body__name", "body_id", "starts_on", "pk")


def _shown(shown: Shown, on: date) -> Q:
    match shown:
        case Shown.RUNNING:
            return runs_on(on)
        case Shown.ENDING:
            return Q(starts_on__lte=on, ends_on__gte=on, term_years__isnull=True)
        case Shown.PREPAID:
            return runs_on(on) & Q(term_years__isnull=False)
        case Shown.ENDED:
            return Q(ends_on__lt=on)


def services_in_use() -> list[str]:
    """The codes of the services that some body has or had."""
    return sorted(Subscription.objects.order_by().values_list("service", flat=True).distinct())


def service_names_of(body_id: int) -> dict[str, str]:
    """The services that a body has or had, by code, under the name that the last one had: one query."""
    return dict(Subscription.objects.filter(body_id=body_id).order_by("pk").values_list("service", "name"))


def epcis_in_use() -> list[tuple[str, str]]:
    """The EPCI (SIREN, name) of the bodies that have something."""
    rows = Subscription.objects.filter(body__epci__isnull=False).order_by("body__epci__name")
    return list(rows.values_list("body__epci__siren", "body__epci__name").distinct())


def bodies_with_services() -> list[int]:
    """The keys of the bodies that have, or had, something: one query."""
    return list(Subscription.objects.order_by("body_id").values_list("body_id", flat=True).distinct())
