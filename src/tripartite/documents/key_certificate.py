"""What is kept of the certificate of a signature key, and what is refused."""

from dataclasses import dataclass
from datetime import date, datetime

from tripartite.documents.holders import Holder

LARGEST = 200_000
MEDIA_TYPE = "application/pkix-cert"


class CertificateRefused(ValueError):  # noqa: N818 - names what was decided
    """A file that cannot serve; the message, in French, says why and what to deposit instead."""


@dataclass(frozen=True, slots=True)
class KeyCertificate:
    """What a certificate says. `valid_from` and `valid_until` are inclusive days in Paris (`days_of`); `serial` is
    hexadecimal, `fingerprint` the sha256 of `der`. `said` tells in French what was left out of the file.
    """

    serial: str
    subject: str
    holder: str
    named: Holder
    issuer: str
    not_before: datetime
    not_after: datetime
    valid_from: date
    valid_until: date
    fingerprint: str
    der: bytes
    said: str = ""
