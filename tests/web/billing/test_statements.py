"""Statements at their screens: sent, their columns said, seen line by line, recorded; of one's own issuer."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.billing.statements import COLUMNS, bank, entry, line, table
from tests.factories import billing, quotes, subscriptions
from tests.factories.laid import laid
from tests.web.conftest import errors, words
from tripartite.accounts.rights import Role
from tripartite.billing.models import Payment, Statement
from tripartite.billing.queries.invoices import invoice_by_id
from tripartite.billing.services.statement_units import AT_ONCE
from tripartite.billing.services.statements import set_statement_columns
from tripartite.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(billing.AT, tick=False):
        yield


@laid
def _billed():
    billing.ready()
    subscriptions.running({"messagerie-5go": 4}, body=quotes.RUITZ)
    billing.billed()


@pytest.fixture
def invoice(db):
    _billed()
    return billing.invoices()[0]


@pytest.fixture
def accountant(invoice, log_in):
    return log_in(Role.ACCOUNTANT, "lfn")


def send(client, content, name="relevé.csv"):
    return client.post(reverse("statement-send"), {"file": SimpleUploadedFile(name, content)})


def test_a_statement_is_read_then_recorded(accountant, invoice) -> None:
    content = table(line(100, label=invoice.number), line(300, payer="Inconnu"), line(1, day="x"))
    there = send(accountant, content)["Location"]
    (statement,) = Statement.objects.all()
    page = accountant.get(there)
    assert "Que disent ses colonnes" in words(page)
    assert (page.context["header"], page.context["titles"][0]) == (2, "Date")
    assert accountant.get(there, {"ligne": "1", "colonnes": "1"}).context["titles"] == ["Encaissements"]
    said = reverse("statement-columns", args=[statement.pk])
    assert accountant.post(said, COLUMNS | {"amount": "", "ligne": "2"}).status_code == 422
    assert accountant.post(said, COLUMNS | {"amount": "Autre", "ligne": "2"}).status_code == 422
    assert accountant.post(said, COLUMNS | {"ligne": "2"})["Location"] == there
    page = accountant.get(there)
    told = words(page)
    assert f"paie {invoice.number} , Ruitz : 1,00 €" in told
    assert "ligne 5 : « x » n'est pas un jour." in told
    assert page.context["form"].initial["aside"] is True
    assert [len(accountant.get(there, {"sort": sort}).context["page"]) for sort in ("settles", "unknown", "x")] == [
        1,
        1,
        0,
    ]
    record = reverse("statement-record", args=[statement.pk])
    seen = page.context["form"].initial["seen"]
    accountant.post(record, {"seen": "0-x"})
    assert Payment.objects.count() == 0
    assert "le relire" in words(accountant.get(there))
    assert accountant.post(record, {"seen": seen, "aside": "on"})["Location"] == there
    told = words(accountant.get(there))
    assert "2 paiements, 1,00 € rapprochés, 3,00 € à part" in told
    assert "Rien n'est à noter de ce relevé" in told
    assert invoice_by_id(invoice.pk).paid_cents == 100
    accountant.post(record, {"seen": accountant.get(there).context["form"].initial["seen"], "aside": "on"})
    assert Payment.objects.count() == 2
    assert send(accountant, content)["Location"] == there
    assert "noté" in words(accountant.get(reverse("statement-list")))
    assert accountant.post(reverse("statement-drop", args=[statement.pk]))["Location"] == there


def test_the_columns_are_asked_once(accountant, invoice) -> None:
    set_statement_columns(issuer="lfn", columns=COLUMNS, actor=billing.TESTER, at=billing.AT)
    there = send(accountant, table(line(100)))["Location"]
    assert "Colonnes lues" in words(accountant.get(there))
    assert accountant.get(there, {"colonnes": "1"}).context["form"].initial == COLUMNS
    other = send(accountant, table(("x", "y"), titles=("A", "B")))["Location"]
    assert "Que disent ses colonnes" in words(accountant.get(other))
    dropped = Statement.objects.latest("pk")
    assert accountant.post(reverse("statement-drop", args=[dropped.pk]))["Location"] == reverse("statement-list")
    assert Statement.objects.count() == 1


def test_a_banks_statement_asks_for_no_column(accountant, invoice) -> None:
    there = send(accountant, bank(entry(100, number="1")), "compte.xml")["Location"]
    page = accountant.get(there)
    assert "Compte FR76" in words(page)
    assert page.context["form"].initial["aside"] is False
    pk = Statement.objects.get().pk
    assert accountant.get(there, {"colonnes": "1"}).context["form"].initial == page.context["form"].initial
    assert accountant.post(reverse("statement-columns", args=[pk]), COLUMNS).status_code == 302


def test_what_cannot_be_read_is_said_at_the_file(accountant, invoice) -> None:
    for content, said in ((b"\x00", "ni un classeur"), (b"", "vide"), (b"<a/>", "relevé bancaire")):
        answer = send(accountant, content)
        assert answer.status_code == 422
        assert said in errors(answer)
    assert accountant.post(reverse("statement-send"), {}).status_code == 422
    assert Statement.objects.count() == 0


def test_a_statement_is_of_its_issuer_alone(accountant, invoice, log_in) -> None:
    send(accountant, table(line(100)))
    pk = Statement.objects.get().pk
    other = log_in(Role.ACCOUNTANT, "cdg62")
    assert [len(one.get(reverse("statement-list")).context["page"]) for one in (accountant, other)] == [1, 0]
    assert other.get(reverse("statement", args=[pk])).status_code == 403
    for name in ("statement-columns", "statement-record", "statement-drop"):
        assert other.post(reverse(name, args=[pk]), {}).status_code == 403
    reader = log_in(Role.AGENT, "lfn")
    assert reader.get(reverse("statement", args=[pk])).status_code == 200
    assert reader.post(reverse("statement-drop", args=[pk])).status_code == 403
    assert accountant.get(reverse("statement", args=[99])).status_code == 404


def test_a_long_statement_is_recorded_by_a_job(accountant, invoice) -> None:
    set_statement_columns(issuer="lfn", columns=COLUMNS, actor=billing.TESTER, at=billing.AT)
    send(accountant, table(*[line(cents, label=invoice.number) for cents in range(1, AT_ONCE + 2)]))
    (statement,) = Statement.objects.all()
    there, record = (reverse(name, args=[statement.pk]) for name in ("statement", "statement-record"))
    form = {"seen": accountant.get(there).context["form"].initial["seen"], "aside": "on"}
    accountant.post(record, form)
    assert Payment.objects.count() == 0
    assert "Avancement en attente 0 sur 2" in words(accountant.get(there))
    accountant.post(record, form)
    assert "est en train d'être noté" in words(accountant.get(there))
    accountant.post(reverse("statement-drop", args=[statement.pk]))
    (job,) = Job.objects.all()
    billing.work(job.pk)
    assert (Payment.objects.count(), invoice_by_id(invoice.pk).paid_cents) == (AT_ONCE + 1, sum(range(AT_ONCE + 2)))
    assert "Rien n'est à noter de ce relevé" in words(accountant.get(there))
    assert accountant.get(there, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_pages_ask_as_much_for_three_lines_as_for_one(accountant, invoice) -> None:
    set_statement_columns(issuer="lfn", columns=COLUMNS, actor=billing.TESTER, at=billing.AT)
    counts, lists = [], []
    for many in (1, 3):
        there = send(accountant, table(*[line(cents, label=invoice.number) for cents in range(1, many + 1)]))[
            "Location"
        ]
        for address, found in ((there, counts), (reverse("statement-list"), lists)):
            accountant.get(address)
            with CaptureQueriesContext(connection) as asked:
                accountant.get(address)
            found.append(len(asked))
    assert (counts[0], lists[0]) == (counts[1], lists[1])
