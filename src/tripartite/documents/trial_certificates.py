"""Certificates of signature keys to look around with: made on the spot, worth nothing, their keys thrown away."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

ORGANISATION = "Essai, sans valeur"


def trial_certificate(*, holder: str, first_day: date, last_day: date) -> bytes:
    """The certificate (PEM) of a holder from a day to another, inclusive, by an authority that nobody trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    signing = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, encipher_only=False, decipher_only=False, **signing
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(_name(holder))
        .issuer_name(_name("Autorité d'essai"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.combine(first_day, time(9), tzinfo=UTC))
        .not_valid_after(datetime.combine(last_day, time(23, 59, 59), tzinfo=ZoneInfo("Europe/Paris")))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )
