"""« Bordereaux »: made of what is ticked, once confirmed; its flow written, refused, written again."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.billing.pes.returns import acknowledgement
from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import TESTER
from tests.factories.revenue import SET
from tests.web.conftest import words
from tripartite.accounts.rights import Role
from tripartite.billing.models import RevenueSlip
from tripartite.billing.services.crediting import cancel_invoice, credit_lines
from tripartite.billing.services.ordering import order_revenue
from tripartite.billing.services.returning import read_return_file
from tripartite.parties.models import PublicBody
from tripartite.parties.services.issuers import update_issuer
from tripartite.web.billing import slips

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(billing.AT, tick=False):
        yield


@pytest.fixture
def invoices(db):
    billing.ready(**SET)
    update_issuer(code="lfn", changes={"siret": billing.number_of("200039386")}, **billing.BY)
    for code in (quotes.RUITZ, quotes.ARRAS):
        subscriptions.running({"messagerie-5go": 4}, body=code)
    return billing.billed()


@pytest.fixture
def accountant(invoices, log_in):
    return log_in(Role.ACCOUNTANT, "lfn")


def _make(accountant, invoices, **more):
    typed = {"kind": "ordinary", "paper": [one.pk for one in invoices]} | more
    return accountant.post(reverse("slip-make"), typed)


def _waiting(page):
    """What waits for its order, as a page shows it."""
    return {kind: list(papers) for kind, papers, _ in page.context["waiting"]}


def test_what_waits_is_shown_by_parts_and_put_whole_on_a_slip(accountant, invoices, monkeypatch) -> None:
    monkeypatch.setattr(slips, "WAITING", 1)
    first, second = invoices
    page = accountant.get(reverse("slip-list"))
    assert _waiting(page)["ordinary"] == [first]
    assert _waiting(accountant.get(reverse("slip-list"), {"attend-ordinary": "2"}))["ordinary"] == [second]
    assert "Voir le bordereau de tout ce qui attend (2)" in words(page)
    typed = {"kind": "ordinary", "all": f"2:{first.gross_cents + second.gross_cents}"}
    assert "Bordereau de titres : 2 titres" in words(accountant.post(reverse("slip-make"), typed))
    stale = accountant.post(reverse("slip-make"), typed | {"all": "1:100", "confirmed": "1"}, follow=True)
    assert "Depuis cet affichage, ce qui attend son titre a changé" in words(stale)
    assert RevenueSlip.objects.count() == 0
    accountant.post(reverse("slip-make"), typed | {"confirmed": "1"})
    assert RevenueSlip.objects.get().orders.count() == 2


def test_a_slip_is_made_of_what_is_ticked_once_confirmed(accountant, invoices, log_in) -> None:
    first, second = invoices
    assert "Bordereau de titres : 1 titre" in words(_make(accountant, [first]))
    assert RevenueSlip.objects.count() == 0
    answer = _make(accountant, [first], confirmed="1")
    made = RevenueSlip.objects.get()
    assert answer["Location"] == reverse("slip", args=[made.pk])
    again = accountant.post(
        reverse("slip-make"), {"kind": "ordinary", "paper": first.pk, "confirmed": "1"}, follow=True
    )
    assert "Choisir des factures de cet émetteur" in words(again)
    assert RevenueSlip.objects.count() == 1
    page = accountant.get(reverse("slip-list"))
    assert _waiting(page) == {"ordinary": [second], "reduction": []}
    assert first.number in words(accountant.get(answer["Location"]))
    for layout, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        for there in (answer["Location"], reverse("slip-list") + "?exercice=2026", reverse("slip-list")):
            assert accountant.get(there, {"format": layout, "exercice": "2026"}).content.startswith(start)
    other = log_in(Role.ACCOUNTANT, "cdg62")
    assert other.get(answer["Location"]).status_code == other.post(f"{answer['Location']}flux/").status_code == 403
    assert log_in(Role.AGENT, "lfn").get(reverse("slip-list")).status_code == 403


def test_credit_notes_are_ordered_apart(accountant, invoices) -> None:
    order_revenue(issuer="lfn", invoice_ids=[one.pk for one in invoices], on=billing.DAY, **billing.BY)
    line = invoices[0].lines.all()[0]
    note = credit_lines(invoice_id=invoices[0].pk, amounts={line.pk: 100}, reason="Geste", on=billing.DAY, **billing.BY)
    assert _waiting(accountant.get(reverse("slip-list"))) == {"ordinary": [], "reduction": [note]}
    typed = {"kind": "reduction", "paper": note.pk}
    assert "annulations et de réductions : 1 titre" in words(accountant.post(reverse("slip-make"), typed))
    answer = accountant.post(reverse("slip-make"), typed | {"confirmed": "1"})
    assert note.number in words(accountant.get(answer["Location"]))


def test_a_flow_is_written_refused_and_written_again(accountant, invoices) -> None:
    _make(accountant, invoices, confirmed="1")
    made = RevenueSlip.objects.get()
    there, write = reverse("slip", args=[made.pk]), reverse("slip-write", args=[made.pk])
    assert "Faire le flux" in words(accountant.get(there))
    for _ in range(2):
        assert accountant.post(write)["Location"] == there
    (flow,) = accountant.get(there).context["flows"]
    kept = reverse("slip-flow", args=[made.pk, flow.document_id])
    assert accountant.get(kept).content.startswith(b"<?xml")
    assert accountant.get(reverse("slip-flow", args=[made.pk, invoices[0].document_id])).status_code == 404
    assert "Noter sa réponse sans fichier" in words(accountant.get(there))
    answer = reverse("slip-answer", args=[made.pk])
    assert "Dire pourquoi le flux est refusé" in words(accountant.post(answer, {"answer": "refused"}, follow=True))
    assert accountant.post(answer, {"answer": "none"}).status_code == 422
    read_return_file(
        issuer="lfn",
        name="acquit.xml",
        content=acknowledgement("0"),
        actor=TESTER,
        at=billing.AT + timedelta(hours=1),
    )
    page = words(accountant.get(there))
    assert "flux refusé" in page
    assert "ERREUR_DOUBLON_PIECE déjà reçu" in page
    accountant.post(write)
    assert [one.file_name for one in accountant.get(there).context["flows"]] == [
        "PES-lfn-2026-00-01-1-2.xml",
        "PES-lfn-2026-00-01-1.xml",
    ]
    assert "flux fait, sans réponse" in words(accountant.get(reverse("slip-list")))
    assert accountant.post(answer, {"answer": "accepted"})["Location"] == there
    assert "flux accepté" in words(accountant.get(there))
    assert "n'attend de réponse" in words(accountant.post(answer, {"answer": "accepted"}, follow=True))


def test_what_would_have_it_rejected_is_said_and_no_slip_is_made(accountant, invoices) -> None:
    assert "rejetterait" not in words(_make(accountant, invoices))
    billing.bills("lfn", product_code="")
    page = words(_make(accountant, invoices))
    assert "Le comptable rejetterait ce flux : ce bordereau ne se fait pas ainsi." in page
    assert "Faire le bordereau" not in page
    refused = accountant.post(
        reverse("slip-make"),
        {"kind": "ordinary", "paper": [one.pk for one in invoices], "confirmed": "1", "unsendable": "²"},
        follow=True,
    )
    assert "régler le code produit" in words(refused)
    assert RevenueSlip.objects.count() == 0
    _make(accountant, invoices, confirmed="1", unsendable="by-table")
    made = RevenueSlip.objects.get()
    there = reverse("slip", args=[made.pk])
    page = words(accountant.get(there))
    assert "titres en tableau, sans flux" in page
    assert "Faire le flux" not in page
    assert "partent en tableau" in words(accountant.post(f"{there}flux/", follow=True))


def test_titles_that_would_be_rejected_are_left_to_wait(accountant, invoices) -> None:
    good, bad = invoices
    replacing = PublicBody.objects.get(pk=bad.body_id)
    PublicBody.objects.filter(pk=bad.body_id).update(siret=f"{replacing.siren}00000")
    cancel_invoice(invoice_id=bad.pk, reason="Erreur", on=billing.DAY, **billing.BY)
    (bad,) = billing.billed()
    page = words(_make(accountant, [good, bad]))
    assert f"{bad.number} : le SIRET du débiteur" in page
    assert "Faire le bordereau de l'autre" in page
    _make(accountant, [good, bad], confirmed="1", unsendable="leave-out")
    assert [one.invoice for one in RevenueSlip.objects.get().orders.all()] == [good]
    assert _waiting(accountant.get(reverse("slip-list")))["ordinary"] == [bad]


def test_a_flow_whose_settings_went_says_why_it_would_be_rejected(accountant, invoices) -> None:
    _make(accountant, invoices, confirmed="1")
    billing.bills("lfn", product_code="")
    there = reverse("slip", args=[RevenueSlip.objects.get().pk])
    assert "Titre 1, Titre 2 : régler le code produit" in words(accountant.get(there))
    assert "Ce flux serait rejeté" in words(accountant.post(f"{there}flux/", follow=True))


def test_the_list_asks_as_much_of_three_as_of_one(accountant, invoices) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as told:
            accountant.get(reverse("slip-list"))
        return len(told)

    order_revenue(issuer="lfn", invoice_ids=[invoices[0].pk], on=billing.DAY, **billing.BY)
    one = counted()
    order_revenue(issuer="lfn", invoice_ids=[invoices[1].pk], on=billing.DAY, **billing.BY)
    billing.with_siret("62119")
    subscriptions.running({"messagerie-5go": 4}, body="62119")
    order_revenue(issuer="lfn", invoice_ids=[billing.billed()[0].pk], on=billing.DAY, **billing.BY)
    assert counted() == one


def test_a_slip_names_who_took_in_the_body_that_its_invoice_names(accountant, invoices) -> None:
    heir = PublicBody.objects.get(code_insee=quotes.ARRAS)
    eve = billing.DAY - timedelta(days=1)
    PublicBody.objects.filter(code_insee=quotes.RUITZ).update(merged_into=heir, ended_on=eve, end_learnt_on=eve)
    made = order_revenue(issuer="lfn", invoice_ids=[one.pk for one in invoices], on=billing.DAY, **billing.BY)
    orders = words(accountant.get(reverse("slip", args=[made.pk]))).partition("Titres du bordereau")[2]
    assert orders.count("Arras") == 2
    assert "Arras facture au nom de Ruitz" in orders
