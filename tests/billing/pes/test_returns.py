"""What comes back from the accountant: collections, rejects, acknowledgements; read once, never guessed."""

from datetime import date
from typing import Any

import pytest

from tests.billing.pes.returns import acknowledgement, collected, piece, returned
from tests.billing.pes.schemas import ACKNOWLEDGEMENT, RETURN, schema_errors, with_schemas
from tests.factories import billing, quotes, subscriptions
from tests.factories.billing import BY
from tests.factories.revenue import SET
from tripartite.billing.models import Invoice, Payment
from tripartite.billing.pes.apart import read_return
from tripartite.billing.pes.returned import Collected, FileKind, OrderState, SlipAcknowledged
from tripartite.billing.queries.invoices import to_order
from tripartite.billing.queries.owed import unmatched_cents
from tripartite.billing.services.crediting import cancel_invoice
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.ordering import order_reductions, order_revenue
from tripartite.billing.services.paying import pay_invoice
from tripartite.billing.services.returning import ReturnReport, read_return_file
from tripartite.journal.models import Entry
from tripartite.parties.services.issuers import update_issuer

SIRET = billing.number_of("200039386")


@with_schemas
def test_what_the_tests_return_is_valid() -> None:
    file = returned(piece(1, collected(100), collected(250, origin="06")), piece(2, state="04", reasons="04-15"))
    assert schema_errors(file, RETURN) == []
    assert schema_errors(acknowledgement("1", "0"), ACKNOWLEDGEMENT) == []


def test_a_file_says_what_became_of_each_order() -> None:
    found = read_return(returned(piece(1, collected(100), collected(100)), piece(2, state="04", reasons="04-15")))
    assert (found.refusal, found.kind, found.siret, found.collectivity) == ("", FileKind.RETURN, SIRET, "123")
    first, second = found.orders
    day = date(2026, 11, 20)
    assert first.collected == (Collected(1, day, 100, "02", 1), Collected(1, day, 100, "02", 2))
    assert (second.number, second.state, second.reasons) == (2, OrderState.REJECTED, "04-15")


def test_an_acknowledgement_says_what_was_taken_and_why_not() -> None:
    found = read_return(acknowledgement("1", "0"))
    assert found.kind is FileKind.ACKNOWLEDGEMENT
    assert found.acknowledged == [
        SlipAcknowledged(2026, 1, accepted=True, errors=()),
        SlipAcknowledged(2026, 2, accepted=False, errors=("titre 2 : ERREUR_DOUBLON_PIECE déjà reçu",), titles=(2,)),
    ]
    assert found.name == "retour.xml"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "XML lisible"),
        (b"%PDF-1.7", "XML lisible"),
        (b"<a/>", "ni un acquittement"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "entités"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "entités"),
        (returned(piece(1, state="09")), "état inconnu"),
        (returned(piece(1, collected(100))).replace(b'MtReco V="1.00"', b'MtReco V="1,00"'), "montant"),
        (returned(piece(1, collected(100))).replace(b'MtReco V="1.00"', b'MtReco V="1e9"'), "montant"),
        (returned(piece(1, collected(100))).replace(b"2026-11-20", b"2026-13-20"), "jour"),
        (returned(piece(1)).replace(b'IdPce V="1"', b'IdPce V="-1"'), "numéro"),
    ],
)
def test_a_file_that_does_not_say_what_it_must_is_refused(content: bytes, said: str) -> None:
    assert said in read_return(content).refusal


@pytest.fixture
def invoices(db: None) -> list[Invoice]:
    """Two invoices, each with its order: 1 and 2."""
    billing.ready(**SET)
    update_issuer(code="lfn", changes={"siret": SIRET}, **BY)
    for code in (quotes.RUITZ, quotes.ARRAS):
        subscriptions.running({"messagerie-5go": 4}, body=code)
    made = billing.billed()
    order_revenue(issuer="lfn", invoice_ids=[one.pk for one in made], on=billing.DAY, **BY)
    return made


def read(content: bytes, issuer: str = "lfn", **more: Any) -> ReturnReport:
    return read_return_file(issuer=issuer, name="retour.xml", content=content, **BY, **more)


def test_collections_pay_in_part_in_full_over_and_for_an_unknown_order(invoices: list[Invoice]) -> None:
    first, second = invoices
    one, two = first.gross_cents, second.gross_cents
    file = returned(
        piece(1, collected(one - 100), collected(300)),
        piece(2, collected(two, origin="07"), collected(100)),
        piece(9, collected(5000)),
        piece(2, state="04", reasons="04", comment="Imputation erronée"),
    )
    assert read(file, dry=True).paid_cents == one + 100
    assert Payment.objects.count() == 0
    report = read(file)
    assert (report.paid_cents, report.aside_cents, report.again) == (one + 100, 5200, False)
    assert [line.replace("\xa0", " ") for line in report.unmatched] == [
        "Titre 1/2026 : 3,00 € du 20/11/2026, facture LFN-F-2026-00001, 2,00 € à part",
        "Titre 9/2026 : 50,00 € du 20/11/2026, titre inconnu ici, 50,00 € à part",
    ]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.owed_cents, second.owed_cents, unmatched_cents("lfn")) == (0, two - 100, 5200)
    told = Entry.objects.get(action="billing.returned")
    assert told.text == "Titre 2/2026 : rejeté par le comptable — 04 ; Imputation erronée"
    again = read(file)
    assert (again.again, again.lines, Payment.objects.count()) == (True, report.lines, 4)
    whole = read(file.replace(b"retour.xml", b"stock.xml"))
    assert (whole.again, whole.paid_cents, whole.aside_cents, Payment.objects.count()) == (False, 0, 0, 4)
    for other, said in (
        (file.replace(SIRET.encode(), billing.number_of("216207274").encode()), "autre structure"),
        (file.replace(b'CodColl V="123"', b'CodColl V="124"'), "autre collectivité"),
        (b"<a/>", "ni un acquittement"),
    ):
        with pytest.raises(BillingError, match=said):
            read(other)
    with pytest.raises(BillingError, match="autre structure"):
        read(file, issuer="cdg62")
    assert read(acknowledgement("1", "0")).lines == (
        "Bordereau 1/2026 : accepté",
        "Bordereau 2/2026 : rejeté — titre 2 : ERREUR_DOUBLON_PIECE déjà reçu",
    )
    assert Payment.objects.count() == 4


def test_a_credit_note_reduces_no_order_that_was_rejected(invoices: list[Invoice]) -> None:
    first, second = invoices
    read(returned(piece(1, state="04", reasons="04"), piece(2, state="01")))
    for one in invoices:
        cancel_invoice(invoice_id=one.pk, reason="Rejeté", on=billing.DAY, **BY)
    waiting, notes = to_order("lfn")
    assert (waiting, [one.invoice for one in notes]) == ([], [second])
    note = first.credit_notes.get()
    with pytest.raises(BillingError, match=f"rien à réduire : {first.number}"):
        order_reductions(issuer="lfn", credit_note_ids=[note.pk], on=billing.DAY, **BY)
    replacing = {one.replaces: one for one in billing.billed()}[first]
    slip = order_revenue(issuer="lfn", invoice_ids=[replacing.pk], on=billing.DAY, **BY)
    assert [(one.number, one.invoice) for one in slip.orders.all()] == [(3, replacing)]


def test_money_that_a_statement_told_first_is_not_recorded_again(invoices: list[Invoice]) -> None:
    first, second = invoices
    day = date(2026, 11, 20)
    pay_invoice(invoice_id=first.pk, received_on=day, amount_cents=100, reference="relevé", **BY)
    known = Payment.objects.get()
    found = read(returned(piece(1, collected(100), collected(100)), piece(2, collected(100))))
    why = f"un paiement de ce jour et de ce montant est sur la facture {first.number}, {known.pk}"
    assert found.lines == (
        f"Titre 1/2026 : 1,00\u00a0€ du 20/11/2026, semblent déjà notés ({why})",
        f"Titre 1/2026 : 1,00\u00a0€ du 20/11/2026, facture {first.number}",
        f"Titre 2/2026 : 1,00\u00a0€ du 20/11/2026, facture {second.number}",
    )
    assert found.unmatched == found.lines[:1]
    assert unmatched_cents("lfn") == 0
    assert sorted(Invoice.objects.values_list("paid_cents", flat=True)) == [100, 200]


def test_money_of_a_day_to_come_refuses_the_file(invoices: list[Invoice]) -> None:
    for dry in (True, False):
        with pytest.raises(BillingError, match="à venir"):
            read(returned(piece(1, collected(100, day="2026-11-24"))), dry=dry)
    assert not Payment.objects.exists()
