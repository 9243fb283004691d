"""Reading the certificate of a signature key off a file that somebody deposits: nothing of it is ever typed.

A certificate is public. A private key is not: a file that holds one is refused before anything else is read, and what
is kept is the certificate alone, never the file.
"""

import re
import warnings
from base64 import b64decode
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from asn1crypto import pkcs12
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tripartite.documents.envelopes import whole_message
from tripartite.documents.holder_reading import holder_in_der
from tripartite.documents.key_certificate import LARGEST, CertificateRefused, KeyCertificate

PARIS = ZoneInfo("Europe/Paris")

_MARK = re.compile(rb"-----(BEGIN|END) ([A-Z0-9 ]{1,40})-----")
_FIRST = (NameOID.COMMON_NAME, NameOID.TITLE, NameOID.ORGANIZATION_NAME)
_PRIVATE = (
    "Ce fichier contient une clé privée : il n'est pas gardé. Elle ne doit jamais quitter la clé de son porteur."
    " Déposez le certificat seul (.cer, .crt, .pem ou .p7b)."
)
_STORE = (
    "Ce fichier est un PKCS#12 (.p12, .pfx), fait pour porter une clé privée : il n'est pas gardé."
    " Déposez le certificat seul (.cer, .crt, .pem ou .p7b)."
)
_NEITHER = "Ce fichier n'est pas un certificat (PEM, DER ou PKCS#7 : .cer, .crt, .pem, .p7b)."
_IMAGES = {
    b"%PDF-": "un PDF",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"GIF8": "une image",
    b"PK\x03\x04": "un fichier ZIP ou bureautique",
}


def read_certificate(content: bytes) -> KeyCertificate:
    """The certificate of a signature key: PEM, DER or PKCS#7 (PEM or DER), of which the holder's is taken.

    Raises CertificateRefused, and nothing else, for whatever else these bytes may be: nothing, too much, a private
    key, a PKCS#12, an image, an authority's own certificate, several holders, a website's certificate.
    """
    if not content:
        raise CertificateRefused("Le fichier est vide.")
    if len(content) > LARGEST:
        raise CertificateRefused(f"Fichier trop gros pour un certificat : {LARGEST // 1000} ko au plus.")
    if b"PRIVATE KEY" in content:
        raise CertificateRefused(_PRIVATE)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(content)
    except CertificateRefused:
        raise
    except Exception:  # noqa: BLE001 - a stranger's bytes: whatever they break, they are no certificate
        raise CertificateRefused(_NEITHER) from None


def days_of(not_before: datetime, not_after: datetime) -> tuple[date, date]:
    """The first day on which a certificate signs at some instant, and the last one on which it signs until midnight:
    inclusive, in Paris. One that ends in the middle of a day is counted on until the eve. A certificate shorter than
    a day has the day on which it begins.
    """
    first = not_before.astimezone(PARIS).date()
    last = (not_after.astimezone(PARIS) + timedelta(seconds=1)).date() - timedelta(days=1)
    return first, max(first, last)


def _read(content: bytes) -> KeyCertificate:
    found = {one.fingerprint(SHA256()): one for one in _certificates(content)}
    if not found:
        raise CertificateRefused(_refusal(content))
    held = [one for one in found.values() if not _is_authority(one, found.values())]
    if not held:
        raise CertificateRefused("C'est le certificat d'une autorité, pas celui du titulaire de la clé.")
    holders = {_same_holder(one): _holder(one) for one in held}
    if len(holders) > 1:
        names = ", ".join(sorted(f"« {name} »" for name in holders.values())[:5])
        raise CertificateRefused(
            f"Ce fichier contient les certificats de {len(holders)} titulaires ({names}) : déposez celui de la clé."
        )
    chosen = _signing(held)
    return _told(chosen, _left_out([one for one in held if one is not chosen], len(found) - len(held)))


def _same_holder(one: x509.Certificate) -> tuple[str, str]:
    """What the certificates of one holder share: an authority gives each use its own, under one name."""
    named = holder_in_der(one.public_bytes(Encoding.DER))
    return _holder(one).casefold(), named.organisation.casefold()


def _signing(held: list[x509.Certificate]) -> x509.Certificate:
    """The certificate of a holder that signs papers: it commits to their content, or is the only one that signs."""
    if len(held) == 1:
        return held[0]
    usages = [(one, _usage(one)) for one in held]
    committing = [one for one, usage in usages if usage is None or usage.content_commitment]
    able = committing or [one for one, usage in usages if usage is not None and usage.digital_signature]
    if not able:
        raise CertificateRefused("Aucun de ces certificats ne sert à signer (ils chiffrent, par exemple).")
    if len(able) > 1:
        raise CertificateRefused(
            f"Ce fichier contient {len(able)} certificats de signature du même titulaire : déposez celui de la clé."
        )
    return able[0]


def _usage(one: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return one.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def _left_out(others: list[x509.Certificate], authorities: int) -> str:
    """What of a file is not kept; « » when it holds one certificate."""
    left = []
    for one in others:
        usage = _usage(one)
        left.append("d'authentification" if usage and usage.digital_signature else "de chiffrement")
    told = [f"son certificat {use} est laissé" for use in left]
    if authorities:
        several = f"les {authorities} certificats d'autorité sont laissés"
        told.append("le certificat d'autorité est laissé" if authorities == 1 else several)
    if not told:
        return ""
    kept = "celui de signature du titulaire" if left else "celui du titulaire"
    count = 1 + len(others) + authorities
    return f"Le fichier contient {count} certificats : {kept} est gardé, {', '.join(told)}."


def _certificates(content: bytes) -> Iterable[x509.Certificate]:
    blocks = [
        (label, b64decode(b"".join(content[start:end].split()), validate=True))
        for label, start, end in _blocks(content)
    ]
    if not blocks:
        return _of_der(_without_what_follows(content))
    wanted = (b"CERTIFICATE", b"X509 CERTIFICATE", b"TRUSTED CERTIFICATE", b"PKCS7", b"CMS")
    return [one for label, der in blocks if label in wanted for one in _of_der(der)]


def _blocks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The PEM blocks: the label, and where the text between its two marks starts and ends. Each mark is looked at once:
    a beginning without its end is no block, however many there are.
    """
    marks = [(found[1] == b"BEGIN", found[2], found.start(), found.end()) for found in _MARK.finditer(content)]
    ends: dict[bytes, deque[tuple[int, int]]] = {}
    for begins, label, start, end in marks:
        if not begins:
            ends.setdefault(label, deque()).append((start, end))
    free = 0
    for begins, label, start, end in marks:
        mine = ends.get(label)
        if not begins or start < free or mine is None:
            continue
        while mine and mine[0][0] < end:
            mine.popleft()
        if mine:
            yield label, end, mine[0][0]
            free = mine[0][1]


def _without_what_follows(content: bytes) -> bytes:
    """A binary certificate without the ends of lines that an editor, or a transfer, put after it."""
    with suppress(ValueError):
        _, after = whole_message(content)
        if after and not after.strip():
            return content[: -len(after)]
    return content


def _of_der(der: bytes) -> list[x509.Certificate]:
    """One certificate, or those of a PKCS#7; none when it is neither. Some tools label a PKCS#7 « CERTIFICATE »."""
    readers: tuple[Callable[[bytes], list[x509.Certificate]], ...] = (
        lambda given: [x509.load_der_x509_certificate(given)],
        pkcs7.load_der_pkcs7_certificates,
    )
    for reader in readers:
        with suppress(Exception):
            return reader(der)
    return []


def _refusal(content: bytes) -> str:
    """Why a file that holds no certificate is refused, by what it is."""
    for beginning, what in _IMAGES.items():
        if content.startswith(beginning):
            return f"Ce fichier est {what}, pas un certificat : demandez le fichier .cer, .crt, .pem ou .p7b."
    if _is_pkcs12(content):
        return _STORE
    return _PRIVATE if _is_private(content) else _NEITHER


def _is_pkcs12(content: bytes) -> bool:
    with suppress(Exception):
        store = pkcs12.Pfx.load(content, strict=True)
        return bool(store["version"].native == "v3" and store["auth_safe"]["content_type"].native)
    return False


def _is_private(content: bytes) -> bool:
    try:
        load_der_private_key(content, None)
    except TypeError:  # it wants a password
        return True
    except Exception:  # noqa: BLE001 - no key that can be read
        return False
    return True


def _is_authority(one: x509.Certificate, all_of_them: Iterable[x509.Certificate]) -> bool:
    """Whether it certifies others: by what it says, or because another of the file says so."""
    with suppress(x509.ExtensionNotFound):
        if one.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign:
            return True
    try:
        if one.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return True
    except x509.ExtensionNotFound:
        if one.subject == one.issuer:  # an authority of the old kind, without extensions
            return True
    return any(other is not one and other.issuer == one.subject for other in all_of_them)


def _told(one: x509.Certificate, said: str) -> KeyCertificate:
    _check_usage(one)
    not_before, not_after = one.not_valid_before_utc, one.not_valid_after_utc
    if not_after < not_before:
        raise CertificateRefused("Les dates de ce certificat se contredisent : il finit avant de commencer.")
    if not_after > datetime(9000, 1, 1, tzinfo=UTC):
        raise CertificateRefused("Ce certificat n'a pas de fin : ce n'est pas celui d'une clé de signature.")
    if one.serial_number <= 0 or one.serial_number.bit_length() > 320:
        raise CertificateRefused("Le numéro de série de ce certificat n'est pas valable.")
    first, last = days_of(not_before, not_after)
    return KeyCertificate(
        serial=f"{one.serial_number:X}",
        subject=_text(one.subject),
        holder=_holder(one),
        named=holder_in_der(one.public_bytes(Encoding.DER)),
        issuer=_text(one.issuer),
        not_before=not_before,
        not_after=not_after,
        valid_from=first,
        valid_until=last,
        fingerprint=one.fingerprint(SHA256()).hex(),
        der=one.public_bytes(Encoding.DER),
        said=said,
    )


def _check_usage(one: x509.Certificate) -> None:
    """Refuse what says, itself, that it does not sign papers."""
    usage = _usage(one)
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise CertificateRefused("Ce certificat ne sert pas à signer (il chiffre, par exemple).")
    with suppress(x509.ExtensionNotFound):
        purposes = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        if ExtendedKeyUsageOID.SERVER_AUTH in purposes:
            raise CertificateRefused("Ce certificat est celui d'un site internet, pas celui d'une clé de signature.")


def _holder(one: x509.Certificate) -> str:
    """The holder as its certificate names it: the common name, or all of the subject."""
    names = [_plain(each.value) for each in one.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    return (names[0] if names and names[0] else _text(one.subject))[:200]


def _text(name: x509.Name) -> str:
    """A name as people read it: who, its title, its organisation, then the rest."""
    parts = sorted(name, key=lambda part: _FIRST.index(part.oid) if part.oid in _FIRST else len(_FIRST))
    told = dict.fromkeys(filter(None, (_plain(part.value) for part in parts)))
    return ", ".join(told)[:500] or "sans nom"


def _plain(value: str | bytes) -> str:
    """Printable text on one line: what a database refuses, or a screen would hide, is dropped."""
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
