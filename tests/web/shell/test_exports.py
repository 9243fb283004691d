"""Lists taken away: the file that the address asks for, under its name."""

import pytest
from django.test import RequestFactory

from tripartite.sheets import Cents, csv_file
from tripartite.web.shell.exports import Layout, export, wanted_layout


def test_a_list_is_a_download_of_its_layout() -> None:
    rows = [["Ruitz", Cents(103005)]]
    answer = export("demandes", ["Collectivité", "Montant"], rows, Layout.CSV)
    assert answer.content == csv_file(["Collectivité", "Montant"], rows)
    assert answer["Content-Disposition"] == 'attachment; filename="demandes.csv"'
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    answer = export("demandes", ["Collectivité", "Montant"], rows, Layout.XLSX)
    assert answer.content.startswith(b"PK")
    assert answer["Content-Disposition"] == 'attachment; filename="demandes.xlsx"'
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(("query", "expected"), [("", None), ("csv", Layout.CSV), ("xlsx", Layout.XLSX), ("exe", None)])
def test_the_address_says_which_file(query: str, expected: Layout | None) -> None:
    assert wanted_layout(RequestFactory().get("/", {"format": query})) is expected
