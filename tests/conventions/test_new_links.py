"""« Recevoir un nouveau lien » takes any reference that the letters show, and leads to where one signs."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.conventions.test_amendments import BACKUP, amended
from tests.conventions.test_lifecycle import on_paper, signed
from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER
from tripartite.conventions.queries.access import files_named
from tripartite.conventions.services import access
from tripartite.conventions.services.access import send_new_link
from tripartite.messages.models import Message

MAYOR = "mairie@exemple.fr"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> None:
    conventions.offer()


def named(typed: str) -> list[str]:
    return [asked.reference for asked, _ in files_named(typed)]


def asked_with(reference: str, email: str = MAYOR) -> list[Message]:
    before = Message.objects.count()
    assert send_new_link(reference=reference, email=email, network="127.0.0.1", actor=TESTER, at=AT)
    return list(Message.objects.filter(kind="space.link"))[: Message.objects.count() - before]


def opened(letter: Message) -> Any:
    path = re.search(r"https?://[^/]+(/espace/lien/\S+)", letter.text)
    assert path is not None
    client = Client()
    assert client.get(path[1]).status_code == 200
    return client.post(path[1], follow=True)


def test_every_reference_that_a_letter_shows_gets_a_link_to_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access, "LETTERS", ((timedelta(hours=1), 100),))
    made = conventions.sent()
    asked = quotes.reread(made.request)
    shown = {asked.reference, made.number}
    shown |= {quote.number for version in asked.versions.all() for quote in version.quotes.all()}
    said = "\n".join(f"{one.subject}\n{one.text}" for one in Message.objects.all())
    assert set(re.findall(r"\b[A-Z][A-Z0-9]*-\d{4}-\d{5}\b", said)) == shown
    assert len(shown) == 4
    for reference in shown:
        assert named(reference) == [asked.reference]
        assert len(asked_with(reference)) == 1


@pytest.mark.parametrize("typed", [" {} ", "{} ", "convention n° {}", "Dossier {}."])
def test_a_reference_is_found_as_people_type_it(typed: str) -> None:
    made = conventions.sent()
    for number in (made.number, made.number.lower(), made.number.replace("-", " - "), made.number.replace("-", "–")):
        assert named(typed.format(number)) == [made.request.reference]


def test_an_amendment_is_found_by_its_number_or_by_its_place() -> None:
    convention = signed()
    made = amended(convention, {BACKUP: 1})
    assert named(made.number) == [made.request.reference]
    assert named(convention.number) == [convention.request.reference, made.request.reference]
    assert named(f"avenant n° 1 à la convention {convention.number}") == [made.request.reference]
    assert named(f"avenant n° 2 à la convention {convention.number}") == []


@pytest.mark.parametrize(("typed", "email"), [("C-2026-99999", MAYOR), ("", MAYOR), ("n'importe quoi", MAYOR)])
def test_what_names_no_file_gets_nothing(typed: str, email: str) -> None:
    conventions.sent()
    assert asked_with(typed, email) == []


def test_an_address_that_the_file_does_not_know_gets_nothing_whatever_the_reference() -> None:
    made = conventions.sent()
    for reference in (made.number, made.request.reference):
        assert asked_with(reference, "autre@exemple.fr") == []


@pytest.mark.parametrize("kind", ["convention.sent", "space.link"])
def test_a_letter_to_who_has_to_sign_leads_to_where_one_signs(kind: str) -> None:
    with time_machine.travel(AT, tick=False):
        made = conventions.sent()
        letter = asked_with(made.number)[0] if kind == "space.link" else Message.objects.filter(kind=kind).get()
        assert "Lire et signer" in letter.text
        page = opened(letter)
    assert page.redirect_chain == [(reverse("space-convention", args=[made.pk]), 302)]
    assert "Signer la convention" in page.content.decode()


def test_once_signed_the_same_letter_opens_the_file() -> None:
    with time_machine.travel(AT, tick=False):
        made = conventions.sent()
        letter = Message.objects.filter(kind="convention.sent").get()
        on_paper(made, "beneficiary")
        assert opened(letter).redirect_chain == [(reverse("space"), 302)]


def test_a_link_leads_to_no_convention_of_another_file() -> None:
    with time_machine.travel(AT, tick=False):
        made = conventions.sent()
        letter = Message.objects.filter(kind="convention.sent").get()
        letter.text = letter.text.replace(f"?signer={made.pk}", "?signer=999999")
        assert opened(letter).redirect_chain == [(reverse("space"), 302)]
