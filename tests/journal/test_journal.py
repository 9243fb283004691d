"""The journal: a line added, never changed, read again by its subject."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tripartite.journal.append_only import lifting_statements, refusal_statements
from tripartite.journal.models import Entry
from tripartite.journal.queries import entries_about, told_about
from tripartite.journal.services import Actor, record

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AGENT = Actor("Prénom NOM, agent", account_id=7)

pytestmark = pytest.mark.django_db


def write(text="Demande reçue.", *, at=AT, subject_id=12, **more):
    kept = {"action": "quotes.receive", "subject_kind": "request", **more}
    record(actor=AGENT, at=at, subject_id=subject_id, text=text, **kept)


def test_a_line_says_who_did_what_to_what_and_when():
    write(details={"lines": 3})

    line = Entry.objects.get()
    assert (line.actor, line.actor_id, line.at) == ("Prénom NOM, agent", 7, AT)
    assert (line.action, line.subject_kind, line.subject_id) == ("quotes.receive", "request", "12")
    assert (line.text, line.details) == ("Demande reçue.", {"lines": 3})
    assert str(line) == "23/11/2026 09:00 Prénom NOM, agent : Demande reçue."


def test_what_happened_to_one_subject_is_told_whole_and_alone(django_assert_num_queries):
    for subject, hours in ((12, 2), (13, 1), (12, 1)):
        write(f"{hours} h", subject_id=subject, at=AT + timedelta(hours=hours))

    with django_assert_num_queries(1):
        told = told_about("request", 12)
    assert told == list(entries_about("request", 12))
    assert [line.text for line in told] == ["1 h", "2 h"]
    assert told_about("body", 12) == []


def test_a_door_without_account_has_no_identifier():
    record(
        actor=Actor("le public"), at=AT, action="quotes.receive", subject_kind="request", subject_id=1, text="Reçue."
    )

    line = Entry.objects.get()
    assert (line.actor_id, line.details) == (None, {})


def test_the_lines_of_a_subject_come_oldest_first_and_no_other_subject_s():
    write("Devis émis.", at=AT + timedelta(hours=1))
    write("Demande reçue.")
    write("Une autre demande.", subject_id=120)
    write("Un autre genre.", subject_kind="body")

    assert [line.text for line in entries_about("request", 12)] == ["Demande reçue.", "Devis émis."]
    assert [line.text for line in entries_about("request", "12")] == ["Demande reçue.", "Devis émis."]
    assert list(entries_about("request", 13)) == []


def test_lines_of_the_same_instant_keep_the_order_in_which_they_were_written():
    for text in ("un", "deux", "trois"):
        write(text)

    assert [line.text for line in entries_about("request", 12)] == ["un", "deux", "trois"]


def test_a_line_is_undone_with_the_act_that_it_tells():
    def act():
        write()
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        act()

    assert not Entry.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_reading_costs_one_query_however_many_lines(django_assert_num_queries, count):
    for number in range(count):
        write(str(number))

    with django_assert_num_queries(1):
        assert len(list(entries_about("request", 12))) == count


def refused():
    return pytest.raises(DatabaseError, match="journal_entry: rows are never changed")


def test_the_database_refuses_to_change_a_line():
    write()

    line = Entry.objects.get()
    line.text = "Autre chose."
    with refused(), transaction.atomic():
        line.save()
    with refused(), transaction.atomic():
        Entry.objects.update(actor="quelqu'un d'autre")
    assert Entry.objects.get().text == "Demande reçue."


def test_the_database_refuses_to_delete_a_line():
    write()

    with refused(), transaction.atomic():
        Entry.objects.get().delete()
    with refused(), transaction.atomic():
        Entry.objects.all().delete()
    with refused(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry")
    assert Entry.objects.count() == 1


def test_the_refusals_can_be_lifted_and_put_back():
    """What a reversed migration runs, and a migration run again."""
    write()
    with connection.cursor() as cursor:
        for statement in lifting_statements(connection.vendor, "journal_entry"):
            cursor.execute(statement)
        cursor.execute("UPDATE journal_entry SET text = 'repris'")
        for statement in refusal_statements(connection.vendor, "journal_entry"):
            cursor.execute(statement)

    assert Entry.objects.get().text == "repris"
    with refused(), transaction.atomic():
        Entry.objects.update(text="encore")
