"""Which bodies went from one category to another: asked of the database alone, over a whole directory."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from tripartite.parties.models import Figure


def crossing_figures(
    bounds: Mapping[str, Collection[int]], *, since: date, bodies: "QuerySet[Any, Any]"
) -> Iterator[tuple[int, int]]:
    """The bodies, among `bodies` (their keys), that have a figure recorded or applied after `since` to one side of a
    bound and another figure, its own or of a body that it took in, to its other side; each with the last such figure.
    One query a measure.

    `bounds` are the last figures of the categories, by measure ("population", "staff"). A superset of those whose
    category changes: which figure counts on a day is told by `facts_of`.
    """
    for measure, lasts in bounds.items():
        banded = Figure.objects.filter(measure=measure).annotate(band=_band(sorted(lasts)))
        apart = banded.filter(~Q(band=OuterRef("band")))
        own, taken_in = apart.filter(body=OuterRef("body")), apart.filter(body__merged_into=OuterRef("body"))
        recent = Q(applies_on__gt=since) | Q(recorded_at__date__gt=since)
        # asked apart, each is looked up in an index; asked together, every figure is compared with every other
        found = banded.filter(recent, Exists(own) | Exists(taken_in), body__in=bodies)
        yield from found.order_by("body_id").values("body_id").annotate(last=Max("pk")).values_list("body_id", "last")


def _band(lasts: list[int]) -> Case:
    """How many bounds stand below a figure."""
    return Case(
        *(When(value__lte=last, then=Value(place)) for place, last in enumerate(lasts)),
        default=Value(len(lasts)),
        output_field=IntegerField(),
    )


def figures_learnt_late(*, since: date, bodies: Any) -> list[tuple[int, date]]:
    """The bodies among these (a query of keys) that have figures recorded after a day, and after the one from which
    they count, each with the day of recording: one query.
    """
    learnt = TruncDate("recorded_at", tzinfo=timezone.get_current_timezone())
    found = Figure.objects.annotate(learnt=learnt).filter(learnt__gt=since, applies_on__lt=F("learnt"))
    return list(found.filter(body__in=bodies).order_by("body_id").values_list("body_id", "learnt").distinct())
