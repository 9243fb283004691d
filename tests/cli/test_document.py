"""`tripartite document verify`: whether a file is one of our papers, in words, in JSON and by the exit status."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.documents.authorities import AT, make, sign
from tests.factories import quotes
from tripartite.cli.main import main
from tripartite.documents.render import render
from tripartite.documents.sealing import seal_pdf
from tripartite.documents.services import store_document

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.CONFIG = replace(settings.CONFIG, var=tmp_path, trust_folder=tmp_path / "trust")
    return tmp_path


@pytest.fixture(scope="module")
def paper():
    payload = quotes.paper().as_payload()
    return render(payload["model"], payload)


def keep(pdf):
    return store_document(
        kind="quote",
        issuer="lfn",
        number="LFN-2026-00012",
        title="Devis LFN-2026-00012, Ruitz",
        model="quote-2024-03-26",
        payload={},
        pdf=pdf,
        at=AT,
    )


def seal(pdf):
    return seal_pdf(pdf, reason="Essai", name="La Fibre Numérique 59-62", at=AT, field="Sceau")


@pytest.fixture
def verify(tmp_path, capsys):
    """Answers the exit status and what is said, as values."""

    def verify(content):
        path = tmp_path / "papier.pdf"
        path.write_bytes(content)
        status = main(["document", "verify", str(path), "--format", "json"])
        return status, json.loads(capsys.readouterr().out)

    return verify


def test_a_kept_paper_is_genuine(paper, verify):
    keep(paper)
    status, said = verify(paper)
    assert (status, said["authenticity"], said["verdict"], said["signatures"]) == (0, "genuine", "no-signature", [])


def test_a_kept_paper_that_somebody_signed(paper, verify):
    sealed = seal(paper)
    keep(sealed)
    status, said = verify(sign(sealed, make("Maire")))
    assert (status, said["authenticity"], said["verdict"]) == (0, "signed-genuine", "indeterminate")
    assert [one["own_seal"] for one in said["signatures"]] == [True, False]
    assert [one["verdict"] for one in said["signatures"]] == ["valid", "indeterminate"]


def test_one_byte_off_is_altered(paper, verify):
    keep(paper)
    place = paper.index(b"/MediaBox") + 12
    status, said = verify(paper[:place] + b"1" + paper[place + 1 :])
    assert (status, said["authenticity"]) == (1, "altered")


def test_a_page_changed_after_what_is_kept_is_altered(paper, verify):
    keep(paper)
    writer = IncrementalPdfFileWriter(BytesIO(paper))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[generic.pdf_name("/Rotate")] = generic.NumberObject(90)
    writer.update_container(page)
    output = BytesIO()
    writer.write(output)
    status, said = verify(output.getvalue())
    assert (status, said["authenticity"]) == (1, "altered")


def test_our_seal_on_a_changed_file_is_altered(paper, verify):
    sealed = seal(paper)
    place = sealed.index(b"/MediaBox") + 12
    status, said = verify(sealed[:place] + b"1" + sealed[place + 1 :])
    assert (status, said["authenticity"], said["verdict"]) == (1, "altered", "invalid")


def test_a_sealed_paper_that_is_not_kept_any_more(paper, verify):
    status, said = verify(seal(paper))
    assert (status, said["authenticity"], said["verdict"]) == (0, "unknown", "valid")


def test_a_stranger_is_unknown(paper, verify):
    status, said = verify(paper)
    assert (status, said["authenticity"]) == (3, "unknown")
    status, said = verify(b"rien")
    assert (status, said["unreadable"]) == (3, "Ce fichier n'est pas un PDF.")


def test_it_is_said_in_words(paper, tmp_path, capsys):
    path = tmp_path / "papier.pdf"
    sealed = seal(paper)
    path.write_bytes(sealed)
    keep(sealed)

    assert main(["document", "verify", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Authentique : ce fichier est un papier établi et conservé ici, sans un octet de différence."
    assert lines[2] == "La signature est valable."
    assert lines[3].startswith("- Sceau de cette plateforme de Sceau d'essai Tripartite, sans valeur")


def test_what_cannot_be_read_is_told(tmp_path, capsys):
    assert main(["document", "verify", str(tmp_path / "absent.pdf")]) == 2
    assert "Impossible de lire" in capsys.readouterr().err


def test_a_broken_file_among_the_authorities_is_told(paper, tmp_path, capsys):
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "racine.pem").write_bytes(b"rien")
    path = tmp_path / "papier.pdf"
    path.write_bytes(paper)
    assert main(["document", "verify", str(path)]) == 3
    assert "racine.pem est illisible" in capsys.readouterr().err
