"""A question written once answers what its queryset answers, whatever the values, and is written once."""

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import CharField, Count, Prefetch
from django.db.models.signals import post_init
from django.test.utils import CaptureQueriesContext

from tests.factories import parties
from tests.factories.accounts import AT
from tripartite.many import Among, keys_told
from tripartite.parties.models import Figure, PublicBody
from tripartite.questions import DAY, KEY, KEYS, Question

pytestmark = pytest.mark.django_db
SINCE = Question[Figure](
    lambda body, day: Figure.objects.select_related("body__epci").filter(body=body, applies_on__gte=day), KEY, DAY
)


@pytest.fixture(autouse=True)
def _directory() -> None:
    parties.directory()


def _figures() -> list[Figure]:
    body, other = PublicBody.objects.order_by("pk")[:2]
    return [
        Figure.objects.create(
            body=whose, measure="staff", counted="etp", value=value, applies_on=date(2030, 1, value), recorded_at=AT
        )
        for whose, value in ((body, 1), (body, 2), (body, 3), (other, 4))
    ]


def test_it_answers_what_the_queryset_answers_for_other_values_too() -> None:
    first, second, third, other = _figures()
    assert SINCE.ask(first.body_id, date(2030, 1, 2)) == [second, third]
    assert SINCE.ask(first.body_id, date(2030, 1, 3)) == [third]
    assert SINCE.ask(other.body_id, date(2030, 1, 1)) == [other]
    assert SINCE.ask(other.body_id, date(2030, 1, 5)) == []


def test_rows_come_with_the_same_values_and_what_is_beside_them() -> None:
    first, *_ = _figures()
    (asked,) = [one for one in SINCE.ask(first.body_id, first.applies_on) if one.pk == first.pk]
    expected = Figure.objects.select_related("body__epci").get(pk=first.pk)
    names = [field.attname for field in Figure._meta.concrete_fields]
    assert {name: getattr(asked, name) for name in names} == {name: getattr(expected, name) for name in names}
    with CaptureQueriesContext(connection) as asked_more:
        assert (asked.body, asked.body.epci) == (expected.body, expected.body.epci)
    assert len(asked_more) == 0
    asked.value = 9
    asked.save()
    assert Figure.objects.get(pk=first.pk).value == 9


def test_a_column_left_out_is_read_when_it_is_asked_and_what_is_made_apart_is_made_so() -> None:
    first, *_ = _figures()
    few = Question[Figure](
        lambda key: Figure.objects.select_related("body").only("value", "body__name").filter(pk=key), KEY
    )
    expected = Figure.objects.select_related("body").only("value", "body__name").get(pk=first.pk)
    made: list[object] = []

    def note(instance: Figure, **_: object) -> None:
        made.append(instance.pk)

    post_init.connect(note, sender=Figure)
    try:
        one = few.sole(first.pk)
    finally:
        post_init.disconnect(note, sender=Figure)
    assert one is not None
    assert made == [first.pk]
    other = Question[Figure](few._write, KEY).sole(first.pk)
    for row in (one, other):
        assert row is not None
        assert row.get_deferred_fields() == expected.get_deferred_fields()
        assert row.body.get_deferred_fields() == expected.body.get_deferred_fields()
        assert (row.source, row.body.siren) == (first.source, first.body.siren)
    assert made == [first.pk]


def test_a_question_reads_rows_or_lists_of_values() -> None:
    with pytest.raises(TypeError, match="rows or lists of values"):
        Question[Any](lambda key: Figure.objects.filter(pk=key).values("value"), KEY).ask(1)


def test_it_is_one_query_and_those_of_what_it_prefetches() -> None:
    first, *_ = _figures()
    with_figures = Question[Any](
        lambda key: PublicBody.objects.filter(pk=key).prefetch_related("figures").annotate(how_many=Count("figures")),
        KEY,
    )
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            body = with_figures.sole(first.body_id)
            assert body is not None
            figures = list(body.figures.all())
        assert len(asked) == 2
        assert figures == list(Figure.objects.filter(body=first.body_id))
        assert body.how_many == len(figures)


def test_values_and_slices_are_as_the_queryset_has_them() -> None:
    _figures()
    kind = Question[tuple[int, date]](
        lambda counted: (
            Figure.objects.filter(counted=counted).order_by("-value").values_list("value", "applies_on")[:2]
        ),
        CharField(),
    )
    assert kind.ask("etp") == [(4, date(2030, 1, 4)), (3, date(2030, 1, 3))]
    assert kind.sole("nobody counts so") is None
    values = Question[int](
        lambda counted: Figure.objects.filter(counted=counted).order_by("value").values_list("value", flat=True),
        CharField(),
    )
    assert values.ask("etp") == [1, 2, 3, 4]


def test_a_value_is_a_value_not_words_of_the_question() -> None:
    kind = Question[int](lambda name: PublicBody.objects.filter(name=name).values_list("pk", flat=True), CharField())
    assert kind.ask("' OR 1=1 --") == []
    assert kind.ask("%s") == []


def test_a_place_takes_a_value_and_only_one() -> None:
    with pytest.raises(ValueError, match="place 1 of a question takes a value"):
        SINCE.ask(1, None)
    with pytest.raises(TypeError, match="1 values for 2 places"):
        SINCE.ask(1)
    with pytest.raises(TypeError):
        SINCE.ask([1, 2], date(2030, 1, 1))


def test_a_number_that_no_database_holds_is_that_of_no_row() -> None:
    largest = 2**63 - 1
    assert [SINCE.ask(one, date(2030, 1, 1)) for one in (largest, largest + 1, -(10**30))] == [[], [], []]


@pytest.mark.usefixtures("transactional_db")
def test_one_that_locks_is_refused_outside_a_transaction_each_time() -> None:
    locked = Question[PublicBody](lambda key: PublicBody.objects.select_for_update().filter(pk=key), KEY)
    with transaction.atomic():
        assert locked.ask(0) == []
    with pytest.raises(transaction.TransactionManagementError):
        locked.ask(0)


def _laid_out(rows: Any) -> list[Any]:
    def merged(one: Any) -> list[Any]:
        return [(each, list(each.figures.all())) for each in one.merged.all()]

    return [(one, list(one.figures.all()), merged(one)) for one in rows]


def test_what_is_beside_is_what_the_queryset_prefetches_each_asked_once() -> None:
    first, *_ = _figures()
    body, other = PublicBody.objects.order_by("pk")[:2]
    PublicBody.objects.filter(pk=other.pk).update(merged_into=body, ended_on=date(2030, 1, 1))
    beside = ("merged__figures", "epci", "figures")

    def found(siren: Any) -> Any:
        return PublicBody.objects.filter(siren=siren).prefetch_related(*beside)

    question = Question[PublicBody](found, CharField())
    question.ask("000000000")
    with CaptureQueriesContext(connection) as captured:
        (asked,) = question.ask(body.siren)
        said = _laid_out([asked])
        assert asked.merged.all()[0].merged_into is asked
        assert asked.figures.all()[0].body is asked
        epci = asked.epci
    (expected,) = found(body.siren)
    assert (said, epci) == (_laid_out([expected]), expected.epci)
    assert len(captured) == 4 + (epci is not None)
    assert asked.figures.filter(value=2).get().value == 2  # asked again, of that body alone
    assert first in said[0][1]


def test_what_is_beside_may_be_chosen_kept_as_a_list_and_beside_what_is_joined() -> None:
    first, *_ = _figures()
    chosen = Prefetch(
        "figures", Figure.objects.filter(measure="staff", value__gte=2).order_by("-value"), to_attr="latest"
    )
    (body,) = Question[PublicBody](
        lambda key: PublicBody.objects.filter(pk=key).order_by().prefetch_related(chosen), KEY
    ).ask(first.body_id)
    assert [one.value for one in body.latest] == [3, 2]  # type: ignore[attr-defined]
    joined = Figure.objects.select_related("body").prefetch_related("body__figures").order_by("pk")
    question = Question[Figure](lambda key: joined.filter(body=key, measure="staff"), KEY)
    question.ask(first.body_id)
    with CaptureQueriesContext(connection) as captured:
        figures = question.ask(first.body_id)
        assert {len(one.body.figures.all()) for one in figures} == {Figure.objects.filter(body=first.body_id).count()}
    assert len(captured) == 3


def test_among_no_key_there_is_no_query() -> None:
    first, *_ = _figures()
    question = Question[Figure](lambda keys: Figure.objects.filter(Among("pk", keys)), KEYS)
    assert question.ask(keys_told([first.pk, 0])) == [first]
    largest = 2**63 - 1
    with CaptureQueriesContext(connection) as captured:
        assert question.ask(keys_told([])) == []
        assert [SINCE.ask(key, first.applies_on) for key in (largest + 1, -largest - 2)] == [[], []]
    assert len(captured) == 0
    assert SINCE.ask(largest, first.applies_on) == []
