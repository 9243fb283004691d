"""The prices that agents gave to what runs."""

from collections.abc import Collection

from django.utils import timezone

from tripartite.many import Among, keys_told
from tripartite.questions import KEYS, Question
from tripartite.quotes.queries.agreed import AgreedPrices, Agreement, Priced
from tripartite.subscriptions.models import GivenPrice

GIVEN = Question[GivenPrice](
    lambda bodies: GivenPrice.objects.filter(Among("body", bodies)).order_by("recorded_at", "pk"), KEYS
)


def given_prices(body_ids: Collection[int]) -> dict[int, AgreedPrices]:
    """The prices given to what runs for each body: one query."""
    found: dict[int, dict[Priced, list[Agreement]]] = {body_id: {} for body_id in body_ids}
    for row in GIVEN.ask(keys_told(body_ids)):
        what = Priced(row.issuer, row.service, row.charge, tuple(sorted(row.options.items())), row.quantity, row.offer)
        agreement = Agreement(row.since, timezone.localdate(row.recorded_at), row.amount_cents)
        found[row.body_id].setdefault(what, []).append(agreement)
    return {
        body_id: AgreedPrices({what: tuple(each) for what, each in prices.items()}) for body_id, prices in found.items()
    }
