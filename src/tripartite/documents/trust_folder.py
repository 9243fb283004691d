"""Reading whom this installation trusts: the authorities of a folder, and its own seal."""

from pathlib import Path

from asn1crypto import crl, pem, x509
from django.conf import settings

from tripartite.documents.seal_key import own_certificate
from tripartite.documents.trust import TrustSettings

LARGEST = 20 * 1024 * 1024


def trust_settings() -> TrustSettings:
    """What the installation's settings say: TRIPARTITE_TRUST_FOLDER, and the seal's own certificate."""
    own = own_certificate()
    return read_trust_folder(settings.CONFIG.trust_folder, own=(own.dump(),) if own else ())


def read_trust_folder(folder: Path, *, own: tuple[bytes, ...] = ()) -> TrustSettings:
    """The certificates (`.pem`, `.crt`, `.cer`) and lists of revocation (`.crl`) of a folder, which may not exist.

    A certificate whose issuer is in the folder too is only a link: its issuer answers for it, and may revoke it.
    Every other one is an anchor.
    """
    found: list[x509.Certificate] = []
    crls: list[bytes] = []
    unreadable: list[str] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix.lower() not in {".pem", ".crt", ".cer", ".crl"}:
            continue
        try:
            for kind, der in _blocks(path):
                if kind == "X509 CRL":
                    crls.append(crl.CertificateList.load(der, strict=True).dump())
                else:
                    found.append(_certificate(der))
        except (OSError, ValueError, TypeError):
            unreadable.append(path.name)
    subjects = {one.subject.hashable for one in found}
    links = [one for one in found if one.self_signed == "no" and one.issuer.hashable in subjects]
    return TrustSettings(
        anchors=tuple(one.dump() for one in found if one not in links),
        intermediates=tuple(one.dump() for one in links),
        crls=tuple(crls),
        own=own,
        unreadable=tuple(unreadable),
    )


def _blocks(path: Path) -> list[tuple[str, bytes]]:
    if path.stat().st_size > LARGEST:
        raise ValueError(path.name)
    content = path.read_bytes()
    if not pem.detect(content):
        return [("X509 CRL" if path.suffix.lower() == ".crl" else "CERTIFICATE", content)]
    return [(kind, der) for kind, _, der in pem.unarmor(content, multiple=True)]


def _certificate(der: bytes) -> x509.Certificate:
    certificate = x509.Certificate.load(der, strict=True)
    certificate.native  # noqa: B018 - reads it all, so that a broken one is told now
    return certificate
