"""What the group of a body already holds: its EPCI or syndicat, or the members of one. Nobody pays twice."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Q, QuerySet

from tripartite.conventions.models import Convention, FormerConvention
from tripartite.conventions.states import ConventionState
from tripartite.pricing.holding import Holding
from tripartite.pricing.order import Kind
from tripartite.questions import DAY, KEY, Question

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


def _above(body: Any) -> set[int]:
    """The groups on which a body depends, by their keys."""
    above = {body.epci_id}
    if body.parent_id is not None:
        above |= {body.parent.epci_id, body.parent_id if body.parent.kind in GROUPS else None}
    return above - {None, body.pk}


def _holders(body: Any, field: str) -> Q:
    """The condition on the rows whose `field` is a body of the group."""
    found = Q(**{f"{field}__in": _above(body)})
    if body.kind in GROUPS:
        found |= Q(**{f"{field}__epci": body.pk}) | Q(**{f"{field}__parent": body.pk})
        found |= Q(**{f"{field}__parent__epci": body.pk})
    return found


def _conventions(holders: Q, offer: Any, on: Any) -> QuerySet[Convention]:
    running = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    found = Convention.objects.filter(holders, running, request__offer=offer, state__in=RUNNING)
    return found.select_related("beneficiary", "version").defer("version__estimate")


def _formers(holders: Q, offer: Any, on: Any) -> QuerySet[FormerConvention]:
    found = FormerConvention.objects.filter(holders, offer=offer, starts_on__lte=on, ends_on__gte=on)
    return found.select_related("body").prefetch_related("held").distinct()


CONVENTIONS_OF_ONE = Question[Convention](
    lambda body, offer, on: _conventions(Q(beneficiary=body), offer, on), KEY, CharField(), DAY
)
FORMERS_OF_ONE = Question[FormerConvention](
    lambda body, offer, on: _formers(Q(body=body), offer, on), KEY, CharField(), DAY
)
"""What a single group holds: nearly every body depends on one, its EPCI."""


def _by_convention(body: Any, wanted: set[str], offer: str, on: date) -> list[HeldByGroup]:
    one = _only_group(body)
    running = CONVENTIONS_OF_ONE.ask(one, offer, on) if one else _conventions(_holders(body, "beneficiary"), offer, on)
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
    one = _only_group(body)
    running = FORMERS_OF_ONE.ask(one, offer, on) if one else _formers(_holders(body, "body"), offer, on)
    held = [(former, tuple(one.service for one in former.held.all() if one.service in wanted)) for former in running]
    return [
        HeldByGroup(former.body, services, f"convention « {former.programme} »", former.ends_on)
        for former, services in held
        if services
    ]


def _only_group(body: Any) -> int | None:
    """The key of the one group on which a body depends, where it is none itself."""
    above = _above(body)
    return above.pop() if len(above) == 1 and body.kind not in GROUPS else None
