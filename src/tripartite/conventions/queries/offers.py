"""The conventions of an offer: those on their way, those in force."""

from dataclasses import dataclass

from django.db.models import Count, Q

from tripartite.conventions.models import Convention, FormerConvention, TextVersion
from tripartite.conventions.states import SIGNABLE, ConventionState

COMING = (ConventionState.DRAFT, *SIGNABLE, ConventionState.SIGNED)


@dataclass(frozen=True, slots=True)
class ConventionCounts:
    """How many conventions and amendments are being prepared or signed, and how many are in force."""

    coming: int
    in_force: int


def offer_of_convention(convention_id: int) -> str | None:
    """The offer that a convention is of: one query. None where there is no such convention."""
    return Convention.objects.filter(pk=convention_id).values_list("request__offer", flat=True).first()


def offer_of_former(former_id: int) -> str | None:
    """The offer whose services a former convention held: one query. None where there is no such convention."""
    return FormerConvention.objects.filter(pk=former_id).values_list("offer", flat=True).first()


def offer_of_text(code: str) -> str | None:
    """The offer that a text model is for, « » for one that is for all: one query. None where there is no such text."""
    return TextVersion.objects.filter(code=code).values_list("offer", flat=True).first()


def convention_counts(offer: str) -> ConventionCounts:
    """The conventions of an offer: one query."""
    found = Convention.objects.filter(request__offer=offer).aggregate(
        coming=Count("pk", filter=Q(state__in=COMING)),
        in_force=Count("pk", filter=Q(state=ConventionState.IN_FORCE)),
    )
    return ConventionCounts(**found)
