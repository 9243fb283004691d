"""Kept papers: their JSON, their bytes and the hash that proves them; nothing changes them afterwards."""

from hashlib import sha256

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.factories.accounts import AT
from tripartite.documents.models import Content, Document
from tripartite.documents.queries import (
    AlteredDocument,
    document_by_id,
    kept_with,
    payload_of,
    pdf_of,
)
from tripartite.documents.services import store_document
from tripartite.journal.append_only import lifting_statements

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 essai \x00\xff"


def stored(**changes):
    values = {
        "kind": "quote",
        "issuer": "lfn",
        "number": "LFN-2026-00012",
        "title": "Devis LFN-2026-00012, Ruitz",
        "model": "quote-2024-03-26",
        "payload": {"b": "é « 🦊 »", "a": 1},
        "pdf": PDF,
        "at": AT,
    }
    return store_document(**(values | changes))


def test_a_paper_is_read_back_as_it_was_kept():
    kept = stored()

    assert document_by_id(kept.pk) == kept
    assert pdf_of(kept.pk) == PDF
    assert (kept.size, kept.sha256) == (len(PDF), sha256(PDF).hexdigest())
    assert payload_of(kept) == {"b": "é « 🦊 »", "a": 1}
    assert document_by_id(kept.pk).payload == '{"b":"é « 🦊 »","a":1}'


def test_a_file_in_hand_is_known_by_its_hash():
    kept = stored()

    assert kept_with(sha256(PDF).hexdigest()) == [kept]
    assert kept_with(sha256(b"another").hexdigest()) == []


def test_what_was_never_kept_is_not_found():
    assert document_by_id(404) is None
    with pytest.raises(Document.DoesNotExist):
        pdf_of(404)


def test_an_issuer_uses_a_number_once_per_kind_of_paper():
    stored()
    stored(issuer="cdg62")
    stored(kind="invoice")
    with pytest.raises(IntegrityError), transaction.atomic():
        stored(pdf=b"another")
    assert (Document.objects.count(), Content.objects.count()) == (3, 3)


def test_papers_without_a_number_are_as_many_as_wanted():
    stored(number=None)
    stored(number=None)
    assert Document.objects.count() == 2


def test_a_payload_that_is_not_json_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        stored(payload={"amount": float("nan")})


@pytest.mark.parametrize(
    "change",
    [
        lambda: Document.objects.update(title="Autre"),
        lambda: Document.objects.all()._raw_delete(Document.objects.db),
        lambda: Content.objects.update(pdf=b"autre"),
        lambda: Content.objects.all().delete(),
    ],
    ids=["change a paper", "delete a paper", "change bytes", "delete bytes"],
)
def test_the_database_itself_refuses_to_change_a_paper(change):
    kept = stored()
    with pytest.raises(DatabaseError, match="rows are never changed"), transaction.atomic():
        change()
    assert pdf_of(kept.pk) == PDF
    assert Document.objects.get().title == kept.title


def test_bytes_changed_behind_its_back_are_detected():
    kept = stored()
    with connection.cursor() as cursor:
        for statement in lifting_statements(connection.vendor, "documents_content"):
            cursor.execute(statement)
    Content.objects.update(pdf=PDF + b" ")

    with pytest.raises(AlteredDocument):
        pdf_of(kept.pk)
