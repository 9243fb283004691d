"""Questions about what runs: for whom, how much, since when, until when, at what cost."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from tripartite.collecting import much_is_kept
from tripartite.conventions.queries.endings import part_withdrawn
from tripartite.conventions.states import ConventionState
from tripartite.parties.queries.bodies import bodies_by_id
from tripartite.pricing.calendar import next_due_after
from tripartite.pricing.cases import Number
from tripartite.pricing.holding import ContractLine
from tripartite.quotes.queries.agreed import agreed_prices
from tripartite.subscriptions.models import QuantityChange, ReadSubscription, Subscription
from tripartite.subscriptions.queries.ahead import changes_of_many
from tripartite.subscriptions.queries.cost_lines import RunningCost
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.days import last_day_of, runs_on
from tripartite.subscriptions.queries.given import given_prices
from tripartite.subscriptions.queries.held_by_many import goes_on_elsewhere, held_by_many
from tripartite.subscriptions.queries.holdings import Lot, lots_on, total_of
from tripartite.subscriptions.queries.situations import Situations
from tripartite.tariffs.queries import RunningTariffs, running_tariffs


@dataclass(frozen=True, slots=True)
class Running:
    """A subscription on a day: how much of it runs, its lots, its next due date.

    No due date for what is prepaid, nor for what ends before it.
    """

    subscription: Subscription
    quantity: Number
    lots: tuple[Lot, ...]
    due_on: date | None


def with_changes() -> QuerySet[Subscription]:
    """Subscriptions with all that their page says: three queries."""
    related = ("body__merged_into", "convention__request", "continues__body")
    found = Subscription.objects.select_related(*related).prefetch_related("changes", "end_notes")
    return found.annotate(**part_withdrawn("convention"), goes_on_elsewhere=goes_on_elsewhere())


def subscription_by_id(subscription_id: int) -> Subscription | None:
    return with_changes().filter(pk=subscription_id).first()


def offer_of_subscription(subscription_id: int) -> str | None:
    """The offer that what runs is of: one query. None where there is no such subscription."""
    found = Subscription.objects.filter(pk=subscription_id)
    return found.values_list("convention__request__offer", flat=True).first()


def change_by_id(change_id: int) -> QuantityChange | None:
    """A change of quantity, with its subscription."""
    return QuantityChange.objects.select_related("subscription").filter(pk=change_id).first()


def heir_of(subscription_id: int) -> int:
    """What goes on with it now, by key: itself, unless another body took it over, and another that one in its turn."""
    key = subscription_id
    while (after := Subscription.objects.filter(continues=key).values_list("pk", flat=True).first()) is not None:
        key = after
    return key


def subscriptions_of(body_id: int) -> list[Subscription]:
    """All that a body ever had, ended ones included, in the order in which they began."""
    return list(with_changes().filter(body_id=body_id))


def running_on(body_id: int, *, on: date) -> list[Running]:
    """What runs for a body on a day: two queries."""
    return [_running(one, on) for one in with_changes().filter(runs_on(on), body_id=body_id)]


def _running(one: Subscription, on: date) -> Running:
    lots = lots_on(one.dated_changes, on)
    due, last = next_due_after(one.anchor_on, on), last_day_of(one)
    ends_before = last is not None and last < due
    return Running(one, total_of(lots), lots, None if one.term_years or ends_before else due)


def held_lines(body_id: int, *, offer: str, on: date) -> list[ContractLine]:
    """What a body holds of an offer on a day, in the shape of `in_service` in the estimate contract: two queries."""
    running = Subscription.objects.filter(runs_on(on), body_id=body_id, convention__request__offer=offer)
    return _lines(running, on)


def cost_reading(
    body_ids: Collection[int],
    *,
    drafts: Collection[str] = (),
    tariffs: RunningTariffs | None = None,
    known: Collection[Any] = (),
) -> dict[int, Reading]:
    """What the costs of several bodies need, whatever the days: ten queries, however many they are.

    `drafts` are codes of grids not adopted yet, to be counted with the others in a simulation; `tariffs` and
    `known` (bodies, as `bodies_by_id` gives them) are those that the caller has already read.
    """
    bodies = {body.pk: body for body in known or bodies_by_id(body_ids)}
    by_body: dict[int, list[ReadSubscription]] = {body_id: [] for body_id in body_ids}
    for one in held_by_many(bodies):
        by_body[one.body_id].append(one)
    tariffs, situations = tariffs or running_tariffs(drafts=drafts), Situations()
    origins = _origins(by_body)
    sources = {source for each in origins.values() for source in each} | set(by_body)
    quoted, given = agreed_prices(sources), given_prices(sources)
    agreed = {source: quoted[source].joined_with([given[source]]) for source in sources}
    return {
        body.pk: Reading(
            body,
            by_body[body.pk],
            tariffs,
            agreed[body.pk].joined_with(agreed[source] for source in origins[body.pk]),
            situations,
        )
        for body in bodies.values()
    }


def readings_of_many(
    body_ids: Sequence[int],
    *,
    at_once: int = 1_000,
    drafts: Collection[str] = (),
    tariffs: RunningTariffs | None = None,
) -> Iterator[dict[int, Reading]]:
    """The same for a whole directory, so many bodies at a time, in their order: each chunk is to be done with before
    the next is asked for."""
    with much_is_kept():
        for start in range(0, len(body_ids), at_once):
            chunk = body_ids[start : start + at_once]
            readings = cost_reading(chunk, drafts=drafts, tariffs=tariffs)
            yield {body_id: readings[body_id] for body_id in chunk}
            del readings


def _origins(by_body: dict[int, list[ReadSubscription]]) -> dict[int, set[int]]:
    """The bodies whose conventions set going what each body holds: others than itself after a merger."""
    return {
        body_id: {one.convention.beneficiary_id for one in subscriptions} for body_id, subscriptions in by_body.items()
    }


def running_cost(body_id: int, *, on: date) -> RunningCost:
    """What a body pays a year for what runs on a day, past or future, line by line and by issuer."""
    return cost_reading([body_id])[body_id].cost(on)


def lines_on(subscription_ids: Collection[int], *, on: date) -> list[ContractLine]:
    """The lots that run of these subscriptions on a day, as lines: two queries."""
    return _lines(Subscription.objects.filter(pk__in=subscription_ids), on)


def _lines(rows: QuerySet[Subscription], on: date) -> list[ContractLine]:
    changes = changes_of_many(list(rows.values_list("pk", flat=True)))
    return [lot.line.as_json() for each in changes.values() for lot in lots_on(each, on)]


def prepaid_services(body_id: int, convention_id: int) -> frozenset[str]:
    """The services that a body took prepaid under a convention: one query."""
    held = Subscription.objects.filter(convention_id=convention_id, body_id=body_id, term_years__isnull=False)
    return frozenset(held.values_list("service", flat=True))


def terms_of_body(body_id: int) -> QuerySet[Subscription]:
    """The prepaid terms of a body that do not go on with another, in the order in which they began."""
    found = Subscription.objects.filter(body_id=body_id, term_years__isnull=False, continued_by__isnull=True)
    return found.select_related("convention", "body").order_by("starts_on", "pk")


def renewed_convention(body_id: int, services: Collection[str], *, offer: str) -> Any:
    """The convention in force under which accepted quotes for these services of an offer renew what is prepaid; None
    when some of them were never prepaid under one: it then takes an amendment, or a convention. One query.
    """
    prepaid: dict[int, tuple[Any, set[str]]] = {}
    held = Subscription.objects.select_related("convention").filter(
        body_id=body_id,
        term_years__isnull=False,
        convention__state=ConventionState.IN_FORCE,
        convention__request__offer=offer,
    )
    for one in held.order_by("-convention_id"):
        prepaid.setdefault(one.convention_id, (one.convention, set()))[1].add(one.service)
    wanted = set(services)
    return next((convention for convention, known in prepaid.values() if wanted and wanted <= known), None)
