"""Quotes under a tariff voted HT: rows, totals and papers as voted, what agents give on the same basis, TTC once."""

import io

import pypdf
import pytest

from tests.factories import quotes
from tripartite.documents.queries import payload_of
from tripartite.documents.render import render
from tripartite.quotes.queries.requests import estimate_request

pytestmark = pytest.mark.django_db
STATIONS_ON_REQUEST = {"antivirus-intervention": 21}


@pytest.fixture
def untaxed(db):
    return quotes.offer(basis="HT")


def columns(quote):
    voted = quote.totals.voted
    return (voted.once_cents, voted.yearly_cents, voted.term_cents, voted.first_year_cents)


def test_a_quote_keeps_the_ht_that_was_voted_and_the_ttc_of_its_sum(untaxed):
    issued = quotes.issued()
    operator, support = issued["lfn"], issued["cdg62"]

    assert (operator.basis, columns(operator)) == ("HT", (5_000, 14_600, 0, 19_600))
    assert (operator.once_cents, operator.yearly_cents, operator.first_year_cents) == (6_000, 17_520, 23_520)
    assert [line.amount_cents for line in operator.lines.all()] == [8_000, 1_500, 5_000, 5_100]
    assert (columns(support), support.first_year_cents) == ((4_000, 10_000, 0, 14_000), 14_000)


def test_a_quote_voted_with_tax_has_no_ht_of_its_own():
    quotes.offer()
    operator = quotes.issued()["lfn"]

    assert (operator.basis, operator.totals.net, columns(operator)) == ("TTC", None, (5_000, 14_600, 0, 19_600))


def test_the_paper_says_ht_line_by_line_and_the_vat_once(untaxed):
    paper = payload_of(quotes.issued()["lfn"].document)
    text = " ".join(pypdf.PdfReader(io.BytesIO(render(paper["model"], paper))).pages[0].extract_text().split())

    assert (paper["basis"], paper["totals"]["first_year"]["net_cents"]) == ("HT", 19_600)
    for said in (
        "Prix unitaire HT Montant HT",
        "Messagerie, compte 5 Go Abonnement, par an 4 comptes 20,00 € 80,00 €",
        "Total HT de la première année 196,00 €",
        "TVA 20 % 39,20 €",
        "Total TTC de la première année 235,20 €",
        "d’un montant de 235,20 € TTC (196,00 € HT, TVA 39,20 €) la première année,",
        "la première année, puis 175,20 € TTC (146,00 € HT) par an.",
    ):
        assert said in text, said
    assert "24,00 €" not in text


def test_a_price_given_by_an_agent_is_ht_and_taxed_with_the_others(untaxed):
    wanted = quotes.request(quotes.WITH_STORAGE_ON_REQUEST)
    quotes.price(wanted, 120_001)
    operator = quotes.issued(wanted)["lfn"]

    assert columns(operator) == (11_500, 46_300 + 120_001, 0, 177_801)
    assert operator.first_year_cents == 177_801 + 35_560
    assert [line.amount_cents for line in operator.lines.all()] == [11_500, 46_300, 120_001]


@pytest.mark.parametrize("basis", ["TTC", "HT"])
def test_what_is_due_once_counts_the_price_that_an_agent_gave(basis):
    quotes.offer(basis=basis)
    wanted = quotes.request({"sauvegarde": 1, **STATIONS_ON_REQUEST})
    before = estimate_request(quotes.reread(wanted), on=quotes.DAY).totals["cdg62"]
    quotes.price(wanted, 64_000)
    support = quotes.issued(wanted)["cdg62"]

    assert (before.once_cents, before.complete) == (7_500, False)
    assert columns(support) == (7_500 + 64_000, 5_000, 0, 76_500)
    assert (support.once_cents, support.first_year_cents) == (71_500, 76_500)
    assert payload_of(support.document)["totals"]["once"]["gross_cents"] == 71_500


@pytest.mark.parametrize(
    "quantities", [quotes.ORDINARY, {"messagerie-5go": 7, "antivirus": 3, "cle-signature-3-cdg": 2, "sauvegarde": 1}]
)
def test_the_paper_and_the_estimate_come_to_the_same_cents(untaxed, quantities):
    wanted = quotes.request(quantities)
    found = estimate_request(quotes.reread(wanted), on=quotes.DAY)

    for code, quote in quotes.issued(wanted).items():
        paper, total = payload_of(quote.document)["totals"], found.totals[code]
        assert [paper[name]["gross_cents"] for name in ("once", "yearly", "term", "first_year")] == list(total[:4])
        assert [paper[name]["net_cents"] for name in ("once", "yearly", "term", "first_year")] == list(total.voted)


def test_a_new_version_says_that_what_is_paid_is_ttc(untaxed):
    wanted = quotes.request()
    quotes.issued(wanted)
    quotes.revised(wanted, {**quotes.ORDINARY, "messagerie-5go": 5}, reason="Un de plus.")
    paper = payload_of(quotes.issued(wanted)["lfn"].document)

    assert paper["changes"][-1] == "La Fibre Numérique 59-62, première année, TTC : 235,20\u00a0€ → 259,20\u00a0€."
