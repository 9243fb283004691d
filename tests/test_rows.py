"""Many rows written at once say what Django's own way of writing them would say."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from tests.factories import parties
from tests.factories.accounts import AT
from tripartite.documents.models import Content, Document
from tripartite.parties.models import Figure, PublicBody
from tripartite.rows import add_rows, insert_rows, update_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _directory() -> None:
    parties.directory()


def _figure(body: PublicBody, value: int) -> Figure:
    return Figure(
        body=body,
        measure="population",
        counted="totale",
        value=value,
        applies_on=date(2027, 1, value),
        source="essai",
        recorded_at=AT,
    )


def test_new_rows_are_as_they_were_given() -> None:
    body = parties.body()
    insert_rows([_figure(body, value) for value in (1, 2, 3)])
    found = Figure.objects.filter(source="essai").values_list("value", "year", "applies_on", "recorded_at", "body")
    assert list(found) == [(value, None, date(2027, 1, value), AT, body.pk) for value in (1, 2, 3)]


def test_only_the_fields_named_are_written() -> None:
    body = parties.body()
    traits = [{"changed_on": "2026-01-01", "kind": "epci"}]
    body.name, body.postal_codes, body.former_traits, body.ended_on = "Autre", "62000", traits, date(2027, 1, 1)
    update_rows([body], ["name", "former_traits", "ended_on", "epci"])
    body.refresh_from_db()
    assert (body.name, body.former_traits, body.ended_on) == ("Autre", traits, date(2027, 1, 1))
    assert body.postal_codes != "62000"


def test_nothing_is_written_of_nothing() -> None:
    before = Figure.objects.count()
    insert_rows([])
    update_rows([], ["name"])
    assert Figure.objects.count() == before


def test_what_the_database_refuses_is_refused() -> None:
    body = parties.body()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows([_figure(body, 1), _figure(body, 1)])
    assert not Figure.objects.filter(source="essai").exists()


def test_a_few_rows_are_given_their_keys_each_its_own() -> None:
    body = parties.body()
    rows = [_figure(body, value) for value in (3, 1, 2)]
    add_rows(rows)
    assert [(row.pk, row._state.adding, row._state.db) for row in rows] == [
        (key, False, "default") for key in [Figure.objects.get(source="essai", value=value).pk for value in (3, 1, 2)]
    ]
    add_rows([])


def test_a_key_that_is_another_table_s_is_written() -> None:
    document = Document(
        kind="essai", issuer="", title="", model="", payload="{}", sha256="0" * 64, size=1, media_type="", created_at=AT
    )
    add_rows([document])
    insert_rows([Content(document=document, pdf=b"x")])
    assert bytes(Content.objects.get(document=document).pdf) == b"x"
