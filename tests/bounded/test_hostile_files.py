"""Files made to harm: each is answered in French, within its bounds, changes nothing and leaves no process."""

import threading
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from tests.bounded import hostile
from tests.bounded.test_reading import readers_alive
from tests.documents.authorities import AT, make
from tests.documents.other_tools import message_of
from tests.web.conftest import words
from tripartite.bounded.allowance import allowance
from tripartite.bounded.places import a_place, a_turn
from tripartite.bounded.refusals import Busy, TooLong
from tripartite.documents.authenticity import examine
from tripartite.documents.certificates import read_certificate as read_here
from tripartite.documents.key_certificate import CertificateRefused
from tripartite.documents.models import Document
from tripartite.documents.reading import BROKEN
from tripartite.documents.scans import check_scan
from tripartite.documents.strangers import read_certificate
from tripartite.documents.trust import TrustSettings
from tripartite.journal.models import Entry
from tripartite.parties.services.reading import DirectoryFile, ImportRefused, read_table
from tripartite.parties.services.spreadsheets import SpreadsheetError, column_letter, read_sheets
from tripartite.parties.services.workbooks import sheets_of
from tripartite.web.conventions.forms import TextForm

MERGED = 30_000
PAGES = b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>"
CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"


@pytest.fixture(autouse=True)
def _few_places(settings, tmp_path):
    settings.CONFIG = replace(settings.CONFIG, var=tmp_path, reading_places=2, reading_patience=0)


@pytest.fixture
def hurried(settings):
    """A second for each file: what takes ten is refused as what takes eleven is elsewhere."""
    settings.CONFIG = replace(settings.CONFIG, reading_seconds=1)


@pytest.fixture
def slow_pdf():
    """Nested indefinite lengths in a signature that thirty fields bear: many seconds of processor, for 170 kB."""
    message = message_of(b"0" * 32, make("Signataire"))
    return hostile.signed_pdf(hostile.slow_message(message, 40_000), fields=30)


def said_of(pdf):
    found = examine(pdf, trust=TrustSettings(), at=AT, fetch_revocation=False)
    return found.unreadable or found.verification.sentence


def counts():
    return Document.objects.count(), Entry.objects.count()


@pytest.mark.django_db
def test_a_signature_whose_reading_does_not_end_in_time_is_too_long(hurried, slow_pdf, client):
    before = counts()
    assert len(slow_pdf) < 200_000
    answer = client.post("/verifier/", {"file": SimpleUploadedFile("papier.pdf", slow_pdf), "digest": ""})
    assert answer.status_code == 200
    assert TooLong.words in words(answer)
    assert readers_alive() == []
    assert counts() == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pdf", "words"),
    [
        (hostile.signed_pdf(hostile.indefinite_message(3000)), "Pas valable : signature illisible."),
        (hostile.signed_pdf(b"\x30\x80" * 9 + b"\x04\x00" * 9000), "Pas valable : signature illisible."),
        (hostile.pdf([CATALOGUE, PAGES, b"[" * 200_000 + b"]" * 200_000]), BROKEN),
        (hostile.pdf([CATALOGUE, PAGES, b"<</A" * 100_000]), BROKEN),
        (hostile.pdf([CATALOGUE, b"2 0 R"]), "Ce PDF ne porte aucune signature électronique."),
        (hostile.pdf([CATALOGUE, PAGES]), "Ce PDF ne porte aucune signature électronique."),
        (hostile.pdf([CATALOGUE, PAGES], previous=-1), BROKEN),
        (hostile.pdf([CATALOGUE, PAGES], root=2**31), BROKEN),
    ],
    ids=["deep-ber", "open-ber", "deep-array", "deep-dictionary", "self", "page-loop", "table-loop", "no-root"],
)
def test_a_pdf_that_turns_on_itself_is_answered(pdf, words):
    assert said_of(pdf) == words
    assert readers_alive() == []


@pytest.mark.parametrize(
    "content",
    [
        b"-----BEGIN CERTIFICATE-----\n" * 7000,
        b"".join(b"-----BEGIN %d-----" % number for number in range(8000)),
        b"-----BEGIN CERTIFICATE-----" + b"-----END X-----" * 12_000,
        b"\x30\x80" * 99_000,
        b"\x24\x80" * 9 + b"\x04\x00" * 99_000,
    ],
    ids=["beginnings", "labels", "endings", "nested", "chunks"],
)
def test_a_certificate_of_repeated_marks_is_none(content):
    with pytest.raises(CertificateRefused, match=r"Ce fichier n'est pas un certificat \(PEM, DER ou PKCS#7"):
        read_certificate(content)
    assert readers_alive() == []


def test_marks_are_each_looked_at_once():
    """A block is from a beginning to the first end of its name, wherever others stand."""
    holder = make("Signataire")
    pem = holder.pem
    for around in (b"-----BEGIN X-----\n", b"-----END CERTIFICATE-----\n", b"-----BEGIN CERTIFICATE \n-----"):
        assert read_here(around + pem + around).der == holder.der


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (hostile.workbook(b"<mergeCell" * MERGED), "ce n'est pas un classeur XLSX lisible."),
        (hostile.workbook(b"<mergeCell ref=" * MERGED), "ce n'est pas un classeur XLSX lisible."),
        (
            hostile.workbook(b"0" * 8_000_001),
            "classeur trop gros une fois décompressé : n'y garder que la liste, sans images.",
        ),
        (hostile.understated(hostile.archive({"a": b"0" * 9_000_000}), 10), "ce n'est pas un classeur XLSX lisible."),
        (hostile.workbook(b'<!DOCTYPE a [<!ENTITY b "c">]>'), "ce n'est pas un classeur XLSX lisible."),
        (b'"' + b"a" * 4_900_000, "ce n'est pas un fichier CSV lisible."),
        (b"0" * 5_000_001, "fichier trop gros : 5 Mo au plus."),
    ],
    ids=["merged", "merged-more", "bomb", "understated", "entities", "field", "big"],
)
def test_a_spreadsheet_made_to_harm_is_refused(content, said):
    with pytest.raises(SpreadsheetError) as refused:
        read_sheets(content)
    assert str(refused.value) == said
    assert readers_alive() == []


def test_merged_cells_are_found_as_before():
    sheet = b'<worksheet><mergeCells count="1"><mergeCell  a="b" ref="A2:B3"/></mergeCells><mergeCellX ref="C1"/>'
    from tripartite.parties.services.workbooks import _merged_cells  # noqa: PLC0415

    assert _merged_cells("xl/worksheets/sheet1.xml", sheet) == ((3, "A2:B3"),)


def test_columns_are_named_as_spreadsheets_do():
    assert [column_letter(place) for place in (0, 25, 26, 51, 52, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "ZZ",
        "AAA",
    ]


def test_an_official_file_of_one_field_is_refused():
    with pytest.raises(ImportRefused, match=r"communes\.csv, ligne 1 : ce n'est pas un fichier CSV lisible"):
        read_table(DirectoryFile("communes.csv", b'"' + b"a" * 10_000_000, "essai"), (frozenset(),))


def test_a_reader_answers_as_if_it_were_here():
    content = "siren;début\n216206102;01/01/2024\n".encode()
    assert read_sheets(content) == sheets_of(content)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a." * 200_000 + "a = 1", [TooLong.words]),
        ("a = " + "[" * 200_000, []),
        ("a = " + "{b = " * 90_000, []),
        ("[" + " " * 400_000 + '"a]b"]', []),
        ("a = 1", []),
    ],
    ids=["dotted", "arrays", "tables", "header", "sound"],
)
def test_a_text_is_tried_apart_before_it_is_read(text, said):
    """What is merely wrong in it is said by whoever reads it here, at little cost."""
    form = TextForm({"text": text, "made_on": ""})
    assert form.errors.get("text", []) == said
    assert readers_alive() == []


def test_an_image_is_told_by_its_beginning_and_never_unpacked():
    assert check_scan(hostile.image(2**31 - 1, 2**31 - 1)) == "image/png"


@pytest.mark.django_db
def test_a_public_page_leaves_a_place_and_says_that_it_is_busy(client):
    """With two places, anybody's files take one: the other is for those whom we know."""
    pdf = hostile.pdf([CATALOGUE, PAGES])
    with a_place(allowance().folder, places=1, patience=0):
        answer = client.post("/verifier/", {"file": SimpleUploadedFile("papier.pdf", pdf), "digest": ""})
        assert (answer.status_code, answer["Retry-After"]) == (503, "10")
        assert Busy.words in words(answer)
        assert said_of(pdf) == "Ce PDF ne porte aucune signature électronique."
        assert client.get("/verifier/").status_code == 200
    answer = client.post("/verifier/", {"file": SimpleUploadedFile("papier.pdf", pdf), "digest": ""})
    assert answer.status_code == 200


@pytest.mark.django_db
def test_a_process_reads_one_file_of_anybody_at_a_time_and_makes_nobody_wait(client, settings):
    """Places are free, but a server's process has two threads: one that reads, and one that goes on answering."""
    settings.CONFIG = replace(settings.CONFIG, reading_patience=600)
    pdf = hostile.pdf([CATALOGUE, PAGES])
    sent = {"digest": ""}
    with a_turn():
        answer = client.post("/verifier/", sent | {"file": SimpleUploadedFile("papier.pdf", pdf)})
        assert (answer.status_code, Busy.words in words(answer)) == (503, True)
        assert said_of(pdf) == "Ce PDF ne porte aucune signature électronique."
    answer = client.post("/verifier/", sent | {"file": SimpleUploadedFile("papier.pdf", pdf)})
    assert answer.status_code == 200


@pytest.mark.django_db(transaction=True)
def test_four_at_once_take_two_places_and_the_site_answers(hurried, slow_pdf, client):
    """Two are read and found too long, two are told to come again; a page that reads no file is as it was."""
    answers = []

    def ask():
        try:
            answers.append(said_of(slow_pdf))
        except Busy as busy:
            answers.append(str(busy))
        finally:
            if connection.connection is not None:
                connection.connection.close()  # Django leaves open what is in memory

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for one in asking:
        one.start()
    assert client.get("/verifier/").status_code == 200
    for one in asking:
        one.join()
    assert sorted(set(answers)) == [TooLong.words, Busy.words]
    assert answers.count(TooLong.words) >= 2
    assert readers_alive() == []
