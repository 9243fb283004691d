"""The beneficiary's space: in by a link, one file and no other, answers, papers, the act deposited, signing by code."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.factories.accounts import TESTER
from tests.web.conftest import errors, part, words
from tests.web.space.entering import (
    AT,
    EMAIL,
    MAYOR,
    SCAN,
    answer,
    enter,
    last_message,
    link_in,
    numbers,
    state,
    upload,
)
from tripartite.accounts.services.links import create_access_link
from tripartite.billing.queries.settings import requirements_of
from tripartite.documents.queries import document_by_id
from tripartite.journal.queries import entries_about
from tripartite.messages.queries import message_list
from tripartite.quotes.queries.requests import request_list
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.requests import Contact, cancel_request

pytestmark = pytest.mark.django_db


def test_the_quotes_are_written_to_the_contact_with_both_papers_and_a_link(asked) -> None:
    message = last_message()

    assert (message.kind, message.recipient, message.recipient_name) == ("quotes.issued", EMAIL, "Dominique ACCUEIL")
    assert [one.name for one in message.attachments.all()] == ["LFN-2026-00012.pdf", "CDG62-2026-00047.pdf"]
    assert "jusqu'au 22/01/2027 compris" in message.text
    assert link_in(message).startswith("/espace/lien/")


def test_what_is_no_address_is_refused_where_it_is_typed(offer, clock) -> None:
    with pytest.raises(QuoteError, match="« sans arobase » n'est pas une adresse électronique"):
        quotes.request(contact=Contact("Prénom NOM", "Secrétaire", "sans arobase", ""))
    assert list(request_list()) == []


def test_without_an_address_the_quotes_are_issued_and_nothing_is_written(offer, clock) -> None:
    made = quotes.request(contact=Contact("Prénom NOM", "Secrétaire", "", ""))
    assert len(issue_quotes(request_id=made.pk, actor=TESTER, at=AT)) == 2
    assert list(message_list()) == []
    assert not [one for one in entries_about("request", made.pk) if one.action == "accounts.create-link"]


def test_an_agent_who_issues_writes_to_the_contact(offer, clock, log_in) -> None:
    made = quotes.request()
    log_in().post(reverse("request-issue", args=[made.reference]))
    assert (state(made), last_message().recipient) == ("quoted", EMAIL)


def test_prices_and_both_totals_are_those_of_the_quotes(asked) -> None:
    page = words(enter(asked).get(reverse("space")))
    for quote in list(asked.versions.all())[-1].quotes.all():
        assert quote.number in page
        assert f"Première année {quote.first_year_cents / 100:.2f}".replace(".", ",") in page.replace("\u202f", "")


def test_papers_are_those_of_the_file_and_no_other(asked) -> None:
    client, other = enter(asked), quotes.issued()
    own = [quote.document_id for quote in list(asked.versions.all())[-1].quotes.all()]

    for key in own:
        assert client.get(reverse("space-paper", args=[key])).content.startswith(b"%PDF-")
    for key in (*(quote.document_id for quote in other.values()), 999):
        assert client.get(reverse("space-paper", args=[key])).status_code == 404
    for quote in other.values():
        assert quote.number not in words(client.get(reverse("space")))


def test_the_quotes_of_another_file_cannot_be_answered(asked) -> None:
    other = quotes.request()
    quotes.issued(other)
    client = enter(asked)
    client.post(reverse("space-accept"), {"numbers": numbers(other), **MAYOR, "consent": "on"})
    client.post(reverse("space-refuse"), {"numbers": numbers(other), **MAYOR, "reason": "Non."})
    assert (state(asked), state(other)) == ("quoted", "quoted")


def test_both_quotes_are_accepted_with_the_exact_words(asked) -> None:
    client = enter(asked)
    said = (
        "Bon pour accord sur les devis LFN-2026-00012 et CDG62-2026-00047. J'accepte ces prix et ces conditions au nom"
    )
    assert said in words(client.get(reverse("space")))

    page = answer(client, "space-accept", asked, consent="on")

    assert "Bon pour accord enregistré sur LFN-2026-00012 et CDG62-2026-00047." in words(page)
    assert state(asked) == "accepted"
    for quote in list(quotes.reread(asked).versions.all())[-1].quotes.all():
        given = quote.answer
        assert (quote.state, given.person, given.function, given.way) == ("accepted", "Prénom NOM", "Maire", "online")
        assert given.wording.startswith(said)
        assert (given.address, given.mandate_id) == ("127.0.0.1", None)
        assert client.get(reverse("space-paper", args=[given.proof_id])).content.startswith(b"%PDF-")
    assert words(client.get(reverse("space"))).count("Preuve de votre accord, version 1") == 1
    assert "Il manque l'acte qui habilite qui signe pour la commune de Ruitz" in words(page)
    assert "Votre accord est enregistré, il ne compte pas encore." in words(page)
    assert "un agent prépare la convention" not in words(page)
    assert "valable jusqu'au" not in words(page)


def test_what_invoices_must_bear_is_said_with_the_acceptance_or_later(asked) -> None:
    client, body = enter(asked), asked.beneficiary_id
    page = answer(client, "space-accept", asked, consent="on", **{"service-lfn": "x" * 101})
    assert (page.status_code, state(asked)) == (422, "quoted")
    answer(client, "space-accept", asked, consent="on", **{"service-lfn": "FACT", "engagement-cdg62": "E-1"})
    assert state(asked) == "accepted"
    said = {issuer: requirements_of([body], issuer)[body] for issuer in ("lfn", "cdg62")}
    assert [(one.service_code, one.engagement_number) for one in said.values()] == [("FACT", ""), ("", "E-1")]
    typed = {"service-lfn": "AUTRE", "engagement-lfn": ""}
    assert "les prochaines factures le portent" in words(client.post(reverse("space-references"), typed, follow=True))
    assert requirements_of([body], "lfn")[body].service_code == "AUTRE"
    assert client.post(reverse("space-references"), {"engagement-lfn": "x" * 51}).status_code == 422
    assert Client().post(reverse("space-references"), typed)["Location"] == reverse("space")


def test_a_recorded_act_goes_with_the_acceptance_of_its_person(asked) -> None:
    act = conventions.mandates(asked.beneficiary)["beneficiary"]
    page = answer(enter(asked), "space-accept", asked, consent="on", name="prénom  nom")
    assert {one.answer.mandate_id for one in list(quotes.reread(asked).versions.all())[-1].quotes.all()} == {act.pk}
    assert "Il manque" not in words(page)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"consent": ""}, "Cochez la case pour donner votre accord."),
        ({"name": " ", "consent": "on"}, "Prénom et nom"),
        ({"function": "", "consent": "on"}, "Fonction"),
    ],
)
def test_an_incomplete_acceptance_is_said_and_nothing_is_written(asked, typed, said) -> None:
    page = answer(enter(asked), "space-accept", asked, **typed)
    assert (page.status_code, state(asked)) == (422, "quoted")
    assert said in errors(page)


def test_one_quote_alone_needs_why(asked) -> None:
    client, (first, second) = enter(asked), numbers(asked).split(",")

    page = answer(client, "space-accept", asked, numbers=first, consent="on")
    assert (page.status_code, state(asked)) == (422, "quoted")
    assert "Pourquoi ce devis seul" in errors(page)

    answer(client, "space-accept", asked, numbers=first, consent="on", explanation="Accompagnement fait en interne.")
    states = {quote.number: quote.state for quote in list(quotes.reread(asked).versions.all())[-1].quotes.all()}
    assert states == {first: "accepted", second: "refused"}


def test_the_quotes_are_refused_with_a_reason(asked) -> None:
    client = enter(asked)
    assert answer(client, "space-refuse", asked, reason=" ").status_code == 422
    page = answer(client, "space-refuse", asked, reason="Budget voté sans.")
    assert state(asked) == "refused"
    assert "Refusé par Prénom NOM, Maire, le 23/11/2026 (en ligne). Budget voté sans." in words(page)


def test_quotes_are_accepted_until_the_end_of_their_last_day_in_france(asked, clock) -> None:
    clock.move_to(AT.replace(year=2027, month=1, day=22, hour=22, minute=59))
    early = AT.replace(year=2027, month=1, day=22, hour=21)
    client = Client()
    token = create_access_link(request_id=asked.pk, email=EMAIL, actor=TESTER, at=early)
    client.post(reverse("space-link", args=[token]))
    assert "Accepter les deux devis" in words(client.get(reverse("space")))
    clock.shift(timedelta(minutes=1))

    page = client.get(reverse("space"))
    assert "Les devis ont expiré" in words(page)
    assert "Accepter les deux devis" not in words(page)
    late = answer(client, "space-accept", asked, consent="on")
    assert "était valable jusqu'au 22/01/2027 compris" in words(late)
    assert state(asked) == "quoted"


def test_a_new_version_is_not_accepted_by_a_page_of_the_former(asked) -> None:
    client, former = enter(asked), numbers(asked)
    quotes.revised(asked, {"messagerie-5go": 9})
    assert "Un agent prépare une nouvelle version" in words(answer(client, "space-accept", asked, consent="on"))
    quotes.issued(quotes.reread(asked))

    page = client.post(reverse("space-accept"), {"numbers": former, **MAYOR, "consent": "on"}, follow=True)

    assert "Les devis ont changé depuis l'affichage" in words(page)
    assert state(asked) == "quoted"


def test_a_cancelled_request_is_only_read(asked) -> None:
    client = enter(asked)
    cancel_request(request_id=asked.pk, reason="Doublon.", actor=TESTER, at=AT)
    page = client.get(reverse("space"))
    assert "La demande est annulée." in words(page)
    assert "<form" not in part(page, "contenu")


# A new link


# The act that empowers


def test_the_act_is_deposited_for_an_agent_and_empowers_nobody_by_itself(asked, log_in) -> None:
    client = enter(asked)
    answer(client, "space-accept", asked, consent="on")

    page = client.post(reverse("space-deposit"), {"act": upload(SCAN)}, follow=True)

    assert "Acte déposé : un agent le lit, puis l'enregistre." in words(page)
    assert "L'acte que vous avez déposé attend d'être lu par un agent" in words(page)
    assert "Il manque l'acte" not in words(page)
    (entry,) = [one for one in entries_about("request", asked.pk) if one.action == "accounts.deposit"]
    kept = document_by_id(entry.details["document"])
    assert (kept.kind, kept.media_type) == ("deposited-act", "application/pdf")
    assert client.get(reverse("space-paper", args=[kept.pk])).content == SCAN
    other = quotes.request()
    quotes.issued(other)
    assert enter(other).get(reverse("space-paper", args=[kept.pk])).status_code == 404
    agent = log_in()
    assert "Actes déposés par la collectivité" in words(agent.get(reverse("request", args=[asked.reference])))
    assert agent.get(reverse("request-deposit", args=[asked.reference, kept.pk])).content == SCAN
    assert agent.get(reverse("request-deposit", args=[other.reference, kept.pk])).status_code == 404


@pytest.mark.parametrize(("content", "said"), [(b"MZ", "ni un PDF, ni une image"), (b"", "vide")])
def test_what_is_no_scan_is_refused(asked, content, said) -> None:
    page = enter(asked).post(reverse("space-deposit"), {"act": upload(content)})
    assert page.status_code == 422
    assert said in errors(page)


def test_the_number_of_queries_is_the_same_with_one_and_three_versions(asked, django_assert_max_num_queries) -> None:
    client = enter(asked)
    client.get(reverse("space"))
    with django_assert_max_num_queries(25) as queries:
        client.get(reverse("space"))
    for quantity in (7, 8):
        quotes.revised(asked, {"messagerie-5go": quantity, "nom-de-domaine": 1})
        quotes.issued(quotes.reread(asked))
    with django_assert_max_num_queries(len(queries)):
        client.get(reverse("space"))
