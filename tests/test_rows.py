"""Many rows written at once say what Django's own way of writing them would say."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from tests.factories import parties
from tests.factories.accounts import AT
from tripartite.documents.models import Content, Document
from tripartite.journal.models import Entry
from tripartite.parties.models import Figure, PublicBody
from tripartite.quotes.models import Origin
from tripartite.rows import add_values, insert_rows, insert_values, update_rows

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


def _values(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}


def test_a_few_rows_are_given_their_keys_each_its_own_as_if_they_were_read() -> None:
    body = parties.body()
    rows = add_values(Figure, [_values(_figure(body, value)) for value in (3, 1, 2)])
    assert [(row.pk, row._state.adding, row._state.db) for row in rows] == [
        (key, False, "default") for key in [Figure.objects.get(source="essai", value=value).pk for value in (3, 1, 2)]
    ]
    assert [_values(row) for row in rows] == [_values(Figure.objects.get(pk=row.pk)) for row in rows]
    assert rows[0].body == body
    assert add_values(Figure, []) == []


def test_every_kind_of_value_is_written_as_django_writes_it(django_assert_num_queries: Any) -> None:
    details: list[Any] = [{}, [], {"é": ["\u2028", 1, None, True]}, "", 4]
    told = [
        {
            "at": AT,
            "actor": "É « x » \n",
            "actor_id": None if place else 2**40,
            "action": Origin.AGENT,
            "subject_kind": "",
            "subject_id": 12,
            "text": "%s ? %%",
            "details": one,
        }
        for place, one in enumerate(details)
    ]
    Entry.objects.bulk_create([Entry(**one) for one in told])
    with django_assert_num_queries(1):
        insert_values(Entry, told)
    rows = list(Entry.objects.order_by("pk").values_list()[Entry.objects.count() - 2 * len(told) :])
    assert [row[1:] for row in rows[: len(told)]] == [row[1:] for row in rows[len(told) :]]
    assert rows[0][4] == "agent"


def test_a_row_that_lacks_a_column_is_not_written() -> None:
    told = _values(_figure(parties.body(), 1))
    del told["source"]
    with pytest.raises(KeyError, match="source"):
        add_values(Figure, [told])


def test_a_key_that_is_another_table_s_is_written() -> None:
    document = Document.objects.create(
        kind="essai", issuer="", title="", model="", payload="{}", sha256="0" * 64, size=1, media_type="", created_at=AT
    )
    insert_rows([Content(document=document, pdf=b"x")])
    assert bytes(Content.objects.get(document=document).pdf) == b"x"
