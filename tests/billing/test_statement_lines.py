"""What the lines of a statement say: days and amounts as they are written, absurd ones named, the same line once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.billing.statements import COLUMNS, TITLES, amount, bank, detail, entry, line
from tripartite.billing.statements.apart import read_bank
from tripartite.billing.statements.lines import (
    cents_of,
    day_of,
    header_with,
    likely_columns,
    likely_header,
    movements_of,
    titles_of,
)
from tripartite.billing.statements.values import BANK_COLUMNS, StatementColumn
from tripartite.parties.services.workbooks import separator_of

SAID = {StatementColumn(name): title for name, title in COLUMNS.items()}
ON = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("+12", 1200),
        ("-0,5", -50),
        ("1 234,50 €", 123450),
        ("1.234.567,89", 123456789),
        ("1\u202f234,50", 123450),
        ("12,00-", -1200),
        ("1,234.56", 123456),
        ("12 EUR", 1200),
        ("\u22123,10", -310),
        ("'-3,10", -310),
    ],
)
def test_an_amount_is_read_to_the_cent(text: str, cents: int) -> None:
    assert cents_of(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ",50",
        "1.234",
        "1,5,0",
        "1.23.4,00",
        "12,345",
        "1e9",
        "٣",
        "NaN",
        "(c'est une formule)",
        "9" * 30,
        "12,",
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"montant|trop grand"):
        cents_of(text)


@given(st.integers(min_value=-(10**10), max_value=10**10))
def test_what_is_written_is_read_again(cents: int) -> None:
    assert cents_of(amount(cents)) == cents


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1.2.26", date(2026, 2, 1)),
        ("15-12-2026", date(2026, 12, 15)),
        ("15/12/2026 00:00:00", date(2026, 12, 15)),
        ("2026-12-15T10:00", date(2026, 12, 15)),
    ],
)
def test_a_day_is_read_as_it_is_written_here(text: str, day: date) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize("text", ["", "15/13/2026", "31/02/2026", "46371", "demain", "1/1/1"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="jour"):
        day_of(text)


def test_the_line_that_names_columns_is_found() -> None:
    rows = [(1, ("Encaissements du mois",)), (3, TITLES), (4, line(100, title="1")), (5, line(200))]
    assert (likely_header(rows), header_with(rows, SAID), header_with(rows, {})) == (1, 1, None)
    assert header_with(rows, SAID | {StatementColumn.CREDIT: "Crédit"}) is None
    assert titles_of(("Montant", "", "Montant")) == ["Montant", "colonne 2", "Montant (2)"]
    assert likely_header([]) == 0
    assert likely_columns(TITLES) == SAID
    assert likely_columns(("Date de valeur", "Date d'opération", "Crédit", "Montant", "N°")) == {
        StatementColumn.DAY: "Date de valeur",
        StatementColumn.CREDIT: "Crédit",
    }
    assert movements_of([], SAID, source="", on=ON)[1][0].words == "aucune ligne ne nomme ces colonnes."


def test_absurd_lines_are_named_and_stop_no_other() -> None:
    rows = [
        (1, TITLES),
        (2, line(100, title="12")),
        (3, line(0)),
        (4, line(100, day="")),
        (5, line(100, day="01/01/2030")),
        (6, line(100, day="01/01/1930")),
        (7, ("20/11/2026",)),
        (8, line(10**15)),
        (9, line(200, title="T 7/2025", payer="Ruitz")),
    ]
    found, faults = movements_of(rows, SAID, source="table:", on=ON)
    assert [(one.row, one.cents, one.title, one.year) for one in found] == [(2, 100, 12, None), (9, 200, 7, 2025)]
    assert [str(one) for one in faults] == [
        "ligne 3 : pas de montant.",
        "ligne 4 : pas de jour.",
        "ligne 5 : le 01/01/2030 est à venir.",
        "ligne 6 : le 01/01/1930 est trop ancien.",
        "ligne 7 : pas de montant.",
        "ligne 8 : Ce montant est trop grand : 100\u202f000\u202f000,00\u00a0€ au plus.",
    ]


def test_credit_and_debit_may_stand_apart() -> None:
    columns = {StatementColumn.DAY: "J", StatementColumn.CREDIT: "C", StatementColumn.DEBIT: "D"}
    rows = [(1, ("J", "C", "D")), *((2 + place, ("20/11/2026", *two)) for place, two in enumerate(
        [("1,00", ""), ("", "2,00"), ("0,00", "-3,00"), ("1,00", "1,00"), ("", "")]
    ))]  # fmt: skip
    found, faults = movements_of(rows, columns, source="", on=ON)
    assert [one.cents for one in found] == [100, -200, -300]
    assert [one.words for one in faults] == ["un crédit et un débit à la fois.", "pas de montant."]


def test_the_same_line_has_the_same_key_in_any_file() -> None:
    lines = [line(100, title="1"), line(100, title="1"), line(100, title="2")]
    first, _ = movements_of([(1, TITLES), *enumerate(lines, start=2)], SAID, source="table:", on=ON)
    again, _ = movements_of([(4, TITLES), *enumerate(lines[::-1], start=5)], SAID, source="table:", on=ON)
    other, _ = movements_of([(1, TITLES), *enumerate(lines, start=2)], SAID, source="bank:FR76", on=ON)
    assert len({one.key for one in first}) == 3
    assert {one.key for one in again} == {one.key for one in first}
    assert {one.key for one in other} & {one.key for one in first} == set()


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("a,b,c\n1,2,3", ","),
        ("a;b\n1,5;2,5", ";"),
        ("jour\tmontant\tlibellé\n1/1\t2,5\tun, deux, trois\n1/2\t3,5\tquatre, cinq", "\t"),
        ("Un titre, au-dessus\na;b\n1,5;2,5\n3,5;4,5", ";"),
    ],
)
def test_a_separator_is_what_lines_have_alike(text: str, sign: str) -> None:
    assert separator_of(text) == sign


@pytest.mark.parametrize("version", ["02", "08"])
def test_a_bank_says_its_movements(version: str) -> None:
    new = version == "08"
    file = bank(
        entry(12345, detail("COMMUNE DE RUITZ", "FACT 1", reference="E1", new=new), number="B1", new=new),
        entry(
            300,
            detail("A", "un", cents=100, new=new),
            detail("B", "deux", cents=200, new=new),
            number="B2",
            new=new,
        ),
        entry(
            300, detail("A", "un", cents=100, new=new), detail("B", "deux", cents=100, new=new), number="B3", new=new
        ),
        entry(-500, number="B4", new=new),
        entry(700, status="PDNG", new=new),
        version=version,
    )
    found = read_bank(file)
    assert (found.refusal, found.account) == ("", "FR7630001007941234567890185")
    assert [cells for _, cells in found.rows] == [
        tuple(BANK_COLUMNS.values()),
        ("2026-11-20", "123,45", "COMMUNE DE RUITZ", "FACT 1", "E1", "B1"),
        ("2026-11-20", "1,00", "A", "un", "", "B2/1"),
        ("2026-11-20", "2,00", "B", "deux", "", "B2/2"),
        ("2026-11-20", "3,00", "", "", "", "B3"),
        ("2026-11-20", "-5,00", "", "", "", "B4"),
    ]
    movements, faults = movements_of(found.rows, BANK_COLUMNS, source="bank:", on=ON)
    assert ([one.cents for one in movements], faults) == ([12345, 100, 200, 300, -500], [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "XML lisible"),
        (b"<a/>", "pas un relevé bancaire"),
        (bank(entry(100), head='<!DOCTYPE a [<!ENTITY e "x">]>'), "entités"),
        (bank(entry(100), iban=""), "IBAN"),
        (bank(entry(100), version="99"), "pas un relevé bancaire"),
        (bank(entry(100, currency="USD")), "en euros"),
        (bank(entry(100, day="2026-13-01")), "n'est pas un jour"),
        (bank(entry(100)).replace(b"CRDT", b"XXXX"), "au crédit ou au débit"),
        (bank(entry(100)).replace(b"1.00", b"1.005"), "en euros"),
        (bank(entry(100)).replace(b"1.00", b"-1.00"), "en euros"),
        (bank("</Stmt><Stmt><Acct><Id><IBAN>FR76</IBAN></Id></Acct>"), "plusieurs comptes"),
        (bank(*[entry(100)] * 2001), "Plus de 2000 mouvements"),
    ],
)
def test_a_bank_file_that_does_not_say_what_it_must_is_refused(content: bytes, said: str) -> None:
    assert said in read_bank(content).refusal
