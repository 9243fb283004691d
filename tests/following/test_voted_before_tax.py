"""What an intervention makes due under a tariff voted HT: its HT and its TTC, computed or given by an agent."""

import re

import pytest

from tests.factories import conventions, parties, quotes, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER, account
from tripartite.following.queries.charges import charges_in_case
from tripartite.following.services.charges import GivenPrice
from tripartite.following.services.interventions import Subject, record_intervention
from tripartite.tariffs.services import adopt_grid, draft_grid

DAY = AT.date()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    """The shipped figures, as if they were voted HT and the centre's were taxed."""
    text = tariffs.grid_text().replace('basis = "TTC"', 'basis = "HT"')
    text = re.sub(r'^exempt = "[^"]*"', "rate = 20", text, count=1, flags=re.MULTILINE)
    draft_grid(text=text, actor=TESTER, at=AT)
    adopt_grid(code=tariffs.GRID, actor=TESTER, at=AT)
    parties.directory()
    quotes.complete_issuers()
    conventions.complete_offer()
    subscriptions.adopt_shipped_checklist()


def done(price: GivenPrice | None = None):
    subject = Subject(
        body_id=parties.body().pk, kind="help", agent_id=account(issuer_code="cdg62").pk, service="antivirus"
    )
    options = {"done_on": DAY, "minutes": 45, "charged": True, "price": price, "actor": TESTER, "at": AT}
    return record_intervention(subject=subject, **options)


def test_a_computed_charge_has_both() -> None:
    subscriptions.running({"antivirus": 4})
    (would,) = charges_in_case(parties.body().pk, on=DAY)
    told = done()
    (due,) = told.charges

    assert (would.basis, would.amount_text) == ("HT", "100,00\u00a0€ HT, soit 120,00\u00a0€ TTC")
    assert (due.net_cents, due.amount_cents, due.amount_text) == (10_000, 12_000, would.amount_text)
    assert "100,00\u00a0€ HT, soit 120,00\u00a0€ TTC dus une fois" in told.said


def test_a_price_given_by_an_agent_is_ht() -> None:
    subscriptions.running({"antivirus": 21})
    (due,) = done(GivenPrice("cdg62", 45_001, "Devis fait.")).charges

    assert (due.net_cents, due.amount_cents) == (45_001, 54_001)
