"""What an issuer no longer accompanies is not quoted by it: an amendment made after it left has its part no more."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.factories import conventions, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.queries.conventions import conventions_of_bodies
from tripartite.conventions.queries.endings import endings_of
from tripartite.conventions.services.amending import ask_for_amendment
from tripartite.conventions.services.ending import annul_ending, terminate_convention
from tripartite.quotes.queries.queues import queues
from tripartite.quotes.queries.requests import estimate_of, estimate_request

pytestmark = pytest.mark.django_db
LAST, AFTER = date(2027, 5, 23), datetime(2027, 5, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def amendment() -> Any:
    """Two mailboxes more, asked for once the CDG has said that it leaves on 23 May 2027."""
    conventions.offer()
    running = subscriptions.running({"messagerie-5go": 4})["messagerie-5go"]
    said = {"received_on": AT.date(), "party": "cdg62", "reason": "essai", "actor": TESTER, "at": AT}
    assert terminate_convention(convention_id=running.convention_id, **said).day == LAST
    wanted = {"messagerie-5go": 6}
    return ask_for_amendment(convention_id=running.convention_id, wanted=wanted, actor=TESTER, at=AFTER)


def asked_of(request: Any, on: date) -> dict[str, tuple[int, int]]:
    totals = estimate_request(request, on=on).totals
    return {code: (one.once_cents, one.yearly_cents) for code, one in totals.items()}


def test_until_its_last_day_the_issuer_that_leaves_quotes_its_part_and_after_it_nothing(amendment) -> None:
    assert asked_of(amendment, LAST) == {"lfn": (0, 4000), "cdg62": (2000, 5000)}
    assert asked_of(amendment, AFTER.date()) == {"lfn": (0, 4000), "cdg62": (0, 0)}
    assert queues(on=AFTER.date()).to_issue == (amendment.pk,)


def test_its_quote_is_at_zero_and_the_text_of_the_amendment_has_no_part_of_it(amendment) -> None:
    issued = quotes.issued(amendment, at=AFTER)
    assert {code: one.first_year_cents for code, one in issued.items()} == {"lfn": 4000, "cdg62": 0}
    assert {line.issuer for line in estimate_of(issued["lfn"].version_id).lines} == {"lfn"}


def test_a_withdrawal_that_is_annulled_quotes_again(amendment) -> None:
    (parent,) = conventions_of_bodies([amendment.beneficiary_id])
    (ending,) = endings_of(parent.pk)
    annul_ending(ending_id=ending.pk, reason="le CDG reste", actor=TESTER, at=datetime(2027, 5, 20, tzinfo=UTC))
    assert asked_of(amendment, AFTER.date()) == {"lfn": (0, 4000), "cdg62": (2000, 5000)}


def test_a_request_that_amends_nothing_asks_nothing_of_conventions(django_assert_num_queries) -> None:
    conventions.offer()
    request = quotes.reread(quotes.request())
    estimate_request(request, on=AT.date())
    with django_assert_num_queries(2):
        estimate_request(request, on=AT.date())
