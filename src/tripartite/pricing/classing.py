"""Which services are priced by a scale, where its categories begin, and the category of a body."""

from collections.abc import Iterator, Mapping

from tripartite.pricing.bodies import Body
from tripartite.pricing.compositions import ByDimension
from tripartite.pricing.estimate import RECURRING
from tripartite.pricing.grid import Charge, Grid
from tripartite.pricing.order import Beneficiary
from tripartite.pricing.prices import Flat, PerUnit, Price
from tripartite.pricing.scales import Scale


def classed_services(grid: Grid) -> Mapping[str, Scale]:
    """The services whose recurring price depends on a category, each with its scale."""
    found: dict[str, Scale] = {}
    for charge in grid.charges:
        scale = _scale_of(charge) if charge.frequency in RECURRING else None
        if scale is not None:
            found |= {service: found.get(service, scale) for service in charge.services}
    return found


def _scale_of(charge: Charge) -> Scale | None:
    return next((scale for price in charge.prices.values() for scale in _scales_in(price)), None)


def _scales_in(price: Price) -> Iterator[Scale]:
    if isinstance(price, ByDimension):
        yield from (dimension for dimension in price.dimensions if isinstance(dimension, Scale))
    if isinstance(price, PerUnit | Flat):
        for surcharge in price.rate.surcharges:
            if surcharge.table is not None:
                yield from _scales_in(surcharge.table)
    for part in price.parts():
        yield from _scales_in(part.price)


def category_bounds(grid: Grid) -> dict[str, set[int]]:
    """The last figure of each category, by measure (population, staff): to either side of it, one is classed apart."""
    found: dict[str, set[int]] = {}
    for scale in classed_services(grid).values():
        for measure, ranges in scale.ranges.items():
            bounds = found.setdefault(measure, set())
            bounds.update(one.last for one in ranges if one.last is not None)
            bounds.update(one.first - 1 for one in ranges if one.first > 0)
    return found


def category_of(scale: Scale, beneficiary: Beneficiary) -> str | None:
    """The category of a body on a scale; None when it has none, or when its figures are not known."""
    return scale.known_category(Body(beneficiary, {}))
