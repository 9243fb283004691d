"""The space as a telephone reads it: what is expected first, each amount with how much, on which condition and why."""

import html
import re
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.conventions.test_lifecycle import on_paper
from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.scenarios.lettering import MAYOR, Doing, in_space
from tripartite.parties.services.issuers import update_issuer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Any:
    conventions.offer()
    update_issuer(code="lfn", changes={"quote_conditions": "Paiement à 30 jours."}, actor=TESTER, at=AT)
    with time_machine.travel(AT, tick=False):
        yield


def space(asked: Any, email: str = MAYOR) -> Any:
    return in_space(Doing(asked, AT, None), asked.pk, email)  # type: ignore[arg-type]


def read(asked: Any, email: str = MAYOR) -> str:
    return str(space(asked, email).get(reverse("space")).content.decode())


def first_button(page: str) -> str:
    main = page[page.index("<main") :]
    found = re.search(r'<(?:a|button)[^>]*class="button[^"]*"[^>]*>([^<]*)<', main)
    assert found is not None
    return found[1].replace("\u2019", "'")


def quoted(quantities: dict[str, Any] | None = None) -> Any:
    asked = quotes.request(quantities)
    quotes.issued(asked)
    return asked


def test_the_first_button_answers_quotes_that_wait() -> None:
    assert first_button(read(quoted())) == "Lire les devis, puis répondre"


def test_the_first_button_deposits_the_act_that_is_missing() -> None:
    assert first_button(read(conventions.accepted(empowered=False))) == "Déposer l'acte"


def test_the_first_button_leads_who_has_to_sign_to_where_one_signs() -> None:
    made = conventions.sent()
    page = read(made.request)
    assert first_button(page) == "Lire et signer"
    assert f'href="{reverse("space-convention", args=[made.pk])}">Lire et signer' in page


def test_who_has_signed_is_not_asked_again() -> None:
    made = conventions.sent()
    on_paper(made, "beneficiary")
    assert "Lire et signer" not in read(made.request)


def test_each_amount_says_how_much_and_why_before_the_agreement() -> None:
    page = read(quoted({"messagerie-5go": 4, "antivirus": 5}))
    before = page[: page.index('id="repondre"')]
    for quantity in ("4\u00a0comptes", "5\u00a0postes"):
        assert quantity.replace("\u00a0", " ") in words_of(before)
    lines = len(re.findall(r'<tr><th scope="row">[^<]+<span class="small soft">', before))
    assert before.count("pourquoi ?") == lines == 5
    assert "Paiement à 30 jours." in before
    assert re.search(r"\(\d+,00 €\)", words_of(before))  # due on a condition, apart from the totals
    assert "cas d'intervention" in words_of(before), words_of(before)[-900:]


def words_of(piece: str) -> str:
    plain = (
        html.unescape(re.sub(r"<[^>]+>", " ", piece))
        .replace("\u2019", "'")
        .replace("\u00a0", " ")
        .replace("\u202f", " ")
    )
    return " ".join(plain.split())


def test_why_is_how_the_amount_of_that_very_line_came_about() -> None:
    asked = quoted({"messagerie-5go": 4})
    version = list(quotes.reread(asked).versions.all())[-1]
    found = {one["explanation"] for one in version.estimate["lines"]}
    page = read(asked)
    shown = re.findall(r'<details class="why">.*?</summary>\s*<p>(.*?)</p>', page, re.DOTALL)
    assert {words_of(one) for one in shown} == {words_of(one) for one in found}


def test_each_issuer_has_its_whole_name_and_a_number_to_call_on_every_page() -> None:
    made = conventions.sent()
    client = space(made.request)
    for address in (reverse("space"), reverse("space-convention", args=[made.pk])):
        page = client.get(address).content.decode()
        for phone in quotes.PHONES.values():
            assert f'href="tel:{phone.replace(" ", "")}"' in page
        assert "Centre de gestion de la fonction publique territoriale du Pas-de-Calais" in words_of(page)


def test_who_has_no_number_is_written_to_and_who_has_neither_is_not_named() -> None:
    asked = quoted({"messagerie-5go": 4})
    update_issuer(code="lfn", changes={"phone": None}, actor=TESTER, at=AT)
    text = words_of(read(asked))
    assert "Une question ? La Fibre Numérique 59-62 contact@lfn.exemple.fr , CDG 62 03 21 00 00 62" in text
    update_issuer(code="lfn", changes={"email": None}, actor=TESTER, at=AT)
    assert "Une question ? CDG 62 03 21 00 00 62" in words_of(read(asked))
    update_issuer(code="cdg62", changes={"phone": None, "email": None}, actor=TESTER, at=AT)
    assert "Une question" not in words_of(read(asked))


def test_a_deposited_paper_is_read_again_by_who_deposited_it() -> None:
    asked = quoted()
    client, content = space(asked), b"%PDF-1.4 acte"
    file = SimpleUploadedFile("acte.pdf", content, content_type="application/pdf")
    assert client.post(reverse("space-deposit"), {"act": file}).status_code == 302
    page = client.get(reverse("space")).content.decode()
    address = re.search(r'href="(/espace/papiers/\d+/)">[^<]*Acte déposé', page)
    assert address is not None
    assert client.get(address[1]).content == content
