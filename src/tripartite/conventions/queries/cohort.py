"""Questions about former programmes: who held what, who has gone on to a convention of this offer."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When

from tripartite.conventions.models import Convention, FormerConvention
from tripartite.conventions.states import ConventionState, Progress
from tripartite.many import Among, keys_told
from tripartite.parties.queries.search import named
from tripartite.questions import KEYS, Question
from tripartite.quotes.queries.requests import request_list, requests_of
from tripartite.quotes.states import RequestState

OPEN = (RequestState.RECEIVED, RequestState.QUOTED, RequestState.ACCEPTED)
BINDING = (ConventionState.SIGNED, ConventionState.IN_FORCE, ConventionState.ENDED)


def open_request_of(body_id: int, *, offer: str) -> Any:
    """The latest request of a body for an offer that leads somewhere and is not signed yet; None without one."""
    return requests_of(body_id).filter(state__in=OPEN, offer=offer).first()


def former_by_id(former_id: int) -> FormerConvention | None:
    """A former convention with what was held, where it stands, and its request."""
    return _with_progress().filter(pk=former_id).first()


FORMERS = Question[FormerConvention](
    lambda bodies: FormerConvention.objects.filter(Among("body", bodies)).order_by("ends_on", "pk"), KEYS
)


def formers_of(body_ids: Iterable[int]) -> dict[int, FormerConvention]:
    """The former convention of each body that had one: one query for a whole page."""
    return {former.body_id: former for former in FORMERS.ask(keys_told(set(body_ids)))}


def cohort_list(*, text: str = "", progress: str = "") -> QuerySet[FormerConvention]:
    """Former conventions by the name of their body, by words (name, SIREN, INSEE code, request, convention) and by
    progress.

    Each row has `progress`, `reference` (of the request in hand) and `convention`, `convention_number` (of its
    offer).
    """
    found = _with_progress()
    for word in text.split()[:8]:
        found = found.filter(
            named(word, "body")
            | Q(body__siren__startswith=word)
            | Q(body__code_insee__startswith=word)
            | Q(reference__icontains=word)
            | Q(convention_number__icontains=word)
        )
    return found.filter(progress=progress) if progress in set(Progress) else found


def cohort_counts() -> dict[Progress, int]:
    """How many bodies are where: one query."""
    counted = dict(_with_progress().order_by().values_list("progress").annotate(Count("pk")))
    return {progress: counted.get(progress.value, 0) for progress in Progress}


def _with_progress() -> QuerySet[Any]:
    asked = request_list().filter(beneficiary=OuterRef("body"), offer=OuterRef("offer"))
    in_hand = asked.filter(state__in=(*OPEN, RequestState.ENGAGED))
    signed = Convention.objects.filter(
        beneficiary=OuterRef("body"), request__offer=OuterRef("offer"), parent__isnull=True, state__in=BINDING
    )
    progress = Case(
        When(Exists(signed), then=Value(Progress.DONE.value)),
        When(Exists(asked.filter(state__in=OPEN)), then=Value(Progress.IN_PROGRESS.value)),
        default=Value(Progress.TO_DO.value),
        output_field=CharField(),
    )
    return (
        FormerConvention.objects.select_related("body", "request")
        .prefetch_related("held")
        .annotate(
            progress=progress,
            reference=Subquery(in_hand.values("reference")[:1]),
            convention=Subquery(signed.values("pk")[:1]),
            convention_number=Subquery(signed.values("number")[:1]),
        )
    )
