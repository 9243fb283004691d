"""The file that holds a convention or an amendment: archived, read aloud, the same bytes, text never run."""

import io
import json
from dataclasses import replace

import pikepdf
import pytest

from tests.conventions import papers
from tests.conventions.test_paper import BARE, pdf, text_of
from tests.documents.tags import structure_of
from tripartite.conventions.printout.building import slots_of_parties, tariff_of
from tripartite.conventions.printout.paper import MODEL
from tripartite.conventions.printout.parts import Mandate, Party
from tripartite.conventions.printout.taking import services_taken
from tripartite.documents.render import models
from tripartite.pricing.typography import typeset


@pytest.mark.parametrize(
    "paper",
    [
        papers.paper(),
        papers.paper(papers.TWELVE),
        papers.paper(papers.TWELVE, number=None, term=papers.UNKNOWN, parties=papers.parties(**BARE)),
        papers.paper(services=[], quotes=[], number=None),
        papers.amendment(),
        papers.amendment(number=None, changes=[]),
    ],
    ids=["ordinary", "twelve", "draft", "empty", "amendment", "empty amendment"],
)
def test_it_is_archived_and_read_aloud(paper):
    content = pdf(paper)
    with pikepdf.open(io.BytesIO(content)) as opened, opened.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert str(opened.docinfo.Title) == typeset(paper.title)
        assert str(opened.Root.Lang) == "fr-FR"
    tags = structure_of(content)
    assert tags["/H1"] == 1
    assert tags["/H2"] == len(paper.articles) + len(paper.annexes) + 3
    assert tags["/Table"] == 4


def test_the_same_paper_makes_the_same_bytes():
    assert pdf(papers.paper()) == pdf(papers.paper())
    assert pdf(papers.paper()) != pdf(papers.paper(number="CONV-2026-00002"))
    assert json.dumps(papers.paper().as_payload()) == json.dumps(papers.paper().as_payload())


def test_the_model_is_known_by_name():
    assert MODEL in models()
    assert papers.paper().as_payload()["model"] == MODEL


def test_hostile_text_is_printed_as_text():
    parties = [
        replace(
            party,
            name=f"{party.name} {papers.HOSTILE}",
            address=(papers.HOSTILE, "x" * 300),
            signatory_name=papers.HOSTILE,
            signatory_function="y" * 300,
            mandate=Mandate(papers.HOSTILE, papers.HOSTILE, papers.HOSTILE),
        )
        for party in papers.parties()
    ]
    services = [replace(service, name=papers.HOSTILE + "z" * 300) for service in papers.taken(papers.TWELVE)]
    text = text_of(
        papers.amendment(parties=parties, services=services, number=papers.HOSTILE, changes=[papers.HOSTILE])
    )
    printed = papers.HOSTILE.replace("\u202e🦊", "□")
    assert text.count(printed) >= 10
    assert text.replace(" ", "").count("z" * 300) == 12


def test_four_signatories_and_a_lone_issuer_have_their_place():
    text = papers.model(papers.CONVENTION)
    fourth = replace(text.signatories[2], issuer="autre", called="le quatrième")
    parties = [*papers.parties(), Party("autre", "Quatrième partie", "Syndicat", slot=3)]
    four = papers.paper(text=replace(text, signatories=(*text.signatories, fourth)), parties=parties)
    assert "4. Quatrième partie à compléter à compléter" in text_of(four)
    two = papers.paper(
        text=replace(text, signatories=text.signatories[:2]), parties=[papers.parties()[0], papers.parties()[2]]
    )
    assert "2. Syndicat mixte" in text_of(two)


def test_a_second_offer_has_on_paper_the_colours_of_the_screens():
    grid, shown = papers.grid(), {"lfn": 3, "cdg62": 4}
    taken = services_taken(papers.estimate({"messagerie-5go": 1}), grid, shown)
    parties = [Party("beneficiary", "Ruitz", "commune"), *(Party(code, code, "", slot=shown[code]) for code in shown)]
    tariff = tariff_of(grid, (), slots_of_parties(grid, parties))
    named = {issuer.short_name: shown[code] for code, issuer in grid.issuers.items()}
    assert {part.issuer: part.slot for one in taken for part in one.parts} == shown
    assert {price.issuer: price.slot for price in tariff.prices} == named
