"""A postal address as the data of an invoice have it."""

from collections.abc import Sequence

from tripartite.billing.printout.parts import PostalAddress
from tripartite.parties.addresses import place_of


def read_address(lines: Sequence[str]) -> PostalAddress:
    """The address of lines as people write them; what they leave out is empty."""
    return PostalAddress(*place_of(lines))
