"""The voted tariff, for anyone: every price of the act on the page and in each of the three files."""

import csv
import io
import re
import tomllib
import zipfile
from html import unescape

import pytest
import time_machine

from tests.factories import tariffs
from tests.web.conftest import words
from tripartite.pricing.price_list import price_list

URL = "/tarif/"
FIGURE = re.compile(r"\b(?:per_unit|flat|base|plus)\s*=\s*(\d+(?:\.\d+)?)")

pytestmark = pytest.mark.django_db


def plain(text):
    """A text with its no-break spaces made plain."""
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture
def rows(adopted_grid):
    """What the page has to say: one row per price."""
    return list(price_list(adopted_grid))


def test_anyone_reads_it(client, adopted_grid) -> None:
    answer = client.get(URL)
    assert answer.status_code == 200
    assert "Le tarif voté" in words(answer)
    assert "Applicable depuis le 26/03/2024" in words(answer)


def test_every_price_of_the_act_is_on_the_page_under_its_condition(client, rows) -> None:
    page = client.get(URL).content.decode()

    shown = [
        tuple(plain(unescape(text)) for text in tier)
        for tier in re.findall(
            r'<p class="tier">(?:<span class="condition">(.*?)</span>)?<span class="price">(.*?)</span>', page
        )
    ]
    assert sorted(shown) == sorted((plain(row.condition), plain(row.price)) for row in rows)


def test_every_figure_of_the_grid_is_among_the_prices(client, rows) -> None:
    text = tariffs.grid_text().split("[[settlement]]")[0]
    voted = {f"{float(figure):.2f}".replace(".", ",") for figure in FIGURE.findall(text)}

    page = plain(words(client.get(URL))).replace(" ", "")

    assert len(voted) > 20
    assert {figure for figure in voted if figure not in page} == set()


def test_every_service_and_reading_of_the_act_is_named(client, adopted_grid) -> None:
    said = words(client.get(URL))
    assert [service.name for service in adopted_grid.services.values() if service.name not in said] == []
    assert [code for code in adopted_grid.interpretations if f"{code} · " not in said] == []


def test_the_csv_holds_every_price(client, rows) -> None:
    answer = client.get(URL, {"format": "csv"})

    assert answer["Content-Disposition"] == 'attachment; filename="tarif-2024-03-26.csv"'
    titles, *read = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert titles[-3:] == ["prix", "montant TTC", "acte"]
    assert read == [list(row) for row in rows]


def test_the_spreadsheet_holds_every_price(client, rows) -> None:
    answer = client.get(URL, {"format": "xlsx"})

    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet, strings = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/sharedStrings.xml").decode()
    assert sheet.count("<row ") == len(rows) + 1
    assert "<f>" not in sheet
    read = {plain(unescape(text)) for text in re.findall(r"<t[^>]*>(.*?)</t>", strings)}
    assert {plain(row.price) for row in rows} - read == set()


def test_the_grid_is_given_as_it_was_adopted(client, adopted_grid) -> None:
    answer = client.get(URL, {"format": "toml"})

    assert answer["Content-Type"] == "application/toml; charset=utf-8"
    assert answer.content.decode() == tariffs.grid_text()
    assert tomllib.loads(answer.content.decode())["code"] == tariffs.GRID


def test_an_unknown_file_is_the_page(client, adopted_grid) -> None:
    assert "Le tarif voté" in words(client.get(URL, {"format": "exe"}))


@pytest.mark.parametrize("layout", ["", "csv", "xlsx", "toml"])
def test_before_a_tariff_applies_it_is_said(client, adopted_grid, layout) -> None:
    with time_machine.travel("2024-03-25T12:00:00+01:00", tick=False):
        answer = client.get(URL, {"format": layout})
    assert answer.status_code == 503
    assert "Aucun tarif n'est en vigueur" in words(answer)


def test_on_a_phone_each_amount_says_whose_it_is(client, adopted_grid) -> None:
    page = client.get(URL).content.decode()
    names = [unescape(name) for name in re.findall(r'<td class="issuer-\d" data-label="([^"]+)"', page)]

    assert names[:2] == ["La Fibre Numérique 59-62", "CDG 62"]
    assert len(names) == page.count("<td")
