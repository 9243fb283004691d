"""What both databases are asked alike, however much of it."""

import pytest
from django.db import connection
from django.db.models import prefetch_related_objects

from tests.factories import parties
from tripartite.parties.models import Figure, PublicBody

pytestmark = pytest.mark.django_db
MANY = 2_500
"""More than SQLite takes in one expression (1 000), and than Django cuts anything at (999)."""


@pytest.mark.usefixtures("directory")
def test_rows_that_many_foreign_keys_name_are_read_at_once(django_assert_num_queries):
    known = parties.body()
    figures = [Figure(body_id=known.pk), *(Figure(body_id=known.pk + number) for number in range(MANY, 2 * MANY))]
    with django_assert_num_queries(1):
        prefetch_related_objects(figures, "body")

    assert figures[0].body == known


@pytest.mark.usefixtures("directory")
def test_a_foreign_key_that_names_nothing_finds_nothing():
    figure = Figure(body_id=0)
    prefetch_related_objects([figure], "body")

    with pytest.raises(PublicBody.DoesNotExist):
        _ = figure.body


def test_what_looks_like_a_place_in_a_value_or_doubled_is_none():
    with connection.cursor() as cursor:
        for value in ("%s", "?", "%%"):
            cursor.execute("SELECT %s, '%%s', '%%%%'", [value])
            assert cursor.fetchone() == (value, "%s", "%%")
        cursor.execute("SELECT '%s ?'")
        assert cursor.fetchone() == ("%s ?",)
        cursor.execute("SELECT %(one)s, '%%s'", {"one": "%(two)s"})
        assert cursor.fetchone() == ("%(two)s", "%s")
        cursor.execute(f"SELECT %s {'--' * 5000}", ["long"])
        assert cursor.fetchone() == ("long",)
