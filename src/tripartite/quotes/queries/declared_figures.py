"""The figures that came with a request: read as the price takes them, and shown beside what the directory knows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from tripartite.parties.queries.facts import BodyFacts
from tripartite.pricing.money import whole
from tripartite.questions import KEY, Question
from tripartite.quotes.models import DeclaredFigure, Request
from tripartite.quotes.queries.declared import Declared

LISTED = Prefetch("declared_figures", to_attr="listed_figures")
"""Read with many requests, as a plain list: a queryset kept by its row holds it, and both wait to be collected."""
DECLARED = Question[DeclaredFigure](lambda request: DeclaredFigure.objects.filter(request=request), KEY)
"""What came with a request, in the order in which it was declared."""


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A declared figure as the page of its request shows it. `known` is what the directory says meanwhile, if anything;
    it counts then, and nothing is left to confirm.
    """

    figure: DeclaredFigure
    declared: Declared
    known: int | None
    known_source: str | None

    @property
    def words(self) -> str:
        return f"{self.figure.get_counted_display()} : {whole(self.figure.value)}"

    @property
    def confirmable(self) -> bool:
        return self.figure.confirmed_at is None and self.known is None


def declared_of(request: Request) -> tuple[Declared, ...]:
    """The figures that came with a request. No query when `declared_figures` are prefetched, or listed (`LISTED`)."""
    return tuple(
        Declared(
            one.measure,
            one.counted,
            one.value,
            one.declared_by,
            timezone.localdate(one.declared_at),
        )
        for one in _figures(request)
    )


def _figures(request: Request) -> list[DeclaredFigure]:
    listed: list[DeclaredFigure] | None = getattr(request, str(LISTED.to_attr), None)
    if listed is not None:
        return listed
    read: dict[str, Any] = getattr(request, "_prefetched_objects_cache", {})
    return list(request.declared_figures.all()) if "declared_figures" in read else DECLARED.ask(request.pk)


def shown_figures(request: Request, facts: BodyFacts) -> list[ShownFigure]:
    """The figures that came with a request, beside what the directory knows."""
    return [
        ShownFigure(figure, declared, getattr(facts, one), getattr(facts, f"{one}_source"))
        for figure, declared in zip(request.declared_figures.all(), declared_of(request), strict=True)
        for one in [figure.measure]
    ]
