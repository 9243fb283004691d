"""Files of others about money: read in a process apart, and why one is refused told as billing tells it."""

from typing import Protocol, TypeVar

from tripartite.billing.services.errors import BillingError
from tripartite.bounded.allowance import allowance
from tripartite.bounded.reading import read_bounded
from tripartite.bounded.refusals import refused_as


class Found(Protocol):
    """What a reader answers: `refusal`, in French, says why it read nothing."""

    @property
    def refusal(self) -> str: ...


F = TypeVar("F", bound=Found)


def read_apart(reader: str, answers: type[F], *, content: bytes, answer: int) -> F:
    """What `reader` (« module:function ») finds in a file, its answer being of so many bytes at most.

    Raises BillingError, in French, for a file that is refused, and Busy when too many are being read.
    """
    with refused_as(BillingError):
        found: F = read_bounded(reader, answers, limits=allowance(answer=answer), content=content)
    if found.refusal:
        raise BillingError(found.refusal)
    return found
