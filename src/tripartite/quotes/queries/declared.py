"""Figures that come with a request: they price that request alone, and say who declared them, until an agent confirms
them. Then they are the body's.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tripartite.parties.queries.facts import BodyFacts


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
