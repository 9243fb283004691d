"""All the papers of a file in one ZIP: each once, as it was made, with an index that proves them."""

import csv
import io
import zipfile
from hashlib import sha256

import pytest

from tests.factories import accounts, conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import DAY, SCAN, signatory
from tripartite.conventions.services.signing import Consent, record_paper_signature, sign_here

pytestmark = pytest.mark.django_db


def archive(client, reference):
    client.force_login(accounts.account())
    answer = client.get(f"/demandes/{reference}/papiers.zip")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.content))


def test_the_index_names_each_paper_with_its_hash(client):
    conventions.offer()
    convention = conventions.sent()
    record_paper_signature(
        signatory_id=signatory(convention, "beneficiary").pk,
        signed_on=DAY,
        scan=SCAN,
        original_place="Mairie",
        actor=TESTER,
        at=AT,
    )
    found = archive(client, convention.request.reference)
    assert found.namelist() == [
        "01-LFN-2026-00012.pdf",
        "02-CDG62-2026-00047.pdf",
        "03-lfn-2026-00012-et-cdg62-2026-00047-preuve-dun-accord-donne-e.pdf",
        "04-C-2026-00007.pdf",
        "05-c-2026-00007-signee-sur-papier-par-prenom-nom.pdf",
        "index.csv",
    ]
    rows = list(csv.DictReader(io.StringIO(found.read("index.csv").decode("utf-8-sig")), delimiter=";"))
    assert [sha256(found.read(row["fichier"])).hexdigest() for row in rows] == [row["sha256"] for row in rows]
    assert [row["signature"] for row in rows] == [
        "",
        "",
        "",
        "",
        "Prénom NOM, Maire : sur papier, le 23/11/2026. Date portée sur l'original, telle qu'un agent l'a notée.",
    ]
    assert found.read("05-c-2026-00007-signee-sur-papier-par-prenom-nom.pdf") == SCAN


def test_the_evidence_of_an_agreement_and_of_a_signature_by_code_are_there(client):
    conventions.offer()
    convention = conventions.sent()
    consent = Consent("Lu et signé.", "maire@exemple.fr", "192.0.2.1", "Navigateur")
    sign_here(signatory_id=signatory(convention, "beneficiary").pk, consent=consent, actor=TESTER, at=AT)
    found = archive(client, convention.request.reference)
    assert found.namelist() == [
        "01-LFN-2026-00012.pdf",
        "02-CDG62-2026-00047.pdf",
        "03-lfn-2026-00012-et-cdg62-2026-00047-preuve-dun-accord-donne-e.pdf",
        "04-C-2026-00007.pdf",
        "05-c-2026-00007-signee-par-prenom-nom.pdf",
        "06-c-2026-00007-prenom-nom-preuve-dune-signature-par-lien-et-co.pdf",
        "index.csv",
    ]


def test_the_same_papers_make_the_same_file(client):
    quotes.offer()
    asked = quotes.request()
    quotes.issued(asked)
    client.force_login(accounts.account())
    address = f"/demandes/{asked.reference}/papiers.zip"
    assert client.get(address).content == client.get(address).content


def test_an_unknown_file_is_not_found(client):
    client.force_login(accounts.account())
    assert client.get("/demandes/D-1999-00001/papiers.zip").status_code == 404
