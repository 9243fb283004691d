"""What runs under a tariff voted HT, and the acts that set it going: HT as voted, TTC of the sum of each issuer."""

from datetime import date

import pytest

from tests.factories import conventions, parties, quotes, subscriptions, tariffs
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.printout.wording import together_payload
from tripartite.conventions.services.papers import deliberation_of, paper_of
from tripartite.subscriptions.queries.running import running_cost
from tripartite.subscriptions.queries.shapes import cost_json
from tripartite.tariffs.services import adopt_grid, draft_grid

DAY = AT.date()
ODD = {"nom-de-domaine": 1, "page-internet": 1}
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    """Both prices by the year at 10,02 € HT; a mailbox at 20,00 € HT, 30,01 € the first year."""
    text = tariffs.grid_text().replace('basis = "TTC"', 'basis = "HT"')
    for old, new in {
        "lfn = { per_unit = 15 }": "lfn = { per_unit = 10.02 }",
        "lfn = { per_unit = 14 }": "lfn = { per_unit = 10.02 }",
        "lfn = { per_unit = 20 }": "lfn = { per_unit = 20, first_year = { per_unit = 30.01 } }",
    }.items():
        assert old in text
        text = text.replace(old, new, 1)
    draft_grid(text=text, actor=TESTER, at=AT)
    adopt_grid(code=tariffs.GRID, actor=TESTER, at=AT)
    parties.directory()
    quotes.complete_issuers()
    conventions.complete_offer()
    subscriptions.adopt_shipped_checklist()


def test_what_runs_costs_the_ht_that_was_voted_and_one_vat() -> None:
    subscriptions.running(ODD)
    body = parties.body(quotes.RUITZ)
    cost = running_cost(body.pk, on=DAY)
    lines = [line for line in cost.lines if line.issuer == "lfn"]

    assert [(line.yearly_net_cents, line.yearly_cents) for line in lines] == [(1002, 1203), (1002, 1202)]
    assert [line.yearly_text for line in lines] == ["10,02\u00a0€ HT"] * 2
    assert (cost.totals, cost.net_totals) == ({"lfn": 2405, "cdg62": 0}, {"lfn": 2004})
    said = cost_json(body, cost)
    assert said["totals"] == {"lfn": {"yearly_cents": 2405, "yearly_net_cents": 2004}, "cdg62": {"yearly_cents": 0}}
    assert said["lines"][0]["yearly_net_cents"] == 1002


def test_the_first_year_has_its_own_ht() -> None:
    subscriptions.running({"messagerie-5go": 1})
    body = parties.body(quotes.RUITZ)
    first, after = running_cost(body.pk, on=DAY), running_cost(body.pk, on=date(2027, 11, 23))

    assert (first.totals["lfn"], first.net_totals["lfn"]) == (3601, 3001)
    assert (after.totals["lfn"], after.net_totals["lfn"]) == (2400, 2000)


def test_a_price_agreed_on_request_is_ht_too() -> None:
    wanted = quotes.request(quotes.WITH_STORAGE_ON_REQUEST)
    quotes.price(wanted, 120_001)
    subscriptions.running_from(wanted)
    cost = running_cost(parties.body(quotes.RUITZ).pk, on=DAY)

    assert cost.net_totals["lfn"] == 46_300 + 120_001
    assert cost.totals["lfn"] == 199_561


def test_the_acts_say_ht_and_what_is_paid_the_first_year() -> None:
    convention = conventions.drafted(quantities=ODD)
    paper = paper_of(convention, number=None, issued_on=DAY).as_payload()
    total = together_payload(paper_of(convention, number=None, issued_on=DAY).quotes)

    assert paper["tariff"]["basis"] == "HT"
    assert "Montants HT." in str(paper["annexes"])
    (operator, *_) = [quote for quote in paper["quotes"] if quote["slot"] == 1]
    assert (operator["yearly"], operator["first_year"], operator["first_year_gross"]) == (
        "20,04\u00a0€",
        "20,04\u00a0€",
        "24,05\u00a0€",
    )
    assert (total["first_year_cents"], total["first_year_gross_cents"]) == (2004 + 5000, 2405 + 5000)
    sentences = [
        part["sentences"] for family in paper["services"] for one in family["services"] for part in one["parts"]
    ]
    assert ["Abonnement, par an : 10,02\u00a0€ HT"] in sentences


def test_the_deliberation_puts_ttc_beside_ht() -> None:
    wanted = conventions.accepted(ODD)
    blocks = deliberation_of(request_id=wanted.pk, on=DAY).as_payload()["blocks"]
    tables = [block for block in blocks if block["kind"] == "table" and block["headers"][0] == "Devis"]

    assert tables[0]["headers"][1:] == [
        "Première année, HT",
        "Puis chaque année, HT",
        "Première année, TTC",
        "Puis chaque année, TTC",
    ]
    assert tables[0]["rows"][-1][1:] == ["70,04\u00a0€", "20,04\u00a0€", "74,05\u00a0€", "24,05\u00a0€"]
    prices = [block["headers"] for block in blocks if block["kind"] == "table" and block["headers"][0] == "Prestation"]
    assert {title for headers in prices for title in headers[1:]} == {"La Fibre Numérique 59-62, HT", "CDG 62, HT"}
