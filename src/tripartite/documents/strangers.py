"""Papers and certificates that strangers give: read apart, within limits; what is told of them is only told.

Nothing else reads one in this process: a file may keep its reader busy, fill its memory or break it, not ours.
"""

from datetime import datetime

from tripartite.bounded.allowance import allowance
from tripartite.bounded.reading import read_bounded
from tripartite.bounded.refusals import refused_as
from tripartite.documents.errors import UnreadablePdf
from tripartite.documents.findings import CertificateFound, PdfFound
from tripartite.documents.key_certificate import CertificateRefused, KeyCertificate
from tripartite.documents.trust import TrustSettings


def verify_pdf(
    pdf: bytes, *, trust: TrustSettings, at: datetime, fetch_revocation: bool, earlier: int = 0, public: bool = False
) -> PdfFound:
    """What the signatures of a file are worth, judged at `at`; with `earlier`, how many of its first bytes are one of
    our papers. `fetch_revocation` lets authorities be asked, over the network: never for a file sent through a page.
    From a `public` page, a place is left to those whom we know.

    Raises UnreadablePdf when nothing can be said of it, Busy when too many files are being read.
    """
    limits = allowance(public=public, network=fetch_revocation)
    with refused_as(UnreadablePdf):
        found: PdfFound = read_bounded(
            "tripartite.documents.apart:read_pdf",
            PdfFound,
            limits=limits,
            pdf=pdf,
            earlier=earlier,
            trust=trust,
            at=at,
            fetch=fetch_revocation,
        )
    if found.verification is None:
        raise UnreadablePdf(found.unreadable)
    return found


def read_certificate(content: bytes) -> KeyCertificate:
    """The certificate of a signature key: PEM, DER or PKCS#7 (PEM or DER), of which the holder's is taken.

    Raises CertificateRefused for whatever else these bytes may be, Busy when too many files are being read.
    """
    with refused_as(CertificateRefused):
        found: CertificateFound = read_bounded(
            "tripartite.documents.apart:read_key", CertificateFound, limits=allowance(), content=content
        )
    if found.certificate is None:
        raise CertificateRefused(found.refusal)
    return found.certificate
