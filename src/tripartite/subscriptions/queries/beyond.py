"""What runs beyond what a tariff lets one body take: it costs nothing more, and which it is, is said."""

from collections.abc import Iterable
from dataclasses import dataclass

from tripartite.pricing.cases import Number
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.money import number_text
from tripartite.pricing.within_maximum import amounts_within
from tripartite.subscriptions.models import SubscriptionRow
from tripartite.subscriptions.queries.groups import Group


@dataclass(frozen=True, slots=True)
class Beyond:
    """So much of a subscription that costs nothing more, the `maximum` of its service being `paid` for others;
    `all_of_it` where none of it is paid.
    """

    subscription: SubscriptionRow
    quantity: Number
    maximum: Number
    paid: tuple[SubscriptionRow, ...]
    all_of_it: bool

    @property
    def text(self) -> str:
        """« Démarches simplifiées, en service depuis le 10/01/2025 (convention C-2024-00001) : rien de plus… »."""
        most = "qu'un" if self.maximum == 1 else f"que {number_text(self.maximum)}"
        paid = " ; ".join(_words(one) for one in self.paid)
        of_it = "" if self.all_of_it else f" pour {number_text(self.quantity)} d'entre eux"
        return (
            f"{self.subscription.name}, {_words(self.subscription)} : rien de plus à payer{of_it}, le tarif n'en compte"
            f" {most} par structure, payé pour ce qui est {paid}."
        )


def _words(one: SubscriptionRow) -> str:
    return f"en service depuis le {one.anchor_on:%d/%m/%Y} (convention {one.convention})"


def beyond_maximum(groups: Iterable[Group]) -> tuple[Beyond, ...]:
    """What of these groups, in the order in which they are priced, no room is left for. No query."""
    held: dict[str, list[HeldLine]] = {}
    taking: dict[tuple[str, str], list[SubscriptionRow]] = {}
    found: list[Beyond] = []
    for group in groups:
        before = held.setdefault(group.grid.offer, [])
        known = [line for line in before if line.what.service in group.grid.services]
        for ruled, counted in zip(group.lots, amounts_within(group.grid, group.lines, known), strict=True):
            one, line = ruled.subscription, ruled.lot.line
            takers = taking.setdefault((group.grid.offer, one.service), [])
            if counted == line.amount:
                takers.append(one)
                continue
            if counted > 0:
                takers.append(one)
            maximum = group.grid.services[one.service].quantities["quantity"].maximum
            assert maximum is not None  # noqa: S101 - or all of it would count
            paid = tuple(dict.fromkeys(takers))
            found.append(Beyond(one, line.amount - counted, maximum, paid, counted == 0))
        before += group.lines
    return tuple(found)
