"""The beneficiary's draft deliberation: what it says, and the same words in the PDF and in the editable document."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import odfdo
import pikepdf
import pypdf
import pytest

from tests.conventions import papers
from tripartite.conventions.printout.deliberation import DELIBERATION_MODEL, with_article
from tripartite.conventions.printout.wording import legal_name_of
from tripartite.documents.render import models, render


def words_of_pdf(paper):
    """The words of the PDF, without the foot of its pages and its watermark."""
    payload = paper.as_payload()
    pages = pypdf.PdfReader(io.BytesIO(render(paper.model, payload))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split()).replace("\u200b", "").replace("’", "'")
    for page in range(1, len(pages) + 1):
        text = text.replace(f"page {page} sur {len(pages)}", "")
    return text.replace("PROJET — sans valeur", "").replace(payload["foot"], "")


def document_of(paper):
    return odfdo.Document(io.BytesIO(paper.as_editable()))


def words_of_odt(paper):
    """The words of the editable document, in order."""
    return " ".join(" ".join(document_of(paper).body.xpath("//text()")).split()).replace(" ,", ",").replace("’", "'")


def letters(text):
    """All that is written, wherever lines are cut; the heading of the tariff, that each page repeats, left out."""
    written = "".join(text.split()).replace("–", "").replace("-", "")
    return sorted(written.replace("PrestationLaFibreNumérique5962,TTCCDG62,TTC", ""))


def test_it_says_what_is_voted():
    paper = papers.deliberation(papers.TWELVE)
    text = words_of_pdf(paper)
    for said in (
        "Projet de délibération Commune de Ruitz — conseil municipal",
        "Séance du à compléter",
        "Objet Services numériques et accompagnement : convention tripartite",
        "Vu le code général des collectivités territoriales, notamment son article L. 2121-29 ;",
        "La Fibre Numérique 59-62, devis n° LFN-2026-00012 du 23/11/2026",
        "Ensemble",
        "La convention serait conclue pour trois ans. Elle serait reconduite tacitement une fois",
        "Le conseil municipal, après en avoir délibéré :",
        "Article 1. Approbation Approuve la convention tripartite que concluent la commune de Ruitz,",
        "Article 2. Autorisation de signer Autorise le maire à signer cette convention",
        "Vote Pour à compléter Contre à compléter Abstentions à compléter",
        "Le maire Le secrétaire de séance",
        "Annexe 1. Tarif arrêté par l'acte",
    ):
        assert said in text, said


@pytest.mark.parametrize(
    ("kind", "organ", "executive"),
    [
        ("Commune", "conseil municipal", "le maire"),
        ("EPCI à fiscalité propre", "conseil communautaire", "le président"),
        ("CCAS", "conseil d'administration", "le président"),
        ("Département", "conseil départemental", "le président du conseil départemental"),
        ("Autre structure", "organe délibérant", "son représentant légal"),
        ("", "organe délibérant", "son représentant légal"),
    ],
)
def test_organ_and_executive_are_those_of_the_kind_of_body(kind, organ, executive):
    paper = papers.deliberation(parties=papers.parties(kind_label=kind, mandate=None))
    assert (paper.organ, paper.executive) == (organ, executive)
    assert ("L. 2121-29" in " ".join(paper.visas)) == (kind == "Commune")


def test_the_organ_of_a_known_act_is_the_one_that_votes():
    parties = papers.parties(
        mandate=papers.mandate("commission permanente", "3", date(2026, 10, 12), date(2026, 10, 15))
    )
    assert papers.deliberation(parties=parties).organ == "commission permanente"


@pytest.mark.parametrize(
    ("organ", "said"),
    [
        ("conseil municipal", "Le conseil municipal"),
        ("organe délibérant", "L'organe délibérant"),
        ("assemblée", "L'assemblée"),
        ("commission permanente", "La commission permanente"),
    ],
)
def test_the_organ_has_its_article(organ, said):
    assert with_article(organ) == said


def test_quotes_that_are_not_issued_are_said_to_be_awaited():
    waiting = [replace(quote, number=None, issued_on=None) for quote in papers.quotes(papers.ORDINARY)]
    assert words_of_pdf(papers.deliberation(quotes=waiting)).count("devis à émettre") == 2


@pytest.mark.parametrize("quantities", [papers.ORDINARY, papers.TWELVE], ids=["ordinary", "twelve"])
def test_the_editable_document_holds_the_same_words(quantities):
    paper = papers.deliberation(quantities)
    assert letters(words_of_odt(paper)) == letters(words_of_pdf(paper))


def test_the_editable_document_has_headings_lists_and_header_rows():
    body = document_of(papers.deliberation()).body
    assert [heading.get_attribute("text:outline-level") for heading in body.headers][:2] == ["1", "2"]
    assert len(body.xpath("//table:table-header-rows")) == 4
    assert document_of(papers.deliberation()).language == "fr-FR"


def test_the_editable_document_is_the_same_each_time():
    assert papers.deliberation().as_editable() == papers.deliberation().as_editable()
    archive = zipfile.ZipFile(io.BytesIO(papers.deliberation().as_editable()))
    first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.text"
    assert archive.testzip() is None
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_hostile_text_stays_text_in_both():
    name = f"Ruitz {papers.HOSTILE} & </text:p> \x00\x0b\ud800"
    paper = papers.deliberation(parties=papers.parties(name=name))
    shown = '#panic("x") @label // /* {lfn.name} [si commune] ${x} 🦊 & </text:p>'
    assert shown in words_of_odt(paper)
    printable = papers.deliberation(parties=papers.parties(name=f"Ruitz {papers.HOSTILE} & </text:p>"))
    assert shown.replace("🦊", "□") in words_of_pdf(printable)


def test_the_pdf_is_archived_and_read_aloud():
    paper = papers.deliberation(papers.TWELVE)
    content = render(paper.model, paper.as_payload())
    assert content == render(paper.model, papers.deliberation(papers.TWELVE).as_payload())
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert str(opened.docinfo.Title) == "Projet de délibération de la commune de Ruitz"
    assert DELIBERATION_MODEL in models()


def test_the_editable_document_leaves_its_numbers_to_the_words():
    styles = document_of(papers.deliberation()).styles
    levels = styles.get_elements("//text:outline-level-style")
    assert levels
    assert {level.get_attribute("style:num-format") for level in levels} <= {"", None}
    assert not any(level.get_attribute("style:num-suffix") for level in levels)


@pytest.mark.parametrize("amends", [None, "C-2026-00007"])
def test_every_body_is_named_with_its_article(amends):
    """Its words, annexes apart, name no party bare."""
    made = papers.deliberation(papers.TWELVE, **({"amends": amends} if amends else {}))
    said = " ".join(block["text"] for block in made.as_payload()["blocks"] if block["kind"] == "paragraph")
    assert said.count("la commune de Ruitz") == 2
    for party in papers.parties():
        assert legal_name_of(party).named in said
        bare = party.name if party.role != "beneficiary" else " Ruitz"
        assert said.count(bare) == (said.count("commune de Ruitz") if party.role == "beneficiary" else 0)


def test_the_editable_act_is_laid_out_as_one_text():
    """The annex begins a page; a table is in one size, its amounts and their titles at the right; nothing in a style
    that a word processor would not follow: an automatic style inherits from a common one alone."""
    document = document_of(papers.deliberation(papers.TWELVE))
    styled = {one.text: one.get_attribute("text:style-name") for one in document.body.get_elements("//text:h")}
    assert [style for text, style in styled.items() if text.startswith("Annexe")] == ["act-annex"]
    automatic = document.get_part("content").get_elements("//office:automatic-styles/style:style")
    names = {one.get_attribute("style:name") for one in automatic}
    assert not names & {one.get_attribute("style:parent-style-name") for one in automatic}
    sizes = {
        one.get_attribute("style:name"): size.get_attribute("fo:font-size")
        for one in automatic
        for size in one.get_elements("style:text-properties")
    }
    cells = ("act-cell", "act-figure", "act-head", "act-head-figure")
    assert {sizes[name] for name in cells} == {"9pt"}
    assert sizes["act-strong"] == sizes["act-text"] == "11pt"
    heads = document.body.get_elements("//table:table-header-rows//text:p")
    right = {one.text for one in heads if one.get_attribute("text:style-name") == "act-head-figure"}
    assert {"Première année, TTC", "Puis chaque année, TTC"} <= right
