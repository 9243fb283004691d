"""What signatures are worth, in words: chains, dates, revocation, changes, and files made to break a reader."""

import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from asn1crypto import crl
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from tests.bounds import costing_less_than
from tests.documents.authorities import AT, CRL_ADDRESS, make, sign
from tests.factories import quotes
from tripartite.documents import reading
from tripartite.documents.errors import UnreadablePdf
from tripartite.documents.render import render
from tripartite.documents.reports import Chain, Coverage, Integrity, Kind, Level, Verdict
from tripartite.documents.sealing import seal_pdf
from tripartite.documents.trust import TrustSettings
from tripartite.documents.trust_folder import trust_settings
from tripartite.documents.verification import extends, only_signed_since, verify_pdf

NOBODY = TrustSettings()
YEAR = timedelta(days=365)


@pytest.fixture(scope="module")
def paper():
    payload = quotes.paper().as_payload()
    return render(payload["model"], payload)


@pytest.fixture(scope="module")
def root():
    return make("Racine d'essai", authority=True)


@pytest.fixture(scope="module")
def signed(paper, root):
    return sign(paper, root.certify("Signataire d'essai"))


def trusting(*holders, **more):
    return TrustSettings(anchors=tuple(holder.der for holder in holders), **more)


def verify(pdf, trust=NOBODY, at=AT, *, fetch=False):
    return verify_pdf(pdf, trust=trust, at=at, fetch_revocation=fetch)


def only(pdf, trust=NOBODY, at=AT, **options):
    (report,) = verify(pdf, trust, at, **options).signatures
    return report


def updated(pdf, change):
    """The file with something else written at its end."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def with_proofs(pdf, *lists):
    """The file with lists of revocation in its security store."""

    def change(writer):
        loaded = [crl.CertificateList.load(one) for one in lists]
        DocumentSecurityStore.supply_dss_in_writer(writer, None, crls=loaded)

    return updated(pdf, change)


def test_a_paper_without_signature(paper):
    found = verify(paper)
    assert (found.verdict, found.reason, found.signatures) == (Verdict.NO_SIGNATURE, "", ())
    assert found.sentence == "Ce PDF ne porte aucune signature électronique."


def test_an_outside_signature_that_is_trusted(signed, root):
    report = only(signed, trusting(root))
    assert (report.verdict, report.chain, report.level) == (Verdict.VALID, Chain.TRUSTED, Level.B_B)
    assert (report.signer, report.organisation, report.own_seal) == ("Signataire d'essai", "Organisme d'essai", False)
    assert report.sentence.startswith("Signature de Signataire d'essai, Organisme d'essai, certificat n° ")


def test_an_outside_signature_of_nobody_known(signed):
    found = verify(signed)
    assert (found.verdict, found.signatures[0].chain) == (Verdict.INDETERMINATE, Chain.UNTRUSTED)
    assert found.sentence == (
        "On ne peut pas conclure : certificat d'une autorité à laquelle cette plateforme ne fait pas confiance."
    )


def test_the_older_format_of_signatures_has_no_level(paper, root):
    pdf = sign(paper, root.certify("Signataire"), subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    report = only(pdf, trusting(root))
    assert (report.verdict, report.level) == (Verdict.VALID, Level.NONE)
    assert "Niveau" not in report.sentence


@pytest.mark.parametrize(
    ("at", "chain", "verdict"),
    [
        (datetime(2030, 6, 1, tzinfo=UTC), Chain.EXPIRED, Verdict.INDETERMINATE),
        (datetime(2024, 6, 1, tzinfo=UTC), Chain.NOT_YET_VALID, Verdict.INVALID),
    ],
)
def test_a_certificate_out_of_its_dates(signed, root, at, chain, verdict):
    wide = make(
        "Racine d'essai", authority=True, start=datetime(2020, 1, 1, tzinfo=UTC), end=datetime(2040, 1, 1, tzinfo=UTC)
    )
    pdf = sign(signed, wide.certify("Autre signataire"), name="Autre")
    assert verify(pdf, trusting(root, wide), at).signatures[1].chain is chain
    assert verify(pdf, trusting(root, wide), at).signatures[1].verdict is verdict


def test_a_signer_who_is_an_anchor_answers_for_its_own_dates(paper):
    alone = make("Ancien sceau")
    pdf = sign(paper, alone)
    assert only(pdf, trusting(alone)).verdict is Verdict.VALID
    assert only(pdf, trusting(alone), AT + 10 * YEAR).chain is Chain.EXPIRED
    assert only(pdf, TrustSettings(own=(alone.der,)), AT - 10 * YEAR).chain is Chain.NOT_YET_VALID


def test_a_certificate_made_for_something_else_is_not_trusted(paper, root):
    other = root.certify("Serveur", usages=("key_encipherment",))
    assert only(sign(paper, other), trusting(root)).chain is Chain.UNTRUSTED


def test_our_own_seal_is_no_authority(paper):
    own = make("Sceau", authority=True)
    forged = sign(paper, own.certify("Faux"))
    assert only(forged, TrustSettings(own=(own.der,))).chain is Chain.UNTRUSTED


def test_a_list_of_revocation_in_the_file(paper):
    root = make("Racine", authority=True)
    holder = root.certify("Signataire", crl_address=CRL_ADDRESS)
    pdf = sign(paper, holder)

    assert only(pdf, trusting(root)).chain is Chain.REVOCATION_UNREACHABLE
    assert only(with_proofs(pdf, root.crl()), trusting(root)).chain is Chain.TRUSTED
    root.revoke(holder, AT - timedelta(days=2))
    revoked = verify(with_proofs(pdf, root.crl()), trusting(root))
    assert (revoked.verdict, revoked.sentence) == (Verdict.INVALID, "Pas valable : certificat révoqué.")


def test_a_list_of_revocation_in_the_trust_folder(paper):
    root = make("Racine", authority=True)
    middle = root.certify("Intermédiaire", authority=True)
    holder = middle.certify("Signataire")
    pdf = sign(paper, holder)
    middle.revoke(holder, AT - timedelta(days=2))

    known = {"intermediates": (middle.der,)}
    assert only(pdf, trusting(root, **known)).chain is Chain.TRUSTED
    assert only(pdf, trusting(root, crls=(middle.crl(),), **known)).chain is Chain.REVOKED
    root.revoke(middle, AT - timedelta(days=2))
    assert only(pdf, trusting(root, crls=(root.crl(),), **known)).chain is Chain.REVOKED


def test_a_list_too_old_says_nothing(paper):
    root = make("Racine", authority=True)
    pdf = sign(paper, root.certify("Signataire", crl_address=CRL_ADDRESS))
    old = root.crl(at=AT - timedelta(days=60), until=AT - timedelta(days=30))
    assert only(with_proofs(pdf, old), trusting(root)).chain is Chain.REVOCATION_UNREACHABLE


def test_a_server_of_revocation_that_does_not_answer(paper):
    root = make("Racine", authority=True)
    pdf = sign(paper, root.certify("Signataire", crl_address="http://127.0.0.1:9/liste.crl"))
    found = verify(pdf, trusting(root), fetch=True)
    assert (found.verdict, found.reason) == (
        Verdict.INDETERMINATE,
        "impossible de savoir si le certificat a été révoqué",
    )


def test_a_timestamp_proves_that_the_signature_came_before(paper):
    root = make("Racine", authority=True, end=AT + 20 * YEAR)
    stamper = root.certify("Horodatage", stamping=True, end=AT + 15 * YEAR).stamper(AT)
    holder = root.certify("Signataire", crl_address=CRL_ADDRESS, end=AT + YEAR)
    root.revoke(holder, AT + timedelta(days=5))
    pdf = with_proofs(sign(paper, holder, stamper=stamper), root.crl(at=AT + timedelta(days=6)))

    report = only(pdf, trusting(root), AT + 10 * YEAR)
    assert (report.verdict, report.stamped_at, report.level) == (Verdict.VALID, AT, Level.B_LT)
    assert only(sign(paper, holder, stamper=stamper), trusting(root), AT + 10 * YEAR).level is Level.B_T
    untrusted = make("Autre", authority=True).certify("Horodatage", stamping=True).stamper(AT)
    assert only(sign(paper, holder, stamper=untrusted), trusting(root)).stamped_at is None


def test_a_timestamp_of_the_whole_file_dates_what_came_before(paper):
    root = make("Racine", authority=True, end=AT + 20 * YEAR)
    stamper = root.certify("Horodatage", stamping=True, end=AT + 15 * YEAR).stamper(AT)
    pdf = sign(paper, root.certify("Signataire", end=AT + YEAR))
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    dated = PdfTimeStamper(stamper).timestamp_pdf(writer, "sha256", output=BytesIO()).getvalue()

    found = verify(dated, trusting(root), AT + 10 * YEAR)
    assert found.verdict is Verdict.VALID
    assert [(one.kind, one.stamped_at) for one in found.signatures] == [(Kind.SIGNATURE, AT), (Kind.TIMESTAMP, AT)]
    assert found.signatures[1].sentence.startswith("Horodatage d'Horodatage")


def test_a_changed_page_after_a_signature(signed, root):
    def change(writer):
        page = writer.root["/Pages"]["/Kids"][0].get_object()
        page[generic.pdf_name("/MediaBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 99, 99)])
        writer.update_container(page)

    changed = updated(signed, change)
    report = only(changed, trusting(root))
    assert (report.integrity, report.coverage) == (Integrity.INTACT, Coverage.FORBIDDEN_CHANGES)
    assert verify(changed, trusting(root)).sentence == (
        "Pas valable : signature suivie de changements qui ne sont pas permis."
    )
    assert extends(changed, signed)
    assert not only_signed_since(changed, signed)


def test_bytes_after_the_end(signed, root):
    assert only(signed + b"\n", trusting(root)).coverage is Coverage.FORBIDDEN_CHANGES
    with pytest.raises(UnreadablePdf):
        verify(signed + b"x", trusting(root))


def test_extending_is_not_changing(paper, signed):
    assert extends(signed, paper)
    assert not extends(paper, paper)
    assert not extends(paper, signed)
    assert not extends(b"x" + paper, paper)
    assert only_signed_since(signed, paper)
    assert not only_signed_since(paper, paper)


@pytest.fixture(scope="module")
def sealed(paper, tmp_path_factory):
    from django.conf import settings as installed  # noqa: PLC0415 - its CONFIG is replaced for this module

    kept, folder = installed.CONFIG, tmp_path_factory.mktemp("var")
    installed.CONFIG = replace(kept, var=folder, trust_folder=folder / "trust")
    yield seal_pdf(paper, reason="Essai", name="La Fibre Numérique 59-62", at=AT, field="Sceau"), trust_settings()
    installed.CONFIG = kept


@settings(max_examples=60)
@given(place=st.integers(0, 10**6), flip=st.integers(1, 255))
def test_one_byte_changed_anywhere_is_seen(sealed, place, flip):
    pdf, trust = sealed
    altered = bytearray(pdf)
    altered[place % len(pdf)] ^= flip
    assert refused(bytes(altered), trust)


@settings(max_examples=120)
@given(place=st.integers(0, 10**6), digit=st.sampled_from(b"0123456789abcdefABCDEF >"))
def test_one_digit_changed_in_the_signature_itself_is_seen(sealed, place, digit):
    pdf, trust = sealed
    start = pdf.index(b"/Contents <") + 11
    place = start + place % (pdf.index(b">", start) - start)
    if pdf[place] != digit:
        assert refused(pdf[:place] + bytes([digit]) + pdf[place + 1 :], trust)


def refused(pdf, trust):
    try:
        return verify(pdf, trust).verdict is not Verdict.VALID
    except UnreadablePdf:
        return True


def test_a_signature_that_cannot_be_read(signed):
    start = signed.index(b"/Contents <") + 11
    broken = signed[:start] + b"00" * 200 + signed[start + 400 :]
    found = verify(broken)
    assert (found.verdict, found.signatures[0].integrity) == (Verdict.INVALID, Integrity.UNREADABLE)
    assert found.signatures[0].sentence == "Signature « Externe » : illisible."


def test_a_name_made_to_deceive_is_shown_harmless(paper):
    report = only(sign(paper, make("Préfet\u202e\x1b[31m\n" + "x" * 30)))
    assert report.signer == "Préfet[31m" + "x" * 30


def minimal(body=b"", catalog=b"", trailer=b""):
    """A small PDF written by hand, its table right."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        *([body] if body else []),
    ]
    content, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            trailer,
            len(content),
        )
    )


def locked(paper):
    output = BytesIO()
    with pikepdf.open(BytesIO(paper)) as opened:
        opened.save(output, encryption=pikepdf.Encryption(owner="a", user="b"))
    return output.getvalue()


def inflated():
    data = zlib.compress(b"0" * 200_000_000, 9)
    return b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(data), data)


def deep(depth=50_000):
    return b"[" * depth + b"]" * depth


LOOP = minimal(b"<</T(a)/FT/Sig/Kids[4 0 R]>>", b"/AcroForm<</Fields[4 0 R]>>")
ONE_TABLE = minimal(trailer=b"/Prev 0000")
HOSTILE = {
    "empty": (b"", reading.NOT_A_PDF),
    "text": (b"rien", reading.NOT_A_PDF),
    "a header alone": (b"%PDF-1.7\n", reading.CUT),
    "a header and an end": (b"%PDF-1.7\n%%EOF", reading.BROKEN),
    "truncated": (lambda paper: paper[: len(paper) // 2], reading.CUT),
    "without its middle": (lambda paper: paper[:5000] + paper[-5000:], reading.BROKEN),
    "huge": (lambda paper: paper + b" " * reading.LARGEST, reading.TOO_LARGE),
    "protected": (locked, reading.PROTECTED),
    "no table": (b"%PDF-1.7\nstartxref\n99999\n%%EOF\n", reading.BROKEN),
    "a table that leads to itself": (minimal(trailer=b"/Prev %d" % ONE_TABLE.rindex(b"xref\n0")), reading.BROKEN),
    "a table without end": (
        b"%PDF-1.7\nxref\n0 999999999\ntrailer\n<</Size 1/Root 1 0 R>>\nstartxref\n9\n%%EOF\n",
        reading.BROKEN,
    ),
    "a field that holds itself": (LOOP, reading.BROKEN),
    "a program at opening": (
        minimal(b"<</S/JavaScript/JS(app.alert\\(1\\))>>", b"/OpenAction 4 0 R"),
        reading.ACTIVE,
    ),
    "a program hidden in its name": (minimal(b"[[<</S/J#61vaScript/J#53(x)>>]]"), reading.ACTIVE),
    "a launch": (minimal(b"<</S/Launch/F(cmd.exe)>>"), reading.ACTIVE),
    "nested without end": (minimal(deep()), reading.BROKEN),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_costs_little(paper, name):
    made, told = HOSTILE[name]
    content = made(paper) if callable(made) else made
    with costing_less_than(32), pytest.raises(UnreadablePdf) as refusal:
        verify(content)
    assert str(refusal.value) == told


def test_a_file_that_inflates_costs_little():
    content = minimal(inflated())
    with costing_less_than(32):
        assert verify(content).verdict is Verdict.NO_SIGNATURE


def test_a_small_file_is_read():
    assert verify(minimal()).verdict is Verdict.NO_SIGNATURE


def test_time_runs_out(paper, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", -1)
    with pytest.raises(UnreadablePdf, match="trop long"):
        verify(paper)


@settings(max_examples=80)
@given(st.data())
def test_whatever_is_cut_or_mixed_is_answered(sealed, data):
    pdf, trust = sealed
    start, end = sorted((data.draw(st.integers(0, len(pdf))), data.draw(st.integers(0, len(pdf)))))
    other = data.draw(st.binary(max_size=60))
    refused(pdf[:start] + other + pdf[end:], trust)
