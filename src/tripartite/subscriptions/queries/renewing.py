"""What stops with a convention that can reach no further: it would run only if that were renewed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tripartite.conventions.queries.lasting import last_reachable_day
from tripartite.subscriptions.models import SubscriptionRow
from tripartite.subscriptions.queries.days import would_run_if_renewed


@dataclass(frozen=True, slots=True)
class IfRenewed:
    """A convention that cannot reach a day: its number, the last day that it can reach, and what would run then."""

    convention: str
    last_day: date
    services: tuple[str, ...]

    @property
    def text(self) -> str:
        """« Au-delà du 14/04/2030, dernier jour possible de la convention C-2024-00001, … »."""
        return (
            f"Au-delà du {self.last_day:%d/%m/%Y}, dernier jour que la convention {self.convention} peut atteindre,"
            f" rien n'est compté pour {' ; '.join(self.services)} : seulement si elle est renouvelée."
        )


def if_renewed(subscriptions: Iterable[SubscriptionRow], on: date) -> tuple[IfRenewed, ...]:
    """The conventions that stop before a day, unless they are renewed, with what they had running. No query."""
    stopped: dict[int, list[SubscriptionRow]] = {}
    for one in subscriptions:
        if would_run_if_renewed(one, on=on):
            stopped.setdefault(one.convention_id, []).append(one)
    return tuple(
        IfRenewed(str(rows[0].convention), last, tuple(dict.fromkeys(one.name for one in rows)))
        for rows in stopped.values()
        if (last := last_reachable_day(rows[0].convention)) is not None
    )
