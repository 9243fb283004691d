"""The screens of the messages: the list, one message with its outcome, its HTML shut in, sending again."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories.accounts import AT
from tests.messages.outbox import PDF, now, paper, queued, send
from tests.messages.server import Loopback
from tests.web.conftest import words
from tripartite.accounts.rights import Role
from tripartite.quotes.services.requests import Contact, create_request
from tripartite.web.office.messages import shown_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def given_up(loopback: Loopback):
    loopback.script.append({"RCPT": "550 5.1.1 inconnu"})
    message = queued(subject="Devis refusés")
    send()
    return message


def test_an_empty_list(log_in):
    page = words(log_in().get("/messages/"))
    assert "Les courriels que l'application écrit arriveront ici." in page
    assert "Courriels" in page


def test_the_list_and_its_tabs(log_in, given_up):
    queued(subject="Devis envoyés")
    send()
    queued(subject="Devis en attente", at=AT + timedelta(minutes=1))
    client = log_in()

    everything = words(client.get("/messages/"))
    assert "En attente 1 Abandonnés 1 Envoyés 1 Gardés 0" in everything
    assert everything.index("Devis en attente") < everything.index("Devis refusés")
    for tab, subject in (
        ("attente", "Devis en attente"),
        ("abandonnes", "Devis refusés"),
        ("envoyes", "Devis envoyés"),
    ):
        page = words(client.get(f"/messages/?file={tab}"))
        assert [one for one in ("Devis en attente", "Devis refusés", "Devis envoyés") if one in page] == [subject]
    assert "Aucun courriel dans cet état." in words(client.get("/messages/?file=gardes"))
    assert words(client.get("/messages/?file=rien")).count("mairie@ruitz.exemple.fr") == 3


def test_the_list_costs_the_same_with_one_row_and_with_three(log_in, loopback, django_assert_num_queries):
    client = log_in()
    queued()
    with django_assert_num_queries(6):
        client.get("/messages/")
    queued()
    queued()
    with django_assert_num_queries(6):
        client.get("/messages/")


def test_a_message_says_what_became_of_it(log_in, given_up):
    page = words(log_in().get(f"/messages/{given_up.pk}/"))
    assert "À Mairie de Ruitz, mairie@ruitz.exemple.fr abandonné" in page
    assert "Bonjour, Voici vos deux devis." in page
    assert "Essais 1 Dernière réponse Le serveur de courrier refuse le destinataire : « 550 5.1.1 inconnu »." in page
    assert given_up.message_id in page


def test_a_message_that_waits_says_until_when(log_in, loopback):
    message = queued()
    assert "À envoyer à partir du 23/11/2026 à 10 h 00" in words(log_in().get(f"/messages/{message.pk}/"))


def test_a_message_kept_says_why(log_in, settings):
    message = queued()
    page = words(log_in().get(f"/messages/{message.pk}/"))
    assert "gardé sans être envoyé" in page
    assert "Sans serveur de courrier, les courriels se lisent ici et ne partent pas." in page


def test_a_message_leads_to_its_request(agent, offer, loopback):
    from tests.factories import parties  # noqa: PLC0415
    from tests.factories.accounts import TESTER  # noqa: PLC0415

    order = {"lines": [{"service": "messagerie-5go", "quantity": 4}]}
    asked = create_request(
        beneficiary_id=parties.body().pk, order=order, contact=Contact(), origin="agent", actor=TESTER, at=AT
    )
    message = queued(about=("request", asked.pk))
    assert f'<a href="{reverse("request", args=[asked.reference])}">Demande {asked.reference}</a>' in (
        agent.get(f"/messages/{message.pk}/").content.decode()
    )


def test_the_html_is_shown_apart_and_can_do_nothing(log_in, loopback):
    message = queued(html="<p style='color:red'>Devis</p><script>alert(1)</script>")
    client = log_in()

    page = client.get(f"/messages/{message.pk}/").content.decode()
    assert f'<iframe class="message-html" src="/messages/{message.pk}/html/" sandbox ' in page
    assert "alert(1)" not in page
    shown = client.get(f"/messages/{message.pk}/html/")
    assert shown.content.decode() == message.html
    assert shown["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    assert "no-store" in shown["Cache-Control"]
    assert client.get(f"/messages/{queued().pk}/html/").status_code == 404


def test_what_people_typed_is_escaped_on_the_page(log_in, loopback):
    message = queued(subject="<b>Devis</b>", text="<script>alert(1)</script>", to=("<i>", "mairie@ruitz.exemple.fr"))
    page = log_in().get(f"/messages/{message.pk}/").content.decode()
    assert "<b>Devis" not in page
    assert "<script>alert" not in page
    assert "<i>" not in page


def test_its_papers_are_read_from_it_alone(log_in, loopback):
    message, other = queued(attachments=[paper(number="Devis é")]), queued()
    piece = now(message).attachments.get()
    client = log_in()

    answer = client.get(f"/messages/{message.pk}/pieces/{piece.pk}/")
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/pdf")
    assert answer["Content-Disposition"] == "inline; filename*=utf-8''Devis%20%C3%A9.pdf"
    assert client.get(f"/messages/{other.pk}/pieces/{piece.pk}/").status_code == 404


def test_a_message_given_up_is_sent_again(log_in, given_up, loopback):
    client = log_in()
    assert "Renvoyer" in words(client.get(f"/messages/{given_up.pk}/"))

    answer = client.post(f"/messages/{given_up.pk}/renvoyer/", follow=True)
    assert "Ce courriel repartira au prochain envoi." in words(answer)
    assert now(given_up).state == "queued"
    assert "Renvoyer" not in words(answer)
    again = client.post(f"/messages/{given_up.pk}/renvoyer/", follow=True)
    assert "Ce courriel est « à envoyer » : cela ne se peut plus." in words(again)


def test_the_accountant_reads_no_message(log_in, given_up):
    client = log_in(Role.ACCOUNTANT)
    for address in ("/messages/", f"/messages/{given_up.pk}/", f"/messages/{given_up.pk}/html/"):
        assert client.get(address).status_code == 403
    assert client.post(f"/messages/{given_up.pk}/renvoyer/").status_code == 403
    assert now(given_up).state == "given-up"


def test_the_menu_leads_there(log_in):
    assert 'href="/messages/"' in log_in().get("/messages/").content.decode()
    assert 'href="/messages/"' not in log_in(Role.ACCOUNTANT).get("/tarif/").content.decode()


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        (
            "convention.code",
            "Votre code :\n\n123456\n\nIl vaut dix minutes.",
            "Votre code :\n\n••••••\n\nIl vaut dix minutes.",
        ),
        ("space.link", "https://x.fr/espace/lien/abc-DEF_1/ jusqu'au", "https://x.fr/espace/lien/••••••/ jusqu'au"),
        ("space.link", '<a href="https://x.fr/espace/lien/abc/">', '<a href="https://x.fr/espace/lien/••••••/">'),
        ("other", "123456", "123456"),
    ],
)
def test_what_opens_a_door_is_shown_to_its_reader_alone(settings, kind, text, shown):
    settings.LOCAL = False
    assert shown_text(text, kind) == shown
    settings.LOCAL = True
    assert shown_text(text, kind) == text
