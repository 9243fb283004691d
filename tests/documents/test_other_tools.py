"""What other tools write is sound as long as every reader shows the same: signed by poppler, objects freed, numbers."""

import time
from io import BytesIO

import pikepdf
import pytest

from tests.documents.authorities import AT, make, sign
from tests.documents.other_tools import appended, indefinite, message_of, signed_like_poppler, trailer_of, with_entry
from tests.factories import quotes
from tripartite.documents.envelopes import is_plain, whole_message
from tripartite.documents.errors import UnreadablePdf
from tripartite.documents.reading import BROKEN, opened_pdf
from tripartite.documents.render import render
from tripartite.documents.reports import Coverage, Integrity, Verdict
from tripartite.documents.sealing import seal_pdf
from tripartite.documents.trust import TrustSettings
from tripartite.documents.trust_folder import trust_settings
from tripartite.documents.verification import only_signed_since, verify_pdf


@pytest.fixture(scope="module")
def paper():
    payload = quotes.paper().as_payload()
    return render(payload["model"], payload)


@pytest.fixture(scope="module")
def root():
    return make("Racine d'essai", authority=True)


@pytest.fixture(scope="module")
def signed(paper, root):
    return signed_like_poppler(paper, root.certify("Prénom NOM"))


def reports(pdf, *anchors):
    trust = TrustSettings(anchors=tuple(one.der for one in anchors), own=trust_settings().own)
    return verify_pdf(pdf, trust=trust, at=AT, fetch_revocation=False).signatures


def first_page(pdf):
    with pikepdf.open(BytesIO(pdf)) as opened:
        return opened.pages[0].obj.objgen[0]


def test_a_file_signed_by_poppler_is_valid_and_says_whose_it_is(paper, root, signed):
    (report,) = reports(signed, root)
    assert (report.verdict, report.integrity, report.coverage) == (
        Verdict.VALID,
        Integrity.INTACT,
        Coverage.WHOLE_FILE,
    )
    assert (report.signer, report.declared_at) == ("Prénom NOM", AT)
    assert only_signed_since(signed, paper)


def test_our_seal_and_another_signature_go_on_top_of_it(root, signed):
    sealed = seal_pdf(signed, reason="essai", name="Prénom NOM", at=AT, field="signataire-2")
    both = signed_like_poppler(sealed, root.certify("Autre NOM"), name="Okular 2")
    found = reports(both, root)
    assert [one.verdict for one in found] == [Verdict.VALID] * 3
    assert [one.coverage for one in found[:2]] == [Coverage.PERMITTED_CHANGES] * 2
    assert only_signed_since(sealed, signed)
    assert only_signed_since(both, sealed)


def test_one_byte_changed_under_such_a_signature_is_seen(paper, root, signed):
    place = paper.index(b"/ID[") + 6
    (report,) = reports(signed[:place] + b"~" + signed[place + 1 :], root)
    assert report.integrity is Integrity.ALTERED


def test_what_hides_in_the_room_of_such_a_signature_is_seen(root, signed):
    place = signed.rindex(b"00>")
    (report,) = reports(signed[:place] + b"42" + signed[place + 2 :], root)
    assert report.integrity is Integrity.ALTERED


def test_a_reference_to_a_freed_object_is_null_and_no_damage(paper, root):
    """As after a tool took an attachment away: the table says that the number is free, and something still names it."""
    with pikepdf.open(BytesIO(paper)) as opened:
        size, catalogue = int(opened.trailer.Size), opened.Root
        written = with_entry(catalogue, b"/PieceInfo", b"%d 0 R" % size)
        place = catalogue.objgen
    freed = appended(paper, {place: written, (size, 0): b"<<>>"}, trailer_of(paper, more=1))
    freed = appended(freed, {}, trailer_of(paper, more=1), freed={size: 1})
    signed = sign(freed, root.certify("Prénom NOM"))
    (report,) = reports(signed, root)
    assert report.verdict is Verdict.VALID


@pytest.mark.parametrize("generation", [1, 7])
def test_an_object_written_again_under_another_generation_is_refused(signed, root, generation):
    """A reader that looks at numbers alone would show it; one that looks at generations would not."""
    shadowed = appended(signed, {(first_page(signed), generation): b"<</Type /Page >>"}, trailer_of(signed))
    with pytest.raises(UnreadablePdf) as refused:
        reports(shadowed, root)
    assert str(refused.value) == BROKEN


def test_an_object_added_after_such_a_signature_is_seen(signed, root):
    with pikepdf.open(BytesIO(signed)) as opened:
        contents = opened.pages[0].obj.Contents.objgen
    changed = appended(signed, {contents: b"<</Length 0 >>\nstream\n\nendstream"}, trailer_of(signed))
    (report,) = reports(changed, root)
    assert (report.verdict, report.coverage) == (Verdict.INVALID, Coverage.FORBIDDEN_CHANGES)


def test_a_revision_that_announces_fewer_objects_is_refused(signed, root):
    fewer = appended(signed, {}, trailer_of(signed, more=-3))
    with pytest.raises(UnreadablePdf):
        reports(fewer, root)


def test_a_freed_object_comes_back_under_the_next_generation_alone(signed):
    number, trailer = first_page(signed), trailer_of(signed)
    freed = appended(signed, {}, trailer, freed={number: 1})
    with opened_pdf(appended(freed, {(number, 1): b"<<>>"}, trailer)) as reader:
        assert reader.total_revisions == 4
    with pytest.raises(UnreadablePdf):
        reports(appended(freed, {(number, 0): b"<<>>"}, trailer))


@pytest.mark.parametrize("levels", [1, 2, 3])
def test_an_envelope_told_by_its_ends_is_read_in_its_definite_form(root, levels):
    message = message_of(b"0" * 32, root.certify("Prénom NOM"))
    assert whole_message(indefinite(message, levels) + b"\0\0") == (message, b"\0\0")
    assert whole_message(message) == (message, b"")
    assert is_plain(message)


@pytest.mark.parametrize(
    "content",
    [b"", b"0", b"\x30\x80", b"\x30\x80\x02\x01\x01", b"\x30\x05\x02\x01", b"\x04\x80\0\0", b"\x1f\x81\x01\x00"],
)
def test_what_is_no_whole_envelope_is_refused(content):
    with pytest.raises(ValueError, match=r"^(no|cut|not|too)"):
        whole_message(content)


def test_an_envelope_made_to_tire_a_reader_is_refused_at_once():
    start = time.process_time()
    with pytest.raises(ValueError, match="envelope"):
        whole_message(b"\x30\x80" * 500_000)
    pieces = b"\x02\x01\x01" * 400_000
    assert len(whole_message(b"\x30\x80" + pieces + b"\0\0")[0]) == len(pieces) + 5
    assert time.process_time() - start < 5
