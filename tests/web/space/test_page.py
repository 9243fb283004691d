"""The beneficiary's space: in by a link, one file and no other, answers, papers, the act deposited, signing by code."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.factories.accounts import TESTER
from tests.web.conftest import errors, part, words
from tripartite.accounts.services.links import create_access_link
from tripartite.billing.queries.settings import requirements_of
from tripartite.config import CodeChannel
from tripartite.conventions.queries.conventions import convention_by_id
from tripartite.conventions.services.ending import terminate_convention
from tripartite.conventions.services.running import advance_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.conventions.services.signing import record_paper_signature
from tripartite.documents.queries import document_by_id
from tripartite.journal.queries import entries_about
from tripartite.messages.queries import message_by_id, message_list
from tripartite.quotes.queries.requests import request_list
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import issue_quotes
from tripartite.quotes.services.requests import Contact, cancel_request, update_contact

AT = quotes.AT
EMAIL = "mairie@exemple.fr"
MAYOR = {"name": "Prénom NOM", "function": "Maire"}
SCAN = b"%PDF-1.4 copie"

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    """The day of the tests, its hands in our own."""
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def asked(offer, clock):
    """A request whose quotes are issued, its contact told."""
    made = quotes.request()
    issue_quotes(request_id=made.pk, actor=TESTER, at=AT)
    return quotes.reread(made)


def last_message():
    return message_by_id(message_list().first().pk)


def link_in(message):
    """The path of the link that a message carries."""
    return re.search(r"https?://[^/]+(/espace/lien/[^/\s]+/)", message.text)[1]


def enter(asked, email=EMAIL):
    """A browser let in to a file by a link."""
    client = Client()
    token = create_access_link(request_id=asked.pk, email=email, actor=TESTER, at=AT)
    assert client.post(reverse("space-link", args=[token]))["Location"] == reverse("space")
    return client


def numbers(asked):
    return ",".join(quote.number for quote in list(quotes.reread(asked).versions.all())[-1].quotes.all())


def answer(client, door, asked, /, **typed):
    return client.post(reverse(door), {"numbers": numbers(asked), **MAYOR, **typed}, follow=True)


def state(asked):
    return quotes.reread(asked).state


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


# The act that empowers


def test_the_act_is_deposited_for_an_agent_and_empowers_nobody_by_itself(asked, log_in) -> None:
    client = enter(asked)
    answer(client, "space-accept", asked, consent="on")

    page = client.post(reverse("space-deposit"), {"act": upload(SCAN)}, follow=True)

    assert "Acte déposé : un agent le lit, puis l'enregistre." in words(page)
    assert "Il manque l'acte" in words(page)
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


def upload(content):
    return SimpleUploadedFile("deliberation.pdf", content)


# Signing


@pytest.fixture
def to_sign(clock):
    """A convention out for signature, each signatory written to."""
    conventions.offer()
    made = conventions.drafted()
    for role, email in (("lfn", "president@lfn.exemple.fr"), ("cdg62", "president@cdg62.exemple.fr")):
        conventions.name_signatory(conventions.signatory(made, role), email=email)
    return conventions.read(send_convention(convention_id=made.pk, actor=TESTER, at=AT))


def code_for(client, convention):
    """The code that the person gets by e-mail."""
    client.post(reverse("space-code", args=[convention.pk]))
    message = last_message()
    assert message.kind == "convention.code"
    return re.search(r"^(\d{6})$", message.text, re.MULTILINE)[1]


def sign(client, convention, code, email_role="beneficiary", **typed):
    one = conventions.signatory(convention, email_role)
    return client.post(
        reverse("space-sign", args=[convention.pk]), {"signatory": one.pk, "code": code, "consent": "on", **typed}
    )


def has_signed(convention, role="beneficiary"):
    return hasattr(conventions.signatory(convention, role), "signature")


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_an_agent_who_sends_writes_to_each_signatory(clock, log_in) -> None:
    conventions.offer()
    made = conventions.drafted()
    log_in().post(reverse("convention-send", args=[made.pk]))
    assert [one.recipient for one in message_list() if one.kind == "convention.sent"] == [EMAIL]


def test_each_signatory_gets_its_own_link(to_sign) -> None:
    sent = {one.recipient: message_by_id(one.pk) for one in message_list() if one.kind == "convention.sent"}
    assert set(sent) == {EMAIL, "president@lfn.exemple.fr", "president@cdg62.exemple.fr"}
    assert len({link_in(one) for one in sent.values()}) == 3


def test_the_convention_says_who_is_missing_since_when_and_what_a_signature_is_worth(to_sign) -> None:
    page = words(enter(to_sign.request).get(reverse("space-convention", args=[to_sign.pk])))
    assert page.count("attendue depuis le 23/11/2026") == 3
    assert "un seul facteur" in page
    assert f"J'ai lu la convention {to_sign.number} et je la signe au nom de la commune de Ruitz" in page


def test_one_signs_with_the_code_and_the_words(to_sign) -> None:
    client = enter(to_sign.request)
    code = code_for(client, to_sign)

    answer = sign(client, to_sign, code[:3] + " " + code[3:])

    assert answer.status_code == 302
    signature = conventions.signatory(to_sign, "beneficiary").signature
    assert (signature.way, signature.evidence["code_sent_to"]) == ("here", EMAIL)
    assert signature.evidence["words"].startswith(f"J'ai lu la convention {to_sign.number}")
    assert convention_by_id(to_sign.pk).state == "partly-signed"
    page = words(client.get(reverse("space-convention", args=[to_sign.pk])))
    assert "signée le 23/11/2026" in page
    assert "Recevoir un code" not in page
    revision = client.get(reverse("space-paper", args=[signature.document_id]))
    assert revision.content.startswith(b"%PDF-")
    proof = client.get(reverse("space-paper", args=[signature.proof_id]))
    assert proof.content.startswith(b"%PDF-")
    assert f"{to_sign.number}, preuve de la signature de Prénom NOM" in words(client.get(reverse("space")))


def test_an_agent_reads_the_evidence_of_a_signature_given_here(to_sign, log_in) -> None:
    client = enter(to_sign.request)
    one, agent = conventions.signatory(to_sign, "beneficiary"), log_in(issuer_code="cdg62")
    address = reverse("signature-proof", args=[to_sign.pk, one.pk])
    assert agent.get(address).status_code == 404
    sign(client, to_sign, code_for(client, to_sign))
    assert address in agent.get(reverse("convention", args=[to_sign.pk])).content.decode()
    assert agent.get(address).content.startswith(b"%PDF-")


def test_a_wrong_an_old_and_an_expired_code_sign_nothing(to_sign, clock) -> None:
    client = enter(to_sign.request)
    assert "Demandez d'abord un code." in errors(sign(client, to_sign, "000000"))
    first = code_for(client, to_sign)
    assert "Ce code n'est pas le bon." in errors(sign(client, to_sign, other_than(first)))
    second = code_for(client, to_sign)
    if first != second:
        assert "Ce code n'est pas le bon." in errors(sign(client, to_sign, first))
    clock.shift(timedelta(minutes=10))
    assert "plus de dix minutes" in errors(sign(client, to_sign, second))
    assert not has_signed(to_sign)


def test_five_wrong_codes_end_the_right_one(to_sign) -> None:
    client = enter(to_sign.request)
    code = code_for(client, to_sign)
    said = [errors(sign(client, to_sign, other_than(code))) for _ in range(5)]
    assert [("Cinq codes faux" in one) for one in said] == [False] * 4 + [True]
    assert "Cinq codes faux" in errors(sign(client, to_sign, code))
    assert not has_signed(to_sign)


def test_a_code_given_before_the_paper_changed_signs_nothing(to_sign) -> None:
    mayor, president = enter(to_sign.request), enter(to_sign.request, "president@lfn.exemple.fr")
    code = code_for(mayor, to_sign)
    assert sign(president, to_sign, code_for(president, to_sign), "lfn").status_code == 302

    assert "Le papier a changé depuis ce code" in errors(sign(mayor, to_sign, code))
    assert not has_signed(to_sign)
    assert sign(mayor, to_sign, code_for(mayor, to_sign)).status_code == 302


def test_the_words_must_be_agreed_to(to_sign) -> None:
    client = enter(to_sign.request)
    code = code_for(client, to_sign)
    assert "Cochez la case pour signer." in errors(sign(client, to_sign, code, consent=""))
    assert not has_signed(to_sign)
    assert sign(client, to_sign, code).status_code == 302


def test_nobody_signs_for_another(to_sign) -> None:
    client = enter(to_sign.request)
    code = code_for(client, to_sign)
    assert sign(client, to_sign, code, "lfn").status_code == 404
    assert not has_signed(to_sign, "lfn")


def test_an_issuers_signatory_signs_and_answers_nothing(to_sign) -> None:
    client = enter(to_sign.request, "president@cdg62.exemple.fr")
    assert client.get(reverse("space")).status_code == 200
    assert client.post(reverse("space-accept"), {"numbers": "x"}).status_code == 404
    assert client.post(reverse("space-deposit"), {"act": upload(SCAN)}).status_code == 404


def test_every_address_of_another_file_is_not_there(to_sign, clock) -> None:
    other = quotes.request(body="62014")
    quotes.issued(other)
    client = enter(other)
    assert client.get(reverse("space-convention", args=[to_sign.pk])).status_code == 404
    assert client.get(reverse("space-paper", args=[to_sign.document_id])).status_code == 404
    for name in ("space-code", "space-sign"):
        assert client.post(reverse(name, args=[to_sign.pk])).status_code == 404


def test_a_draft_is_not_shown(clock) -> None:
    conventions.offer()
    draft = conventions.drafted()
    client = enter(draft.request)
    assert client.get(reverse("space-convention", args=[draft.pk])).status_code == 404


def test_too_many_codes_are_refused(to_sign) -> None:
    client = enter(to_sign.request)
    for _ in range(5):
        client.post(reverse("space-code", args=[to_sign.pk]))
    page = client.post(reverse("space-code", args=[to_sign.pk]), follow=True)
    assert "Trop de codes ont été demandés." in words(page)
    assert message_list().filter(kind="convention.code").count() == 5


def test_by_telephone_an_agent_tells_the_code_once(to_sign, log_in, settings) -> None:
    settings.CONFIG = replace(settings.CONFIG, code_channel=CodeChannel.PHONE)
    client, mayor = enter(to_sign.request), conventions.signatory(to_sign, "beneficiary")
    page = client.get(reverse("space-convention", args=[to_sign.pk]))
    assert "un agent vous dit un code" in words(page)
    assert client.post(reverse("space-code", args=[to_sign.pk])).status_code == 404

    agent, other = log_in(), conventions.signatory(to_sign, "lfn")
    assert "Code à dire au téléphone" in words(agent.get(reverse("convention", args=[to_sign.pk])))
    assert agent.post(reverse("convention-code", args=[to_sign.pk, other.pk])).status_code == 404
    told = agent.post(reverse("convention-code", args=[to_sign.pk, mayor.pk]))
    code = re.search(r"<strong>(\d{6})</strong>", told.content.decode())[1]

    assert sign(client, to_sign, code).status_code == 302
    assert conventions.signatory(to_sign, "beneficiary").signature.evidence["code_sent_to"].endswith("(par téléphone)")


def test_without_the_telephone_channel_no_agent_gets_a_code(to_sign, log_in) -> None:
    mayor = conventions.signatory(to_sign, "beneficiary")
    assert log_in().post(reverse("convention-code", args=[to_sign.pk, mayor.pk])).status_code == 404


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


def test_once_signed_the_space_says_until_when_then_why_it_ended(to_sign) -> None:
    for one in to_sign.signatories.all():
        record_paper_signature(
            signatory_id=one.pk, signed_on=AT.date(), scan=SCAN, original_place="Mairie", actor=TESTER, at=AT
        )
    mayor = enter(to_sign.request)
    assert "La convention C-2026-00007 est en vigueur , jusqu'au 22/11/2029 compris" in words(
        mayor.get(reverse("space"))
    )
    shown = words(mayor.get(reverse("space-convention", args=[to_sign.pk])))
    assert "en vigueur depuis le 23/11/2026, jusqu'au 22/11/2029 compris" in shown
    assert "L'original qui fait foi est conservé ici : Mairie." in shown

    ending = {"received_on": AT.date(), "party": "Ruitz", "reason": "autre choix", "actor": TESTER, "at": AT}
    terminate_convention(convention_id=to_sign.pk, **ending)
    page = words(mayor.get(reverse("space")))
    assert (
        "La convention C-2026-00007 s'arrête, dernier jour le 22/11/2027 compris (résiliée par Ruitz : autre choix)."
        in page
    )
    assert "22/11/2027 compris (résiliée par Ruitz : autre choix)" in words(
        mayor.get(reverse("space-convention", args=[to_sign.pk]))
    )

    advance_convention(convention_id=to_sign.pk, on=date(2027, 11, 23), actor=TESTER, at=AT)
    assert "La convention C-2026-00007 est terminée : résiliée par Ruitz" in words(mayor.get(reverse("space")))
