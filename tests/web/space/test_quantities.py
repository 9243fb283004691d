"""Quantities as a visitor of a file reads them: thousands, tenths, what an amendment gives up."""

import pytest
import time_machine
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.web.conftest import words
from tests.web.conventions.test_tenths import WORKSHOP
from tests.web.space.test_page import enter
from tripartite.quotes.services.issuing import issue_quotes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("quantity", "told"), [(1500, "1 500 jours"), (1500.5, "1 500,5 jours"), (0.3, "0,3 jour")])
def test_a_quantity_of_any_size_is_read(quantity, told) -> None:
    with time_machine.travel(AT, tick=False):
        conventions.offer(WORKSHOP)
        asked = quotes.request({"atelier": quantity})
        issue_quotes(request_id=asked.pk, actor=TESTER, at=AT)
        page = words(enter(asked).get(reverse("space")))
    assert f"Abonnement, par an : {told} pourquoi" in page.replace("\u202f", " ")
