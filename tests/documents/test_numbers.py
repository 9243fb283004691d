"""Numbers: no gap, no double, whatever happens at the same time."""

import pytest
from django.db import transaction

from tests.documents.racing import race, shared_database
from tripartite.documents.numbers import take_number, take_numbers


def take(issuer="lfn", series="quote", year=2026):
    return take_number(issuer=issuer, series=series, year=year)


@pytest.mark.django_db
def test_a_series_counts_from_one():
    assert [take(), take(), take()] == [1, 2, 3]


@pytest.mark.django_db
def test_each_issuer_series_and_year_has_its_own_count():
    take()
    assert take(issuer="cdg62") == 1
    assert take(series="invoice") == 1
    assert take(year=2027) == 1
    assert take() == 2


@pytest.mark.django_db
def test_the_numbers_of_several_issuers_are_taken_at_once(django_assert_num_queries):
    take()
    with django_assert_num_queries(1):
        assert take_numbers(issuers=["lfn", "cdg62", "lfn"], series="quote", year=2026) == {"cdg62": 1, "lfn": 2}
    assert (take(), take(issuer="cdg62")) == (3, 2)


@pytest.mark.django_db
def test_a_transaction_that_fails_gives_its_number_back():
    take()
    with transaction.atomic():
        assert take() == 2
        transaction.set_rollback(True)
    assert take() == 2


@pytest.mark.django_db
def test_the_first_number_of_a_series_is_given_back_too():
    with transaction.atomic():
        assert take(year=2030) == 1
        transaction.set_rollback(True)
    assert take(year=2030) == 1


@pytest.mark.usefixtures("transactional_db")
def test_no_number_is_taken_outside_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        take()
    with transaction.atomic():
        assert take() == 1


@pytest.mark.usefixtures("transactional_db")
def test_threads_of_two_processes_leave_no_gap_and_no_double():
    answers = race(shared_database(), "tests.documents.racing:take_numbers", {"each": 30})

    taken = sorted(number for kept in answers for number in kept)
    assert len(answers) == 8
    assert taken == list(range(1, 8 * 20 + 1))
