"""The conventions of an offer: those on their way, those in force."""

from dataclasses import dataclass

from django.db.models import Count, Q

from tripartite.conventions.models import Convention
from tripartite.conventions.states import SIGNABLE, ConventionState

COMING = (ConventionState.DRAFT, *SIGNABLE, ConventionState.SIGNED)


@dataclass(frozen=True, slots=True)
class ConventionCounts:
    """How many conventions and amendments are being prepared or signed, and how many are in force."""

    coming: int
    in_force: int


def convention_counts(offer: str) -> ConventionCounts:
    """The conventions of an offer: one query."""
    found = Convention.objects.filter(request__offer=offer).aggregate(
        coming=Count("pk", filter=Q(state__in=COMING)),
        in_force=Count("pk", filter=Q(state=ConventionState.IN_FORCE)),
    )
    return ConventionCounts(**found)
