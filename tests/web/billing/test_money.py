"""Payments, what is due, settings, requirements, figures: the screens of an issuer's money."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.forms import Textarea
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import billing, parties, quotes, subscriptions
from tests.factories.accounts import TESTER
from tests.factories.revenue import SET
from tests.web.conftest import errors, words
from tripartite.accounts.rights import Role
from tripartite.billing.queries.figures import billed_by_service, figures_by_epci, figures_of_year
from tripartite.billing.queries.invoices import invoice_by_id, payment_list
from tripartite.billing.queries.settings import SEVERAL_LINES, requirements_of, settings_on
from tripartite.parties.services.endings import end_body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(billing.AT, tick=False):
        yield


@pytest.fixture
def invoice(db):
    billing.ready()
    subscriptions.running({"messagerie-5go": 4}, body=quotes.RUITZ)
    return billing.billed()[0]


@pytest.fixture
def accountant(invoice, log_in):
    return log_in(Role.ACCOUNTANT, "lfn")


def test_a_payment_kept_aside_is_settled_by_hand(accountant, invoice, log_in) -> None:
    typed = {"amount": "10", "received_on": "2026-11-20", "reference": f"VIR {invoice.number}", "payer": "Trésorerie"}
    typed["token"] = accountant.get(reverse("payment-list")).context["form"]["token"].value()
    assert accountant.post(reverse("payment-note"), typed | {"received_on": "2026-11-24"}).status_code == 422
    answer, again = (accountant.post(reverse("payment-note"), typed) for _ in range(2))
    assert answer["Location"] == again["Location"]
    (paid,) = payment_list(issuer="lfn")
    assert answer["Location"] == reverse("payment", args=[paid.pk])
    assert accountant.get(answer["Location"]).context["form"].invoices == [invoice]
    share = reverse("payment-share", args=[paid.pk])
    assert accountant.post(share, {f"invoice-{invoice.pk}": "11"}).status_code == 422
    assert log_in(Role.ACCOUNTANT, "cdg62").post(share, {f"invoice-{invoice.pk}": "10"}).status_code == 403
    assert accountant.post(share, {f"invoice-{invoice.pk}": "10"}).status_code == 302
    assert invoice_by_id(invoice.pk).paid_cents == 1000
    assert "Tout est rapproché" in words(accountant.get(answer["Location"]))
    assert accountant.post(reverse("payment-note"), {"amount": "x"}).status_code == 422
    assert accountant.get(reverse("payment-list"), {"format": "xlsx"}).content[:2] == b"PK"


def test_what_is_surely_of_an_invoice_is_settled_in_a_click(accountant, invoice, log_in) -> None:
    typed = {"amount": "10", "received_on": "2026-11-20", "reference": f"VIR {invoice.number}"}
    for token in ("a", "b"):
        accountant.post(reverse("payment-note"), typed | {"token": token})
    accountant.post(reverse("payment-note"), {"amount": "3", "received_on": "2026-11-20", "token": "c"})
    aside = f"{reverse('payment-list')}?lesquels=a-part"
    with CaptureQueriesContext(connection) as three:
        rows = accountant.get(aside).context["rows"]
    assert [bool(certain) for _, _, certain in rows] == [False, True, True]
    payment, whose, certain = rows[1]
    assert whose == []
    there = reverse("payment-settle", args=[payment.pk])
    assert log_in(Role.ACCOUNTANT, "cdg62").post(there, {"seen": certain.mark}).status_code == 403
    assert accountant.post(there, {"seen": "1:1"})["Location"] == aside
    assert invoice_by_id(invoice.pk).paid_cents == 0
    assert accountant.post(there, {"seen": certain.mark})["Location"] == aside
    assert invoice_by_id(invoice.pk).paid_cents == 1000
    with CaptureQueriesContext(connection) as two:
        assert len(accountant.get(aside).context["rows"]) == 2
    assert len(three) == len(two)


def test_money_of_no_invoice_is_given_back(accountant, invoice, log_in) -> None:
    accountant.post(
        reverse("payment-note"), {"amount": "10", "received_on": "2026-11-20", "payer": "Inconnu", "token": "a"}
    )
    (paid,) = payment_list(issuer="lfn")
    page, there = reverse("payment", args=[paid.pk]), reverse("payment-back", args=[paid.pk])
    typed = {"left": "1000", "amount": "4", "paid_on": "2026-11-22", "reason": "Payé deux fois"}
    assert log_in(Role.ACCOUNTANT, "cdg62").post(there, typed).status_code == 403
    assert accountant.post(there, typed | {"amount": "11"}).status_code == 422
    assert accountant.post(there, typed | {"reason": ""}).status_code == 422
    assert accountant.post(there, typed)["Location"] == page
    assert accountant.post(there, typed).status_code == 422
    told = words(accountant.get(page))
    assert "Rendu le 22/11/2026 −4,00 € : Payé deux fois" in told
    assert "6,00 € ne sont sur aucune facture" in told
    back = payment_list(issuer="lfn")[0]
    assert "Rend ce qui était à part du paiement du 20/11/2026" in words(
        accountant.get(reverse("payment", args=[back.pk]))
    )
    assert "rendus le 22/11/2026" in words(accountant.get(reverse("payment-list")))


def test_money_that_is_noted_as_given_back_is_said_to_be_of_a_payment(accountant) -> None:
    for amount, token in (("10", "a"), ("-4", "b")):
        accountant.post(reverse("payment-note"), {"amount": amount, "received_on": "2026-11-20", "token": token})
    back, paid = payment_list(issuer="lfn")
    page = reverse("payment", args=[paid.pk])
    assert "le dire sur la page de celui-ci" in words(accountant.get(reverse("payment", args=[back.pk])))
    assert "celui du 20/11/2026, −4,00 €" in words(accountant.get(page))
    typed = {"left": "1000", "by": str(back.pk), "amount": "10", "paid_on": "2026-11-22", "reason": "Chèque impayé"}
    there = reverse("payment-back", args=[paid.pk])
    assert accountant.post(there, typed | {"by": str(paid.pk)}).status_code == 422
    assert accountant.post(there, typed)["Location"] == page
    assert "Rendu le 20/11/2026 −4,00 € : Chèque impayé" in words(accountant.get(page))
    assert len(payment_list(issuer="lfn")) == 2


def test_what_is_due_is_told_by_year_and_by_body(accountant, invoice) -> None:
    page = accountant.get(reverse("owed-list"))
    assert [(one.name, one.balance.owed) for one in page.context["page"]] == [("Ruitz", invoice.gross_cents)]
    text = accountant.get(reverse("owed-list"), {"format": "csv"}).content.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("Ruitz;Ruitz;1;")


def test_what_a_body_taken_in_owes_is_said_to_be_due_by_the_one_that_took_it_in(accountant, invoice) -> None:
    arras = parties.body(quotes.ARRAS)
    gone = {"last_day": date(2026, 11, 22), "reason": "Fusion", "actor": TESTER, "at": billing.AT}
    end_body(body_id=invoice.body_id, into_id=arras.pk, **gone)
    assert "Ruitz dû maintenant par Arras" in words(accountant.get(reverse("owed-list")))
    text = accountant.get(reverse("owed-list"), {"format": "csv"}).content.decode("utf-8-sig")
    assert [line.split(";")[:3] for line in text.splitlines()] == [
        ["structure", "due par", "factures"],
        ["Ruitz", "Arras", "1"],
    ]


def test_figures_add_up_to_what_is_billed(accountant, invoice) -> None:
    year = invoice.fiscal_year
    total = figures_of_year("lfn", year)
    assert (total.now.billed, total.now.due, total.before.billed) == (invoice.gross_cents, invoice.gross_cents, 0)
    assert sum(line.now.billed for line in figures_by_epci("lfn", year)) == invoice.gross_cents
    assert sum(line.now for line in billed_by_service("lfn", year)) == invoice.net_cents
    assert figures_of_year("lfn", year + 1).before == total.now
    page = accountant.get(reverse("billing-figures")).content.decode()
    assert "Messagerie" in page
    listed = reverse("invoice-list")
    for asked, found in (("service=messagerie-5go", 1), ("service=antivirus", 0), ("epci=aucune", 0)):
        there = f"{listed}?exercice={year}&amp;{asked}"
        assert (there in page) == bool(found)
        assert accountant.get(there.replace("&amp;", "&")).context["page"].paginator.count == found
    for asked in ({"format": "csv"}, {"format": "csv", "par": "service"}, {"exercice": "abcd"}):
        assert accountant.get(reverse("billing-figures"), asked).status_code == 200


def test_an_accountant_sets_how_its_issuer_bills(accountant, log_in) -> None:
    page = accountant.get(reverse("billing-settings"))
    typed = {name: page.context["form"].initial.get(name) or "" for name in page.context["form"].fields}
    typed = {name: value.isoformat() if isinstance(value, date) else value for name, value in typed.items()}
    assert accountant.post(reverse("billing-settings"), typed | {"iban": "FR00"}).status_code == 422
    assert accountant.post(reverse("billing-settings"), typed | {"payment_days": "45"}).status_code == 302
    assert settings_on("lfn", billing.DAY).payment_days == 45
    assert settings_on("lfn", billing.DAY).threshold_cents == 1500
    stale = accountant.post(reverse("billing-settings"), typed | {"payment_days": "46"})
    assert "Un point est à corriger Ce réglage a changé pendant que vous l'écriviez. Prénom NOM" in errors(stale)
    assert settings_on("cdg62", billing.DAY).payment_days == 30


def test_settings_of_several_lines_are_shown_and_kept_as_several(accountant) -> None:
    billing.bills("lfn", **SET)
    page = accountant.get(reverse("billing-settings"))
    fields = page.context["form"].fields
    assert {name for name in SEVERAL_LINES if not isinstance(fields[name].widget, Textarea)} == set()
    typed = {name: str(page.context["form"][name].value() or "") for name in fields} | {"threshold_cents": "15"}
    several = {"talon", "collection_centre", "accountant_address"}
    typed |= {name: typed[name].replace("\n", "\r\n") for name in several}
    assert accountant.post(reverse("billing-settings"), typed | {"payment_days": "45"}).status_code == 302
    kept = settings_on("lfn", billing.DAY)
    assert {name: getattr(kept, name) for name in SET} == SET
    assert kept.payment_days == 45


def test_what_a_body_asks_is_noted_for_ones_own_issuer(accountant, invoice) -> None:
    there = reverse("body-requirement", args=[invoice.body.siren])
    assert accountant.post(there, {"service_required": "on", "service_code": "FACT"}).status_code == 302
    asked = requirements_of([invoice.body_id], "lfn")[invoice.body_id]
    assert (asked.issuer, asked.service_required, asked.service_code) == ("lfn", True, "FACT")
    assert requirements_of([invoice.body_id], "cdg62") == {}
    assert "code service FACT, exigé ; engagement non dit" in words(accountant.get(there))


def test_the_page_of_a_body_shows_the_invoices_of_ones_own_issuer(accountant, invoice, log_in) -> None:
    there = reverse("body", args=[invoice.body.siren])
    assert [one for one, _ in accountant.get(there).context["billed"].rows] == [invoice]
    assert log_in(Role.ACCOUNTANT, "cdg62").get(there).context["billed"].rows == []
