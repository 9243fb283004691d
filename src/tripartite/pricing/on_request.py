"""Which prices may leave a line « sur devis », whatever the body and the quantity. Pure."""

from tripartite.pricing.compositions import ByDimension, Plans
from tripartite.pricing.outcomes import OnRequest
from tripartite.pricing.prices import Bands, Marginal, NoPrice, Price
from tripartite.pricing.scales import Scale


def may_be_on_request(price: Price) -> bool:
    """Whether some order could find it on request; when in doubt, yes."""
    match price:
        case NoPrice(outcome=outcome):
            return isinstance(outcome, OnRequest)
        case Bands(rows=rows) if any(row.last is None for row in rows):
            pass
        case Marginal(rows=rows) if any(row.last is None for row in rows):
            pass
        case ByDimension(dimensions=dimensions) if not any(isinstance(one, Scale) for one in dimensions):
            pass
        case Bands() | Marginal() | ByDimension() | Plans():
            return True
    return any(may_be_on_request(part.price) for part in price.parts())
