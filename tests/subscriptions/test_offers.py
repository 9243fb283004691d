"""What runs stays in its offer: a service of the same code in another one is another service, priced apart."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import conventions, parties, quotes, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER
from tests.factories.tariffs import GRID, TWIN, adopt_text, adopted_twin, grid_text
from tripartite.conventions.models import Convention
from tripartite.conventions.queries.conventions import conventions_to_amend
from tripartite.conventions.queries.group import held_by_group
from tripartite.conventions.services.drafting import draft_convention
from tripartite.conventions.services.errors import ConventionError
from tripartite.following.queries.deadlines import deadline_by_key, deadlines
from tripartite.parties.queries.bodies import body_by_id
from tripartite.pricing.grid_reading import read_grid
from tripartite.quotes.queries.agreed import AgreedPrices
from tripartite.subscriptions.models import QuantityChange, Subscription
from tripartite.subscriptions.queries.adopting import what_it_rules
from tripartite.subscriptions.queries.costs import Reading
from tripartite.subscriptions.queries.listing import subscription_list
from tripartite.subscriptions.queries.portrait import yearly_of_each
from tripartite.subscriptions.queries.running import cost_reading, held_lines, running_cost
from tripartite.subscriptions.services.announcing import units
from tripartite.tariffs.queries import RunningTariffs

DAY = AT.date()
MAIL = "messagerie-5go"
NEXT = date(2027, 1, 1)


def next_grid(offer: str, before: str, euros: int, *, imposed: bool = False) -> str:
    """The tariff of an offer from 2027, a mailbox at another price; `imposed` on what runs from March."""
    text = grid_text().replace(f'code = "{GRID}"', f'code = "{offer}/2027"\nsupersedes = "{before}"', 1)
    running = f"\nrunning_from = {NEXT.replace(month=3)}" if imposed else ""
    text = text.replace("applies_from = 2024-03-26", f"applies_from = {NEXT}{running}", 1)
    return text.replace("per_unit = 20 }", f"per_unit = {euros} }}", 1)


@pytest.fixture
def both(db: None) -> Any:
    """Ruitz has four mailboxes of one offer, and two of another that has the same services."""
    conventions.offer()
    subscriptions.adopt_shipped_checklist()
    adopted_twin()
    subscriptions.running_from(accepted(4, "cdg62"))
    subscriptions.running_from(accepted(2, "cdg62-conseil"))
    return parties.body(quotes.RUITZ)


def accepted(mailboxes: int, offer: str) -> Any:
    return quotes.request({MAIL: mailboxes}, offer=offer)


def test_they_run_side_by_side_each_at_its_own_price(both: Any) -> None:
    assert [(one.service, one.offer) for one in Subscription.objects.order_by("pk")] == [
        (MAIL, "cdg62"),
        (MAIL, "cdg62-conseil"),
    ]
    assert held_lines(both.pk, offer="cdg62", on=DAY) == [{"service": MAIL, "quantity": 4}]
    assert held_lines(both.pk, offer="cdg62-conseil", on=DAY) == [{"service": MAIL, "quantity": 2}]
    # four mailboxes then two: 80 € and 40 €; the bands of the support count each offer's own, 50 € and 25 €.
    assert running_cost(both.pk, on=DAY).totals == {"lfn": 12_000, "cdg62": 7_500}


def test_the_cost_of_each_is_on_its_own_line(both: Any) -> None:
    yearly = yearly_of_each(cost_reading([both.pk])[both.pk], on=DAY)
    assert [yearly[one.pk] for one in Subscription.objects.order_by("pk")] == [
        {"lfn": 8_000, "cdg62": 5_000},
        {"lfn": 4_000, "cdg62": 2_500},
    ]
    assert [one.offer for one in subscription_list(on=DAY, offer="cdg62-conseil")] == ["cdg62-conseil"]


def test_a_later_tariff_of_one_offer_is_taken_by_its_own_services_alone(both: Any) -> None:
    adopt_text(next_grid("cdg62-conseil", TWIN, 30))
    due = date(DAY.year + 1, DAY.month, DAY.day)
    costs = {line.grid: line.yearly_cents for line in running_cost(both.pk, on=due).lines if line.issuer == "lfn"}
    assert costs == {GRID: 8_000, "cdg62-conseil/2027": 6_000}
    told = [unit.key for unit in units(DAY)]
    assert told == [f"tariff:{both.pk}:cdg62-conseil/2027"]


def test_what_adopting_rules_is_said_of_its_offer_alone(both: Any) -> None:
    quotes.request({MAIL: 1}, offer="cdg62-conseil")
    quotes.issued(quotes.request({MAIL: 3}, offer="cdg62-conseil", body=quotes.ARRAS))
    rules = what_it_rules(read_grid(next_grid("cdg62-conseil", TWIN, 30)), on=DAY)
    assert (rules.hand.requests, rules.hand.quotes, rules.conventions.coming, rules.conventions.in_force) == (
        1,
        2,
        0,
        1,
    )
    assert (rules.services, rules.bodies, rules.clashes) == (1, 1, ())
    assert rules.sentences == (
        f"Offre « cdg62-conseil » : remplace « {TWIN} » à partir du 01/01/2027.",
        "Ne change rien aux autres offres en vigueur : cdg62.",
        "Demandes à chiffrer : 1, à ce tarif pour les devis émis à partir du 01/01/2027.",
        "Devis en main : 2, qui gardent leurs prix.",
        "Conventions : 0 en préparation ou à signer, 1 en vigueur, dont les textes ne changent pas.",
        "Services en cours : 1, de 1 structure, qui prennent ce tarif à leur échéance, à partir du 01/01/2027.",
    )
    first = what_it_rules(read_grid(tariffs.alpi_text()), on=DAY)
    assert first.sentences == (
        "Première grille de l'offre « alpi40 », à partir du 01/01/2026 : aucune demande n'en est encore.",
        "Ne change rien aux autres offres en vigueur : cdg62, cdg62-conseil.",
    )


def test_what_adopting_rules_is_as_many_queries_however_much_there_is(
    both: Any, django_assert_num_queries: Any
) -> None:
    grid = read_grid(next_grid("cdg62", GRID, 30))
    with CaptureQueriesContext(connection) as one:
        assert what_it_rules(grid, on=DAY).services == 1
    for code in ("62041", "62119"):
        subscriptions.running_from(quotes.request({MAIL: 1}, offer="cdg62", body=code))
    with django_assert_num_queries(len(one)):
        assert what_it_rules(grid, on=DAY).services == 3


def test_an_amendment_starts_from_what_its_own_offer_holds(both: Any) -> None:
    order = quotes.order({MAIL: 1}, {MAIL: 4})
    assert [one.request.offer for one in conventions_to_amend(both.pk, order, offer="cdg62")] == ["cdg62"]
    assert conventions_to_amend(both.pk, order, offer="cdg62-conseil") == []
    other = conventions_to_amend(both.pk, quotes.order({MAIL: 1}, {MAIL: 2}), offer="cdg62-conseil")
    asked = quotes.request({MAIL: 1}, in_service={MAIL: 4}, offer="cdg62")
    conventions.accepted(asked=asked)
    with pytest.raises(ConventionError, match="une autre offre fait une autre convention"):
        draft_convention(request_id=asked.pk, parent_id=other[0].pk, actor=TESTER, at=AT)


def test_a_group_is_told_of_the_services_of_the_offer_that_is_asked(both: Any) -> None:
    epci = body_by_id(both.epci_id)
    assert epci is not None
    for offer in ("cdg62", "cdg62-conseil"):
        (held,) = held_by_group(epci, [MAIL], offer=offer, on=DAY)
        assert (held.body.pk, held.services) == (both.pk, (MAIL,))
    assert held_by_group(epci, [MAIL], offer="alpi40", on=DAY) == ()


def test_due_dates_of_one_day_are_told_offer_by_offer(both: Any) -> None:
    due = date(DAY.year + 1, DAY.month, DAY.day)
    found = [one for one in deadlines(since=due, until=due, body_id=both.pk) if one.services == (MAIL,)]
    assert [(one.key, one.what) for one in found] == [
        (f"due-{both.pk}-{due}", "Messagerie, compte 5 Go (4)"),
        (f"due-{both.pk}-{due}-cdg62-conseil", "Messagerie, compte 5 Go (2)"),
    ]
    again = deadline_by_key(found[1].key)
    assert again is not None
    assert again.subscription_ids == found[1].subscription_ids


@pytest.mark.django_db
def test_an_offer_whose_issuers_sign_no_adopted_text_makes_no_convention() -> None:
    conventions.offer()
    tariffs.adopted_alpi()
    quotes.complete_issuers()
    asked = quotes.request({"certificat-signature": 1})
    conventions.accepted(asked=asked)
    with pytest.raises(ConventionError, match="adopter d'abord un modèle pour cette offre"):
        draft_convention(request_id=asked.pk, actor=TESTER, at=AT)


GRIDS = tuple(
    read_grid(text)
    for text in (
        grid_text(),
        grid_text().replace(f'code = "{GRID}"', f'code = "{TWIN}"', 1),
        next_grid("cdg62", GRID, 22, imposed=True),
        next_grid("cdg62-conseil", TWIN, 33, imposed=True),
    )
)
LIKE = st.sampled_from(GRIDS)


@settings(max_examples=40)
@given(
    st.permutations(GRIDS),
    st.lists(LIKE, min_size=1, max_size=3),
    st.one_of(st.dates(DAY, date(2027, 12, 31)), st.dates(DAY, date(2032, 12, 31))),
)
def test_a_running_line_never_changes_offer(grids: list[Any], own: list[Any], on: date) -> None:
    """Whatever is adopted, in whatever order, and on whatever day one looks."""
    facts = {"kind": "commune", "department": "62", "population": 1994, "population_kind": "municipale"}
    running = []
    for key, grid in enumerate(own):
        one = Subscription(pk=key, service=MAIL, name="x", anchor_on=DAY, starts_on=DAY)
        one.convention = Convention(years=3)
        line = {"service": MAIL, "quantity": key + 1}
        change = QuantityChange(on=DAY, first_on=DAY, line=line, grid=grid.code, facts=facts, recorded_at=AT)
        one._prefetched_objects_cache = {"changes": [change], "end_notes": []}
        running.append(one)
    reading = Reading(None, running, RunningTariffs(tuple(grids)), AgreedPrices())
    if on < date(DAY.year + 1, DAY.month, DAY.day):  # from then on, the facts would be those of the body
        assert [one.grid.offer for one in reading.ruled_on(on, [])] == [grid.offer for grid in own]
    for grid in own:
        ruling = reading.tariffs.ruling(MAIL, like=grid, on=on, known_on=on)
        assert ruling is None or ruling.offer == grid.offer
