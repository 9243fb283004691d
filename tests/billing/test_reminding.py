"""The letters to those that are past their day: one a body and issuer, each invoice once, kept and sent."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import TESTER
from tripartite.billing.models import Reminder
from tripartite.billing.printout.parts import Payment
from tripartite.billing.printout.reminder import LateInvoice, ReminderPaper
from tripartite.billing.queries.invoices import invoices_of_bodies
from tripartite.billing.queries.reminding import last_reminding, late_bodies, letters_of
from tripartite.billing.services.crediting import credit_lines
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.paying import pay_invoice
from tripartite.billing.services.reminding import (
    KIND,
    AlreadyRemindedError,
    remind_body,
    remind_invoice,
    remind_now,
    reminder_draft,
    start_reminders,
)
from tripartite.documents.queries import payload_of, pdf_of
from tripartite.jobs.queries import units_of
from tripartite.messages.models import Message
from tripartite.parties.queries.bodies import lineage_of
from tripartite.parties.services.endings import end_body
from tripartite.quotes.printout.parts import IssuerIdentity, Recipient

pytestmark = pytest.mark.django_db
LATE = date(2027, 1, 4)
BY: dict[str, Any] = {"actor": TESTER, "at": billing.AT}
ISSUER = IssuerIdentity("lfn", 1, "La Fibre Numérique 59-62", "LFN 59-62", siret="20004852600024")


def _invoices(*codes: str) -> list:
    billing.ready()
    for code in codes:
        subscriptions.running({"messagerie-5go": 4}, body=code)
    return billing.billed()


def _second():
    """Another invoice of Ruitz, of what it took later."""
    subscriptions.running({"antivirus": 3}, body=quotes.RUITZ)
    (made,) = billing.billed()
    return made


def _remind(body_id: int, on: date = LATE, issuer: str = "lfn"):
    return remind_body(issuer=issuer, body_id=body_id, on=on, **BY)


def test_one_letter_says_all_that_a_body_owes_and_what_was_paid() -> None:
    (first,) = _invoices(quotes.RUITZ)
    second = _second()
    billing.ordered(first)
    credit_lines(invoice_id=first.pk, amounts={first.lines.all()[0].pk: 100}, reason="Geste", on=billing.DAY, **BY)
    pay_invoice(invoice_id=first.pk, received_on=billing.DAY, amount_cents=1000, payer="", reference="", **BY)
    made = _remind(first.body_id)
    said = payload_of(made.document)
    rows = [
        (row["number"], row["gross_cents"], row["credited_cents"], row["paid_cents"], row["owed_cents"], row["order"])
        for row in said["rows"]
    ]
    assert rows == [
        (first.number, first.gross_cents, 100, 1000, first.gross_cents - 1100, "titre de recettes 1/2026"),
        (second.number, second.gross_cents, 0, 0, second.gross_cents, ""),
    ]
    assert said["owed_cents"] == first.gross_cents + second.gross_cents - 1100 == made.owed_cents
    assert (said["payment"]["iban"], said["accountant"]) == (billing.IBAN, ["SGC d'essai"])
    assert said["subject"] == "Rappel : 2 factures à payer"
    assert pdf_of(made.document.pk).startswith(b"%PDF-1.7")
    assert [(one.rank, one.document_id, one.by_post) for one in Reminder.objects.all()] == [
        (1, made.document.pk, False)
    ] * 2
    sent = Message.objects.order_by("pk").last()
    assert sent is not None
    assert sent.subject.startswith("Rappel : 2 factures à payer")
    assert sorted(one.document_id for one in sent.attachments.all()) == sorted(
        [first.document_id, second.document_id, made.document.pk]
    )
    assert [(one.body.name, one.numbers, one.by_post) for one in letters_of("lfn")] == [
        ("Ruitz", (first.number, second.number), False)
    ]


def test_the_body_that_took_another_in_is_reminded_for_both() -> None:
    made = {one.body_id: one for one in _invoices(quotes.RUITZ, quotes.ARRAS)}
    ruitz, arras = billing.body(), billing.body(quotes.ARRAS)
    end_body(body_id=ruitz.pk, last_day=date(2026, 12, 31), reason="Fusion", into_id=arras.pk, **BY)
    assert [one.body.name for one in late_bodies("lfn", on=date(2026, 12, 31), days=15)] == ["Arras", "Ruitz"]
    (late,) = late_bodies("lfn", on=LATE, days=15)
    assert (late.body, set(late.invoices)) == (arras, set(made.values()))
    assert {one.pk for one in invoices_of_bodies(lineage_of(arras.pk))} == {one.pk for one in made.values()}
    assert [one.pk for one in invoices_of_bodies(lineage_of(ruitz.pk))] == [made[ruitz.pk].pk]
    letter = remind_invoice(invoice_id=made[ruitz.pk].pk, on=LATE, **BY)
    said = payload_of(letter.document)
    assert said["recipient"]["name"] == "Arras"
    assert {row["number"]: row["order"] for row in said["rows"]} == {
        made[ruitz.pk].number: f"au nom de {made[ruitz.pk].buyer_name}",
        made[arras.pk].number: "",
    }
    assert late_bodies("lfn", on=LATE, days=15)[0].due == []


def test_however_often_it_is_asked_an_invoice_is_reminded_of_once_a_level() -> None:
    (first,) = _invoices(quotes.RUITZ)
    _remind(first.body_id)
    for day in (LATE, LATE + timedelta(days=14)):
        with pytest.raises(AlreadyRemindedError, match=r"Déjà relancée le 04/01/2027 : .* à partir du 19/01/2027"):
            _remind(first.body_id, day)
        with pytest.raises(AlreadyRemindedError, match="a été rappelée le 04/01/2027"):
            remind_invoice(invoice_id=first.pk, on=day, **BY)
        assert list(remind_now(issuer="lfn", on=day, **BY)) == []
        with pytest.raises(BillingError, match="Rien à relancer"):
            start_reminders(issuer="lfn", body_ids=[first.body_id], on=day, **BY)
    assert _remind(first.body_id, LATE + timedelta(days=15)).reminders[0].rank == 2
    assert [one.rank for one in Reminder.objects.all()] == [1, 2]


def test_an_invoice_reminded_of_lately_is_listed_beside_the_next_one() -> None:
    (first,) = _invoices(quotes.RUITZ)
    _remind(first.body_id)
    second = _second()
    made = _remind(first.body_id, LATE + timedelta(days=1))
    assert [one.invoice_id for one in made.reminders] == [second.pk]
    said = [(row["number"], row["reminded"]) for row in payload_of(made.document)["rows"]]
    assert said == [(first.number, "déjà rappelée le 04/01/2027"), (second.number, "")]


def test_the_delay_between_two_reminders_is_the_issuers() -> None:
    (first,) = _invoices(quotes.RUITZ)
    billing.bills("lfn", reminder_days=3)
    _remind(first.body_id)
    assert _remind(first.body_id, LATE + timedelta(days=3)).reminders[0].rank == 2


def test_nothing_is_reminded_of_that_is_paid_or_not_late_or_anothers() -> None:
    (first,) = _invoices(quotes.RUITZ)
    for on, issuer in ((first.due_on, "lfn"), (LATE, "cdg62")):
        with pytest.raises(BillingError, match="Rien n'est en retard"):
            _remind(first.body_id, on, issuer)
    pay_invoice(
        invoice_id=first.pk, received_on=billing.DAY, amount_cents=first.gross_cents, payer="", reference="", **BY
    )
    with pytest.raises(BillingError, match="Rien n'est en retard"):
        _remind(first.body_id)
    with pytest.raises(BillingError, match="Réglez d'abord"):
        _remind(first.body_id, issuer="personne")


def test_a_lot_is_a_job_done_body_by_body() -> None:
    _invoices(quotes.RUITZ, quotes.ARRAS)
    bodies = {one.body.name: one.body.pk for one in late_bodies("lfn", on=LATE, days=15)}
    job = start_reminders(issuer="lfn", body_ids=bodies.values(), on=LATE, **BY)
    _remind(bodies["Arras"])
    billing.work(job)
    told = {one.words: one.outcome for one in units_of(job)}
    assert told["Arras"] == "Déjà relancée le 04/01/2027 : la relance suivante se fait à partir du 19/01/2027."
    assert told["Ruitz"].startswith("Relance 1 : ")
    assert Reminder.objects.count() == 2
    last = last_reminding("lfn", KIND)
    assert last is not None
    assert (last.job.pk, last.progress.done, last_reminding("cdg62", KIND)) == (job, 2, None)


def test_a_draft_keeps_nothing() -> None:
    (first,) = _invoices(quotes.RUITZ)
    assert reminder_draft(issuer="lfn", body_id=first.body_id, on=LATE).startswith(b"%PDF")
    assert (Reminder.objects.count(), letters_of("lfn")) == (0, [])


def test_lists_ask_as_much_of_three_as_of_one() -> None:
    def counted() -> list[int]:
        found = []
        for ask in (
            lambda: [(one.owed_cents, one.rank, one.next_on) for one in late_bodies("lfn", on=LATE, days=15)],
            lambda: [one.body.name for one in letters_of("lfn")],
        ):
            with CaptureQueriesContext(connection) as told:
                ask()
            found.append(len(told))
        return found

    (first,) = _invoices(quotes.RUITZ)
    _remind(first.body_id)
    one = counted()
    for code in (quotes.ARRAS, "62119"):
        billing.with_siret(code)
        subscriptions.running({"messagerie-5go": 4}, body=code)
    for invoice in billing.billed():
        _remind(invoice.body_id)
    assert (counted(), one) == ([2, 1], [2, 1])


def _paper(**changes: Any) -> ReminderPaper:
    row = LateInvoice("LFN-F-2026-00001", date(2026, 11, 1), date(2026, 12, 1), 12000, 0, 2000, 1)
    said: dict[str, Any] = {
        "sender": ISSUER,
        "recipient": Recipient("Ruitz", siren="216207274"),
        "contact": None,
        "place": "",
        "issued_on": date(2026, 12, 2),
        "rows": (row,),
        "payment": Payment(),
    }
    return ReminderPaper(**(said | changes))


def test_a_letter_speaks_of_one_or_of_several() -> None:
    row = _paper().rows[0]
    later = LateInvoice("LFN-F-2026-00002", date(2026, 11, 1), date(2026, 11, 30), 100, 0, 0, 2)
    one, two = _paper().as_payload(), _paper(rows=(row, later)).as_payload()
    assert (one["subject"], two["subject"]) == (
        "Rappel : facture LFN-F-2026-00001",
        "Rappel n°\u00a02 : 2 factures à payer",
    )
    assert one["owed"] == "100,00\u00a0€"
    assert [row["late"] for row in two["rows"]] == ["depuis un jour", "depuis 2 jours"]
    assert [row["reminded"] for row in two["rows"]] == ["", "rappel n°\u00a02"]
