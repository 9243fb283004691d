"""Answers that agents write down: accord on paper, refusal, the act that empowers; and what the file then waits for."""

import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.web.conftest import errors, part, words
from tripartite.accounts.rights import Role
from tripartite.conventions.services.drafting import abandon_convention, draft_convention
from tripartite.conventions.services.sending import send_convention
from tripartite.documents.queries import document_by_id, pdf_of
from tripartite.journal.queries import entries_about
from tripartite.quotes.queries.requests import request_with_all
from tripartite.quotes.services.requests import cancel_request

AT, TESTER = quotes.AT, quotes.TESTER
HOSTILE = '<script>alert(1)</script> « NOM » & "fils"'
PNG = b"\x89PNG\r\n\x1a\ncopie"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        conventions.offer()
        yield clock


@pytest.fixture
def asked():
    """A request whose quotes are in hand."""
    made = quotes.request()
    quotes.issued(made)
    return made


def address(name, asked):
    return reverse(name, args=[asked.reference])


def scan(content=conventions.SCAN, name="accord.pdf"):
    return SimpleUploadedFile(name, content)


def accept(client, asked, **typed):
    said = {"person": "Prénom NOM", "function": "Maire", "answered_on": "2026-11-23", "scan": scan(), "only": ""}
    return client.post(address("request-accept", asked), said | typed)


def refuse(client, asked, **typed):
    said = {"person": "Prénom NOM", "function": "Maire", "answered_on": "2026-11-23", "reason": "Trop cher."}
    return client.post(address("request-refuse", asked), said | typed)


def justify(client, asked, mandate):
    return client.post(address("request-justify", asked), {"mandate": mandate})


def state(asked):
    return quotes.reread(asked).state


def answers(asked):
    (version,) = request_with_all(asked.reference).versions.all()
    return [quote.answer for quote in version.quotes.all() if hasattr(quote, "answer")]


def said(client, answer) -> list[str]:
    """What is said on top of the page that an answer leads to."""
    return [str(message) for message in client.get(answer["Location"]).context["messages"]]


def coming(client, asked):
    return part(client.get(address("request", asked)), "contenu").partition("Et maintenant ?")[2]


def test_an_accord_on_paper_is_kept_with_its_scan(agent, asked) -> None:
    answer = accept(agent, asked, scan=scan(PNG, "n'importe quoi.exe"))

    assert (answer.status_code, answer["Location"]) == (302, address("request", asked))
    assert state(asked) == "accepted"
    assert [(one.accepted, one.way, one.person, one.function) for one in answers(asked)] == [
        (True, "paper", "Prénom NOM", "Maire")
    ] * 2
    (key,) = {one.document_id for one in answers(asked)}
    assert (document_by_id(key).media_type, pdf_of(key)) == ("image/png", PNG)
    assert "Bon pour accord de Prénom NOM, Maire" in entries_about("request", asked.pk).get(action="quotes.accept").text


def test_one_quote_is_accepted_alone_with_its_reason(agent, asked) -> None:
    refused = accept(agent, asked, only="LFN-2026-00012")
    assert "pour n'en accepter qu'un, dites pourquoi" in errors(refused)
    assert '<option value="LFN-2026-00012" selected>' in refused.content.decode()
    assert (refused.status_code, answers(asked)) == (422, [])

    accept(agent, asked, only="LFN-2026-00012", explanation="Déjà accompagnés.")
    assert [one.accepted for one in answers(asked)] == [True, False]


@pytest.mark.parametrize(
    ("typed", "place", "message"),
    [
        ({"person": ""}, "person", "Ce champ est obligatoire."),
        ({"function": " "}, "function", "Ce champ est obligatoire."),
        ({"person": "x" * 201}, "person", "200 caractères"),
        ({"person": "a\x00"}, "person", "Le caractère nul n’est pas autorisé."),
        ({"answered_on": "hier"}, "answered_on", "Saisissez une date valide."),
        ({"scan": ""}, "scan", "Ce champ est obligatoire."),
        ({"scan": scan(b"")}, "scan", "Le fichier soumis est vide."),
        ({"scan": scan(b"MZ programme")}, "scan", "Ce fichier n'est ni un PDF, ni une image JPEG ou PNG."),
        ({"scan": scan(b"%PDF-" + b"0" * 15_000_000)}, "scan", "Fichier trop gros : 15 Mo au plus."),
        ({"only": "LFN-2026-00110"}, "only", "Sélectionnez un choix valide."),
        ({"answered_on": "2026-11-24"}, "", "La date de la réponse est à venir."),
        ({"answered_on": "2026-11-22"}, "", "La réponse précède les devis."),
    ],
)
def test_an_accord_that_cannot_be_is_refused_at_its_place(agent, asked, typed, place, message) -> None:
    answer = accept(agent, asked, **typed)

    assert answer.status_code == 422
    assert message in (answer.context["form"].errors[place][0] if place else errors(answer))
    assert message in words(answer)
    assert (state(asked), answers(asked)) == ("quoted", [])
    if "person" not in typed:
        assert 'value="Prénom NOM"' in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"reason": ""}, "Motif : Ce champ est obligatoire."),
        ({"reason": "x" * 501}, "Motif : Assurez-vous que cette valeur comporte au plus 500 caractères"),
        ({"answered_on": "2026-11-24"}, "La date de la réponse est à venir."),
    ],
)
def test_a_refusal_that_cannot_be_is_refused(agent, asked, typed, message) -> None:
    answer = refuse(agent, asked, **typed)
    assert (answer.status_code, message in errors(answer), state(asked)) == (422, True, "quoted")


def test_a_refusal_ends_the_quotes_with_its_reason(agent, asked) -> None:
    assert refuse(agent, asked).status_code == 302
    assert "Devis refusés : Trop cher." in coming(agent, asked)
    assert said(agent, accept(agent, asked)) == [
        "Demande « devis refusés » : il n'y a pas de devis à accepter ou à refuser."
    ]
    assert said(agent, refuse(agent, asked)) == ["C'est déjà fait : demande « devis refusés »."]


def test_expired_quotes_are_refused_but_not_accepted(log_in, asked, clock) -> None:
    clock.move_to("2027-01-23T09:00:00+01:00")
    agent = log_in()
    answer = accept(agent, asked, answered_on="2027-01-23")
    assert "demandez une nouvelle version" in errors(answer)
    assert refuse(agent, asked, answered_on="2027-01-23").status_code == 302


def test_quotes_that_are_not_issued_are_not_answered(agent) -> None:
    asked = quotes.request()
    for answer in (accept, refuse):
        (words,) = said(agent, answer(agent, asked))
        assert words == "Demande « à émettre » : il n'y a pas de devis à accepter ou à refuser."


def test_an_act_recorded_later_makes_the_accord_count(agent, asked) -> None:
    accept(agent, asked)
    assert "Enregistrer l'acte qui habilite la personne qui a accepté" in coming(agent, asked)
    assert "Aucun acte enregistré" in words(agent.get(address("request-justify", asked)))
    body = reverse("body", args=[asked.beneficiary.siren])
    assert "Enregistrer l'acte qui habilite la personne qui a accepté" in words(agent.get(body))
    act = conventions.mandates(asked.beneficiary)["beneficiary"]

    shown = words(agent.get(address("request-justify", asked)))
    assert "n° 2026-41 du 02/11/2026, Conseil municipal : Prénom NOM, Maire (exécutoire le 05/11/2026)" in shown
    assert justify(agent, asked, act.pk).status_code == 302

    assert [one.mandate_id for one in answers(asked)] == [act.pk] * 2
    assert "Préparer la convention , par un agent" in coming(agent, asked)
    assert "Préparer la convention" in words(agent.get(body))


@pytest.mark.parametrize("mandate", ["", "x", "²", "0", "-1", "9" * 5000])
def test_an_act_that_is_not_there_is_refused_at_its_place(agent, asked, mandate) -> None:
    accept(agent, asked)
    conventions.mandates(asked.beneficiary)
    answer = justify(agent, asked, mandate)
    assert (answer.status_code, part(answer, "error")) == (422, "Choisissez un acte de la liste.")
    assert "Acte : Choisissez un acte de la liste." in errors(answer)
    assert [one.mandate_id for one in answers(asked)] == [None] * 2


def test_the_act_of_somebody_else_is_refused(agent, asked) -> None:
    accept(agent, asked)
    act = conventions.mandates(asked.beneficiary)["lfn"]
    assert justify(agent, asked, act.pk).status_code == 422


def test_an_accord_is_not_justified_twice(agent, asked) -> None:
    accept(agent, asked)
    act = conventions.mandates(asked.beneficiary)["beneficiary"]
    justify(agent, asked, act.pk)
    answer = justify(agent, asked, act.pk)
    assert said(agent, answer)[-1] == "L'acte qui habilite le signataire est déjà enregistré."


def test_each_state_says_what_comes_next(agent) -> None:
    asked = conventions.accepted()
    assert "Préparer la convention" in coming(agent, asked)
    draft = draft_convention(request_id=asked.pk, actor=TESTER, at=AT)
    assert "Envoyer la convention à la signature , par un agent" in coming(agent, asked)
    send_convention(convention_id=draft.pk, actor=TESTER, at=AT)
    assert "Signer la convention , par Prénom NOM, Alix FIBRE, Sacha CENTRE" in coming(agent, asked)
    abandon_convention(convention_id=draft.pk, reason="Autre durée.", actor=TESTER, at=AT)
    assert "Préparer la convention" in coming(agent, asked)
    other = quotes.request()
    cancel_request(request_id=other.pk, reason="Projet abandonné.", actor=TESTER, at=AT)
    assert "Plus rien : la demande est annulée." in coming(agent, other)


def test_an_accountant_reads_and_records_nothing(log_in, asked) -> None:
    accountant = log_in(Role.ACCOUNTANT)
    page = accountant.get(address("request", asked)).content.decode()
    for name in ("request-accept", "request-refuse", "request-justify"):
        assert address(name, asked) not in page
        assert accountant.get(address(name, asked)).status_code == 403
    assert accept(accountant, asked).status_code == 403
    assert answers(asked) == []


@pytest.mark.parametrize("name", ["request-accept", "request-refuse", "request-justify"])
@pytest.mark.parametrize("reference", ["D-2026-99999", "%00", "é"])
def test_a_request_that_is_not_there_is_not_found(agent, name, reference) -> None:
    path = reverse(name, args=["REFERENCE"]).replace("REFERENCE", reference)
    assert [agent.get(path).status_code, agent.post(path).status_code] == [404, 404]


@pytest.mark.both_bases
def test_hostile_names_are_shown_and_not_run(agent, asked) -> None:
    accept(agent, asked, person=HOSTILE, function=HOSTILE)
    page = agent.get(address("request", asked))
    assert not re.search("<script>alert", page.content.decode())
    assert words(page).count(HOSTILE) >= 2
    wrong = accept(agent, asked, person=HOSTILE, scan="")
    assert "<script>alert" not in wrong.content.decode()
