"""What cannot be done in billing."""

from collections.abc import Sequence

MOST_NAMED = 10
"""How many numbers a refusal names."""


class BillingError(Exception):
    """A refusal; the message is French, says why and what to do. Nothing was written."""


def some_of(numbers: Sequence[str]) -> str:
    """The first of many numbers, and how many more there are: a refusal that people can read."""
    rest = len(numbers) - MOST_NAMED
    return ", ".join(numbers[:MOST_NAMED]) + (f" et {rest} {'autres' if rest > 1 else 'autre'}" if rest > 0 else "")
