"""Somebody's own certificate, made for a story by an authority that the story trusts, and a signature with it."""

import asyncio
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession

FROM, UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2054, 1, 1, tzinfo=UTC)
AUTHORITY = "Autorité d'essai des récits"


def trust_authority(folder: Path) -> None:
    """Put the authority where the installation looks for those that it trusts."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "recits.pem").write_bytes(_authority()[1].public_bytes(serialization.Encoding.PEM))


def signed_outside(pdf: bytes, signatory: Any, *, at: datetime) -> bytes:
    """The PDF signed once more with the signatory's certificate, as a person does with software of one's own."""
    metadata = signers.PdfSignatureMetadata(
        field_name=f"exterieur-{signatory.position}",
        name=signatory.name,
        subfilter=fields.SigSeedSubFilter.PADES,
        signer_key_usage=set(),
    )
    dated = _Dated(metadata, _signer(signatory.name))
    dated.at = at
    output = BytesIO()
    asyncio.run(dated.async_sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=output))
    return output.getvalue()


class _Dated(signers.PdfSigner):
    """Declares the instant of the story."""

    at: datetime

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session


@cache
def _authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, _certificate(AUTHORITY, key, AUTHORITY, key, authority=True)


@cache
def _signer(holder: str) -> signers.SimpleSigner:
    authority_key, authority = _authority()
    key = ec.generate_private_key(ec.SECP256R1())
    own = _certificate(holder, key, AUTHORITY, authority_key, authority=False)
    packed = pkcs12.serialize_key_and_certificates(b"essai", key, own, [authority], serialization.NoEncryption())
    return signers.SimpleSigner.load_pkcs12_data(packed, other_certs=[])


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    usage = dict.fromkeys(("key_encipherment", "data_encipherment", "key_agreement"), False)
    usage |= {"digital_signature": not authority, "content_commitment": not authority}
    usage |= {"key_cert_sign": authority, "crl_sign": authority, "encipher_only": False, "decipher_only": False}
    return (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])
