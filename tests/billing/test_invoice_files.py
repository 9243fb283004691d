"""The files of an invoice: PDF/A-3a and PDF/UA-1 with its data as the standard says, the same paper alone beside it."""

import io
from dataclasses import replace
from typing import Any

import facturx
import pikepdf
import pypdf
import pytest

from tests.billing.papers import ORDER, credit_note, invoice, line, untaxed
from tripartite.billing.printout.cii import invoice_xml
from tripartite.billing.printout.files import InvoiceFiles, draft_pdf, invoice_pdf, invoice_pdfs
from tripartite.billing.printout.lacking import InvoiceLacksError
from tripartite.billing.states import Profile
from tripartite.documents.facturx import NAMESPACE, NotOurPaperError, Relationship, attach_invoice

PAPER = invoice(line(92163, unit_amount=76_802_500, explanation="12 boîtes"), line(-500, name="Rendu", quantity=1))


@pytest.fixture(scope="module")
def files() -> InvoiceFiles:
    return invoice_pdf(PAPER)


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    text = " ".join("\n".join(page.extract_text() for page in pages).split())
    return text.replace("’", "'").replace("\u202f", " ").replace("\u00a0", " ")


def marks_of(pdf: bytes) -> dict[str, Any]:
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
        names = ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")
        said = {name: metadata[name] for name in names}
        factur = {name.rpartition("}")[2]: value for name, value in metadata.items() if NAMESPACE in name}
        return said | factur | {"marked": bool(opened.Root.MarkInfo.Marked), "title": str(opened.docinfo.Title)}


def test_the_paper_with_its_data_is_archived_and_read_aloud(files: InvoiceFiles) -> None:
    assert marks_of(files.facturx) == {
        "pdfaid:part": "3",
        "pdfaid:conformance": "A",
        "pdfuaid:part": "1",
        "DocumentFileName": "factur-x.xml",
        "DocumentType": "INVOICE",
        "Version": "1.0",
        "ConformanceLevel": "EN 16931",
        "marked": True,
        "title": "Facture n°\u00a0LFN-F-2026-0001 — Ruitz",
    }


def test_the_paper_alone_holds_no_file(files: InvoiceFiles) -> None:
    assert marks_of(files.plain) == {
        "pdfaid:part": "2",
        "pdfaid:conformance": "A",
        "pdfuaid:part": "1",
        "marked": True,
        "title": "Facture n°\u00a0LFN-F-2026-0001 — Ruitz",
    }
    with pikepdf.open(io.BytesIO(files.plain)) as opened:
        assert list(opened.attachments) == []
    assert text_of(files.plain) == text_of(files.facturx)


@pytest.mark.parametrize(
    ("profile", "level", "relationship"),
    [
        (Profile.EN16931, "EN 16931", "/Alternative"),
        (Profile.BASIC_WL, "BASIC WL", "/Data"),
        (Profile.MINIMUM, "MINIMUM", "/Data"),
    ],
)
def test_the_data_are_attached_as_the_standard_says(profile: Profile, level: str, relationship: str) -> None:
    pdf = invoice_pdf(PAPER, profile).facturx

    assert marks_of(pdf)["ConformanceLevel"] == level
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (described,) = opened.Root.AF
        assert [str(name) for name in opened.Root.Names.EmbeddedFiles.Names[::2]] == ["factur-x.xml"]
        assert str(described.F) == str(described.UF) == "factur-x.xml"
        assert str(described.AFRelationship) == relationship
        assert str(described.EF.F.Subtype) == "/text/xml"
        assert str(described.EF.F.Params.ModDate) == "D:20261127000000Z"
        assert described.EF.F.read_bytes() == invoice_xml(PAPER, profile)


def test_another_reader_finds_the_same_data(files: InvoiceFiles) -> None:
    assert facturx.get_facturx_xml_from_pdf(files.facturx, check_xsd=True) == (
        "factur-x.xml",
        invoice_xml(PAPER),
    )


def test_the_file_is_sound(files: InvoiceFiles) -> None:
    with pikepdf.open(io.BytesIO(files.facturx)) as opened:
        assert opened.check_pdf_syntax() == []
        assert opened.pdf_version == "1.7"
        assert len(opened.trailer.ID) == 2
        assert "/Filter" not in opened.Root.Metadata


def test_the_same_paper_makes_the_same_bytes(files: InvoiceFiles) -> None:
    assert invoice_pdfs([PAPER, replace(PAPER, number="LFN-F-2026-0002")])[0] == files


def test_what_the_paper_says(files: InvoiceFiles) -> None:
    shown = text_of(files.plain)

    for said in (
        "Facture n° LFN-F-2026-0001",
        "SIRET 200 048 526 00024",
        "Commune de Ruitz",
        "SIRET client 216 207 274 00015",
        "TVA intracommunautaire FR00200048526",
        "À payer au plus tard le 27/12/2026",
        "Marché ou convention CONV-2026-0012",
        "N° d'engagement ENG-2026-17",
        "Code service SERVICE-1",
        "Abonnement, du 01/04/2026 au 31/03/2027",
        "12 boîtes 76,8025 € 768,03 € 921,63 €",
        "−4,17 € −5,00 €",
        "Total HT 763,86 €",
        "TVA 20 % de 763,86 € 152,77 €",
        "Net à payer 916,63 €",
        "IBAN FR76 3000 1007 9412 3456 7890 185",
        "Prix arrêtés par : délibération du 26/03/2024. Convention : CONV-2026-0012. Devis acceptés : LFN-2026-0031.",
        "Indemnité forfaitaire pour frais de recouvrement : 40 €.",
    ):
        assert said in shown
    assert "Arrondi" not in shown


def test_the_cent_to_round_is_printed() -> None:
    shown = text_of(draft_pdf(invoice(line(9))))

    assert "Total TTC 0,10 €" in shown
    assert "Arrondi, pour que soit dû le prix voté −0,01 €" in shown
    assert "Net à payer 0,09 €" in shown


def test_a_credit_note_says_what_it_takes_and_asks_nothing() -> None:
    shown = text_of(draft_pdf(credit_note(PAPER)))

    assert "Avoir n° LFN-A-2026-0001" in shown
    assert "Cet avoir vient en déduction de la facture n° LFN-F-2026-0001 du 27/11/2026." in shown
    assert "Motif : Deux boîtes facturées à tort." in shown
    assert "Montant de l'avoir 916,63 €" in shown
    assert "IBAN" not in shown
    assert "À payer" not in shown


def test_a_public_creditor_says_what_it_owes_to_say() -> None:
    shown = text_of(draft_pdf(untaxed(line(45_600), revenue_order=ORDER)))

    assert "Avis des sommes à payer" in shown
    assert "Titre de recettes n° 128, bordereau n° 14" in shown
    for said in (ORDER.enforceable, ORDER.signatory, ORDER.capacity, ORDER.accountant, *ORDER.appeal, ORDER.source):
        assert said in shown
    assert "TVA non applicable, article 256 B du CGI." in shown
    assert "Total HT" not in shown
    assert "TVA intracommunautaire" not in shown


def test_what_is_voted_ht_shows_one_column() -> None:
    shown = text_of(draft_pdf(invoice(line(50_000, basis="HT", unit_amount=41_666_667))))

    assert "12 boîtes 41,666667 € 500,00 €" in shown
    assert "Montant TTC" not in shown
    assert "Net à payer 600,00 €" in shown


def test_a_draft_says_that_it_is_one_and_has_no_data() -> None:
    draft = replace(PAPER, number=None)

    assert "Projet de facture, sans valeur" in text_of(draft_pdf(draft))
    with pytest.raises(InvoiceLacksError, match="Numéro impossible"):
        invoice_pdf(draft)


def test_a_pdf_that_is_not_our_paper_is_refused(files: InvoiceFiles) -> None:
    with pytest.raises(NotOurPaperError):
        attach_invoice(files.facturx, b"<a/>", profile="EN 16931", relationship=Relationship.DATA, on=PAPER.issued_on)
