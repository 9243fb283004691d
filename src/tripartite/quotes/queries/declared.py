"""Figures that come with a request: they price that request alone, and say who declared them, until an agent confirms
them. Then they are the body's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from tripartite.parties.queries.facts import BodyFacts
from tripartite.pricing.money import whole

if TYPE_CHECKING:  # pricing one order asks no table of requests (decision 3)
    from tripartite.quotes.models import DeclaredFigure, Request


@dataclass(frozen=True, slots=True)
class Declared:
    """A figure that comes with what is asked: "population" or "staff", how it is counted, how many; and, once kept with
    a request, who declared it and on which day."""

    measure: str
    counted: str
    value: Any
    declared_by: str = ""
    on: date | None = None

    @property
    def source(self) -> str:
        """Where it comes from, as pages and papers say it."""
        day = f" le {self.on:%d/%m/%Y}" if self.on else ""
        return f"déclaré par {self.declared_by}{day}, pour cette demande"


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A declared figure as the page of its request shows it. `known` is what the directory says meanwhile, if anything;
    it counts then, and nothing is left to confirm.
    """

    figure: "DeclaredFigure"
    declared: Declared
    known: int | None
    known_source: str | None

    @property
    def words(self) -> str:
        return f"{self.figure.get_counted_display()} : {whole(self.figure.value)}"

    @property
    def confirmable(self) -> bool:
        return self.figure.confirmed_at is None and self.known is None


def declared_of(request: "Request") -> tuple[Declared, ...]:
    """The figures that came with a request. No query when `declared_figures` are prefetched."""
    return tuple(
        Declared(
            one.measure,
            one.counted,
            one.value,
            one.declared_by,
            timezone.localdate(one.declared_at),
        )
        for one in request.declared_figures.all()
    )


def with_declared(facts: BodyFacts, declared: Iterable[Declared]) -> BodyFacts:
    """The facts of a body, with the declared figures where the directory knows none."""
    for one in declared:
        if getattr(facts, one.measure) is None:
            said = {
                one.measure: one.value,
                f"{one.measure}_kind": one.counted,
                f"{one.measure}_source": one.source,
                f"{one.measure}_on": one.on,
            }
            facts = replace(facts, **said)
    return facts


def shown_figures(request: "Request", facts: BodyFacts) -> list[ShownFigure]:
    """The figures that came with a request, beside what the directory knows."""
    return [
        ShownFigure(figure, declared, getattr(facts, one), getattr(facts, f"{one}_source"))
        for figure, declared in zip(request.declared_figures.all(), declared_of(request), strict=True)
        for one in [figure.measure]
    ]
