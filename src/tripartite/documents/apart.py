"""What is called apart, in a process of its own, to read papers and certificates of strangers: never from here."""

from datetime import datetime

from tripartite.documents.certificates import read_certificate
from tripartite.documents.errors import UnreadablePdf
from tripartite.documents.findings import CertificateFound, PdfFound
from tripartite.documents.key_certificate import CertificateRefused
from tripartite.documents.reading import opened_pdf
from tripartite.documents.trust import TrustSettings
from tripartite.documents.verification import only_signed_since, signatures_count, verify_pdf


def read_pdf(pdf: bytes, earlier: int, trust: TrustSettings, at: datetime, fetch: bool) -> PdfFound:
    """What is said of a PDF whose first `earlier` bytes are one of our papers (0: none is)."""
    try:
        found = verify_pdf(pdf, trust=trust, at=at, fetch_revocation=fetch)
        if not earlier:
            return PdfFound(found, title=_title(pdf))
        return PdfFound(found, known=signatures_count(pdf[:earlier]), only_signed=only_signed_since(pdf, pdf[:earlier]))
    except UnreadablePdf as refusal:
        return PdfFound(unreadable=str(refusal))


def read_key(content: bytes) -> CertificateFound:
    """The certificate of a signature key, or why there is none."""
    try:
        return CertificateFound(read_certificate(content))
    except CertificateRefused as refusal:
        return CertificateFound(refusal=str(refusal))


def _title(pdf: bytes) -> str:
    with opened_pdf(pdf) as reader:
        return str(reader.document_meta_view.title or "")[:1000]
