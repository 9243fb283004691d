"""A request is of one offer, asked for or known, and stays in it: another one adopted beside takes nothing over."""

import gc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import quotes, tariffs
from tests.factories.accounts import AT, TESTER
from tests.factories.tariffs import ALPI, GRID, TWIN
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.order import OrderError
from tripartite.quotes.models import Request
from tripartite.quotes.queries.estimating import estimate_order
from tripartite.quotes.queries.queues import queues
from tripartite.quotes.queries.requests import estimate_request, request_list
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.requests import duplicate_request, revise_request

pytestmark = pytest.mark.django_db
CERTIFICATE = {"certificat-signature": 2}


@pytest.fixture
def two() -> None:
    quotes.offer()
    tariffs.adopted_alpi()


def estimated(**more: object) -> str:
    order = {"beneficiary": {"kind": "commune", "department": "62", "population": 1994}} | more
    return estimate_order(order, today=quotes.DAY).grid


def refused(**more: object) -> OrderError:
    with pytest.raises(OrderError) as error:
        estimated(**more)
    return error.value


def line(service: str) -> list[dict[str, object]]:
    return [{"service": service, "quantity": 1}]


@pytest.mark.usefixtures("two")
def test_the_offer_is_named_by_the_grid_by_its_code_or_by_its_services() -> None:
    assert estimated(lines=line("sauvegarde")) == GRID
    assert estimated(lines=line("certificat-signature")) == ALPI
    assert estimated(lines=line("certificat-signature"), offer="alpi40") == ALPI
    assert estimated(lines=line("sauvegarde"), grid=GRID) == GRID
    assert estimated(lines=line("sauvegarde"), grid=GRID, offer="cdg62") == GRID
    assert refused(lines=line("sauvegarde"), offer="alpi40").code == "unknown-service"


@pytest.mark.usefixtures("two")
def test_an_offer_that_is_not_there_is_told_with_those_that_are() -> None:
    unknown = refused(lines=line("sauvegarde"), offer="cdg59")
    assert (unknown.code, unknown.message) == (
        "no-grid",
        "Aucune offre n'a le code « cdg59 » : choisir parmi alpi40, cdg62.",
    )
    early = refused(lines=line("certificat-signature"), offer="alpi40", on="2025-12-31")
    assert early.code == "no-grid"
    assert early.message == (
        "Aucun tarif de l'offre « alpi40 » n'est en vigueur le 31/12/2025 : le premier tarif s'applique à partir du"
        " 01/01/2026."
    )
    both = refused(lines=line("sauvegarde"), grid=GRID, offer="alpi40")
    assert (both.code, both.message) == (
        "bad-order",
        f"La grille « {GRID} » n'est pas de l'offre « alpi40 » : n'en nommer qu'une.",
    )


def test_two_offers_with_the_same_services_are_to_be_told_apart() -> None:
    quotes.offer()
    tariffs.adopted_twin()
    assert refused(lines=line("sauvegarde")).code == "ambiguous-offer"
    assert estimated(lines=line("sauvegarde"), offer="cdg62-conseil") == TWIN
    with pytest.raises(OrderError, match="Dites laquelle"):
        quotes.request()
    assert not Request.objects.exists()
    assert quotes.request(offer="cdg62").offer == "cdg62"


def test_a_request_made_before_another_offer_keeps_its_own() -> None:
    quotes.offer()
    asked = quotes.request()
    before = estimate_request(quotes.reread(asked), on=quotes.DAY)
    tariffs.adopted_alpi()
    tariffs.adopted_twin()
    after = estimate_request(quotes.reread(asked), on=quotes.DAY)
    assert after.estimate is not None
    assert before.estimate is not None
    assert after.estimate.as_json() == before.estimate.as_json()
    assert queues(on=quotes.DAY).to_issue == (asked.pk,)
    assert {quote.version.grid for quote in issue_quotes(request_id=asked.pk, actor=TESTER, at=AT)} == {GRID}


@pytest.mark.usefixtures("two")
def test_each_request_is_of_the_offer_of_its_services_and_stays_in_it() -> None:
    own, other = quotes.request(), quotes.request(CERTIFICATE)
    assert (own.offer, other.offer) == ("cdg62", "alpi40")
    assert duplicate_request(request_id=other.pk, actor=TESTER, at=AT).offer == "alpi40"
    with pytest.raises(OrderError) as moved:
        revise_request(request_id=other.pk, order=quotes.order({"sauvegarde": 1}), actor=TESTER, at=AT)
    assert moved.value.code == "unknown-service"
    assert [one.pk for one in request_list(offer="alpi40")] == [other.pk + 1, other.pk]
    assert [one.pk for one in request_list(offer="cdg62")] == [own.pk]


@pytest.mark.usefixtures("two")
def test_the_issuers_of_two_offers_have_each_their_colour() -> None:
    assert [(one.code, one.slot) for one in issuers()] == [("lfn", 1), ("cdg62", 2), ("alpi40", 3)]


@pytest.mark.usefixtures("two")
def test_queues_are_as_many_queries_for_three_requests_of_two_offers(django_assert_num_queries) -> None:
    quotes.request()
    queues(on=quotes.DAY)
    with CaptureQueriesContext(connection) as alone:
        queues(on=quotes.DAY)
    quotes.request(CERTIFICATE)
    quotes.request({"sauvegarde": 1})
    with django_assert_num_queries(len(alone)):
        queues(on=quotes.DAY)


@pytest.mark.usefixtures("two")
def test_what_queues_read_of_each_request_waits_for_no_collection() -> None:
    quotes.request()
    queues(on=quotes.DAY)
    gc.collect()
    queues(on=quotes.DAY)
    alone = gc.collect()
    for _ in range(9):
        quotes.request({"sauvegarde": 1})
    gc.collect()
    queues(on=quotes.DAY)
    assert gc.collect() <= alone
