"""Scales: classing a body in a category by its inhabitants, its staff, or both."""

from typing import NamedTuple

from tripartite.pricing.bodies import Body, Standing
from tripartite.pricing.money import whole
from tripartite.pricing.order import Kind, OrderError

MEASURE_WORDS = {"population": "habitants", "staff": "agents"}


class Range(NamedTuple):
    """From `first` to `last` (inclusive, None: no limit) one is in `category`; `interpretation` settled it."""

    first: int
    last: int | None
    category: str
    interpretation: str | None = None

    @property
    def text(self) -> str:
        if self.last is None:
            return f"à partir de {whole(self.first)}"
        if self.first == self.last:
            return f"exactement {whole(self.first)}"
        if self.first == 0:
            return f"jusqu'à {whole(self.last)}"
        return f"de {whole(self.first)} à {whole(self.last)}"


class ClassedBy(NamedTuple):
    """How some kinds of body are classed: by one measure, by several (the highest category counts), or on request."""

    kinds: tuple[Kind, ...]
    measures: tuple[str, ...]
    on_request: str | None = None


class Scale(NamedTuple):
    """Categories, lowest first, with the ranges of each measure, and the rule that says which measure counts."""

    code: str
    name: str
    categories: tuple[str, ...]
    ranges: dict[str, tuple[Range, ...]]
    classed_by: tuple[ClassedBy, ...]
    interpretations: tuple[str, ...] = ()
    rule_interpretation: str | None = None

    def range_of(self, measure: str, value: int) -> Range | None:
        """The range that holds a value, None in a hole."""
        for candidate in self.ranges.get(measure, ()):
            if candidate.first <= value and (candidate.last is None or value <= candidate.last):
                return candidate
        return None

    def standing_of(self, body: Body) -> Standing:
        """Where a body stands (its category, or why there is none), worked out once for an order."""
        standing = body.standings.get(self.code)
        if standing is None:
            standing = body.standings[self.code] = self.classify(body)
        return standing

    def classify(self, body: Body) -> Standing:
        """The standing of a body. Raises OrderError (missing-population, missing-staff) when the figure is unknown."""
        rule = next((rule for rule in self.classed_by if body.beneficiary.kind in rule.kinds), None)
        if rule is None:
            return Standing(None, "Le tarif ne classe pas ce type de structure : un devis sera établi.")
        if rule.on_request is not None:
            return Standing(None, rule.on_request)
        found = [self._range_for(measure, body) for measure in rule.measures]
        measure, chosen = max(
            found, key=lambda pair: -1 if pair[1] is None else self.categories.index(pair[1].category)
        )
        if any(candidate is None for _, candidate in found) or chosen is None:
            empty = next(name for name, candidate in found if candidate is None)
            return Standing(
                None,
                f"Aucune catégorie ne contient {whole(body.classed(empty))} {MEASURE_WORDS[empty]} :"
                " un devis sera établi.",
            )
        value = body.classed(measure)
        settled = (chosen.interpretation,) if chosen.interpretation else ()
        return Standing(
            chosen.category,
            f"catégorie {chosen.category} ({chosen.text} {MEASURE_WORDS[measure]} : {whole(value)})",
            (*self.interpretations, *settled),
            self._other(rule, body, chosen.category),
        )

    def _range_for(self, measure: str, body: Body) -> tuple[str, Range | None]:
        return measure, self.range_of(measure, body.classed(measure))

    def _other(self, rule: ClassedBy, body: Body, category: str) -> str | None:
        for measure in self.ranges:
            value = getattr(body.beneficiary, measure)
            if measure in rule.measures or value is None:
                continue
            found = self.range_of(measure, value)
            if found is not None and found.category != category:
                return found.category
        return None

    def known_category(self, body: Body) -> str | None:
        """The category when the figures are known, None otherwise: for display, never for a price."""
        try:
            return self.standing_of(body).category
        except OrderError:
            return None
