"""What issuers set for themselves is on every paper from its day on; a paper issued before keeps what it shows."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest

from tests.factories import billing, conventions, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.factories.pictures import logo
from tripartite.billing.printout.reading import read_paper
from tripartite.documents.queries import document_by_id, payload_of, pdf_of
from tripartite.documents.render import render
from tripartite.parties.services.looks import set_look

pytestmark = pytest.mark.django_db

GREEN = "#005f3c"
NAMED = {"name": "Agence des usages numériques", "short_name": "L'Agence"}


def look(code="lfn", on=quotes.DAY, at=AT, **more):
    given = {"logo": logo(), "changes": {"colour": GREEN, "logo_alt": "L'Agence"} | NAMED} | more
    return set_look(code=code, applies_on=on, actor=TESTER, at=at, **given)


def pictures(pdf: bytes) -> int:
    with pikepdf.open(BytesIO(pdf)) as opened:
        kinds = [one.get("/Subtype") for one in opened.objects if isinstance(one, pikepdf.Stream)]
    return sum(kind == "/Image" for kind in kinds)


def test_quotes_say_it_from_its_day_and_keep_what_they_said():
    quotes.offer()
    before = quotes.issued()["lfn"].document
    kept = pdf_of(before.pk)
    look(on=quotes.DAY + timedelta(days=1))
    today, tomorrow = quotes.issued(), quotes.issued(at=AT + timedelta(days=1))
    assert {"accents", "logos"} & payload_of(today["lfn"].document).keys() == set()
    said = payload_of(tomorrow["lfn"].document)
    assert (said["issuer"]["name"], said["accents"]["1"]["plain"]) == (NAMED["name"], GREEN)
    assert (said["logos"]["1"]["alt"], said["logos"]["1"]["width"]) == ("L'Agence", 240)
    other = payload_of(tomorrow["cdg62"].document)
    assert (other["companions"][0]["name"], other["accents"]) == ("L'Agence", said["accents"])
    assert pictures(pdf_of(tomorrow["lfn"].document.pk)) > pictures(kept) == 0
    assert pictures(pdf_of(tomorrow["cdg62"].document.pk)) == 0
    assert (pdf_of(before.pk), render(said["model"], said)) == (kept, pdf_of(tomorrow["lfn"].document.pk))


def test_a_convention_says_it_for_each_of_its_issuers():
    conventions.offer()
    earlier = AT - timedelta(days=5)
    look(on=earlier.date(), at=earlier)
    said = payload_of(conventions.sent().document)
    assert NAMED["name"] in {one["name"] for one in said["parties"]}
    assert NAMED["name"] in {one["issuer_name"] for one in said["quotes"]}
    assert "L'Agence" in {one["name"] for one in said["tariff"]["issuers"]}
    assert said["accents"].keys() == said["logos"].keys() == {"1"}


def test_an_invoice_says_it_and_is_read_again_the_same():
    billing.ready()
    subscriptions.running({"messagerie-5go": 4})
    look()
    (invoice,) = billing.billed()
    said = payload_of(document_by_id(invoice.document_id))
    assert (said["seller"]["name"], said["accents"]["1"]["plain"]) == (NAMED["name"], GREEN)
    assert read_paper(said).as_payload() == said
    assert pictures(pdf_of(invoice.document_id)) >= 1
