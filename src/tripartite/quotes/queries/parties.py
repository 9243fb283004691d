"""Who quotes: every issuer of the grid, but those that have left the convention which a request amends."""

from collections.abc import Iterable
from datetime import date
from importlib import import_module

from django.conf import settings

from tripartite.pricing.estimate import Estimate
from tripartite.pricing.totals import total_lines
from tripartite.quotes.models import Request

NOBODY: frozenset[str] = frozenset()


def who_left(requests: Iterable[Request], *, on: date) -> dict[str, frozenset[str]]:
    """The issuers that have left, by the number of the convention that these requests amend: later steps know it
    (`settings.QUOTE_PARTIES`). No query for requests that amend none.
    """
    found: dict[str, frozenset[str]] = {}
    if numbers := {one.amends_number for one in requests if one.amends_number}:
        for name in settings.QUOTE_PARTIES:
            for number, codes in import_module(name).issuers_left(numbers, on=on).items():
                found[number] = found.get(number, NOBODY) | codes
    return found


def without(estimate: Estimate, left: frozenset[str]) -> Estimate:
    """An estimate of which these issuers quote nothing."""
    if not left:
        return estimate
    lines = tuple(line for line in estimate.lines if line.issuer not in left)
    return estimate._replace(lines=lines, totals=total_lines(estimate.totals, lines))
