"""Many rows read at once say what Django's own way of reading them would say."""

from datetime import UTC, date, datetime

import pytest

from tests.factories import parties
from tripartite.many import Among, InstantText, as_text, day_of, read_day, read_day_of
from tripartite.parties.models import Figure, PublicBody

pytestmark = pytest.mark.django_db

EVE = datetime(2026, 11, 25, 22, 59, 59, 999_999, tzinfo=UTC)
"""The last instant of the 25th where people are, an hour east of the base."""
MIDNIGHT, SUMMER = datetime(2026, 11, 25, 23, tzinfo=UTC), datetime(2027, 6, 30, 22, 0, 0, 120_000, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _directory() -> None:
    parties.directory()


@pytest.mark.parametrize("how_many", [0, 1, 3, 2_000])
def test_keys_told_as_one_value_find_the_rows_of_each(how_many: int, django_assert_num_queries) -> None:
    keys = list(PublicBody.objects.order_by("pk").values_list("pk", flat=True)[:how_many])
    wanted = [*keys, *range(10**9, 10**9 + how_many - len(keys))]
    with django_assert_num_queries(2):
        found = set(PublicBody.objects.filter(Among("pk", wanted)).values_list("pk", flat=True))
        figures = set(Figure.objects.filter(Among("body", wanted)).values_list("body_id", flat=True))
    assert found == set(keys)
    assert figures == set(keys) & set(Figure.objects.values_list("body_id", flat=True))


def test_keys_are_found_along_relations_and_left_out() -> None:
    body = parties.body()
    own = Figure.objects.filter(body=body)
    assert list(Figure.objects.filter(Among("body__pk", [body.pk]))) == list(own)
    assert list(Figure.objects.exclude(~Among("body", [body.pk]))) == list(own)


@pytest.mark.parametrize(
    ("at", "day"), [(EVE, date(2026, 11, 25)), (MIDNIGHT, date(2026, 11, 26)), (SUMMER, date(2027, 7, 1))]
)
def test_a_day_is_that_of_people_whichever_base_says_it(at: datetime, day: date) -> None:
    made = Figure.objects.create(
        body=parties.body(),
        measure="population",
        counted="totale",
        value=9,
        applies_on=day,
        source="essai",
        recorded_at=at,
    )
    row = Figure.objects.filter(pk=made.pk).annotate(on=as_text("applies_on"), at=InstantText("recorded_at"))
    ((on, recorded),) = row.values_list("on", "at")
    assert (read_day(on), read_day_of(recorded), day_of(at), made.learnt_on) == (day, day, day, day)


def test_a_day_that_is_not_known_stays_so() -> None:
    row = PublicBody.objects.filter(pk=parties.body().pk).annotate(last=as_text("ended_on"))
    assert list(row.values_list("last", flat=True)) == [None]
