"""What a process of the server writes in its log of the health that it was asked: what changes, not every probe."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from tripartite.upkeep.queries.health import Part
from tripartite.upkeep.states import PART_LABELS, PartState

AGAIN = timedelta(hours=1)
"""After which what lasts is written again: whoever reads the last lines of a log sees that it does."""
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class HealthLog:
    """Which parts the last line said were failing, and when; each process of the server has its own."""

    failing: frozenset[str] = frozenset()
    written_at: datetime | None = None
    lock: Lock = field(default_factory=Lock)

    def note(self, parts: Sequence[Part], *, at: datetime) -> None:
        """Write one line when other parts fail than the last time, again after AGAIN while some do, and once none does.

        A clock set back writes again too.
        """
        failing = [part for part in parts if part.state is PartState.FAILING]
        codes = frozenset(part.code for part in failing)
        with self.lock:
            lasts = self.written_at is not None and timedelta() <= at - self.written_at < AGAIN
            if codes == self.failing and (lasts or not codes):
                return
            self.failing, self.written_at = codes, at
        if failing:
            words = " ".join(f"{part.code} : {part.words}" for part in failing)
            logger.error("Santé : %s. %s", PART_LABELS[PartState.FAILING], words)
        else:
            logger.warning("Santé : plus rien en panne.")


HEALTH_LOG = HealthLog()
