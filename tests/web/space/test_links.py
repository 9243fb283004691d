"""Links into the space: sent, opened once, ended; asked for again without telling who is known."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import quotes
from tests.factories.accounts import TESTER
from tests.web.conftest import part, words
from tests.web.space.entering import AT, EMAIL, answer, enter, last_message, link_in, state
from tripartite.accounts.services.links import create_access_link
from tripartite.messages.queries import message_list
from tripartite.quotes.services.requests import Contact, update_contact

pytestmark = [pytest.mark.django_db, pytest.mark.both_bases]


def test_the_link_opens_by_a_button_and_shows_the_file(asked, client) -> None:
    path = link_in(last_message())

    for _ in range(2):
        page = client.get(path)
        assert (page.status_code, page["Cache-Control"].count("no-store")) == (200, 1)
        assert "Ce lien s'ouvre une fois." in words(page)
    file = client.post(path, follow=True)

    assert file.redirect_chain == [(reverse("space"), 302)]
    assert f"Dossier {asked.reference} Ruitz" in words(file)
    assert "Répondre aux devis , jusqu'au 22/01/2027 compris" in part(file, "contenu")
    assert "Ouvert pour mairie@exemple.fr, jusqu'au 23/11/2026 à 14 h 00." in words(file)
    assert "no-store" in file["Cache-Control"]


def test_a_link_serves_once_and_the_page_offers_another(asked, client) -> None:
    path = link_in(last_message())
    assert client.post(path).status_code == 302

    for method in ("get", "post"):
        again = getattr(Client(), method)(path)
        assert again.status_code == 410
        assert "Ce lien ne s'ouvre plus" in words(again)
        assert "Recevoir un nouveau lien" in words(again)


def test_a_link_lasts_seven_days(asked, clock) -> None:
    path = link_in(last_message())
    clock.shift(timedelta(days=7) - timedelta(seconds=1))
    assert Client().get(path).status_code == 200
    clock.shift(timedelta(seconds=1))
    assert (Client().get(path).status_code, Client().post(path).status_code) == (410, 410)


def test_the_session_ends_after_its_hours(asked, clock) -> None:
    client = enter(asked)
    clock.shift(timedelta(hours=4) - timedelta(seconds=1))
    assert asked.reference in words(client.get(reverse("space")))
    clock.shift(timedelta(seconds=1))
    assert asked.reference not in words(client.get(reverse("space")))
    late = answer(client, "space-accept", asked, consent="on")
    assert "Votre accès est terminé." in words(late)
    assert state(asked) == "quoted"


def test_one_goes_out_and_the_link_is_worth_nothing_any_more(asked) -> None:
    client = enter(asked)
    kept = client.cookies["sessionid"].value
    client.post(reverse("space-leave"))
    client.cookies["sessionid"] = kept
    assert "Retrouver mon dossier" in words(client.get(reverse("space")))


def test_a_corrected_contact_ends_the_links_of_the_former(asked) -> None:
    inside, path = enter(asked), link_in(last_message())
    update_contact(request_id=asked.pk, contact=Contact("", "", "autre@exemple.fr", ""), note="", actor=TESTER, at=AT)

    assert "Retrouver mon dossier" in words(inside.get(reverse("space")))
    assert Client().post(path).status_code == 410


def test_nobody_comes_in_without_a_link(asked, client) -> None:
    for name in ("space-accept", "space-refuse", "space-deposit", "space-leave"):
        assert client.post(reverse(name)).status_code == 302
    for address in (reverse("space-paper", args=[1]), reverse("space-convention", args=[1])):
        assert client.get(address)["Location"] == reverse("space")


def test_a_session_cannot_name_a_link_that_was_not_opened(asked, client) -> None:
    create_access_link(request_id=asked.pk, email=EMAIL, actor=TESTER, at=AT)
    session = client.session
    session["space_link"] = 1
    session.save()
    assert "Retrouver mon dossier" in words(client.get(reverse("space")))


def ask_link(clock, client=None, reference=None, email=EMAIL, **typed):
    client = client or Client()
    stamp = client.get(reverse("space-new-link")).context["form"]["stamp"].value()
    clock.shift(timedelta(seconds=10))
    return client.post(
        reverse("space-new-link"), {"reference": reference, "email": email, "stamp": stamp, **typed}, follow=True
    )


def test_the_answer_to_a_new_link_never_says_whether_the_address_is_known(asked, clock) -> None:
    before = message_list().count()
    pages = [
        ask_link(clock, reference=asked.reference, email=EMAIL.upper()),
        ask_link(clock, reference=asked.reference, email="inconnue@exemple.fr"),
        ask_link(clock, reference="D-2026-99999"),
        ask_link(clock, reference="n'importe quoi", email="autre@exemple.fr"),
    ]

    assert {(page.status_code, part(page, "contenu")) for page in pages} == {(200, part(pages[0], "contenu"))}
    assert "Si cette adresse est connue pour ce dossier" in words(pages[0])
    assert message_list().count() == before + 1
    assert Client().get(link_in(last_message())).status_code == 200


def test_new_links_are_counted_by_network_and_by_address(asked, clock) -> None:
    before = message_list().count()
    for place in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{place}")
        assert ask_link(clock, client, reference=asked.reference).status_code == 200
    assert message_list().count() == before + 3

    one = Client(REMOTE_ADDR="192.0.2.99")
    answers = [ask_link(clock, one, reference="D-2026-99999").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_robots_are_kept_out_of_new_links(asked, clock) -> None:
    before = message_list().count()
    for typed in ({"stamp": ""}, {"website": "x"}):
        assert ask_link(clock, reference=asked.reference, **typed).status_code == 422
    assert message_list().count() == before


def test_a_request_without_quotes_opens_to_nobody(offer, clock) -> None:
    made = quotes.request()
    ask_link(clock, reference=made.reference)
    assert list(message_list()) == []
