"""What pages recall of the whole base: until an act is done, a minute at most, and never inside a transaction."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tripartite.journal.models import Entry
from tripartite.journal.recall import LATE, MOST, recalled, recalling
from tripartite.journal.services import Actor, record

pytestmark = pytest.mark.usefixtures("transactional_db")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def asked(settings, request):
    """`ask()` asks for one value; `ask.read` says how many times it was read."""
    settings.RECALLED_FOR = timedelta(minutes=1)

    def ask(*about):
        def read():
            ask.read += 1
            return ask.read

        return recalled(request.node.name, *about, read=read)

    ask.read = 0
    return ask


def act(**more):
    record(actor=Actor("mesure"), at=AT, action="a.b", subject_kind="request", subject_id=1, text="Fait.", **more)


def page(ask, *about):
    """What a page is told."""
    with recalling():
        return ask(*about)


def test_what_was_read_holds_until_an_act_is_done_by_whomever(asked, django_assert_num_queries):
    with recalling(), django_assert_num_queries(1):
        assert [asked(), asked()] == [1, 1]
    assert page(asked) == 1

    with recalling():
        assert asked() == 1
        act()
        assert [asked(), asked()] == [2, 2]
    assert page(asked) == 2

    Entry.objects.create(at=AT, actor="un autre processus", action="a.b", subject_kind="request", subject_id="1")
    assert page(asked) == 3


def test_an_act_that_took_its_number_before_another_and_ended_after_it_is_seen(asked):
    act()
    last = Entry.objects.latest("pk").pk
    Entry.objects.create(pk=last + 2, at=AT, actor="", action="a.b", subject_kind="request", subject_id="1")
    assert page(asked) == 1

    Entry.objects.create(pk=last + 1, at=AT, actor="", action="a.b", subject_kind="request", subject_id="1")
    assert page(asked) == 2
    assert LATE > 1


def test_nothing_is_recalled_outside_a_page_nor_in_a_transaction_nor_after_a_while(asked, settings):
    assert [asked(), asked()] == [1, 2]

    with recalling(), transaction.atomic():
        assert [asked(), asked()] == [3, 4]

    settings.RECALLED_FOR = timedelta(microseconds=1)
    assert [page(asked), page(asked)] == [5, 6]

    settings.RECALLED_FOR = timedelta(0)
    assert [page(asked), page(asked)] == [7, 8]


def test_each_value_has_its_name_and_few_are_kept(asked):
    assert [page(asked, "a"), page(asked, "b"), page(asked, "a")] == [1, 2, 1]

    for number in range(MOST):
        page(asked, number)
    assert page(asked, "a") == MOST + 3
