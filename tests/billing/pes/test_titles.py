"""Orders as a table: the columns chosen, amounts exact, nothing that becomes a formula."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.billing.pes.test_making import BY, slip
from tests.factories import billing, parties, quotes
from tripartite.billing.pes.tables import COLUMNS, Column, chosen
from tripartite.billing.queries.titles import title_rows
from tripartite.billing.services.flow_content import flow_content
from tripartite.billing.services.flows import make_flow
from tripartite.cli.main import main
from tripartite.parties.models import PublicBody
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


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ended", "learnt", "owes"), [(-1, 0, quotes.ARRAS), (-1, 1, quotes.RUITZ), (0, 0, quotes.RUITZ)]
)
def test_a_title_is_made_against_who_had_taken_the_body_in_by_then(ended: int, learnt: int, owes: str) -> None:
    made, heir = slip(quotes.RUITZ), parties.body(quotes.ARRAS)
    days = [billing.DAY + timedelta(days=days) for days in (ended, learnt)]
    PublicBody.objects.filter(code_insee=quotes.RUITZ).update(merged_into=heir, ended_on=days[0], end_learnt_on=days[1])
    debtor = parties.body(owes)
    (title,) = flow_content(made).flow.titles
    assert (title.debtor.siret, title.debtor.name) == (debtor.siret, debtor.legal.heading)
    (row,) = title_rows("lfn", fiscal_year=2026)
    assert (row["siret"], row["debiteur"]) == (debtor.siret, debtor.name)
    assert (made.issued_on, made.orders.get().invoice.body.code_insee) == (billing.DAY, quotes.RUITZ)
