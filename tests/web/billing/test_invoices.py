"""Invoices on screen: the list, one page, credit notes shown before they are issued, payments, what another did."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.billing.test_invoice_files import text_of
from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import TESTER
from tests.web.conftest import errors, words
from tripartite.accounts.rights import OWN_ISSUER_ONLY, Action, Role
from tripartite.billing.queries.invoices import credit_note_list, invoice_by_id, payment_list
from tripartite.billing.services.crediting import credit_lines
from tripartite.billing.services.paying import record_payment
from tripartite.cli.main import main

pytestmark = pytest.mark.django_db
LIST = reverse("invoice-list")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(billing.AT, tick=False) as clock:
        yield clock


@pytest.fixture
def invoice(db):
    billing.ready()
    subscriptions.running({"messagerie-5go": 4}, body=quotes.RUITZ)
    return billing.billed()[0]


@pytest.fixture
def accountant(invoice, log_in):
    return log_in(Role.ACCOUNTANT, "lfn")


def url(name, invoice, *more):
    return reverse(name, args=[invoice.pk, *more])


def mark(client, invoice):
    return client.get(url("invoice", invoice)).context["forms"]["pay"].initial["made_on"]


def test_a_list_is_searched_filtered_and_taken_away(accountant, invoice, clock) -> None:
    assert invoice.number in words(accountant.get(LIST))
    for asked, found in (({"q": "ruitz"}, 1), ({"q": "arras"}, 0), ({"etat": "overdue"}, 0), ({"etat": "owed"}, 1)):
        assert accountant.get(LIST, asked).context["page"].paginator.count == found
    for asked in ({"exercice": "x"}, {"epci": "1"}, {"etat": "x"}, {"structure": "-1"}, {"campagne": "9" * 30}):
        assert accountant.get(LIST, asked).status_code == 200
    text = accountant.get(LIST, {"format": "csv"}).content.decode("utf-8-sig")
    assert invoice.number in text
    assert accountant.get(LIST, {"format": "xlsx"}).content[:2] == b"PK"
    clock.move_to(billing.AT + timedelta(days=60))


def test_the_notice_of_an_order_is_read_on_the_page_of_its_invoice(accountant, invoice, tmp_path) -> None:
    assert accountant.get(url("invoice-notice", invoice)).status_code == 404
    billing.ordered(invoice)
    assert url("invoice-notice", invoice) in accountant.get(url("invoice", invoice)).content.decode()
    refused = accountant.get(url("invoice-notice", invoice), follow=True)
    assert "l'ordonnateur" in words(refused)
    said = {
        "officer_name": "Prénom NOM",
        "officer_capacity": "Présidente",
        "appeal_source": "article L. 1617-5 du CGCT",
    }
    billing.bills("lfn", appeal_text="Deux mois.", **said)
    notice = accountant.get(url("invoice-notice", invoice))
    assert notice["Content-Disposition"] == f'inline; filename="avis-{invoice.number}.pdf"'
    assert "Deux mois." in text_of(notice.content)
    assert main(["billing", "file", "lfn", invoice.number, "--as", "notice", "--out", str(tmp_path)]) == 0
    assert (tmp_path / f"avis-{invoice.number}.pdf").read_bytes() == notice.content
    assert main(["billing", "file", "lfn", "LFN-2026-99999", "--as", "notice"]) == 1


def test_pages_ask_as_many_queries_whatever_there_is(accountant, invoice) -> None:
    accountant.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as one:
        accountant.get(LIST)
    for code in (quotes.ARRAS, "62119"):
        billing.with_siret(code)
        subscriptions.running({"messagerie-5go": 4}, body=code)
    billing.billed()
    with CaptureQueriesContext(connection) as three:
        accountant.get(LIST)
    assert accountant.get(LIST).context["page"].paginator.count == 3
    assert len(three) == len(one)


def test_a_part_is_taken_back_once_it_was_shown(accountant, invoice) -> None:
    (line, *_) = invoice.lines.all()
    typed = {"made_on": mark(accountant, invoice), "reason": "Une boîte de trop", f"line-{line.pk}": "10,00"}
    shown = accountant.post(url("invoice-credit", invoice), typed)
    assert "L'avoir qui serait émis : 10,00 €" in words(shown)
    assert credit_note_list(issuer="lfn").count() == 0
    done = accountant.post(url("invoice-credit", invoice), typed | {"confirmed": "1"})
    assert done.status_code == 302
    (note,) = credit_note_list(issuer="lfn")
    assert (note.gross_cents, note.reason) == (1000, "Une boîte de trop")
    assert note.number in words(accountant.get(url("invoice", invoice)))
    again = accountant.post(url("invoice-credit", invoice), typed | {"confirmed": "1"})
    assert (again.status_code, "Cette facture a changé" in errors(again)) == (422, True)
    too_much = typed | {"made_on": mark(accountant, invoice), f"line-{line.pk}": "9 999"}
    assert accountant.post(url("invoice-credit", invoice), too_much).status_code == 422
    nothing = accountant.post(url("invoice-credit", invoice), {"reason": "Rien"})
    assert "Choisir les lignes" in errors(nothing)


def test_a_cancelled_invoice_may_be_billed_again(accountant, invoice) -> None:
    typed = {"made_on": mark(accountant, invoice), "reason": "Mauvais destinataire", "again": "yes"}
    assert "Mauvais" not in words(accountant.get(url("invoice", invoice)))
    assert accountant.post(url("invoice-cancel", invoice), typed).status_code == 200
    accountant.post(url("invoice-cancel", invoice), typed | {"confirmed": "1"})
    page = words(accountant.get(url("invoice", invoice)))
    assert "annulée par avoir" in page
    assert "Facturer de nouveau Ruitz" in page
    (second,) = billing.billed()
    assert f"Remplacée par {second.number}" in words(accountant.get(url("invoice", invoice)))
    assert accountant.post(url("invoice-cancel", invoice), {"again": "peut-être"}).status_code == 422


def test_a_payment_is_noted_and_what_is_over_is_kept_aside(accountant, invoice) -> None:
    typed = {"made_on": mark(accountant, invoice), "received_on": "2026-11-20", "payer": "Trésorerie"}
    euros = f"{(invoice.gross_cents + 500) // 100},{(invoice.gross_cents + 500) % 100:02d}"
    assert accountant.post(url("invoice-pay", invoice), typed | {"amount": euros}).status_code == 302
    (paid,) = payment_list(issuer="lfn")
    assert paid.unmatched_cents == 500
    assert invoice_by_id(invoice.pk).owed_cents == 0
    assert accountant.post(url("invoice-pay", invoice), typed | {"amount": "1"}).status_code == 422
    (share,) = paid.shares.all()
    undo = {"made_on": mark(accountant, invoice), "reason": "Une autre"}
    assert accountant.post(url("invoice-undo", invoice, share.pk), {"made_on": ""}).status_code == 422
    assert accountant.post(url("invoice-undo", invoice, share.pk), undo).status_code == 302
    assert invoice_by_id(invoice.pk).owed_cents == invoice.gross_cents
    assert "rapprochement défait" in words(accountant.get(url("invoice", invoice)))


def test_credit_notes_are_listed_and_taken_away_in_one_query_more(accountant, invoice) -> None:
    counts = []
    assert "Un avoir naît" in words(accountant.get(reverse("credit-note-list")))
    (line,) = [one for one in invoice.lines.all() if one.amount_cents > 300][:1]
    for place in range(3):
        by = {"on": billing.DAY, "actor": TESTER, "at": billing.AT}
        credit_lines(invoice_id=invoice.pk, amounts={line.pk: 100}, reason=f"=Geste {place}", **by)
        with CaptureQueriesContext(connection) as asked:
            page = accountant.get(reverse("credit-note-list"))
        counts.append(len(asked))
        assert words(page).count("pas encore") == place + 1
    assert counts[0] == counts[2]
    text = accountant.get(reverse("credit-note-list"), {"format": "csv"}).content.decode("utf-8-sig")
    rows = [row.split(";") for row in text.splitlines()[1:]]
    assert [row[0] for row in rows] == [one.number for one in credit_note_list(issuer="lfn")]
    assert [row[9] for row in rows] == ["'=Geste 2", "'=Geste 1", "'=Geste 0"]
    assert accountant.get(reverse("credit-note-list"), {"exercice": "1999"}).context["rows"] == []


def test_an_invoice_past_its_day_is_reminded_of(accountant, invoice, clock, log_in) -> None:
    assert url("invoice-remind", invoice) not in accountant.get(url("invoice", invoice)).content.decode()
    clock.move_to(billing.AT + timedelta(days=40))
    accountant = log_in(Role.ACCOUNTANT, "lfn")
    assert url("invoice-remind", invoice) in accountant.get(url("invoice", invoice)).content.decode()
    for _ in range(2):
        accountant.post(url("invoice-remind", invoice))
    assert [one.rank for one in invoice_by_id(invoice.pk).reminders.all()] == [1]


def test_its_papers_are_read_in_every_form(accountant, invoice) -> None:
    heads = {"facturx": b"%PDF", "pdf": b"%PDF", "cii": b"<?xml", "ubl": b"<?xml"}
    for form, head in heads.items():
        assert accountant.get(reverse("billing-file", args=[invoice.number, form])).content.startswith(head)
    for number, form in ((invoice.number, "doc"), ("X", "pdf")):
        assert accountant.get(reverse("billing-file", args=[number, form])).status_code == 404


def test_the_invoices_of_others_are_neither_seen_nor_touched(accountant, invoice, log_in) -> None:
    """Every action of billing, tried on the other issuer's: OWN_ISSUER_ONLY."""
    other = log_in(Role.ADMINISTRATOR, "cdg62")
    assert {Action.BILLING_READ, Action.BILLING_CREDIT, Action.PAYMENT_RECORD} <= OWN_ISSUER_ONLY
    record_payment(issuer="lfn", received_on=billing.DAY, amount_cents=100, shares={invoice.pk: 100}, **billing.BY)
    (share,) = invoice.payment_shares.all()
    assert other.get(url("invoice", invoice)).status_code == 403
    for name in ("invoice-credit", "invoice-cancel", "invoice-pay", "invoice-remind"):
        assert other.post(url(name, invoice), {"reason": "x"}).status_code == 403
    assert other.post(url("invoice-undo", invoice, share.pk)).status_code == 403
    assert other.get(reverse("billing-file", args=[invoice.number, "pdf"])).status_code == 404
    assert invoice.number not in words(other.get(LIST))
    assert invoice_by_id(invoice.pk).owed_cents == invoice.gross_cents - 100
