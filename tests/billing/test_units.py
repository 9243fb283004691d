"""What makes one invoice, and for whom: a body or a convention, a body that took others in, tariffs voted HT."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import billing, quotes, subscriptions, tariffs
from tests.factories.accounts import TESTER
from tripartite.billing.models import Invoice
from tripartite.billing.services.crediting import cancel_invoice, credit_lines
from tripartite.billing.states import Anomaly, Fate
from tripartite.parties.services.endings import end_body
from tripartite.quotes.models import Quote

pytestmark = pytest.mark.django_db
NEXT_YEAR = date(2027, 11, 23)
LAST, AFTER = date(2026, 12, 31), date(2027, 1, 4)


def test_an_issuer_whose_grid_says_so_invoices_each_convention() -> None:
    text = tariffs.grid_text().replace('part = "Services"\n', 'part = "Services"\ninvoice_per = "convention"\n', 1)
    billing.ready(text=text)
    one = subscriptions.running({"messagerie-5go": 4})["messagerie-5go"]
    other = subscriptions.running({"nom-de-domaine": 1})["nom-de-domaine"]
    found = billing.billed()
    assert {paper.convention_id: paper.gross_cents for paper in found} == {
        one.convention_id: 8000,
        other.convention_id: 1500,
    }
    assert [paper.convention_id for paper in billing.billed("cdg62")] == [None]
    units = [f"convention:{one.convention_id}"]
    made = billing.run(until=NEXT_YEAR, chosen=dict.fromkeys(units))
    assert list(billing.outcomes(made)) == [f"Ruitz, convention {one.convention.number}"]
    assert [(paper.rank, paper.convention_id) for paper in made.invoices.all()] == [(1, one.convention_id)]


def test_the_body_that_took_another_in_is_billed_for_both() -> None:
    billing.ready()
    for code in (quotes.RUITZ, quotes.ARRAS):
        subscriptions.running({"messagerie-5go": 4}, body=code)
    ruitz, arras = billing.body(), billing.body(quotes.ARRAS)
    end_body(body_id=ruitz.pk, last_day=LAST, reason="Fusion", into_id=arras.pk, actor=TESTER, at=billing.AT)
    assert [one.body.name for one in billing.previewed(on=LAST)] == ["Arras", "Ruitz"]
    (one,) = billing.previewed(on=AFTER)
    assert (one.body.name, [(found.anomaly, found.words) for found in one.findings]) == (
        "Arras",
        [(Anomaly.BODY_MERGED, "Arras est facturée pour Ruitz, qu'elle a reprise.")],
    )
    (invoice,) = billing.billed(on=AFTER)
    assert (invoice.body_id, invoice.gross_cents, invoice.lines.count()) == (arras.pk, 16_000, 2)
    assert billing.previewed(on=LAST) == []


def test_a_body_that_ended_without_successor_is_not_billed() -> None:
    billing.ready()
    subscriptions.running({"messagerie-5go": 4})
    end_body(body_id=billing.body().pk, last_day=LAST, reason="Dissoute", actor=TESTER, at=billing.AT)
    (one,) = billing.previewed(on=AFTER)
    assert (one.fate, [found.anomaly for found in one.findings]) == (Fate.BLOCKED, [Anomaly.BODY_ENDED])
    assert [one.fate for one in billing.previewed(on=LAST)] == [Fate.ISSUE]


def test_a_tariff_voted_ht_is_invoiced_to_the_cent_and_taken_back_to_nothing() -> None:
    billing.ready(basis="HT")
    subscriptions.running({"messagerie-5go": 3, "nom-de-domaine": 1, "demarches-simplifiees": 1})
    said = dict(Quote.objects.values_list("issuer", "first_year_cents"))
    (invoice,) = billing.billed()
    assert invoice.gross_cents == said["lfn"]
    assert invoice.net_cents + invoice.vat_cents + invoice.rounding_cents == invoice.gross_cents
    assert {line.basis for line in invoice.lines.all()} == {"HT"}
    by = {"reason": "Geste", "on": billing.DAY, "actor": TESTER, "at": billing.AT}
    for line in invoice.lines.all():
        credit_lines(invoice_id=invoice.pk, amounts={line.pk: 333}, **by)
    cancel_invoice(invoice_id=invoice.pk, **by)
    invoice = Invoice.objects.get(pk=invoice.pk)
    assert (invoice.state, invoice.left_cents) == ("credited", 0)
    assert sum(one.gross_cents for one in invoice.credit_notes.all()) == said["lfn"]


def test_what_is_far_from_last_year_says_why() -> None:
    billing.ready()
    subscriptions.running({"messagerie-5go": 4})
    billing.billed()
    assert [one.findings for one in billing.previewed(until=NEXT_YEAR)] == [()]
    at = datetime(2027, 11, 23, 9, 0, tzinfo=UTC)
    subscriptions.running({"nom-de-domaine": 2}, at=at)
    (one,) = billing.previewed(until=NEXT_YEAR)
    ((anomaly, words),) = [(found.anomaly, found.words) for found in one.findings]
    assert (anomaly, one.fate) == (Anomaly.FAR_FROM_LAST_YEAR, Fate.ISSUE)
    assert words.replace("\u202f", " ").replace("\u00a0", " ") == (
        "80,00 € l'an dernier, 110,00 € cette année : nouveau : Nom de domaine, Abonnement, 30,00 €."
    )


def test_months_under_the_threshold_wait_and_join_until_they_come_to_it() -> None:
    text = tariffs.grid_text()
    place = text.index("lfn = { per_unit = 20 }")
    start = text.rindex('frequency = "yearly"', 0, place)
    monthly = text[start:].replace('frequency = "yearly"', 'frequency = "monthly"', 1)
    billing.ready(text=text[:start] + monthly.replace("lfn = { per_unit = 20 }", "lfn = { per_unit = 6 }", 1))
    subscriptions.running({"messagerie-5go": 1})
    found = [billing.billed(until=day) for day in (billing.DAY, date(2026, 12, 23), date(2027, 1, 23))]
    assert [len(papers) for papers in found] == [0, 0, 1]
    (invoice,) = found[2]
    assert [(line.since, line.until, line.amount_cents) for line in invoice.lines.all()] == [
        (date(2026, 11, 23), date(2026, 12, 22), 600),
        (date(2026, 12, 23), date(2027, 1, 22), 600),
        (date(2027, 1, 23), date(2027, 2, 22), 600),
    ]
    made = billing.run(until=date(2027, 2, 23))
    ((state, told),) = billing.outcomes(made).values()
    assert (state, told.replace("\u202f", " ").replace("\u00a0", " ")) == (
        "done",
        "Attend : 6,00 € : sous le seuil de 15,00 €, le montant attend et rejoint le suivant.",
    )


def test_a_fixed_part_and_one_by_unit_are_billed_as_they_were_quoted() -> None:
    """What falls due is the accepted quote, the first year and the next."""
    text = tariffs.grid_text().replace(
        "lfn = { per_unit = 20 }", "lfn = { sum = [{ flat = 100 }, { per_unit = 20 }] }", 1
    )
    billing.ready(text=text)
    subscriptions.running({"messagerie-5go": 4})
    (first,) = billing.billed()
    assert (first.gross_cents, _quoted()) == (18000, [(18000, 18000)])
    (line,) = first.lines.all()
    assert "100,00 € + 4" in line.explanation.replace("\u202f", " ").replace("\u00a0", " ")
    (again,) = billing.billed(until=NEXT_YEAR)
    assert again.gross_cents == _quoted()[0][1]


def _quoted() -> list[tuple[int, int]]:
    """What LFN's accepted quotes say, in their order: the first year, then each year."""
    rows = Quote.objects.filter(issuer="lfn", state="accepted").order_by("pk")
    return list(rows.values_list("first_year_cents", "yearly_cents"))
