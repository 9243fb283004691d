"""Orders as a table: the columns chosen, amounts exact, nothing that becomes a formula."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.billing.pes.test_making import BY, slip
from tests.factories import quotes
from tripartite.billing.pes.tables import COLUMNS, Column, chosen
from tripartite.billing.queries.titles import title_rows
from tripartite.billing.services.flows import make_flow
from tripartite.cli.main import main
from tripartite.sheets import Cents

ASKED = "titre, debiteur=Tiers,ttc=Montant ,date"


def test_columns_are_chosen_named_and_put_in_order() -> None:
    assert chosen(ASKED) == (
        Column("titre", "Titre"),
        Column("debiteur", "Tiers"),
        Column("ttc", "Montant"),
        Column("date", "Date"),
    )
    assert [column.name for column in chosen(" ")] == list(COLUMNS)
    with pytest.raises(ValueError, match="« prix » n'est pas une colonne"):
        chosen("titre,prix")


@pytest.mark.django_db
def test_the_orders_of_a_year_are_written_in_two_queries(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = slip(quotes.RUITZ, quotes.ARRAS)
    with CaptureQueriesContext(connection) as asked:
        rows = list(title_rows("lfn", fiscal_year=2026, budget="00"))
    assert len(asked) == 2
    assert [(row["titre"], row["siret"], row["ttc"]) for row in rows] == [
        (order.number, order.invoice.buyer_siret, Cents(order.amount_cents))
        for order in made.orders.all()
        if order.invoice
    ]
    amounts = [[row[name] for name in ("ht", "tva", "ttc")] for row in rows]
    assert [sum(cell.cents for cell in row[:2] if isinstance(cell, Cents)) for row in amounts] == [
        order.amount_cents for order in made.orders.all()
    ]
    assert set(rows[0]) == set(COLUMNS)
    assert {row["depart"] for row in rows} == {"flux à faire"}
    make_flow(slip_id=made.pk, **BY)
    assert {row["depart"] for row in title_rows("lfn", fiscal_year=2026)} == {"flux fait, sans réponse"}
    for name in ("titres.csv", "titres.xlsx"):
        assert main(["billing", "titles", "lfn", str(tmp_path / name), "--year", "2026"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["titres.csv", "titres.xlsx"]
    assert main(["billing", "titles", "lfn", "t.pdf", "--year", "2026"]) == 1
    assert main(["billing", "titles", "lfn", "t.csv", "--year", "2026", "--columns", "x"]) == 1
    assert "n'est pas une colonne" in capsys.readouterr().err
