"""Reading the certificate of a signature key: what it says, and everything else refused in plain words."""

import base64
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.documents.authorities import make
from tests.documents.certificate_files import authority, bundle, certificate, holder
from tripartite.documents.certificates import days_of, read_certificate
from tripartite.documents.key_certificate import LARGEST, CertificateRefused

ROOT = authority()
MAYOR, DEPUTY = holder(issuer=ROOT), holder("Autre NOM", issuer=ROOT)


def refusal(content: bytes) -> str:
    with pytest.raises(CertificateRefused) as refused:
        read_certificate(content)
    return str(refused.value)


def private(encryption=None, form=PrivateFormat.PKCS8, encoding=Encoding.PEM) -> bytes:
    return MAYOR.key.private_bytes(encoding, form, encryption or NoEncryption())


def test_what_a_certificate_says() -> None:
    found = read_certificate(MAYOR.pem)
    assert found.serial == f"{MAYOR.certificate.serial_number:X}"
    assert found.subject == "Prénom NOM, Organisme d'essai, FR"
    assert found.holder == "Prénom NOM"
    assert found.issuer == "Autorité d'essai, Organisme d'essai, FR"
    assert (found.valid_from, found.valid_until) == (date(2026, 11, 2), date(2029, 11, 1))
    assert found.fingerprint == sha256(MAYOR.der).hexdigest()
    assert found.der == MAYOR.der
    assert found.said == ""


@pytest.mark.parametrize(
    "content",
    [
        MAYOR.der,
        b"\xef\xbb\xbf" + MAYOR.pem,
        b"Bag Attributes\n  friendlyName: maire\n" + MAYOR.pem.replace(b"\n", b"\r\n"),
        bundle(MAYOR),
        bundle(MAYOR, encoding=Encoding.PEM),
        bundle(MAYOR, encoding=Encoding.PEM).replace(b"PKCS7", b"CERTIFICATE"),
        MAYOR.pem + MAYOR.pem,
    ],
    ids=["der", "marked", "bag", "pkcs7", "pkcs7-pem", "mislabelled", "twice"],
)
def test_every_shape_of_file_says_the_same(content) -> None:
    assert read_certificate(content) == read_certificate(MAYOR.pem)


@pytest.mark.parametrize("content", [bundle(ROOT, MAYOR), ROOT.pem + MAYOR.pem], ids=["pkcs7", "pem"])
def test_of_several_the_holders_is_taken_and_it_is_said(content) -> None:
    found = read_certificate(content)
    assert found.der == MAYOR.der
    assert found.said == (
        "Le fichier contient 2 certificats : celui du titulaire est gardé, le certificat d'autorité est laissé."
    )


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        # In winter Paris is an hour ahead: a last instant at 23:59:59 UTC is in the next day there, which is not whole.
        ((2026, 1, 1), (2028, 12, 31, 23, 59, 59), (date(2026, 1, 1), date(2028, 12, 31))),
        ((2026, 1, 1), (2028, 12, 31, 22, 59, 58), (date(2026, 1, 1), date(2028, 12, 30))),
        ((2026, 1, 1), (2028, 12, 31, 22, 59, 59), (date(2026, 1, 1), date(2028, 12, 31))),
        # The end at midnight sharp, in Paris, is the end of the eve.
        ((2026, 1, 1), (2028, 12, 31, 23, 0, 0), (date(2026, 1, 1), date(2028, 12, 31))),
        # In summer, two hours: what starts late in the evening starts the next day.
        ((2026, 6, 30, 22, 30), (2027, 6, 30, 21, 59, 59), (date(2026, 7, 1), date(2027, 6, 30))),
        ((2024, 2, 29, 12), (2027, 2, 28, 12), (date(2024, 2, 29), date(2027, 2, 27))),
        ((2026, 6, 30, 22), (2026, 6, 30, 22), (date(2026, 7, 1), date(2026, 7, 1))),
    ],
)
def test_days_are_inclusive_and_in_paris(start, end, days) -> None:
    assert days_of(datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC)) == days


@pytest.mark.parametrize(
    "content",
    [
        private(),
        private(form=PrivateFormat.TraditionalOpenSSL),
        private(BestAvailableEncryption(b"secret")),
        private(encoding=Encoding.DER),
        private(BestAvailableEncryption(b"secret"), encoding=Encoding.DER),
        MAYOR.pem + private(),
        private() + MAYOR.pem,
    ],
    ids=["pkcs8", "traditional", "locked", "der", "locked-der", "after", "before"],
)
def test_a_private_key_is_refused_even_beside_a_certificate(content) -> None:
    assert "contient une clé privée : il n'est pas gardé" in refusal(content)


def test_what_is_no_certificate_is_refused_by_what_it_is() -> None:
    assert refusal(b"") == "Le fichier est vide."
    assert refusal(b"0" * (LARGEST + 1)) == "Fichier trop gros pour un certificat : 200 ko au plus."
    for store in (MAYOR.pkcs12(), MAYOR.pkcs12("secret")):
        assert refusal(store).startswith("Ce fichier est un PKCS#12 (.p12, .pfx)")
    assert refusal(b"\x89PNG\r\n\x1a\n").startswith("Ce fichier est une image, pas un certificat")
    assert refusal(b"%PDF-1.7").startswith("Ce fichier est un PDF, pas un certificat")
    neither = "Ce fichier n'est pas un certificat (PEM, DER ou PKCS#7 : .cer, .crt, .pem, .p7b)."
    for content in (b"bonjour", bytes(range(256)), MAYOR.der[:-1], ROOT.crl(), b"-----BEGIN CERTIFICATE-----"):
        assert refusal(content) == neither


AUTHENTICATION, COMMITMENT, ENCRYPTION = (
    holder(issuer=ROOT, usages=(usage,)) for usage in ("digital_signature", "content_commitment", "key_encipherment")
)


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ([AUTHENTICATION], "son certificat d'authentification est laissé."),
        ([ENCRYPTION], "son certificat de chiffrement est laissé."),
        ([ENCRYPTION, ROOT], "son certificat de chiffrement est laissé, le certificat d'autorité est laissé."),
    ],
)
def test_of_one_holders_certificates_the_one_that_signs_is_taken_by_its_usage(others, said) -> None:
    for files in ([COMMITMENT, *others], [*others, COMMITMENT]):
        found = read_certificate(bundle(*files))
        assert found.der == COMMITMENT.der
        kept = f"Le fichier contient {len(files)} certificats : celui de signature du titulaire est gardé"
        assert found.said == f"{kept}, {said}"


def test_a_certificate_that_only_authenticates_signs_where_there_is_no_better() -> None:
    assert read_certificate(bundle(ENCRYPTION, AUTHENTICATION)).der == AUTHENTICATION.der


def test_certificates_of_one_holder_between_which_nothing_decides_are_refused() -> None:
    again = holder(issuer=ROOT, usages=("content_commitment",))
    assert refusal(bundle(COMMITMENT, again)) == (
        "Ce fichier contient 2 certificats de signature du même titulaire : déposez celui de la clé."
    )
    other = holder(issuer=ROOT, usages=("key_encipherment",))
    assert refusal(bundle(ENCRYPTION, other)) == (
        "Aucun de ces certificats ne sert à signer (ils chiffrent, par exemple)."
    )


@pytest.mark.parametrize("after", [b"\n", b"\r\n", b"\n\n", b" \n"])
def test_a_binary_certificate_with_the_end_of_a_line_after_it_is_read(after) -> None:
    assert read_certificate(MAYOR.der + after) == read_certificate(MAYOR.der)
    assert read_certificate(bundle(MAYOR) + after) == read_certificate(MAYOR.der)


def test_certificates_that_are_not_a_holders_are_refused() -> None:
    theirs = "C'est le certificat d'une autorité, pas celui du titulaire de la clé."
    assert refusal(ROOT.pem) == theirs
    assert refusal(bundle(ROOT, make("Intermédiaire", issuer=ROOT, authority=True))) == theirs
    assert refusal(bundle(MAYOR, DEPUTY, ROOT)).startswith(
        "Ce fichier contient les certificats de 2 titulaires (« Autre NOM », « Prénom NOM »)"
    )
    assert refusal(certificate(usages=("key_encipherment",))).startswith("Ce certificat ne sert pas à signer")
    backwards = base64.b64encode(MAYOR.der)
    assert refusal(backwards).startswith("Ce fichier n'est pas un certificat")
    for_ever = holder(end=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC))
    assert refusal(for_ever.pem).startswith("Ce certificat n'a pas de fin")


@settings(max_examples=300)
@given(st.binary(max_size=400))
def test_whatever_bytes_are_refused_in_words(content) -> None:
    assert refusal(content).endswith((".", ")."))


@settings(max_examples=400)
@given(
    st.sampled_from([MAYOR.der, MAYOR.pem, bundle(ROOT, MAYOR), MAYOR.pkcs12()]),
    st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), max_size=6),
    st.integers(0, 5000),
)
def test_a_damaged_file_is_read_or_refused(content, changes, cut) -> None:
    damaged = bytearray(content)
    for place, byte in changes:
        damaged[place % len(damaged)] = byte
    try:
        found = read_certificate(bytes(damaged[: cut or None]))
    except CertificateRefused:
        pass
    else:
        assert found.valid_from <= found.valid_until
        assert all(text.isprintable() for text in (found.subject, found.issuer, found.holder))
        assert len(found.serial) <= 80
