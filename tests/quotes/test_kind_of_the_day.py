"""A body whose kind an import changes: from the day it is learnt the tariff reads the new one, not before."""

from datetime import date

import pytest

from tests.factories import quotes
from tests.factories.accounts import AT, TESTER
from tests.parties.files import LATER, epci, load, written
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.facts import facts_of
from tripartite.parties.services.bodies import create_body
from tripartite.parties.services.figures import declare_figure
from tripartite.pricing.order import Kind
from tripartite.quotes.queries.estimating import Estimator

DESVRES = "200018083"
EVE, DAY = date(2027, 1, 14), date(2027, 1, 15)
pytestmark = pytest.mark.django_db


OF_STAFF, ON_REQUEST = (20_000, 63_900, 20_000), (None, None, None)
"""By its staff, as an EPCI; on request, as any other body. Once and yearly at the operator, yearly at the centre."""


def price(on: date) -> tuple[int | None, ...]:
    """What « démarches simplifiées » costs, in cents; None: on request."""
    order = {
        "beneficiary": {"siren": DESVRES},
        "on": on.isoformat(),
        "lines": [{"service": "demarches-simplifiees", "quantity": 1}],
    }
    return tuple(line.amount_cents for line in Estimator(today=DAY).estimate(order).lines)


def imported(**said: str) -> None:
    load(written(epci(DESVRES, **said), name="epci.csv"), at=LATER, department="62")


@pytest.fixture
def known_as_other() -> None:
    """An agent added it, not knowing what it is; it says how many it employs."""
    quotes.offer()
    body = create_body(kind="autre", name="Desvres et Samer", siren=DESVRES, department="62", actor=TESTER, at=AT)
    declare_figure(
        body_id=body.pk,
        measure="staff",
        counted="agents",
        value=120,
        declared_by="le secrétariat",
        actor=TESTER,
        at=AT,
    )


@pytest.mark.usefixtures("known_as_other")
def test_an_import_that_says_what_it_is_counts_from_the_day_it_was_learnt():
    imported()

    body = body_by_identifier("siren", DESVRES)
    assert [facts_of(body, on=day).kind for day in (EVE, DAY)] == [Kind.AUTRE, Kind.EPCI]
    assert body.former_traits == [{"changed_on": "2027-01-15", "kind": "autre"}]
    assert (price(EVE), price(DAY)) == (ON_REQUEST, OF_STAFF)


@pytest.mark.usefixtures("known_as_other")
def test_a_community_that_becomes_an_agglomeration_is_renamed_and_costs_the_same():
    imported(nom="CC de Desvres-Samer", type="CC")
    assert price(DAY) == OF_STAFF
    imported(nom="CA de Desvres-Samer", type="CA")

    body = body_by_identifier("siren", DESVRES)
    assert (body.name, body.kind, price(DAY)) == ("CA de Desvres-Samer", "epci", OF_STAFF)
    assert len(body.former_traits) == 1


def test_a_seat_that_an_import_moves_counts_from_the_day_it_was_learnt() -> None:
    load(written(epci(DESVRES), name="epci.csv"), at=AT, department=None)
    load(written(epci(DESVRES, departements="59", departement_siege="59"), name="epci.csv"), at=LATER, department=None)

    body = body_by_identifier("siren", DESVRES)
    assert [facts_of(body, on=day).department for day in (EVE, DAY)] == ["62", "59"]
    assert body.former_traits == [{"changed_on": "2027-01-15", "department": "62"}]
