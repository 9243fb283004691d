"""Certificate files as people get them from an authority, made for a test."""

from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from tests.documents.authorities import Holder, make

START, END = datetime(2026, 11, 2, 8, 0, tzinfo=UTC), datetime(2029, 11, 1, 22, 59, 59, tzinfo=UTC)


def authority(name: str = "Autorité d'essai") -> Holder:
    """A root that certifies holders."""
    return make(name, authority=True)


def holder(name: str = "Prénom NOM", *, issuer: Holder | None = None, **options: Any) -> Holder:
    """Somebody with a signature key, of three years unless said otherwise."""
    return make(name, issuer=issuer or authority(), **({"start": START, "end": END} | options))


def certificate(**options: Any) -> bytes:
    """The certificate of a new key, as PEM."""
    return holder(**options).pem


def bundle(*holders: Holder, encoding: Encoding = Encoding.DER) -> bytes:
    """A PKCS#7 of certificates (.p7b)."""
    return pkcs7.serialize_certificates([one.certificate for one in holders], encoding)
