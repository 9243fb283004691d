"""Many agents issue at once: each request once, no gap, no double, on the database that they share."""

from collections import Counter
from typing import Any

import pytest

from tests.documents.racing import race, shared_database
from tests.factories import quotes

REQUESTS = 6


def issue_all(place: int, given: dict[str, Any]) -> list[list[str]]:
    """Try to issue every request, each thread from another one on; answers the numbers that this one issued."""
    from tests.factories.accounts import AT, TESTER  # noqa: PLC0415 - Django is set up by then
    from tripartite.quotes.services.errors import QuoteError  # noqa: PLC0415
    from tripartite.quotes.services.issuing import issue_quotes  # noqa: PLC0415

    asked = given["requests"]
    issued = []
    for turn in range(len(asked)):
        request_id = asked[(turn + place) % len(asked)]
        try:
            made = issue_quotes(request_id=request_id, actor=TESTER, at=AT)
        except QuoteError:
            continue
        issued.append([quote.number for quote in made])
    return issued


@pytest.mark.usefixtures("transactional_db")
def test_each_request_is_issued_once_and_numbers_follow_one_another():
    quotes.offer()
    asked = [quotes.request().pk for _ in range(REQUESTS)]

    answers = race(shared_database(), "tests.quotes.test_issuing_race:issue_all", {"requests": asked})

    numbers = Counter(number for issued in answers for pair in issued for number in pair)
    assert numbers == Counter(
        f"{issuer}-2026-{place:05d}"
        for issuer, first in (("LFN", 12), ("CDG62", 47))
        for place in range(first, first + REQUESTS)
    )
