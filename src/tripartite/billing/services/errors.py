"""What cannot be done in billing."""

from collections.abc import Collection, Sequence

MOST_NAMED = 10
"""How many numbers a refusal names."""


class BillingError(Exception):
    """A refusal; the message is French, says why and what to do. Nothing was written."""


class SlipRejectedError(BillingError):
    """A slip that was not made, for the accountant's system would reject its flow: `reasons` say why, `papers` are the
    numbers of those whose own titles it would be.
    """

    def __init__(self, reasons: Sequence[str], papers: Collection[str]) -> None:
        super().__init__("\n".join(("Le comptable rejetterait ce flux :", *reasons)))
        self.reasons = tuple(reasons)
        self.papers = frozenset(papers)


def some_of(numbers: Sequence[str]) -> str:
    """The first of many numbers, and how many more there are: a refusal that people can read."""
    rest = len(numbers) - MOST_NAMED
    return ", ".join(numbers[:MOST_NAMED]) + (f" et {rest} {'autres' if rest > 1 else 'autre'}" if rest > 0 else "")
