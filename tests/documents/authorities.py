"""Authorities of signature made for a test: a root, an intermediate, whoever they certify, and what they revoke."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import Any

import tzlocal
from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers, timestamps
from pyhanko.sign.ades.qualified_asn1 import QcCertificateType, QcStatements
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
START, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)
QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
SUBJECT = {
    "common_name": NameOID.COMMON_NAME,
    "given_name": NameOID.GIVEN_NAME,
    "surname": NameOID.SURNAME,
    "title": NameOID.TITLE,
    "organisation": NameOID.ORGANIZATION_NAME,
    "unit": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "organisation_id": NameOID.ORGANIZATION_IDENTIFIER,
}
CRL_ADDRESS = "http://crl.exemple.invalid/liste.crl"


@dataclass
class Holder:
    """Somebody who has a certificate, and may certify others."""

    certificate: x509.Certificate
    key: Any
    issuer: "Holder | None" = None
    revoked: dict[int, datetime] = field(default_factory=dict)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def asn1(self) -> asn1.Certificate:
        return asn1.Certificate.load(self.der)

    @property
    def private(self) -> keys.PrivateKeyInfo:
        return keys.PrivateKeyInfo.load(self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))

    def certify(self, name: str, **options: Any) -> "Holder":
        return make(name, issuer=self, **options)

    def revoke(self, other: "Holder", at: datetime) -> None:
        self.revoked[other.certificate.serial_number] = at

    def crl(self, *, at: datetime = AT, until: datetime | None = None) -> bytes:
        """The list of what it revoked, as DER."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(at - timedelta(hours=1))
            .next_update(until or at + timedelta(days=7))
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for serial, when in self.revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when)
            builder = builder.add_revoked_certificate(
                entry.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False).build()
            )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def pkcs12(self, password: str = "") -> bytes:
        others = []
        above = self.issuer
        while above:
            others.append(above.certificate)
            above = above.issuer
        locked = BestAvailableEncryption(password.encode()) if password else NoEncryption()
        return pkcs12.serialize_key_and_certificates(b"cle", self.key, self.certificate, others, locked)

    def signer(self) -> signers.SimpleSigner:
        store = SimpleCertificateStore()
        above = self.issuer
        while above:
            store.register(above.asn1)
            above = above.issuer
        return signers.SimpleSigner(self.asn1, self.private, store)

    def stamper(self, at: datetime = AT) -> timestamps.DummyTimeStamper:
        """A timestamp server in this very process."""
        chain = [self.issuer.asn1] if self.issuer else []
        return timestamps.DummyTimeStamper(self.asn1, self.private, certs_to_embed=chain, fixed_dt=at)


@contextmanager
def stamping_server(holder: Holder, at: datetime = AT) -> Iterator[str]:
    """A timestamp server on this machine, for as long as the block lasts; answers its address."""
    stamper = holder.stamper(at)

    class Stamping(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            answer = stamper.request_tsa_response(tsp.TimeStampReq.load(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *arguments: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Stamping) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def make(
    name: str,
    *,
    issuer: Holder | None = None,
    authority: bool = False,
    stamping: bool = False,
    start: datetime = START,
    end: datetime = END,
    crl_address: str = "",
    usages: tuple[str, ...] = ("digital_signature", "content_commitment"),
    subject: dict[str, str] | None = None,
    purpose: str = "",
) -> Holder:
    """A certificate, by itself or by `issuer`. Timestamp servers have an RSA key, as pyHanko's dummy wants.

    `subject` says more of the holder, or otherwise (`SUBJECT`); `purpose` is what a qualified one says that it is for.
    """
    key: Any = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if stamping
        else ec.generate_private_key(ec.SECP256R1())
    )
    told = {"organisation": "Organisme d'essai", "common_name": name} | (subject or {})
    named = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            *(x509.NameAttribute(SUBJECT[key], value) for key, value in told.items() if value),
        ]
    )
    wanted = ("key_cert_sign", "crl_sign") if authority else usages
    all_usages = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    by = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(issuer.certificate.subject if issuer else named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{usage: usage in wanted for usage in all_usages}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False)
    )
    if stamping:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    if crl_address:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(crl_address)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    if purpose:
        statement = {"statement_id": "qc_type", "statement_info": QcCertificateType([purpose])}
        said = x509.UnrecognizedExtension(QC_STATEMENTS, QcStatements([statement]).dump())
        builder = builder.add_extension(said, critical=False)
    return Holder(builder.sign(by, hashes.SHA256()), key, issuer)


def sign(pdf: bytes, holder: Holder, *, name: str = "Externe", stamper: Any = None, **options: Any) -> bytes:
    """A signature by somebody else, with pyHanko alone and its defaults, in the zone of the moment.

    pyHanko keeps the zone in which it was first asked the hour, which depends on the tests run before.
    """
    tzlocal.reload_localzone()
    metadata = signers.PdfSignatureMetadata(**({"field_name": name, "subfilter": SigSeedSubFilter.PADES} | options))
    signer = signers.PdfSigner(metadata, holder.signer(), timestamper=stamper)
    return signer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=BytesIO()).getvalue()
