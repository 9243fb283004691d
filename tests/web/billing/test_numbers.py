"""Numbers that no page wrote, in the addresses and forms of billing: refused or taken for nothing, never a failure."""

import pytest
import time_machine
from django.urls import reverse

from tests.factories import billing
from tripartite.accounts.rights import Role

pytestmark = pytest.mark.django_db
HUGE = "9" * 5000
WRONG = ["²", "0000", "0001", "-1", "9" * 19, HUGE]
UNTIL = billing.DAY.isoformat()


@pytest.fixture
def accountant(log_in):
    with time_machine.travel(billing.AT, tick=False):
        billing.ready()
        yield log_in(Role.ACCOUNTANT, "lfn")


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_read_is_a_page_or_not_found(accountant, wrong: str) -> None:
    for name, asked in (
        ("billing-figures", {"exercice": wrong}),
        ("billing-preview", {"until": UNTIL, "part": wrong, "so_far": f"{wrong},-{wrong}"}),
        ("billing-draft", {"until": UNTIL, "unit": f"body:{wrong}"}),
        ("billing-draft", {"until": UNTIL, "unit": f"convention:{wrong}"}),
        ("credit-note-list", {"exercice": wrong}),
        ("slip-list", {"exercice": wrong, "format": "csv"}),
        ("slip-list", {"exercice": f"0{billing.DAY.year}{wrong}"}),
        ("invoice-list", {"exercice": wrong, "campagne": wrong, "structure": wrong}),
        ("payment-list", {"page": wrong}),
        ("owed-list", {"page": wrong, "exercice": wrong}),
    ):
        assert accountant.get(reverse(name), asked).status_code in {200, 404}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_sent_starts_nothing(accountant, wrong: str) -> None:
    for name, sent in (
        ("billing-start", {"until": UNTIL, "unit": f"body:{wrong}={wrong}", "confirmed": "1"}),
        ("billing-start", {"until": UNTIL, "unit": f"convention:{wrong}={wrong}"}),
        ("reminder-start", {"body": wrong}),
        ("slip-make", {"paper": wrong, "kind": wrong, "confirmed": "1"}),
    ):
        assert accountant.post(reverse(name), sent).status_code in {200, 302, 422}
