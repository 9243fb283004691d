"""A statement becomes payments: matched by order, number, amount and name; once, whatever is read again."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.billing.statements import COLUMNS, TITLES, amount, bank, detail, entry, line, table
from tests.factories import billing, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.factories.laid import laid
from tripartite.billing.models import Invoice, Payment, Statement, StatementColumns
from tripartite.billing.queries.invoices import payment_list
from tripartite.billing.queries.matching import Fate, likely
from tripartite.billing.queries.owed import unmatched_cents
from tripartite.billing.queries.suggesting import paid_back_aside
from tripartite.billing.services.crediting import cancel_invoice
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.paying import pay_back, pay_invoice, record_payment, share_payment
from tripartite.billing.services.statement_units import AT_ONCE, note_statement, run_unit
from tripartite.billing.services.statements import (
    drop_statement,
    keep_statement,
    proposals_mark,
    read_proposals,
    read_statement_file,
    record_statement,
    set_statement_columns,
)
from tripartite.billing.states import RECORDING
from tripartite.cli.main import main
from tripartite.jobs.queries import last_job, units_of
from tripartite.journal.models import Entry

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": TESTER, "at": AT}
ON = AT.date()


@laid
def _billed() -> None:
    billing.ready()
    for code in (quotes.RUITZ, quotes.ARRAS):
        subscriptions.running({"messagerie-5go": 4}, body=code)
    made = billing.billed()
    billing.ordered(*made)
    set_statement_columns(issuer="lfn", columns=COLUMNS, **BY)


@pytest.fixture
def invoices(db: None) -> list[Invoice]:
    """Two invoices of the same amount, each with its order: 1 (Arras) and 2 (Ruitz)."""
    _billed()
    return billing.invoices()


def kept(content: bytes, name: str = "releve.csv", issuer: str = "lfn") -> Statement:
    file = read_statement_file(issuer=issuer, name=name, content=content, on=ON)
    return keep_statement(issuer=issuer, file=file, **BY)[0]


def fates(statement: Statement) -> list[tuple[Fate, str, list[int]]]:
    return [(one.fate, one.why, [cents for _, cents in one.shares]) for one in read_proposals(statement, ON)]


def recorded(statement: Statement, *, aside: bool = True, seen: str | None = None) -> tuple[int, int, int]:
    made = record_statement(statement_id=statement.pk, aside=aside, seen=seen, on=ON, **BY)
    return made.payments, made.shared_cents, made.aside_cents


def test_a_line_is_of_its_order_then_of_its_number_then_of_its_amount_and_name(invoices: list[Invoice]) -> None:
    first, second = invoices
    asked = first.gross_cents
    statement = kept(
        table(
            line(100, title="1", year="2026"),
            line(200, title="1"),
            line(300, title="9"),
            line(400, title="1", year="2025"),
            line(500, label=f"VIR {second.number.replace('-', ' ').lower()} merci"),
            line(asked - 500, payer="COMMUNE DE RUITZ"),
            line(asked, payer="MAIRIE D'ARRAS"),
            line(600, payer="Ruitz"),
            line(-700, label="Frais"),
        )
    )
    assert fates(statement) == [
        (Fate.PAYS, "titre 1/2026", [100]),
        (Fate.PAYS, "titre 1", [200]),
        (Fate.UNKNOWN, "titre 9 inconnu", []),
        (Fate.UNKNOWN, "titre 1 inconnu", []),
        (Fate.PAYS, "numéro de facture", [500]),
        (Fate.PAYS, "montant et nom", [asked - 500]),
        (Fate.UNKNOWN, "ni numéro, ni nom avec ce montant", []),
        (Fate.UNKNOWN, "ni numéro, ni nom avec ce montant", []),
        (Fate.LEFT, "sortie d'argent, d'aucune facture", []),
    ]


def test_one_line_pays_in_full_over_or_several_at_once(invoices: list[Invoice]) -> None:
    first, second = invoices
    both = f"{first.number} et {second.number}"
    assert fates(kept(table(line(2 * first.gross_cents, label=both))))[0] == (
        Fate.PAYS,
        "numéros de factures",
        [first.gross_cents, second.gross_cents],
    )
    assert fates(kept(table(line(2 * first.gross_cents - 1, label=both))))[0][0] is Fate.UNKNOWN
    assert fates(kept(table(line(first.gross_cents, payer="Ville d'Arras"))))[0] == (
        Fate.PAYS,
        "montant et nom",
        [first.gross_cents],
    )
    over = kept(table(line(first.gross_cents + 50, title="1"), line(10, title="1")))
    assert fates(over)[1] == (Fate.UNKNOWN, "titre 1 : plus rien n'en est dû", [])
    assert recorded(over) == (2, first.gross_cents, 60)
    assert unmatched_cents("lfn") == 60


def test_a_statement_is_recorded_once_whatever_is_read_again(invoices: list[Invoice]) -> None:
    first, _ = invoices
    lines = [line(100, title="1"), line(100, title="1"), line(300, title="9")]
    statement = kept(table(*lines))
    assert recorded(statement, aside=False) == (2, 200, 0)
    assert recorded(statement, aside=True) == (1, 0, 300)
    assert recorded(statement) == (0, 0, 0)
    assert kept(table(*lines), name="le même.csv") == statement
    wider = kept(table(line(100, title="1"), *lines, separator="\t", encoding="utf-8"))
    assert [fate for fate, _, _ in fates(wider)] == [Fate.KNOWN, Fate.KNOWN, Fate.PAYS, Fate.KNOWN]
    assert recorded(wider) == (1, 100, 0)
    first.refresh_from_db()
    assert (first.paid_cents, Payment.objects.count()) == (300, 4)
    assert {one.source for one in payment_list(issuer="lfn")} == {"releve.csv"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Payment.objects.create(
            issuer="lfn",
            received_on=ON,
            amount_cents=1,
            source_key=Payment.objects.earliest("pk").source_key,
            recorded_at=AT,
            recorded_by="x",
        )
    with pytest.raises(BillingError, match="est noté"):
        drop_statement(statement_id=statement.pk, **BY)
    told = Entry.objects.filter(action="billing.statement-record").earliest("pk")
    assert told.text == "Relevé noté : releve.csv, 2 paiements, 2,00 € rapprochés.".replace(" €", "\u00a0€")


def test_money_noted_from_elsewhere_is_not_noted_twice(invoices: list[Invoice]) -> None:
    first, second = invoices
    said = {"issuer": "lfn", "received_on": date(2026, 11, 20), **BY}
    record_payment(amount_cents=100, shares={first.pk: 100}, source_key="pes:1", **said)
    record_payment(amount_cents=700, reference="Virement inconnu", **said)
    statement = kept(
        table(
            line(100, title="1"),
            line(100, title="1", label="un autre"),
            line(100, title="2"),
            line(700, label="VIREMENT INCONNU"),
        )
    )
    assert [fate for fate, _, _ in fates(statement)] == [Fate.TWIN, Fate.PAYS, Fate.PAYS, Fate.TWIN]
    assert recorded(statement) == (2, 200, 0)
    second.refresh_from_db()
    assert second.paid_cents == 100


def test_what_was_seen_is_what_is_recorded(invoices: list[Invoice]) -> None:
    first, _ = invoices
    statement = kept(table(line(first.gross_cents, title="1")))
    seen = proposals_mark(statement, read_proposals(statement, ON))
    record_payment(issuer="lfn", received_on=ON, amount_cents=1, shares={first.pk: 1}, **BY)
    with pytest.raises(BillingError, match="le relire"):
        recorded(statement, seen=seen)
    assert recorded(statement, seen=proposals_mark(statement, read_proposals(statement, ON)))[0] == 1


def test_money_out_pays_back_what_is_to_be(invoices: list[Invoice]) -> None:
    first, _ = invoices
    record_payment(
        issuer="lfn", received_on=ON, amount_cents=first.gross_cents, shares={first.pk: first.gross_cents}, **BY
    )
    cancel_invoice(invoice_id=first.pk, reason="Erreur", on=billing.DAY, **BY)
    statement = kept(table(line(-first.gross_cents, payer="Arras"), line(-5, title="2")))
    assert fates(statement) == [
        (Fate.REPAYS, "montant et nom", [first.gross_cents]),
        (Fate.LEFT, "rien n'est à rembourser", []),
    ]
    assert recorded(statement) == (1, first.gross_cents, 0)
    first.refresh_from_db()
    assert (first.owed_cents, first.paid_cents) == (0, 0)


def test_columns_are_said_once_and_every_choice_is_kept(invoices: list[Invoice]) -> None:
    set_statement_columns(issuer="lfn", columns=COLUMNS | {"reference": " "}, **BY)
    assert StatementColumns.objects.count() == 1
    other = {"day": "J", "credit": "C", "debit": "D"}
    set_statement_columns(issuer="lfn", columns=other, **BY)
    assert StatementColumns.objects.count() == 2
    assert Entry.objects.filter(action="billing.statement-columns").last().text == (
        "Colonnes des relevés : jour = « J », crédit = « C », débit = « D »."
    )
    with pytest.raises(BillingError, match="ce que disent les colonnes"):
        read_proposals(kept(table(line(1))), ON)
    for columns, said in (
        ({"day": "J"}, "le montant"),
        ({"amount": "M"}, "le jour"),
        (other | {"amount": "M"}, "le montant"),
        ({"day": "J", "amount": "M", "debit": "D"}, "le montant"),
        ({"day": "J", "amount": "J"}, "deux choses"),
        ({"jour": "J"}, "pas une colonne"),
    ):
        with pytest.raises(BillingError, match=said):
            set_statement_columns(issuer="lfn", columns=columns, **BY)
    with transaction.atomic(), pytest.raises(Exception, match="never changed"), transaction.atomic():
        StatementColumns.objects.update(issuer="cdg62")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\x00\x01", "ni un classeur"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\x00", "ni un classeur"),
        (b"PK\x03\x04abc", "classeur"),
        (b"a;b\n" * 2_001, "trop de lignes"),
        (b";".join(b"x" for _ in range(61)), "trop de colonnes"),
        (b"a" * 5_000_001, "trop gros"),
        (b"<a/>", "relevé bancaire"),
        (bank(entry(100), iban="FR7600000000000000000000000"), "n'est pas celui des réglages"),
    ],
)
def test_what_is_no_statement_is_refused(invoices: list[Invoice], content: bytes, said: str) -> None:
    with pytest.raises(BillingError, match=said):
        read_statement_file(issuer="lfn", name="x", content=content, on=ON)


def test_a_banks_movements_are_recorded_by_its_own_numbers(invoices: list[Invoice]) -> None:
    first, second = invoices
    paid = entry(first.gross_cents, detail("COMMUNE DE RUITZ", f"FACTURE {first.number}"), number="B1")
    other = entry(99, detail("DIVERS", "autre recette"), number="B2")
    statement = kept(bank(paid, other, entry(-99, number="B3")), "releve.xml")
    assert [fate for fate, _, _ in fates(statement)] == [Fate.PAYS, Fate.UNKNOWN, Fate.LEFT]
    assert recorded(statement, aside=False) == (1, first.gross_cents, 0)
    again = kept(bank(other, paid, entry(50, detail("ARRAS", second.number), number="B4"), version="08"), "suite.xml")
    assert [fate for fate, _, _ in fates(again)] == [Fate.UNKNOWN, Fate.KNOWN, Fate.PAYS]


def test_a_preview_asks_as_much_for_three_lines_as_for_one(invoices: list[Invoice]) -> None:
    counts = []
    for content in (table(line(1, title="1")), table(*(line(1, title="1"), line(2, title="2"), line(3, payer="x")))):
        statement = kept(content)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read_proposals(statement, ON)
        counts.append(len(asked))
    assert counts == [3, 3]


def test_the_command_tells_then_records(invoices: list[Invoice], tmp_path: Any, capsys: Any) -> None:
    file = tmp_path / "releve.csv"
    titles = ("J", *TITLES[1:])
    file.write_bytes(table(line(100, title="1"), line(300, title="9"), line(1, day="x"), titles=titles))
    said = ["billing", "statement", "lfn", str(file)]
    with time_machine.travel(AT, tick=False):
        assert main(said) == 1
        assert "aucune ligne ne nomme ces colonnes" in capsys.readouterr().err
        assert main([*said, "--columns", "jour=J,titre=Titre"]) == 1
        assert "quelle colonne donne le montant" in capsys.readouterr().err
        columns = ["--columns", "jour=J,titre=Titre,montant=Montant"]
        assert main([*said, *columns]) == 1
        told = capsys.readouterr()
        assert "ligne 3, 20/11/2026, 1,00\u00a0€ : paie LFN-F-2026-00001 1,00\u00a0€ (titre 1)" in told.out
        assert "! ligne 5 : « x » n'est pas un jour." in told.err
        assert (Statement.objects.count(), Payment.objects.count(), StatementColumns.objects.count()) == (0, 0, 1)
        assert main([*said, *columns, "--apply"]) == 1
        assert "1 paiement ; rapproché : 1,00\u00a0€ ; à part : 0,00\u00a0€." in capsys.readouterr().out
        assert main([*said, "--apply", "--aside"]) == 1
        assert Payment.objects.count() == 2
        assert main([*said[:3], str(tmp_path / "absent.csv")]) == 1
    assert amount(100) == "1,00"


def test_what_is_kept_aside_is_surely_of_what_names_it(invoices: list[Invoice]) -> None:
    first, second = invoices
    said = {"issuer": "lfn", "received_on": ON, **BY}
    made = [
        record_payment(amount_cents=100, reference="Titre 2/2026, VIR", **said),
        record_payment(amount_cents=200, payer=f"FACT {first.number}", **said),
        record_payment(amount_cents=300, payer="Arras", **said),
    ]
    with CaptureQueriesContext(connection) as asked:
        found = likely("lfn", made)
    assert len(asked) == 1
    assert {key: [(invoice.pk, cents) for invoice, cents in one.shares] for key, one in found.items()} == {
        made[0].pk: [(second.pk, 100)],
        made[1].pk: [(first.pk, 200)],
    }


def test_what_no_invoice_has_is_paid_back_and_said_so(invoices: list[Invoice], capsys: Any) -> None:
    first, _ = invoices
    paid = record_payment(
        issuer="lfn", received_on=ON, amount_cents=500, shares={first.pk: 200}, payer="Trop pressé", **BY
    )
    said = {"payment_id": paid.pk, "paid_on": ON, "reason": "Payé deux fois", **BY}
    for refused, why in (
        ({"amount_cents": 301}, "à part"),
        ({"amount_cents": 0}, "à part"),
        ({"amount_cents": 300, "left_cents": 500}, "a changé"),
        ({"amount_cents": 300, "reason": " "}, "pourquoi"),
        ({"amount_cents": 300, "paid_on": date(2026, 1, 1)}, "reçu que le"),
        ({"amount_cents": 300, "payment_id": 99}, "n'existe pas"),
    ):
        with pytest.raises(BillingError, match=why):
            pay_back(**(said | refused))
    made = pay_back(amount_cents=100, left_cents=300, **said)
    assert (made.by.amount_cents, made.by.payer, made.by.unmatched_cents) == (-100, "Trop pressé", 0)
    assert unmatched_cents("lfn") == 200
    assert main(["billing", "pay-back", "cdg62", str(paid.pk), "--reason", "Erreur"]) == 1
    with time_machine.travel(AT, tick=False):
        assert main(["billing", "pay-back", "lfn", str(paid.pk), "--reason", "Le reste"]) == 0
        assert main(["billing", "pay-back", "lfn", str(paid.pk), "--reason", "Le reste"]) == 1
    assert "2,00\u00a0€ rendus." in capsys.readouterr().out
    paid.refresh_from_db()
    assert (paid.unmatched_cents, paid.shared_cents) == (0, 500)
    told = Entry.objects.filter(action="billing.pay-back").earliest("pk")
    assert told.text == f"1,00\u00a0€ du paiement du {ON:%d/%m/%Y} rendus le {ON:%d/%m/%Y} : Payé deux fois"
    with pytest.raises(BillingError, match="Il ne reste que"):
        share_payment(payment_id=paid.pk, shares={first.pk: 1}, **BY)


def test_what_is_noted_already_pays_back_what_no_invoice_has(invoices: list[Invoice]) -> None:
    paid = record_payment(issuer="lfn", received_on=ON, amount_cents=500, **BY)
    other = record_payment(issuer="cdg62", received_on=ON, amount_cents=-100, **BY)
    back = record_payment(issuer="lfn", received_on=ON, amount_cents=-300, reference="Titre 9/2026", **BY)
    assert paid_back_aside(paid) == [back]
    assert unmatched_cents("lfn") == 200
    said: dict[str, Any] = {"payment_id": paid.pk, "amount_cents": 1, "paid_on": ON, "reason": "Chèque impayé", **BY}
    for key in (other.pk, paid.pk, 99):
        with pytest.raises(BillingError, match="n'existe pas"):
            pay_back(by_id=key, **said)
    with time_machine.travel(AT, tick=False):
        asked = ["billing", "pay-back", "lfn", str(paid.pk), "--reason", "Chèque impayé", "--by", str(back.pk)]
        assert (main(asked), main(asked)) == (0, 1)
    for one in (paid, back):
        one.refresh_from_db()
    assert (paid.unmatched_cents, back.unmatched_cents, back.pays_back.payment) == (200, 0, paid)
    assert Payment.objects.filter(issuer="lfn").count() == 2
    assert paid_back_aside(paid) == []


def test_a_job_records_what_was_shown_once_and_a_part_of_it_whole_or_not(invoices: list[Invoice]) -> None:
    first, second = invoices
    sums = [line(10, label=first.number) for _ in range(AT_ONCE)] + [line(second.gross_cents, label=second.number)]
    statement = kept(table(*sums))
    said: dict[str, Any] = {"statement_id": statement.pk, "aside": True, "on": ON, **BY}
    assert note_statement(**said) is None
    job = last_job(RECORDING, statement=statement.pk)
    assert job is not None
    pay_invoice(invoice_id=second.pk, amount_cents=100, received_on=ON, reference="chèque", **BY)
    billing.work(job.pk)
    assert [(unit.state, unit.words) for unit in units_of(job.pk)] == [
        ("done", "Mouvements 1 à 100"),
        ("failed", "Mouvements 101 à 101"),
    ]
    assert (Payment.objects.count(), unmatched_cents("lfn")) == (AT_ONCE + 1, 0)
    lines = job.parameters["lines"]
    run_unit(key="0", on=ON, parameters={"statement": statement.pk, "lines": lines}, **BY)
    assert Payment.objects.count() == AT_ONCE + 1
    again = note_statement(**said)
    assert again is not None
    assert (again.payments, again.aside_cents) == (1, 100)
    with pytest.raises(BillingError, match="n'existe pas"):
        note_statement(**(said | {"statement_id": 99}))
