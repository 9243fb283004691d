"""A file whose quotes wait for an answer, on the day of the tests."""

import pytest
import time_machine

from tests.factories import quotes
from tests.factories.accounts import TESTER
from tests.web.space.entering import AT
from tripartite.quotes.services.issuing import issue_quotes


@pytest.fixture
def clock():
    """The day of the tests, its hands in our own."""
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def asked(offer, clock):
    """A request whose quotes are issued, its contact told."""
    made = quotes.request()
    issue_quotes(request_id=made.pk, actor=TESTER, at=AT)
    return quotes.reread(made)
