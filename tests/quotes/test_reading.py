"""Lists ask as many questions for three rows as for one."""

import pytest

from tests.factories import quotes
from tripartite.quotes.queries.requests import quotes_in_hand, request_by_id, request_list

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_of_requests_asks_two_questions(rows, django_assert_num_queries):
    quotes.offer()
    for _ in range(rows):
        quotes.issued()

    with django_assert_num_queries(2):
        page = list(request_list()[:50])
        hand = quotes_in_hand(page)
        shown = [(request.beneficiary.name, request.state_label, hand[request.pk]["cdg62"].number) for request in page]
    assert len(shown) == rows


def test_the_quotes_in_hand_are_those_of_the_last_version():
    quotes.offer()
    request, bare = quotes.request(), quotes.request()
    quotes.issued(request)
    quotes.revised(request, {"messagerie-5go": 6})
    last = quotes.issued(request)

    assert quotes_in_hand([request, bare]) == {request.pk: last}
    assert quotes_in_hand([]) == {}


@pytest.mark.parametrize("versions", [1, 3])
def test_the_page_of_a_request_asks_as_much_for_three_versions(versions, django_assert_num_queries):
    quotes.offer()
    request = quotes.request()
    for version in range(versions):
        if version:
            quotes.revised(request, {"messagerie-5go": version})
        quotes.issued(request)
    with django_assert_num_queries(6):
        read = request_by_id(request.pk)
        numbers = [quote.number for version in read.versions.all() for quote in version.quotes.all()]
    assert len(numbers) == 2 * versions
