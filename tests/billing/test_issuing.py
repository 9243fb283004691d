"""What is due becomes an invoice, once: what it says, what it comes to, what is left of it."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import TESTER
from tripartite.billing.models import BilledItem, BilledLine, CreditNote, Invoice
from tripartite.billing.services.buyers import record_requirement
from tripartite.billing.services.crediting import cancel_invoice, credit_lines
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.issuing import bill_unit
from tripartite.billing.states import Anomaly, Fate
from tripartite.documents.queries import payload_of, pdf_of
from tripartite.following.queries.due import all_due
from tripartite.going_live.services.correcting import put_right
from tripartite.messages.models import Message
from tripartite.parties.services.bodies import complete_body
from tripartite.pricing.estimate import Frequency
from tripartite.quotes.models import Quote
from tripartite.subscriptions.services.correcting import Corrected

pytestmark = pytest.mark.django_db
WANTED = {
    "messagerie-5go": 4,
    "nom-de-domaine": 1,
    "demarches-simplifiees": 1,
    "cle-signature-3-cdg": 2,
    "antivirus": 3,
    "sauvegarde": 1,
}
NEXT_YEAR = date(2027, 11, 23)
BACK = {"reason": "Erreur de saisie", "on": billing.DAY, "actor": TESTER, "at": billing.AT}


def test_first_year_invoices_are_the_accepted_quotes_to_the_cent() -> None:
    billing.ready()
    subscriptions.running(WANTED)
    said = dict(Quote.objects.values_list("issuer", "first_year_cents"))
    for issuer, cents in said.items():
        (invoice,) = billing.billed(issuer)
        assert (invoice.gross_cents, invoice.owed_cents) == (cents, cents)
        assert sum(line.amount_cents for line in invoice.lines.all()) == cents
        assert pdf_of(invoice.document_id).startswith(b"%PDF")
        assert payload_of(invoice.document)["number"] == invoice.number
    assert [one.number for one in Invoice.objects.order_by("issuer")] == ["CDG62-F-2026-00001", "LFN-F-2026-00001"]
    assert (invoice.due_on, invoice.buyer_name) == (date(2026, 12, 23), "Ruitz")
    assert Message.objects.filter(kind="billing.issued").count() == 2
    assert [billing.billed(issuer) for issuer in said] == [[], []]
    assert BilledItem.objects.count() == BilledLine.objects.count()
    due = all_due([billing.body().pk], since=billing.DAY, until=billing.DAY)[billing.body().pk]
    assert sorted(BilledItem.objects.values_list("key", flat=True)) == sorted(item.key for item in due)


def test_each_item_is_billed_once_however_the_runs_are_cut() -> None:
    """Two years, by kinds of charge, by days that overlap: what is billed is what fell due, each item once."""
    billing.ready(threshold_cents=0)
    subscriptions.running(WANTED)
    windows = [
        {"until": date(2026, 12, 1), "frequencies": (Frequency.ONCE.value,)},
        {"until": date(2026, 11, 23), "frequencies": (Frequency.YEARLY.value, Frequency.ONCE.value)},
        {"until": date(2027, 11, 22)},
        {"until": date(2028, 11, 23), "frequencies": (Frequency.YEARLY.value,)},
        {"until": date(2028, 11, 23)},
    ]
    issued = [one for window in windows for one in billing.billed(**window)]
    due = all_due([billing.body().pk], since=billing.DAY, until=date(2028, 11, 23))[billing.body().pk]
    own = [item for item in due if item.issuer == "lfn"]
    assert sorted(BilledItem.objects.values_list("key", flat=True)) == sorted(item.key for item in own)
    assert sum(one.gross_cents for one in issued) == sum(item.amount_cents or 0 for item in own)
    years = {year: [one.rank for one in issued if one.fiscal_year == year] for year in (2026, 2027, 2028)}
    assert [ranks == list(range(1, len(ranks) + 1)) for ranks in years.values()] == [True, True, True]


def test_what_is_under_the_threshold_waits_and_joins_the_next() -> None:
    billing.ready()
    subscriptions.running({"messagerie-5go": 1})
    (one,) = billing.previewed()
    asked = one.gross_cents
    billing.bills("lfn", threshold_cents=asked + 1)
    (one,) = billing.previewed()
    assert (one.fate, [found.anomaly for found in one.findings]) == (Fate.WAIT, [Anomaly.BELOW_THRESHOLD])
    assert billing.billed() == []
    billing.bills("lfn", threshold_cents=asked)
    assert [one.fate for one in billing.previewed()] == [Fate.ISSUE]
    billing.bills("lfn", threshold_cents=asked + 1)
    (invoice,) = billing.billed(until=NEXT_YEAR)
    assert (invoice.lines.count(), invoice.gross_cents) == (2, asked + 2000)
    assert (invoice.since, invoice.until) == (billing.DAY, date(2028, 11, 22))


def test_what_came_before_the_first_day_billed_here_is_not() -> None:
    billing.ready(first_billed_on=date(2027, 1, 1))
    subscriptions.running({"messagerie-5go": 4})
    assert billing.previewed() == []
    (one,) = billing.previewed(until=NEXT_YEAR)
    assert [item.since for item in one.items] == [NEXT_YEAR]


def test_a_preview_says_what_is_amiss_and_nothing_of_it_is_numbered() -> None:
    billing.ready()
    subscriptions.running({"messagerie-5go": 4})
    body = billing.body()
    complete_body(body_id=body.pk, changes={"siret": ""}, actor=TESTER, at=billing.AT)
    record_requirement(body_id=body.pk, service_required=True, engagement_required=True, actor=TESTER, at=billing.AT)
    (one,) = billing.previewed()
    wanted = [Anomaly.NO_SIRET, Anomaly.NO_SERVICE_CODE, Anomaly.NO_ENGAGEMENT]
    assert (one.fate, [found.anomaly for found in one.findings]) == (Fate.BLOCKED, wanted)
    with pytest.raises(BillingError, match=r"SIRET.*code service.*engagement"):
        billing.billed()
    assert not Invoice.objects.exists()
    billing.with_siret(quotes.RUITZ)
    known = {"service_code": "COMPTA", "engagement_number": "2026-118"}
    record_requirement(body_id=body.pk, issuer="lfn", actor=TESTER, at=billing.AT, **known)
    (invoice,) = billing.billed()
    assert (invoice.service_code, invoice.engagement_number, invoice.rank) == ("COMPTA", "2026-118", 1)


def test_an_amount_that_is_no_longer_that_of_the_preview_is_not_billed() -> None:
    billing.ready()
    subscriptions.running({"messagerie-5go": 4})
    (one,) = billing.previewed()
    asked = billing.asked(unit=one.unit)
    with pytest.raises(BillingError, match="a changé depuis l'affichage"):
        bill_unit(asked=asked, run=None, seen_cents=one.gross_cents - 1, actor=TESTER, at=billing.AT)
    (invoice,), _ = bill_unit(asked=asked, run=None, seen_cents=one.gross_cents, actor=TESTER, at=billing.AT)
    assert bill_unit(asked=asked, run=None, actor=TESTER, at=billing.AT) == ((), "Tout est facturé.")
    assert invoice.gross_cents == one.gross_cents


def test_the_database_itself_refuses_to_bill_an_item_twice() -> None:
    billing.ready()
    subscriptions.running({"messagerie-5go": 4})
    billing.billed()
    item = BilledItem.objects.select_related("line").order_by("pk")[0]
    other = BilledLine.objects.order_by("pk")[0]
    other.pk, other.position = None, 99
    other.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        BilledItem.objects.create(key=item.key, digest=item.digest, line=other)


def test_an_invoice_is_taken_back_and_replaced_never_erased() -> None:
    billing.ready()
    subscriptions.running({"messagerie-5go": 4})
    (first,) = billing.billed()
    made = cancel_invoice(invoice_id=first.pk, **BACK)
    first.refresh_from_db()
    assert (first.state, first.owed_cents, made.number) == ("credited", 0, "LFN-A-2026-00001")
    assert made.gross_cents == first.gross_cents
    (second,) = billing.billed()
    assert (second.replaces, second.gross_cents, second.rank) == (first, first.gross_cents, 2)
    assert billing.billed() == []
    with pytest.raises(BillingError):
        cancel_invoice(invoice_id=first.pk, **BACK)
    cancel_invoice(invoice_id=second.pk, again=False, **BACK)
    assert billing.billed() == []
    with pytest.raises(IntegrityError), transaction.atomic():
        first.delete()


def test_no_credit_goes_over_what_is_left() -> None:
    billing.ready()
    subscriptions.running({"messagerie-5go": 4, "nom-de-domaine": 1})
    (invoice,) = billing.billed()
    line = invoice.lines.order_by("-amount_cents")[0]
    credit_lines(invoice_id=invoice.pk, amounts={line.pk: 1000}, **BACK)
    for wanted in ({line.pk: line.amount_cents - 999}, {line.pk: -1}, {}, {0: 5}):
        with pytest.raises(BillingError):
            credit_lines(invoice_id=invoice.pk, amounts=wanted, **BACK)
    with pytest.raises(BillingError, match="Dire pourquoi"):
        credit_lines(invoice_id=invoice.pk, amounts={line.pk: 1}, **(BACK | {"reason": " "}))
    credit_lines(invoice_id=invoice.pk, amounts={line.pk: line.amount_cents - 1000}, **BACK)
    assert billing.billed() == []
    rest = cancel_invoice(invoice_id=invoice.pk, **BACK)
    invoice.refresh_from_db()
    assert sum(one.gross_cents for one in CreditNote.objects.all()) == invoice.gross_cents == invoice.credited_cents
    assert rest.gross_cents == invoice.gross_cents - line.amount_cents
    assert [one.rank for one in CreditNote.objects.all()] == [1, 2, 3]
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=invoice.pk).update(credited_cents=invoice.gross_cents + 1)


def test_what_a_run_finds_to_give_back_is_a_credit_note_on_what_was_billed() -> None:
    """Five mailboxes billed in November, said in January to have been four, since 1 December."""
    billing.ready()
    held = subscriptions.running({"messagerie-5go": 5})["messagerie-5go"]
    (first,) = billing.billed("cdg62")
    at = datetime(2027, 1, 20, 9, 0, tzinfo=UTC)
    right = Corrected(on=date(2026, 12, 1), quantity=Fraction(4))
    put_right(change_id=held.changes.get().pk, right=right, reason="Mal lu", actor=TESTER, at=at)
    then = {"until": at.date(), "at": at}
    (one,) = billing.previewed("cdg62", until=at.date())
    assert (one.fate, one.gross_cents, one.credited_cents) == (Fate.CREDIT, 5000, 6000)
    note, second = billing.billed("cdg62", **then)
    first.refresh_from_db()
    assert (note.number, note.gross_cents, note.invoice, first.left_cents) == ("CDG62-A-2027-00001", 6000, first, 4000)
    assert (second.number, second.gross_cents) == ("CDG62-F-2027-00001", 5000)
    assert billing.billed("cdg62", **then) == []
    due = all_due([billing.body().pk], since=billing.DAY, until=at.date())[billing.body().pk]
    asked = sum(item.amount_cents or 0 for item in due if item.issuer == "cdg62")
    assert first.left_cents + second.left_cents == asked
    cancel_invoice(invoice_id=first.pk, **(BACK | {"on": at.date()}))
    (third,) = billing.billed("cdg62", **then)
    assert (third.gross_cents, third.replaces) == (4000, first)
    assert third.left_cents + second.left_cents == asked
