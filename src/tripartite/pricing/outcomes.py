"""What a form of price answers for a case: an amount, « inclus », « sur devis », a refusal, or nothing."""

import re
from typing import NamedTuple

from tripartite.pricing.cases import Number


class Amount(NamedTuple):
    """A computed price in micros. `unit` is the rate of one unit where quantity × unit is the price."""

    micros: Number
    unit: int | None = None
    first_year: Number | None = None


class Included(NamedTuple):
    """0 €, printed « inclus »."""


ON_REQUEST = "sur devis"
BY_ISSUER = "Prix établi sur devis par l'émetteur."
"""The ordinary reason of a cell on request, that gives no other."""


ONCE_MORE = re.compile(rf",? {ON_REQUEST}(?=[.,;:]|$)")


def beside_on_request(reason: str) -> str:
    """What a reason, or an explanation, adds where « sur devis » is written already: « Au-delà de 20 postes, sur
    devis. » adds « Au-delà de 20 postes. », the ordinary reason nothing. It is never said twice.
    """
    ordinary = reason.removesuffix(".") in ("", BY_ISSUER.removesuffix("."), ON_REQUEST)
    return "" if ordinary else ONCE_MORE.sub("", reason)


class OnRequest(NamedTuple):
    """No price can be computed; an agent of the issuer fills it in."""

    reason: str

    def words(self, layout: str) -> str:
        """What stands for the price: « sur devis », with its reason as `layout` sets it ("sur devis ({})"). A reason
        that says « sur devis » itself stands alone, and the ordinary one adds nothing: it is never said twice."""
        if self.reason in ("", BY_ISSUER):
            return ON_REQUEST
        return self.reason if ON_REQUEST in self.reason.lower() else layout.format(self.reason)


class Refused(NamedTuple):
    """The tariff excludes this quantity."""

    message: str


class Blank(NamedTuple):
    """No such charge."""


Outcome = Amount | Included | OnRequest | Refused | Blank

INCLUDED = Included()
BLANK = Blank()
