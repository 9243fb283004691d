"""The first screen of an agent, asked again: it counts anew once something was done, and only then."""

import re
from datetime import timedelta

import pytest

from tests.factories import quotes
from tests.factories.accounts import TESTER
from tripartite.quotes.models import Request
from tripartite.quotes.services.requests import cancel_request

pytestmark = [pytest.mark.usefixtures("transactional_db", "offer"), pytest.mark.both_bases]
TO_ISSUE = re.compile(r'href="\?file=emettre".*?<span class="count[^"]*">(\d+)</span>')


def to_issue(agent):
    """How many requests wait to be issued, as the screen says."""
    return int(TO_ISSUE.search(agent.get("/demandes/").content.decode())[1])


def test_queues_are_recalled_between_two_acts_and_counted_anew_after_one(
    agent, settings, django_assert_max_num_queries
):
    settings.RECALLED_FOR = timedelta(minutes=1)
    asked, other = quotes.request(), quotes.request()
    assert to_issue(agent) == 2

    Request.objects.filter(pk=other.pk).update(state="engaged")  # what no act tells is not seen before a minute
    with django_assert_max_num_queries(9):
        assert to_issue(agent) == 2

    cancel_request(request_id=asked.pk, reason="Plus de besoin.", actor=TESTER, at=quotes.AT)
    assert to_issue(agent) == 0
