"""Papers as PDF: archived (PDF/A-2a), read aloud (PDF/UA-1), the same bytes each time, and no text becomes markup."""

import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pikepdf
import pypdf
import pytest

from tests.documents.tags import structure_of
from tests.factories import quotes
from tripartite.documents.render import models, render, render_all
from tripartite.quotes.printout.paper import MODEL
from tripartite.quotes.printout.parts import Contact, Recipient

HOSTILE = '# \\ " * _ $ ` <b> #panic("x") @label // /* #import "lib/page.typ" ${x} \u202e🦊'


def pdf(**changes):
    return render(MODEL, quotes.paper(**changes).as_payload())


def text_of(content):
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join("\n".join(page.extract_text() for page in pages).split()).replace("’", "'")


def test_it_says_which_standards_it_follows():
    with pikepdf.open(io.BytesIO(pdf())) as opened, opened.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"


def test_its_title_language_and_author_are_set():
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        assert str(opened.docinfo.Title) == "Devis n°\u00a0LFN-2026-00012 — Ruitz"
        assert str(opened.docinfo.Author) == "Syndicat mixte La Fibre Numérique 59-62"
        assert str(opened.Root.Lang) == "fr-FR"
        assert opened.Root.ViewerPreferences.DisplayDocTitle


def test_it_is_tagged_with_headings_and_header_cells():
    content = pdf()
    with pikepdf.open(io.BytesIO(content)) as opened:
        assert opened.Root.MarkInfo.Marked
    tags = structure_of(content)
    assert tags["/H1"] == 1
    assert tags["/H2"] == 2
    assert tags["/Table"] == 1
    assert tags["/TH"] >= 7
    assert tags["/TD"] > 20


def test_its_typeface_is_embedded_and_its_own():
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        fonts = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/FontFile2" in item]
        fonts += [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/FontFile3" in item]
        descriptors = [item for item in opened.objects if isinstance(item, pikepdf.Dictionary) and "/FontName" in item]
        assert fonts
        assert len(fonts) == len(descriptors)
        assert all("SourceSans3" in str(font.FontName) for font in fonts)


def test_the_same_payload_makes_the_same_bytes():
    assert pdf() == pdf()
    assert pdf() != pdf(quantities={"messagerie-5go": 5})


def test_another_process_elsewhere_makes_the_same_bytes():
    program = (
        "import json, sys; from hashlib import sha256; from tripartite.documents.render import render;"
        "payload = json.load(sys.stdin); print(sha256(render(payload['model'], payload)).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(quotes.paper().as_payload()),
        env={**os.environ, "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        text=True,
        capture_output=True,
        check=True,
    )
    assert done.stdout.strip() == sha256(pdf()).hexdigest()


def test_hostile_text_is_printed_as_text():
    shown = text_of(
        pdf(
            quantities=quotes.WITH_STORAGE_ON_REQUEST,
            reason=HOSTILE,
            recipient=Recipient(f"Ruitz {HOSTILE}", "216207274", None, (HOSTILE, "x" * 300)),
            contact=Contact(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
            conditions=HOSTILE,
            changes=[HOSTILE],
            version=2,
        )
    )
    printed = HOSTILE.replace("\u202e🦊", "□")
    assert shown.replace("\u200b", "").count('#panic("x") @label // /* #import "lib/page.typ" ${x} □') >= 5
    assert f"Prix établi sur devis : {printed}" in shown


def test_a_word_wider_than_its_column_is_cut():
    page = pypdf.PdfReader(io.BytesIO(pdf(recipient=Recipient("x" * 300, "216207274", None, ("y" * 300,))))).pages[0]
    lines = page.extract_text().replace("\u200b", "").splitlines()
    assert max(line.count("x") for line in lines[:20]) < 80
    assert max(line.count("y") for line in lines) < 80


@pytest.mark.parametrize("model", ["quote-1999-01-01", "lib/page", "../render", ""])
def test_an_unknown_model_is_refused(model):
    with pytest.raises(ValueError, match="no such model"):
        render(model, quotes.paper().as_payload())


def test_the_models_are_known_by_name():
    assert MODEL in models()


def test_many_at_once_are_those_made_one_by_one():
    papers = [
        (MODEL, quotes.paper({"messagerie-5go": place}, issuer=issuer).as_payload())
        for place in range(1, 7)
        for issuer in ("lfn", "cdg62")
    ]
    one_by_one = [render(*paper) for paper in papers]

    assert render_all(papers) == one_by_one
    assert render_all([]) == []
    with ThreadPoolExecutor(3) as callers:
        assert list(callers.map(render_all, [papers] * 3)) == [one_by_one] * 3


def test_one_that_fails_is_told_to_the_caller():
    good = (MODEL, quotes.paper().as_payload())
    with pytest.raises(ValueError, match="no such model"):
        render_all([good, ("no-model", good[1]), good])
