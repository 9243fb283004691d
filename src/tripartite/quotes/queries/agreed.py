"""Prices that agents gave to what the grid leaves « sur devis », from the day on which each binds.

Those of accepted quotes are here; what runs adds those given since (subscriptions). A price of the grid is never one.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.utils import timezone

from tripartite.many import Among, keys_told
from tripartite.pricing.cases import Options
from tripartite.questions import KEYS, Question
from tripartite.quotes.models import Quote, QuoteLine, QuoteVersion
from tripartite.quotes.states import QuoteState


class Priced(NamedTuple):
    """What exactly was priced: a price for 150 Go does not answer 300 Go, nor another option, nor the service of that
    code in another offer. `quantity` is exact decimal text.
    """

    issuer: str
    service: str
    charge: str
    options: Options
    quantity: str
    offer: str


class Agreement(NamedTuple):
    """A price given by an agent of its issuer: `amount_cents` (integer, as voted, at the frequency of its charge) from
    the day `since`; `learnt_on` is the day on which it was recorded. `quote` is the number of the accepted quote that
    says it; « » for a price given to what runs already.
    """

    since: date
    learnt_on: date
    amount_cents: int
    quote: str = ""

    @property
    def words(self) -> str:
        """Where it comes from, in French."""
        if self.quote:
            return f"prix convenu au devis {self.quote}"
        return f"prix donné à partir du {self.since:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class AgreedPrices:
    """The agreements of a body, each list in the order in which they were recorded."""

    agreements: Mapping[Priced, tuple[Agreement, ...]] = field(default_factory=dict)

    def of(self, what: Priced, *, on: date, known_on: date = date.max) -> Agreement | None:
        """What is agreed for exactly that, for what is priced on a day, as it was known on another.

        Where nothing was known then, the first that was recorded after answers: what had no price takes it, while what
        had one keeps it.
        """
        binding = [one for one in self.agreements.get(what, ()) if one.since <= on]
        known = [one for one in binding if one.learnt_on <= known_on]
        if known:
            return max(known, key=lambda one: one.since)
        return binding[0] if binding else None

    def known_on(self, day: date) -> "AgreedPrices":
        """Those recorded by a day, included."""
        kept = {what: tuple(one for one in found if one.learnt_on <= day) for what, found in self.agreements.items()}
        return AgreedPrices(kept)

    def joined_with(self, others: Iterable["AgreedPrices"]) -> "AgreedPrices":
        """These prices, and those of bodies whose services were taken over."""
        joined: dict[Priced, list[Agreement]] = {}
        every = [each for each in (*others, self) if each.agreements]
        if not every:
            return self
        for each in every:
            for what, found in each.agreements.items():
                known = joined.setdefault(what, [])
                known += [one for one in found if one not in known]
        ordered = {what: tuple(sorted(found, key=lambda one: one.learnt_on)) for what, found in joined.items()}
        return AgreedPrices(ordered)


LINES = Question[tuple[Any, ...]](
    lambda bodies: (
        QuoteLine.objects.filter(
            Among("quote__version__request__beneficiary", bodies),
            quote__state=QuoteState.ACCEPTED,
            on_request=True,
            amount_cents__isnull=False,
        )
        .order_by("quote__version__issued_at", "pk")
        .values_list(
            "quote__version__request__beneficiary",
            "quote__version__request__offer",
            "quote__issuer",
            "service",
            "charge",
            "options",
            "quantity",
            "amount_cents",
            "quote__number",
            "quote__version__issued_on",
            "quote__version__issued_at",
        )
    ),
    KEYS,
)


def agreed_prices(body_ids: Collection[int]) -> dict[int, AgreedPrices]:
    """The prices that agents gave in the accepted quotes of each body: one query.

    They bind from the day the quotes were issued.
    """
    found: dict[int, dict[Priced, list[Agreement]]] = {body_id: {} for body_id in body_ids}
    lines = LINES.ask(keys_told(body_ids))
    for body_id, offer, issuer, service, charge, options, quantity, amount, number, since, at in lines:
        what = Priced(issuer, service, charge, tuple(sorted(options.items())), quantity, offer)
        agreement = Agreement(since, timezone.localdate(at), amount or 0, number)
        found[body_id].setdefault(what, []).append(agreement)
    return {
        body_id: AgreedPrices({what: tuple(each) for what, each in prices.items()}) for body_id, prices in found.items()
    }


@dataclass(frozen=True, slots=True)
class AcceptedLines:
    """What the accepted quotes of a version bind: the numbers of the quotes by issuer, the order, the grid and the day
    that price it, and the amounts (cents, as voted) that agents gave, by issuer, service, charge, options, quantity.
    """

    quotes: Mapping[str, str]
    order: Mapping[str, Any]
    grid: str
    issued_on: date
    agreed: Mapping[tuple[str, str, str, Options, str], int]


def accepted_lines(version_ids: Collection[int]) -> dict[int, AcceptedLines]:
    """The same for each version: three queries, however many they are. One that has no accepted quote binds nothing."""
    accepted = Quote.objects.filter(version__in=version_ids, state=QuoteState.ACCEPTED)
    numbers: dict[int, dict[str, str]] = {}
    for version, issuer, number in accepted.values_list("version_id", "issuer", "number"):
        numbers.setdefault(version, {})[issuer] = number
    agreed: dict[int, dict[tuple[str, str, str, Options, str], int]] = {}
    lines = QuoteLine.objects.filter(quote__in=accepted.values("pk"), on_request=True, amount_cents__isnull=False)
    for line in lines.select_related("quote"):
        what = (line.quote.issuer, line.service, line.charge, tuple(sorted(line.options.items())), line.quantity)
        agreed.setdefault(line.quote.version_id, {})[what] = line.amount_cents or 0
    return {
        version.pk: AcceptedLines(
            numbers.get(version.pk, {}), version.order, version.grid, version.issued_on, agreed.get(version.pk, {})
        )
        for version in QuoteVersion.objects.filter(pk__in=version_ids)
    }
