"""A file whose references are told twice is sound as long as every reader shows the same pages."""

from io import BytesIO

import pikepdf
import pypdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from tests.documents.authorities import AT, make
from tests.documents.hybrid_files import Hybrid
from tests.documents.other_tools import appended, signed_like_poppler, trailer_of
from tripartite.documents.errors import UnreadablePdf
from tripartite.documents.reading import BROKEN, BoundedReader, opened_pdf
from tripartite.documents.reports import Coverage, Integrity, Verdict
from tripartite.documents.sealing import seal_pdf
from tripartite.documents.trust import TrustSettings
from tripartite.documents.trust_folder import trust_settings
from tripartite.documents.verification import only_signed_since, verify_pdf


@pytest.fixture(scope="module")
def root():
    return make("Racine d'essai", authority=True)


@pytest.fixture(scope="module")
def paper():
    return Hybrid().written()


@pytest.fixture(scope="module")
def signed(paper, root):
    """Signed by another tool, which takes such files as they are."""
    holder = root.certify("Prénom NOM")
    metadata = signers.PdfSignatureMetadata(field_name="Externe", subfilter=SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(BytesIO(paper), strict=False)
    return signers.PdfSigner(metadata, holder.signer()).sign_pdf(writer, output=BytesIO()).getvalue()


def reports(pdf, root):
    trust = TrustSettings(anchors=(root.der,), own=trust_settings().own)
    return verify_pdf(pdf, trust=trust, at=AT, fetch_revocation=False).signatures


def test_the_file_of_the_test_is_one_that_other_readers_open(paper):
    assert BoundedReader.of(paper).xrefs.hybrid_xrefs_present
    assert pypdf.PdfReader(BytesIO(paper)).pages[0].extract_text() == "Prix : 100"
    with pikepdf.open(BytesIO(paper)) as opened:
        assert len(opened.pages) == 1


def test_such_a_file_once_signed_is_intact(paper, root, signed):
    (report,) = reports(signed, root)
    assert (report.integrity, report.coverage, report.verdict) == (
        Integrity.INTACT,
        Coverage.WHOLE_FILE,
        Verdict.VALID,
    )
    assert report.signer == "Prénom NOM"
    assert only_signed_since(signed, paper)


def test_signed_by_poppler_and_sealed_on_top(paper, root):
    signed = signed_like_poppler(paper, root.certify("Prénom NOM"))
    assert [one.verdict for one in reports(signed, root)] == [Verdict.VALID]
    sealed = seal_pdf(signed, reason="essai", name="Autre NOM", at=AT, field="signataire-2")
    first, _ = reports(sealed, root)
    assert (first.verdict, first.coverage) == (Verdict.VALID, Coverage.PERMITTED_CHANGES)
    assert only_signed_since(sealed, signed)


def test_what_the_stream_says_again_at_the_same_place_is_no_matter():
    with opened_pdf(Hybrid(also_in_stream={3: 0, 5: 0}).written()) as reader:
        assert reader.total_revisions == 1


def test_one_byte_changed_is_seen(root, signed):
    place = signed.index(b"Prix : 100") + 7
    (report,) = reports(signed[:place] + b"9" + signed[place + 1 :], root)
    assert (report.integrity, report.verdict) == (Integrity.ALTERED, Verdict.INVALID)


def test_a_page_changed_after_the_signature_is_seen(root, signed):
    other = b"BT /F1 24 Tf 40 150 Td (Prix : 900) Tj ET"
    content = b"<</Length %d >>\nstream\n%s\nendstream" % (len(other), other)
    changed = appended(signed, {(4, 0): content}, trailer_of(signed))
    (report,) = reports(changed, root)
    assert (report.verdict, report.coverage) == (Verdict.INVALID, Coverage.FORBIDDEN_CHANGES)


WORDS = b"BT /F1 24 Tf 40 150 Td (Prix : 900) Tj ET"
PAGE = b"<</Length %d >>\nstream\n%s\nendstream" % (len(WORDS), WORDS)


@pytest.mark.parametrize(
    "two_readings",
    [
        Hybrid(hidden={7: PAGE}, page=Hybrid.page.replace(b"4 0 R", b"7 0 R")),
        Hybrid(hidden={7: PAGE}, page=Hybrid.page.replace(b"4 0 R", b"[4 0 R 7 0 R]")),
        Hybrid(hidden={7: b"<</Fields [] >>"}, catalogue=b"<</Type /Catalog /Pages 2 0 R /AcroForm 7 0 R >>"),
        Hybrid(also_in_stream={4: 9}),
        Hybrid(generation=1),
    ],
    ids=["contents", "more contents", "form", "another place", "freed for good"],
)
def test_what_two_readers_would_show_differently_is_refused(root, two_readings):
    with pytest.raises(UnreadablePdf) as refused:
        reports(two_readings.written(), root)
    assert str(refused.value) == BROKEN
