"""Pressing twice ends on the good page, with what was recorded once; refusing to sign by the link."""

import re
from dataclasses import replace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.factories.accounts import TESTER
from tests.factories.conventions import name_signatory, read, signatory
from tests.web.conftest import errors, words
from tests.web.space.entering import MAYOR, answer, enter, last_message, numbers, state
from tripartite.accounts.queries import deposits_of
from tripartite.accounts.services.links import create_access_link
from tripartite.conventions.services.sending import send_convention
from tripartite.messages.models import Message

AT = quotes.AT
EMAIL = "maire@exemple.fr"
pytestmark = [pytest.mark.django_db, pytest.mark.both_bases]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        conventions.offer()
        yield clock


@pytest.fixture
def asked():
    made = quotes.request()
    quotes.issued(made)
    return quotes.reread(made)


@pytest.fixture
def sent(settings):
    draft = conventions.drafted()
    name_signatory(signatory(draft, "beneficiary"), email=EMAIL)
    name_signatory(signatory(draft, "lfn"), email="president@lfn.exemple.fr")
    return read(send_convention(convention_id=draft.pk, actor=TESTER, at=AT))


def test_accepting_twice_ends_on_the_accord(asked) -> None:
    client, typed = enter(asked), numbers(asked)
    first = answer(client, "space-accept", asked, consent="on")
    again = client.post(reverse("space-accept"), {"numbers": typed, **MAYOR, "consent": "on"}, follow=True)
    for page in (first, again):
        assert f"Bon pour accord enregistré sur {' et '.join(typed.split(','))}. Merci." in words(page)
        assert "ont changé depuis l'affichage" not in words(page)
    assert state(asked) == "accepted"


def test_refusing_after_accepting_is_not_said_to_be_done(asked) -> None:
    client, typed = enter(asked), numbers(asked)
    answer(client, "space-accept", asked, consent="on")
    late = client.post(reverse("space-refuse"), {"numbers": typed, **MAYOR, "reason": "Non."}, follow=True)
    assert "Les devis ont changé depuis l'affichage" in words(late)
    other = {"numbers": typed, "name": "Autre NOM", "function": "Maire", "consent": "on"}
    assert "Les devis ont changé" in words(client.post(reverse("space-accept"), other, follow=True))


def test_refusing_quotes_twice_ends_on_the_refusal(asked) -> None:
    client, typed = enter(asked), numbers(asked)
    answer(client, "space-refuse", asked, reason="Budget.")
    again = client.post(reverse("space-refuse"), {"numbers": typed, **MAYOR, "reason": "Budget."}, follow=True)
    assert "Refus enregistré. Rien n'est engagé." in words(again)
    assert state(asked) == "refused"


def test_opening_a_link_twice_ends_in_the_file(asked) -> None:
    client = Client()
    token = create_access_link(request_id=asked.pk, email="mairie@exemple.fr", actor=TESTER, at=AT)
    for _ in range(2):
        assert client.post(reverse("space-link", args=[token]))["Location"] == reverse("space")
    assert Client().post(reverse("space-link", args=[token])).status_code == 410


def test_leaving_twice_ends_outside(asked) -> None:
    client = enter(asked)
    for _ in range(2):
        page = client.post(reverse("space-leave"), follow=True)
        assert "Vous êtes sorti du dossier." in words(page)
        assert "Votre accès est terminé" not in words(page)


def test_depositing_twice_keeps_one_paper(asked) -> None:
    client = enter(asked)
    for _ in range(2):
        sent = {"act": SimpleUploadedFile("acte.pdf", b"%PDF-1.4 acte")}
        assert "Acte déposé" in words(client.post(reverse("space-deposit"), sent, follow=True))
    assert len(deposits_of(asked.pk)) == 1


def test_signing_twice_ends_on_the_signature(sent) -> None:
    client = enter(sent.request, email=EMAIL)
    client.post(reverse("space-code", args=[sent.pk]))
    code = re.search(r"(?<![\d/])\d{6}(?!\d)", last_message().text)[0]
    fields = {"signatory": signatory(sent, "beneficiary").pk, "code": code, "consent": "on"}
    for _ in range(2):
        page = client.post(reverse("space-sign", args=[sent.pk]), fields, follow=True)
        assert f"{sent.number} est signée par Prénom NOM. Merci. D'autres doivent encore signer" in words(page)
        assert "Aucune signature n'est attendue" not in words(page)


def test_refusing_to_sign_by_the_link_twice_ends_on_the_refusal(sent) -> None:
    client = enter(sent.request, email=EMAIL)
    door = reverse("space-refuse-to-sign", args=[sent.pk])
    empty = client.post(door, {"reason": " "})
    assert (empty.status_code, "Motif" in errors(empty)) == (422, True)
    for _ in range(2):
        page = client.post(door, {"reason": "Le conseil a reporté."}, follow=True)
        assert "Refus de signer enregistré." in words(page)
        assert "signature refusée le 23/11/2026 Le conseil a reporté." in words(page)
    refusal = signatory(sent, "beneficiary").refusal
    assert (refusal.way, refusal.evidence["link"], refusal.evidence["address"]) == ("here", EMAIL, "127.0.0.1")
    assert "Un agent reprend le dossier" in words(client.get(reverse("space")))
    assert Message.objects.filter(kind="convention.refused", recipient="president@lfn.exemple.fr").count() == 1


def test_whoever_has_nothing_to_sign_refuses_nothing(sent) -> None:
    client = enter(sent.request)
    page = client.post(reverse("space-refuse-to-sign", args=[sent.pk]), {"reason": "Non."}, follow=True)
    assert "Aucune signature n'est attendue de vous" in words(page)
    assert read(sent).state == "sent"


def test_a_changed_address_signs_by_a_new_link_only(sent, settings) -> None:
    settings.CONFIG = replace(settings.CONFIG)
    former, early = enter(sent.request, email=EMAIL), enter(sent.request, email="autre@exemple.fr")
    name_signatory(signatory(sent, "beneficiary"), email="autre@exemple.fr")
    page = reverse("space-convention", args=[sent.pk])
    assert former.get(page)["Location"] == reverse("space")
    assert early.get(page)["Location"] == reverse("space")
    assert "Signer la convention" in words(enter(sent.request, email="autre@exemple.fr").get(page))
