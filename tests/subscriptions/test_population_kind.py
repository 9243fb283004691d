"""Which population prices what runs where the municipal one and the total one fall in two bands. No database."""

from dataclasses import replace
from datetime import date
from typing import Any

from tests.factories.lives import added, body, reading, subscription
from tests.subscriptions.test_due_laws import GRID, LATER
from tripartite.parties.models import Figure
from tripartite.parties.queries.facts import all_figures
from tripartite.pricing.order import Beneficiary, Kind
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.effects import TariffEffect, tariff_effect
from tripartite.subscriptions.queries.situations import Situations, beneficiary_of

START, ON = date(2026, 1, 5), date(2027, 6, 1)
UP_TO_2000, MORE = {"lfn": 51_00, "cdg62": 50_00}, {"lfn": 128_00, "cdg62": 100_00}
MAILBOXES, DEARER = {"lfn": 4 * 20_00, "cdg62": 50_00}, {"lfn": 4 * 22_00, "cdg62": 50_00}
"""Four of them, which also cost the CDG's follow-up of up to five; as adopted, and by the tariff of 2028."""


def counted(**populations: int) -> Reading:
    """What runs for a commune with these populations since 2020, counted so."""
    of = body()
    (known,) = all_figures(of)
    of.read_figures = [  # as the factory does
        Figure(
            pk=place,
            measure="population",
            counted=kind,
            value=value,
            applies_on=known.applies_on,
            source="essai",
            recorded_at=known.recorded_at,
        )
        for place, (kind, value) in enumerate(sorted(populations.items()), start=1)
    ]
    first = min(populations.items())
    facts: dict[str, Any] = {"population_kind": first[0], "population": first[1]}
    held = [
        subscription(1, [added(GRID, START, "demarches-simplifiees", 1, **facts)]),
        subscription(2, [added(GRID, START, "messagerie-5go", 4, **facts)]),
    ]
    return reading(held, GRID, LATER[0], of=of)


def together(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {issuer: one[issuer] + other[issuer] for issuer in one}


def effect_of(one: Reading) -> TariffEffect:
    found = tariff_effect(one, LATER[0].code, on=ON)
    assert found is not None
    return found


def population_used(effect: TariffEffect) -> set[tuple[str | None, int | None]]:
    """How the population that prices each line was counted, and how many they are."""
    how: list[Any] = [line.line.how for line in effect.cost.lines]
    said = (one.total.body.beneficiary for one in how)
    return {(one.population_kind, one.population) for one in said}


def test_the_municipal_population_counts_before_the_total_one_in_another_band() -> None:
    effect = effect_of(counted(municipale=1_990, totale=2_010))
    assert effect.without.totals == together(UP_TO_2000, MAILBOXES)
    assert effect.cost.totals == together(UP_TO_2000, DEARER)
    assert population_used(effect) == {("municipale", 1_990)}


def test_the_total_population_counts_where_it_is_alone() -> None:
    effect = effect_of(counted(totale=2_010))
    assert effect.without.totals == together(MORE, MAILBOXES)
    assert effect.cost.totals == together(MORE, DEARER)
    assert population_used(effect) == {("totale", 2_010)}


def test_bodies_that_share_a_price_keep_how_theirs_was_counted() -> None:
    shared = Situations()
    told = [
        population_used(effect_of(replace(one, situations=shared)))
        for one in (counted(municipale=2_010), counted(totale=2_010), counted(totale=2_011))
    ]
    assert told == [{("municipale", 2_010)}, {("totale", 2_010)}, {("totale", 2_011)}]


def test_the_beneficiary_of_a_lot_says_how_its_population_was_counted() -> None:
    facts = {"kind": "commune", "department": "62", "population": 2_010, "population_kind": "totale"}
    assert beneficiary_of(facts) == Beneficiary(
        kind=Kind.COMMUNE, department="62", population=2_010, population_kind="totale"
    )
