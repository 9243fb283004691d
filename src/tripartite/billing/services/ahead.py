"""What the next units of a run hold, read together and before their transactions: nobody waits meanwhile, and what is
read for twenty costs little more than for one. It serves while the journal tells of nothing else done since.
"""

import threading
from dataclasses import dataclass

from tripartite.billing.models import BillingRun
from tripartite.billing.queries.preparing import Asked, Prepared, prepare_units
from tripartite.billing.queries.unbilled import billed_digests, digest_of
from tripartite.jobs.queries import units_of
from tripartite.jobs.states import UnitState
from tripartite.journal.queries import last_entry, told_since

AT_ONCE = 20
ISSUED = "billing.issue"
"""An invoice changes nothing of what others hold; of the same unit, its items are found billed."""
ELSEWHERE = ("messages", "accounts")
"""Steps whose acts change nothing of what is due: letters that leave with their links, log-ins."""


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """A unit as it stood when the latest line of the journal was `mark`."""

    one: Prepared
    mark: int

    def still_true(self) -> Prepared | None:
        """The unit, where no act came since and none of its items is billed; None where it is to be read again."""
        if _told_since(self.mark):
            return None
        notes = (item for credit in self.one.credits for item, _ in credit.items)
        items = (*self.one.items, *self.one.unpriced, *notes)
        return None if billed_digests(digest_of(item.key) for item in items) else self.one


@dataclass(frozen=True, slots=True)
class _Read:
    run_id: int
    mark: int
    units: dict[str, Prepared]


_of_this_thread = threading.local()


def read_ahead(run: BillingRun, asked: Asked, key: str) -> ReadAhead | None:
    """A unit of a run, with the next ones that are to do, or as it was read with one before it: it serves once. None
    where nothing is due to it. `asked` names no unit. Outside any transaction.
    """
    read: _Read | None = getattr(_of_this_thread, "read", None)
    if read is None or read.run_id != run.pk or key not in read.units or _told_since(read.mark):
        mark = last_entry()  # before reading: what is done meanwhile is then later than it
        read = _of_this_thread.read = _Read(run.pk, mark, prepare_units(asked, _next_units(run, key)))
    one = read.units.pop(key, None)
    return ReadAhead(one, read.mark) if one is not None else None


def _next_units(run: BillingRun, key: str) -> list[str]:
    """A unit, and those to do after it: one query."""
    to_do = units_of(run.job_id, [UnitState.TODO]) if run.job_id is not None else None
    keys = list(to_do.values_list("key", flat=True)[:AT_ONCE]) if to_do is not None else []
    return list(dict.fromkeys([key, *keys]))


def _told_since(mark: int) -> bool:
    return told_since(mark, besides=[ISSUED], besides_steps=ELSEWHERE)
