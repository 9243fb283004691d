"""Prices given by hand that bind since their quotes were accepted: they hold while the quantity stays."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from tripartite.quotes.models import QuoteLine
from tripartite.quotes.states import QuoteState

Agreed = tuple[str, str, str, str]
"""Issuer, service, charge, quantity (exact decimal text)."""


@dataclass(frozen=True, slots=True)
class AgreedPrices:
    """The amounts (integer cents, TTC) of accepted quotes, with the number of the quote; the latest one counts."""

    amounts: dict[Agreed, tuple[int, str]] = field(default_factory=dict)

    def of(self, issuer: str, service: str, charge: str, quantity: str) -> tuple[int | None, str]:
        """The amount agreed for exactly that much, with the number of its quote; None and « » when there is none."""
        return self.amounts.get((issuer, service, charge, quantity), (None, ""))

    def joined_with(self, others: Iterable["AgreedPrices"]) -> "AgreedPrices":
        """These prices, and those of bodies whose services were taken over."""
        amounts: dict[Agreed, tuple[int, str]] = {}
        for other in others:
            amounts |= other.amounts
        return AgreedPrices(amounts | self.amounts)


def agreed_prices(body_ids: Collection[int]) -> dict[int, AgreedPrices]:
    """The agreed prices of each body: one query."""
    found: dict[int, AgreedPrices] = {body_id: AgreedPrices() for body_id in body_ids}
    lines = (
        QuoteLine.objects.filter(
            quote__version__request__beneficiary__in=body_ids,
            quote__state=QuoteState.ACCEPTED,
            amount_cents__isnull=False,
        )
        .exclude(reason="")
        .order_by("quote__version__issued_at", "pk")
        .values_list(
            "quote__version__request__beneficiary",
            "quote__issuer",
            "service",
            "charge",
            "quantity",
            "amount_cents",
            "quote__number",
        )
    )
    for body_id, issuer, service, charge, quantity, amount, number in lines:
        if amount is not None:
            found[body_id].amounts[issuer, service, charge, quantity] = (amount, number)
    return found
