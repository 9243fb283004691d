"""« Vérifier un papier »: anybody may ask, nothing is kept, and the answer says no more than it should."""

from dataclasses import replace
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.documents.authorities import AT
from tests.factories import quotes
from tests.web.conftest import errors, part, words
from tripartite.documents.authenticity import LARGEST_UPLOAD, MADE_HERE
from tripartite.documents.models import Document
from tripartite.documents.render import render
from tripartite.documents.retention import PERIODS
from tripartite.documents.sealing import seal_pdf
from tripartite.documents.services import store_document, store_scan
from tripartite.journal.models import Entry
from tripartite.web.shell.limits import MARGIN

pytestmark = pytest.mark.django_db
ADDRESS = "/verifier/"


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.CONFIG = replace(settings.CONFIG, var=tmp_path, trust_folder=tmp_path / "trust")


@pytest.fixture
def sealed():
    """A kept paper, sealed."""
    payload = quotes.paper().as_payload()
    pdf = seal_pdf(
        render(payload["model"], payload), reason="Essai", name="La Fibre Numérique 59-62", at=AT, field="Sceau"
    )
    store_document(
        kind="quote", issuer="lfn", number="LFN-2026-00012", title="Devis", model="quote", payload={}, pdf=pdf, at=AT
    )
    return pdf


def send(client, content=None, digest=""):
    given = {"digest": digest}
    if content is not None:
        given["file"] = SimpleUploadedFile("papier.pdf", content, "application/pdf")
    return client.post(ADDRESS, given)


def test_every_page_leads_there(client):
    assert f'href="{ADDRESS}"' in client.get(reverse("legal")).content.decode()
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


def test_a_genuine_file(client, sealed):
    before = Document.objects.count(), Entry.objects.count()
    answer = send(client, sealed)
    said = part(answer, "answer")
    assert "Authentique : ce fichier est un papier établi et conservé ici, sans un octet de différence." in said
    assert "Sceau de cette plateforme de Sceau d'essai Tripartite, sans valeur" in said
    assert "Ruitz" not in words(answer)
    assert "LFN-2026" not in words(answer)
    assert (Document.objects.count(), Entry.objects.count()) == before


def test_a_genuine_digest(client, sealed):
    digest = sha256(sealed).hexdigest()
    spaced = " ".join(digest.upper()[place : place + 8] for place in range(0, 64, 8))
    assert "conservé ici" in part(send(client, digest=spaced), "answer")
    assert "n'est pas conservé ici" in part(send(client, digest="0" * 64), "answer")


def test_what_was_only_deposited_is_not_said_genuine(client):
    scan = b"\xff\xd8\xff une convention"
    for day, kind in ((2, "scan"), (1, "signed-scan"), (3, "signing-refusal")):
        store_scan(content=scan, title="Original signé", at=AT.replace(day=day), kind=kind)
    for said in (part(send(client, scan), "answer"), part(send(client, digest=sha256(scan).hexdigest()), "answer")):
        assert said.startswith("Réponse Déposé, non authentifié : ce fichier est celui qu'un agent")
        assert f"a déposé ici le 01/{AT:%m/%Y}, sans un octet de différence. La plateforme ne l'a pas établi" in said
        assert "Authentique" not in said
        assert "n'est pas un PDF" not in said


def test_what_begins_as_a_deposit_is_no_paper_of_ours(client, sealed):
    scan = b"%PDF-1.7\nun original\n%%EOF\n"
    store_scan(content=scan, title="Original signé", at=AT)
    assert "n'est pas conservé ici" in part(send(client, scan + b"et la suite\n%%EOF\n"), "answer")
    store_scan(content=sealed, title="Le devis, déposé aussi", at=AT)
    assert "Authentique : ce fichier est un papier établi" in part(send(client, sealed), "answer")


def test_a_paper_with_the_signatures_received_here(client, sealed):
    signed = sealed + b"\n"
    store_document(
        kind="signed-revision", issuer="", number=None, title="signée", model="", payload={}, pdf=signed, at=AT
    )
    assert "Authentique et signé : ce fichier est un papier établi ici, avec les signatures électroniques" in part(
        send(client, digest=sha256(signed).hexdigest()), "answer"
    )


@pytest.mark.parametrize("kind", sorted(PERIODS))
def test_every_kind_of_paper_is_made_here_or_brought(kind):
    brought = {"certificate", "deposited-act", "pes-return", "scan", "signed-scan", "signing-refusal"}
    assert (kind in MADE_HERE) is (kind not in brought)


def test_an_altered_file(client, sealed):
    place = sealed.index(b"/MediaBox") + 12
    said = part(send(client, sealed[:place] + b"1" + sealed[place + 1 :]), "answer")
    assert "et n'est pas celui conservé" in said
    assert "altérée : ce qui était signé a changé" in said


@pytest.mark.parametrize("content", [b"", b"rien", b"%PDF-1.7\n%%EOF", b"<script>alert(1)</script>"])
def test_anything_else_is_answered_plainly(client, content):
    answer = send(client, content)
    assert answer.status_code == 200
    assert "n'est pas conservé ici" in part(answer, "answer")


def test_nothing_given(client):
    answer = send(client)
    assert (answer.status_code, "Donnez un fichier, ou une empreinte." in errors(answer)) == (422, True)
    answer = send(client, digest="abc")
    assert (answer.status_code, "64 chiffres hexadécimaux" in errors(answer)) == (422, True)


def test_too_large_a_file_is_refused(client):
    answer = send(client, b"%PDF-" + b" " * LARGEST_UPLOAD)
    assert (answer.status_code, "10 Mo au plus" in errors(answer)) == (422, True)
    answer = send(client, b"%PDF-" + b" " * (LARGEST_UPLOAD + MARGIN))
    assert (answer.status_code, "10 Mo au plus" in words(answer)) == (413, True)


def test_a_form_that_is_not_ours_is_refused():
    assert send(Client(enforce_csrf_checks=True), b"rien").status_code == 403


def test_it_asks_the_database_little(client, sealed, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        send(client, sealed + b"%%EOF\n" * 40)
