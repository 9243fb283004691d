"""What a reader tells of a stranger's file, from its process to ours."""

from dataclasses import dataclass

from tripartite.documents.key_certificate import KeyCertificate
from tripartite.documents.reports import Verification


@dataclass(frozen=True, slots=True)
class PdfFound:
    """Of a PDF: what its signatures are worth, or why nothing is said (`unreadable`, in French).

    Where it begins with one of our papers: how many signatures that has (`known`), and whether nothing but signatures
    was added since. Where it does not: its title.
    """

    verification: Verification | None = None
    unreadable: str = ""
    known: int = 0
    only_signed: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class CertificateFound:
    """Of a certificate file: what it says, or why it is refused, in French."""

    certificate: KeyCertificate | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class PictureFound:
    """Of a picture: the same points as a PNG of ours and its size in pixels, or why it is refused, in French."""

    png: bytes = b""
    width: int = 0
    height: int = 0
    refusal: str = ""
