"""Signing in three ways: what a certificate's signature must be, why one is refused, and every mixture of the ways."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from itertools import permutations

import pikepdf
import pypdf
import pytest
import time_machine
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers import PdfTimeStamper

from tests.documents.authorities import make, sign
from tests.factories import conventions
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import DAY, read, signatory
from tripartite.conventions.queries.conventions import current_document_id, papers_of
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.signing import (
    CONSENT,
    Consent,
    deposit_signed_pdf,
    read_deposit,
    record_paper_signature,
    sign_here,
)
from tripartite.documents.queries import document_by_id, pdf_of, trace_of
from tripartite.documents.reports import Verdict
from tripartite.documents.sealing import seal_pdf
from tripartite.documents.trust_folder import trust_settings
from tripartite.documents.verification import verify_pdf
from tripartite.journal.queries import entries_about

pytestmark = pytest.mark.django_db
PERSON = "Prénom NOM"
NAMES = {"beneficiary": PERSON} | conventions.PRESIDENTS
ROLES = ("beneficiary", "lfn", "cdg62")
PDF, PNG, JPEG = b"%PDF-1.4 copie", b"\x89PNG\r\n\x1a\ncopie", b"\xff\xd8\xffcopie"
NOT_THE_LATEST = "ne prolonge pas la dernière version"


@pytest.fixture(autouse=True)
def _offer():
    conventions.offer()


@pytest.fixture
def authority(settings, tmp_path):
    """An authority that this installation trusts."""
    settings.CONFIG = replace(settings.CONFIG, trust_folder=tmp_path / "trust")
    made = make("Autorité d'essai", authority=True)
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "essai.pem").write_bytes(made.pem)
    return made


@pytest.fixture
def convention():
    return conventions.sent()


def latest(convention):
    """What the next signatory downloads."""
    return pdf_of(current_document_id(read(convention)))


def outside(convention, role, holder, *, at=AT):
    """The latest version signed with a certificate, at that instant."""
    with time_machine.travel(at, tick=False):
        return sign(latest(convention), holder, name=f"Signature-{role}")


def deposit(convention, role, pdf, *, at=AT):
    return deposit_signed_pdf(signatory_id=signatory(convention, role).pk, pdf=pdf, actor=TESTER, at=at)


def on_paper(convention, role, *, scan=PDF):
    return record_paper_signature(
        signatory_id=signatory(convention, role).pk,
        signed_on=DAY,
        scan=scan,
        original_place="Secrétariat",
        actor=TESTER,
        at=AT,
    )


def here(convention, role):
    words = CONSENT.format(number=convention.number, party=role)
    consent = Consent(words, "maire@exemple.fr", "192.0.2.1", "Navigateur")
    return sign_here(signatory_id=signatory(convention, role).pk, consent=consent, actor=TESTER, at=AT)


def refused(convention, role, pdf, why):
    """The deposit is refused in these words, and nothing is written."""
    before = papers_of(read(convention))
    with pytest.raises(ConventionError, match=why):
        deposit(convention, role, pdf)
    now = read(convention)
    assert (now.state, papers_of(now)) == (convention.state, before)


def verdicts(pdf):
    return [one.verdict for one in verify_pdf(pdf, trust=trust_settings(), at=AT, fetch_revocation=False).signatures]


def test_a_pdf_signed_with_a_trusted_certificate_is_kept_with_what_it_shows(convention, authority):
    pdf = outside(convention, "beneficiary", authority.certify(PERSON))

    deposit(convention, "beneficiary", pdf)

    signature = signatory(convention, "beneficiary").signature
    assert (signature.way, signature.signed_on, read(convention).state) == ("outside", DAY, "partly-signed")
    assert pdf_of(signature.document_id) == pdf
    assert document_by_id(signature.document_id).title == f"{convention.number} signée par Prénom NOM"
    (shown,) = signature.evidence["signatures"]
    assert (shown["signer"], shown["field"], shown["level"]) == ("Prénom NOM", "Signature-beneficiary", "B-B")
    assert shown["declared_at"] == "2026-11-23T09:00:00+00:00"
    entry = entries_about("request", convention.request_id).filter(action="conventions.sign").last()
    assert "avec un certificat, hors de Tripartite, le 23/11/2026 (date déclarée)" in entry.text


def test_an_unknown_authority_is_not_trusted(convention, authority):
    pdf = outside(convention, "beneficiary", make("Autre autorité", authority=True).certify(PERSON))
    refused(convention, "beneficiary", pdf, "autorité à laquelle cette plateforme ne fait pas confiance")


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (datetime(2020, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC), "certificat expiré"),
        (datetime(2026, 12, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC), "certificat pas encore valable"),
    ],
)
def test_a_certificate_outside_its_days_is_refused(convention, authority, start, end, why):
    holder = authority.certify(PERSON, start=start, end=end)
    with time_machine.travel(start + timedelta(days=1), tick=False):
        pdf = sign(latest(convention), holder)
    refused(convention, "beneficiary", pdf, why)


def test_a_revoked_certificate_is_refused_and_another_of_the_same_authority_is_not(convention, authority, settings):
    lost, kept = authority.certify(PERSON), authority.certify(PERSON)
    authority.revoke(lost, AT - timedelta(days=1))
    (settings.CONFIG.trust_folder / "essai.crl").write_bytes(authority.crl())
    refused(convention, "beneficiary", outside(convention, "beneficiary", lost), "certificat révoqué")
    deposit(convention, "beneficiary", outside(convention, "beneficiary", kept))
    assert read(convention).state == "partly-signed"


def test_a_byte_changed_before_the_signature_is_another_text(convention, authority):
    pdf = bytearray(outside(convention, "beneficiary", authority.certify(PERSON)))
    pdf[len(latest(convention)) // 2] ^= 1
    with pytest.raises(ConventionError, match=r"ne se lit pas|prolonge"):
        deposit(convention, "beneficiary", bytes(pdf))
    assert read(convention).state == "sent"


def test_a_byte_changed_in_what_was_added_is_refused(convention, authority):
    """In the day that readers show, and in the signature's own bytes."""
    signed = outside(convention, "beneficiary", authority.certify(PERSON))
    for place in (signed.rindex(b"/Contents <") + 200, signed.rindex(b"20261123090000Z") + 7):
        pdf = bytearray(signed)
        pdf[place] = ord("1") if pdf[place] != ord("1") else ord("2")
        refused(convention, "beneficiary", bytes(pdf), r"Signature refusée|ne se lit pas")


def test_a_file_that_was_overtaken_is_refused_with_the_way_out(convention, authority):
    overtaken, first = outside(convention, "beneficiary", authority.certify(PERSON)), latest(convention)
    deposit(convention, "lfn", outside(convention, "lfn", authority.certify(NAMES["lfn"])))
    with pytest.raises(ConventionError, match=NOT_THE_LATEST) as refusal:
        deposit(convention, "beneficiary", overtaken)
    assert "parti d'une version plus ancienne, et quelqu'un a signé entre-temps" in str(refusal.value)
    with pytest.raises(ConventionError, match="parti d'une version plus ancienne"):
        deposit(convention, "beneficiary", first)
    assert str(refusal.value).endswith("Téléchargez la dernière version, signez-la de nouveau, puis déposez-la.")
    again = outside(convention, "beneficiary", authority.certify(PERSON))
    assert deposit(convention, "beneficiary", again).state == "partly-signed"


def test_somebody_who_signs_while_a_deposit_is_read_comes_first(convention, authority):
    """The reading locks nothing: what was read is looked at again once nobody else can sign."""
    pdf = outside(convention, "beneficiary", authority.certify(PERSON))
    key = signatory(convention, "beneficiary").pk
    read_before = read_deposit(signatory_id=key, pdf=pdf, at=AT)
    here(convention, "lfn")
    with pytest.raises(ConventionError, match="parti d'une version plus ancienne, et quelqu'un a signé entre-temps"):
        deposit_signed_pdf(signatory_id=key, pdf=pdf, read=read_before, actor=TESTER, at=AT)
    assert read(convention).state == "partly-signed"


def test_another_text_is_refused(convention, authority):
    other = conventions.sent()
    why = f"{NOT_THE_LATEST} : c'est un autre papier, ou une copie que le logiciel a réenregistrée"
    refused(convention, "beneficiary", outside(other, "beneficiary", authority.certify(PERSON)), why)
    refused(convention, "beneficiary", sign(saved_again(latest(convention)), authority.certify(PERSON)), why)


def test_a_text_changed_under_its_signature_is_said_to_be_altered(convention, authority):
    """One digit of the day on which the paper was made, in its metadata: every other byte stands."""
    signed = outside(convention, "beneficiary", authority.certify(PERSON))
    place = signed.index(b"/ID[") + 6
    pdf = signed[:place] + (b"Z" if signed[place : place + 1] != b"Z" else b"Y") + signed[place + 1 :]
    refused(convention, "beneficiary", pdf, f"{NOT_THE_LATEST} : il a été modifié après avoir été signé")


@pytest.mark.parametrize("level", list(MDPPerm))
def test_a_signature_that_certifies_is_refused_with_the_way_out(convention, authority, level):
    pdf = sign(latest(convention), authority.certify(PERSON), certify=True, docmdp_permissions=level)
    refused(convention, "beneficiary", pdf, "C'est une signature de certification.*sans certifier le document")


def test_the_latest_version_itself_brings_nothing(convention, authority):
    refused(convention, "beneficiary", latest(convention), f"{NOT_THE_LATEST} : c'est elle, telle quelle")
    deposit(convention, "beneficiary", outside(convention, "beneficiary", authority.certify(PERSON)))
    with pytest.raises(ConventionError, match=NOT_THE_LATEST):
        deposit(convention, "lfn", latest(convention))


def test_something_added_without_a_signature_is_refused(convention, authority):
    refused(convention, "beneficiary", with_a_note(latest(convention)), "pas de nouvelle signature électronique")


def test_a_timestamp_is_nobodys_signature(convention, authority):
    stamp = authority.certify("Horodatage d'essai", stamping=True)
    writer = IncrementalPdfFileWriter(BytesIO(latest(convention)))
    pdf = PdfTimeStamper(stamp.stamper(), field_name="Horodatage").timestamp_pdf(writer, "sha256").getvalue()
    refused(convention, "beneficiary", pdf, "d'une personne")


def test_the_seal_of_the_platform_is_nobodys_signature(convention, authority):
    sealed = seal_pdf(latest(convention), reason="essai", name="Prénom NOM", at=AT, field="essai")
    refused(convention, "beneficiary", sealed, "d'une personne")


@pytest.mark.parametrize("changed", ["before", "after"])
def test_something_else_than_a_signature_is_refused(convention, authority, changed):
    holder = authority.certify(PERSON)
    if changed == "before":
        pdf, why = sign(with_a_note(latest(convention)), holder), "change autre chose que des signatures"
    else:
        pdf, why = with_a_note(sign(latest(convention), holder)), "changements qui ne sont pas permis"
    refused(convention, "beneficiary", pdf, why)


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7", b"PK\x03\x04", PNG], ids=["empty", "cut", "zip", "image"])
def test_what_is_no_pdf_is_refused_in_words(convention, authority, pdf):
    refused(convention, "beneficiary", pdf, "ne se lit pas")


def test_a_signature_made_before_the_sending_binds_nobody(convention, authority):
    pdf = outside(convention, "beneficiary", authority.certify(PERSON), at=AT + conventions.SENT - timedelta(days=1))
    refused(convention, "beneficiary", pdf, "précède l'envoi")


def test_a_signature_by_link_and_code_has_its_paper_of_evidence(convention):
    read_by_then = sha256(latest(convention)).hexdigest()
    here(convention, "beneficiary")
    signature = signatory(convention, "beneficiary").signature
    kept = document_by_id(signature.proof_id)
    said = json.loads(kept.payload)
    assert (kept.kind, kept.title) == (
        "evidence",
        f"{convention.number}, Prénom NOM, preuve d'une signature par lien et code",
    )
    assert said["facts"] == [
        ["Signataire", "Prénom NOM, Maire"],
        ["En vertu de", "délibération du 02/11/2026, Conseil municipal"],
        ["Signature donnée le", "23/11/2026 à 10 h 00 min 00 s, heure de Paris"],
        ["Code envoyé à", "maire@exemple.fr"],
    ]
    assert said["words"] == CONSENT.format(number=convention.number, party="beneficiary")
    papers = [read_by_then, sha256(latest(convention)).hexdigest(), trace_of(kept.pk).sha256]
    assert [one["sha256"] for one in said["papers"]] == papers
    shown = " ".join(pypdf.PdfReader(BytesIO(pdf_of(kept.pk))).pages[0].extract_text().replace("\u200b", "").split())
    assert read_by_then in shown
    assert "Le jour et l’heure sont ceux de l’horloge de la plateforme." in shown


def test_other_signatures_prove_themselves(convention, authority):
    on_paper(convention, "lfn")
    deposit(convention, "beneficiary", outside(convention, "beneficiary", authority.certify(PERSON)))
    assert [signatory(convention, role).signature.proof_id for role in ("lfn", "beneficiary")] == [None, None]


def test_a_seal_on_top_leaves_the_persons_signature_valid(convention, authority):
    deposit(convention, "beneficiary", outside(convention, "beneficiary", authority.certify(PERSON)))
    before = latest(convention)

    here(convention, "lfn")

    assert latest(convention).startswith(before)
    assert verdicts(latest(convention)) == [Verdict.VALID, Verdict.VALID]


def test_a_certificate_that_expires_meanwhile_does_not_stop_the_others(convention, authority):
    """It was judged when it came; the next one is judged when it comes."""
    short = authority.certify(PERSON, end=AT + timedelta(days=2))
    deposit(convention, "beneficiary", outside(convention, "beneficiary", short))
    later = AT + timedelta(days=3)
    deposit(convention, "lfn", outside(convention, "lfn", authority.certify(NAMES["lfn"]), at=later), at=later)
    assert signatory(convention, "lfn").signature.signed_on == DAY + timedelta(days=3)


@pytest.mark.parametrize("ways", list(permutations(("paper", "outside", "here"))), ids="-".join)
def test_three_ways_are_mixed_in_every_order(convention, authority, ways):
    for role, way in zip(ROLES, ways, strict=True):
        match way:
            case "paper":
                on_paper(convention, role)
            case "outside":
                deposit(convention, role, outside(convention, role, authority.certify(NAMES[role])))
            case _:
                here(convention, role)

    done = read(convention)
    assert (done.state, done.in_force_on) == ("in-force", DAY)
    assert [signatory(done, role).signature.way for role in ROLES] == list(ways)
    assert len(papers_of(done)) == 4
    assert latest(done).startswith(pdf_of(done.document_id))
    assert verdicts(latest(done)) == [Verdict.VALID, Verdict.VALID]


@pytest.mark.parametrize(
    ("scan", "media_type"),
    [(PDF, "application/pdf"), (PNG, "image/png"), (JPEG, "image/jpeg")],
    ids=["pdf", "png", "jpg"],
)
def test_a_scan_is_kept_as_it_is(convention, scan, media_type):
    on_paper(convention, "lfn", scan=scan)
    document = document_by_id(signatory(convention, "lfn").signature.document_id)
    assert (document.media_type, pdf_of(document.pk)) == (media_type, scan)
    assert latest(convention) == pdf_of(convention.document_id)


@pytest.mark.parametrize(
    ("scan", "why"), [(b"", "vide"), (b"MZ", "ni un PDF, ni une image"), (b"%PDF-" + b"0" * 15_000_000, "trop gros")]
)
def test_what_is_no_scan_is_refused(convention, scan, why):
    with pytest.raises(ConventionError, match=why):
        on_paper(convention, "lfn", scan=scan)
    assert (read(convention).state, papers_of(read(convention))) == ("sent", [convention.document_id])


def saved_again(pdf):
    """The same pages, written anew by a tool."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        output = BytesIO()
        opened.save(output)
    return output.getvalue()


def with_a_note(pdf):
    """The file with a note added on its first page, at its end."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    names = generic.NameObject
    box = generic.ArrayObject(generic.NumberObject(place) for place in (10, 10, 90, 90))
    note = {names("/Type"): names("/Annot"), names("/Subtype"): names("/FreeText"), names("/Rect"): box}
    note[names("/Contents")] = generic.TextStringObject("Prix : zéro")
    page.setdefault(names("/Annots"), generic.ArrayObject()).append(writer.add_object(generic.DictionaryObject(note)))
    writer.update_container(page)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
