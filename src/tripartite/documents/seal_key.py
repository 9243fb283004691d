"""The key of the platform's seal: where it is, whose it is, until when. Never in the database.

In local mode a trial key is made on first use, in the data folder; its certificate says that it is worthless, and
server mode refuses it. In server mode the key is in a PKCS#12 file or on a PKCS#11 token.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from asn1crypto import pem, x509
from cryptography import x509 as certificates
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.sign.signers import Signer, SimpleSigner

from tripartite.config import Config, Mode
from tripartite.documents.errors import SealError
from tripartite.file_errors import reason
from tripartite.pricing.naming import complement

TRIAL_NAME = "Sceau d'essai Tripartite, sans valeur"
TRIAL_FROM, TRIAL_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SealStatus:
    """Whether the seal can be used, and its certificate's dates, for a page."""

    usable: bool
    sentence: str
    holder: str = ""
    organisation: str = ""
    serial: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    trial: bool = False


@contextmanager
def opened_seal(*, at: datetime) -> Iterator[Signer]:
    """The key, ready to sign at that instant; a token's session is closed afterwards.

    Raises SealError when there is no key, when it cannot be read, or when its certificate is not valid at `at`.
    """
    with _opened() as signer:
        certificate = signer.signing_cert
        if certificate is None:
            raise SealError("Sceau : la clé n'a pas de certificat.")
        _check(certificate, at)
        yield signer


def seal_status(*, at: datetime) -> SealStatus:
    """What a page says of the seal; never raises."""
    try:
        with _opened() as signer:
            certificate = signer.signing_cert
    except SealError as error:
        return SealStatus(usable=False, sentence=str(error))
    if certificate is None:
        return SealStatus(usable=False, sentence="Sceau : la clé n'a pas de certificat.")
    try:
        _check(certificate, at)
    except SealError as error:
        usable, sentence = False, str(error)
    else:
        until = certificate.not_valid_after
        usable, sentence = True, f"Sceau {complement(holder_of(certificate))}, valable jusqu'au {until:%d/%m/%Y}."
        if is_trial(certificate):
            sentence = f"{TRIAL_NAME} : il ne prouve rien hors de ce poste."
    return SealStatus(
        usable=usable,
        sentence=sentence,
        holder=holder_of(certificate),
        organisation=organisation_of(certificate),
        serial=serial_of(certificate),
        valid_from=certificate.not_valid_before,
        valid_until=certificate.not_valid_after,
        trial=is_trial(certificate),
    )


def own_certificate() -> x509.Certificate | None:
    """The seal's certificate, so that the platform trusts itself; None without a usable key.

    A trial certificate counts in local mode alone.
    """
    try:
        with _opened() as signer:
            certificate = signer.signing_cert
    except SealError:
        return None
    if certificate is None or (is_trial(certificate) and _config().mode is Mode.SERVER):
        return None
    return certificate


def seal_certificate() -> str:
    """The certificate of the seal as PEM, without its key; « » when there is no usable seal."""
    try:
        with _opened() as signer:
            certificate = signer.signing_cert
    except SealError:
        return ""
    return pem.armor("CERTIFICATE", certificate.dump()).decode("ascii") if certificate else ""


def holder_of(certificate: x509.Certificate) -> str:
    """The common name of a certificate, or all of its subject where it has none."""
    return _of_subject(certificate, "common_name") or str(certificate.subject.human_friendly)


def organisation_of(certificate: x509.Certificate) -> str:
    return _of_subject(certificate, "organization_name")


def serial_of(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:X}"


def is_trial(certificate: x509.Certificate) -> bool:
    return holder_of(certificate) == TRIAL_NAME


def _of_subject(certificate: x509.Certificate, name: str) -> str:
    value = certificate.subject.native.get(name, "")
    return ", ".join(value) if isinstance(value, list) else str(value)


def _config() -> Config:
    config: Config = settings.CONFIG
    return config


def _check(certificate: x509.Certificate, at: datetime) -> None:
    if is_trial(certificate) and _config().mode is Mode.SERVER:
        raise SealError("Le sceau d'essai ne sert qu'en mode local : régler TRIPARTITE_SEAL_FILE.")
    if at > certificate.not_valid_after:
        raise SealError(f"Le certificat du sceau a expiré le {certificate.not_valid_after:%d/%m/%Y} : le renouveler.")
    if at < certificate.not_valid_before:
        raise SealError(f"Le certificat du sceau ne vaut qu'à partir du {certificate.not_valid_before:%d/%m/%Y}.")


@contextmanager
def _opened() -> Iterator[Signer]:
    config = _config()
    if config.seal_pkcs11:
        with _token(config) as signer:
            yield signer
    elif config.seal_file:
        yield _read(Path(config.seal_file), config.seal_password, "TRIPARTITE_SEAL_FILE")
    elif config.mode is Mode.LOCAL:
        yield _read(_trial_file(config.var), "", "sceau d'essai")
    else:
        raise SealError("Aucun sceau : régler TRIPARTITE_SEAL_FILE, ou TRIPARTITE_SEAL_PKCS11.")


def _read(path: Path, password: str, setting: str) -> Signer:
    try:
        changed = path.stat().st_mtime_ns
        return _signer(path, password, changed)
    except OSError as error:
        raise SealError(f"{setting} : impossible de lire {path.name} : {reason(error)}.") from None
    except (ValueError, TypeError, AttributeError, UnsupportedAlgorithm):
        raise SealError(f"{setting} : {path.name} n'est pas du PKCS#12, ou son mot de passe est faux.") from None


@lru_cache(maxsize=2)
def _signer(path: Path, password: str, changed: int) -> Signer:  # noqa: ARG001 - a file that changed is read again
    signer: Signer = SimpleSigner.load_pkcs12_data(
        path.read_bytes(), other_certs=[], passphrase=password.encode() or None
    )
    return signer


def _trial_file(var: Path) -> Path:
    """The trial key, made once: written apart then named, so that no process reads half of it."""
    path = var / "seal" / "trial.p12"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_suffix(f".{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_bytes(_trial_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path


def _trial_key() -> bytes:
    """A key and the certificate that it signs for itself, as PKCS#12."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = certificates.Name(
        [
            certificates.NameAttribute(NameOID.COUNTRY_NAME, "FR"),
            certificates.NameAttribute(NameOID.ORGANIZATION_NAME, "Essai, sans valeur"),
            certificates.NameAttribute(NameOID.COMMON_NAME, TRIAL_NAME),
        ]
    )
    signing = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"), False
    )
    usage = certificates.KeyUsage(
        digital_signature=True, content_commitment=True, encipher_only=False, decipher_only=False, **signing
    )
    certificate = (
        certificates.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(certificates.random_serial_number())
        .not_valid_before(TRIAL_FROM)
        .not_valid_after(TRIAL_UNTIL)
        .add_extension(certificates.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(certificates.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(TRIAL_NAME.encode(), key, certificate, None, NoEncryption())


@contextmanager
def _token(config: Config) -> Iterator[Signer]:
    """The key on a PKCS#11 token, for the time of a session."""
    try:
        from pkcs11.exceptions import PKCS11Error  # noqa: PLC0415 - only where a token is asked for
        from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session  # noqa: PLC0415
    except ImportError:
        raise SealError(
            "TRIPARTITE_SEAL_PKCS11 : il manque le paquet python-pkcs11 ; l'installer (« pip install python-pkcs11 »)."
        ) from None
    module, token, label = (part.strip() for part in config.seal_pkcs11.split("|"))
    try:
        criteria = TokenCriteria(label=token)
        with open_pkcs11_session(module, token_criteria=criteria, user_pin=config.seal_pin or None) as session:
            yield PKCS11Signer(session, cert_label=label, key_label=label)
    except (PKCS11Error, RuntimeError, OSError) as error:
        reason = f"{type(error).__name__} {error}".strip()
        raise SealError(f"TRIPARTITE_SEAL_PKCS11 : la carte ne répond pas ({reason}).") from None
