"""What the group of a body already holds: its EPCI or syndicat, or the members of one. Nobody pays twice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from tripartite.conventions.models import Convention, FormerConvention
from tripartite.conventions.states import ConventionState
from tripartite.pricing.holding import Holding
from tripartite.pricing.order import Kind

GROUPS = (Kind.EPCI, Kind.SYNDICAT)
RUNNING = (ConventionState.SIGNED, ConventionState.IN_FORCE)


@dataclass(frozen=True, slots=True)
class HeldByGroup:
    """Services that another body of the group holds: which body, by which paper, until when (None: no end known)."""

    body: Any
    services: tuple[str, ...]
    paper: str
    until: date | None
    convention_id: int | None = None


def held_by_group(body: Any, services: Collection[str], *, offer: str, on: date) -> tuple[HeldByGroup, ...]:
    """The services, among `services` (codes of the grids of an offer), that the group of `body` holds on a day.

    The group is its EPCI, the EPCI or syndicat it depends on, or the EPCI of the commune it depends on; for an EPCI or
    a syndicat, its members and what depends on them. Signed conventions count, with what their order, or that of their
    last amendment, leaves in service, and former ones until their last day. At most three queries, four for a body that
    depends on another.
    """
    wanted = set(services)
    if not wanted:
        return ()
    found = [*_by_convention(body, wanted, offer, on), *_by_former(body, wanted, offer, on)]
    return tuple(sorted(found, key=lambda one: (one.body.name, one.body.pk, one.paper)))


def _holders(body: Any, field: str) -> Q:
    """The condition on the rows whose `field` is a body of the group."""
    above = {body.epci_id}
    if body.parent_id is not None:
        above |= {body.parent.epci_id, body.parent_id if body.parent.kind in GROUPS else None}
    found = Q(**{f"{field}__in": above - {None, body.pk}})
    if body.kind in GROUPS:
        found |= Q(**{f"{field}__epci": body.pk}) | Q(**{f"{field}__parent": body.pk})
        found |= Q(**{f"{field}__parent__epci": body.pk})
    return found


def _by_convention(body: Any, wanted: set[str], offer: str, on: date) -> list[HeldByGroup]:
    running = (
        Convention.objects.filter(_holders(body, "beneficiary"), request__offer=offer, state__in=RUNNING)
        .filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))
        .select_related("beneficiary", "version")
        .defer("version__estimate")
    )
    rows = sorted(running, key=lambda one: (one.in_force_on or date.max, one.pk))
    amended = {one.parent_id: one for one in rows if one.parent_id}
    found = []
    for convention in (one for one in rows if not one.parent_id):
        held = Holding.after(amended.get(convention.pk, convention).version.order)
        services = held.where(wanted.__contains__).services
        if services:
            paper = f"convention {convention}"
            found.append(HeldByGroup(convention.beneficiary, services, paper, convention.ends_on, convention.pk))
    return found


def _by_former(body: Any, wanted: set[str], offer: str, on: date) -> list[HeldByGroup]:
    running = (
        FormerConvention.objects.filter(_holders(body, "body"), offer=offer, held__service__in=wanted)
        .filter(starts_on__lte=on, ends_on__gte=on)
        .select_related("body")
        .prefetch_related("held")
        .distinct()
    )
    return [
        HeldByGroup(
            former.body,
            tuple(one.service for one in former.held.all() if one.service in wanted),
            f"convention « {former.programme} »",
            former.ends_on,
        )
        for former in running
    ]
