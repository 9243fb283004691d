"""The page of one request: what happens next and by whom, prices given, quotes issued, versions, the ways out."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories import quotes
from tests.factories.accounts import TESTER
from tests.web.conftest import errors, part, words
from tests.web.requests.seeing import AT, CHANGED, ON_REQUEST, address, digest, issue, journal, notices, price, see
from tripartite.accounts.rights import Role
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.quotes.queries.declared import Declared
from tripartite.quotes.queries.requests import request_by_reference, request_list
from tripartite.quotes.services.asking import ask_quotes
from tripartite.quotes.services.requests import Contact

HOSTILE = '<script>alert(1)</script> « NOM » & "fils"'

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


def test_a_request_ready_to_issue(agent) -> None:
    answer = see(agent, quotes.request())

    assert "Émettre les deux devis , par un agent , depuis le 23/11/2026" in words(answer)
    assert "196,00 €" in words(answer)
    assert "140,00 €" in words(answer)
    assert "Aucun devis émis." in words(answer)
    assert answer["Cache-Control"] == "private, no-store"


def test_a_request_to_price(agent) -> None:
    answer = see(agent, quotes.request(ON_REQUEST))

    assert "Chiffrer les lignes sur devis , par La Fibre Numérique 59-62 , depuis le 23/11/2026" in words(answer)
    assert "à chiffrer" in words(answer)
    assert "hors lignes sur devis" in words(answer)
    assert 'name="seen"' not in answer.content.decode()


def test_quotes_in_hand(agent) -> None:
    asked = quotes.request()
    quotes.issued(asked)

    answer = see(agent, asked)

    assert "Répondre aux devis, valables jusqu'au 22/01/2027 compris , par Ruitz" in words(answer)
    assert [f"{number} (PDF)" in words(answer) for number in ("LFN-2026-00012", "CDG62-2026-00047")] == [True, True]


def test_quotes_stay_in_hand_on_their_last_day_and_expire_the_day_after(log_in, clock) -> None:
    asked = quotes.request()
    quotes.issued(asked)

    clock.move_to("2027-01-22T23:30:00+01:00")
    agent = log_in()
    assert "valables jusqu'au 22/01/2027 compris" in words(see(agent, asked))
    clock.move_to("2027-01-23T00:30:00+01:00")
    answer = see(agent, asked)
    assert "Les devis ont expiré : émettre une nouvelle version, ou annuler la demande." in words(answer)
    assert "expiré le 22/01/2027" in words(answer)


def test_a_request_that_has_no_price_any_more(log_in, agent, clock) -> None:
    asked = quotes.request()
    clock.move_to("2024-03-25T12:00:00+01:00")
    agent = log_in()

    answer = see(agent, asked)

    assert "Modifier la demande : Aucun tarif n'est en vigueur le 25/03/2024" in words(answer)
    assert 'name="seen"' not in answer.content.decode()
    preview = agent.get(address("request-preview", asked, "lfn"), follow=True)
    assert "Cette demande ne peut plus être chiffrée." in notices(preview)


def test_a_cancelled_request(agent) -> None:
    asked = quotes.request()
    agent.post(address("request-cancel", asked), {"reason": "Projet abandonné."})

    answer = see(agent, asked)

    assert "Plus rien : la demande est annulée." in words(answer)
    assert "Annulée le 23/11/2026 : Projet abandonné." in words(answer)
    page = answer.content.decode()
    assert address("request-cancel", asked) not in page
    assert address("request-issue", asked) not in page


def test_both_quotes_are_issued_from_what_was_seen(agent) -> None:
    asked = quotes.request()

    answer = issue(agent, asked)

    assert "Devis émis : LFN-2026-00012 et CDG62-2026-00047." in notices(answer)
    assert journal(asked)[:2] == ["quotes.request", "quotes.issue"]
    assert "Prénom NOM (CDG 62)" in part(answer, "contenu")


def test_amounts_that_changed_since_they_were_seen_are_not_issued(agent) -> None:
    asked = quotes.request()
    seen = digest(agent, asked)
    quotes.revised(asked, {"antivirus": 3})

    answer = issue(agent, asked, seen=seen)

    assert "Les montants ont changé depuis l'affichage : relisez-les avant d'émettre." in notices(answer)
    assert "Aucun devis émis." in words(answer)


def test_quotes_are_not_issued_while_a_line_waits_nor_twice(agent) -> None:
    waiting, twice = quotes.request(ON_REQUEST), quotes.request()
    refused = agent.post(address("request-issue", waiting), follow=True)
    assert "Ces lignes sur devis attendent un prix : Stockage supplémentaire" in notices(refused)

    quotes.issued(twice)
    assert "sont déjà émis" in notices(agent.post(address("request-issue", twice), follow=True))
    assert "LFN-2026-00013" not in words(see(agent, twice))


def test_each_paper_is_seen_before_it_is_issued(agent) -> None:
    asked = quotes.request()

    for issuer in ("lfn", "cdg62"):
        answer = agent.get(address("request-preview", asked, issuer))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF-")
        assert answer["Content-Disposition"] == f'inline; filename="projet-{asked.reference}-{issuer}.pdf"'
    assert agent.get(address("request-preview", asked, "autre")).status_code == 404
    assert "Aucun devis émis." in words(see(agent, asked))


def test_papers_are_taken_one_by_one_or_together(agent) -> None:
    asked = quotes.request()
    quotes.issued(asked)

    one = agent.get(reverse("quote-pdf", args=["LFN-2026-00012"]))
    both = agent.get(address("request-zip", asked, 1))

    assert one.content.startswith(b"%PDF-")
    with zipfile.ZipFile(io.BytesIO(both.content)) as archive:
        assert archive.namelist() == ["LFN-2026-00012.pdf", "CDG62-2026-00047.pdf"]
        assert archive.read("LFN-2026-00012.pdf") == one.content
    assert both["Content-Disposition"] == f'attachment; filename="devis-{asked.reference}-v1.zip"'
    assert agent.get(address("request-zip", asked, 2)).status_code == 404
    assert agent.get(reverse("quote-pdf", args=["LFN-2026-00110"])).status_code == 404


def test_a_second_version_says_what_changed_and_replaces_the_first(agent) -> None:
    asked = quotes.request()
    quotes.issued(asked)
    quotes.revised(asked, quotes.ORDINARY | {"messagerie-5go": 7})
    assert "tel que le dira la prochaine version" in words(see(agent, asked))

    issue(agent, asked)

    answer = words(see(agent, asked))
    assert answer.index("Version 2, émise le 23/11/2026") < answer.index("Version 1, émise le 23/11/2026")
    assert "4 → 7 comptes" in answer
    assert answer.count("remplacé") >= 2


def test_a_request_is_not_cancelled_without_a_reason(agent) -> None:
    asked = quotes.request()

    for reason in ("", "   ", "x" * 501):
        answer = agent.post(address("request-cancel", asked), {"reason": reason})
        assert answer.status_code == 422
        assert "Motif" in errors(answer)
    assert quotes.reread(asked).state == "received"


def test_a_request_is_not_cancelled_twice(agent) -> None:
    asked = quotes.request()
    agent.post(address("request-cancel", asked), {"reason": "Projet abandonné."})

    again = agent.post(address("request-cancel", asked), {"reason": "Une autre fois."}, follow=True)
    assert "C'est déjà fait : demande « annulée »." in notices(again)
    assert CHANGED in notices(agent.post(address("request-cancel", asked), {"reason": ""}))
    assert quotes.reread(asked).cancel_reason == "Projet abandonné."


def test_a_request_is_duplicated(agent) -> None:
    asked = quotes.request()

    answer = agent.post(address("request-duplicate", asked), follow=True)

    assert f"Demande D-2026-00006 créée, copie de {asked.reference}." in notices(answer)
    copy = request_by_reference("D-2026-00006")
    assert (copy.order, copy.contact_name, copy.duplicate_of_id) == (asked.order, asked.contact_name, asked.pk)


def test_a_request_without_a_price_any_more_is_not_duplicated(log_in, agent, clock) -> None:
    asked = quotes.request()
    clock.move_to("2024-03-25T12:00:00+01:00")
    agent = log_in()

    answer = agent.post(address("request-duplicate", asked), follow=True)

    assert "Aucun tarif n'est en vigueur le 25/03/2024" in notices(answer)
    assert request_list().count() == 1


def test_the_contact_is_corrected_and_a_wrong_one_kept_on_the_form(agent) -> None:
    asked = quotes.request()
    typed = {"name": "Autre NOM", "function": "", "email": "", "phone": "03 21 00 00 09", "note": "Rappeler."}

    answer = agent.post(address("request-contact", asked), typed, follow=True)
    assert "Contact corrigé." in notices(answer)
    assert quotes.reread(asked).contact_name == "Autre NOM"

    wrong = agent.post(address("request-contact", asked), typed | {"name": "Encore NOM", "email": "accueil"})
    assert wrong.status_code == 422
    assert "Adresse électronique" in errors(wrong)
    assert 'value="Encore NOM"' in wrong.content.decode()
    assert quotes.reread(asked).contact_name == "Autre NOM"


@pytest.mark.both_bases
def test_hostile_names_are_shown_and_not_run(agent, operator) -> None:
    contact = quotes.Contact(HOSTILE, HOSTILE, "accueil@mairie.exemple.fr", HOSTILE[:30])
    asked = quotes.request(ON_REQUEST, contact=contact, note=f"{HOSTILE}\nsuite")
    price(operator, asked, reason=HOSTILE)
    agent.post(address("request-cancel", asked), {"reason": HOSTILE})

    answer = see(agent, asked)

    assert "<script>alert" not in answer.content.decode()
    assert words(answer).count(HOSTILE) >= 5


@pytest.mark.parametrize("name", ["request", "request-zip", "request-price", "request-issue", "request-contact"])
@pytest.mark.parametrize("reference", ["D-2026-99999", "x", "D-2026-00005%00", "é" * 300])
def test_a_request_that_is_not_there_is_not_found(agent, name, reference) -> None:
    path = reverse(name, args=["REFERENCE", *([1] if name == "request-zip" else [])]).replace("REFERENCE", reference)
    answer = agent.get(path) if name in ("request", "request-zip") else agent.post(path)
    assert answer.status_code == 404


def test_a_quote_number_that_cannot_be_is_not_found(agent) -> None:
    assert agent.get("/devis/%00.pdf").status_code == 404


def test_acting_is_not_a_link(agent) -> None:
    asked = quotes.request()
    for name in ("request-price", "request-issue", "request-duplicate", "request-cancel", "request-contact"):
        assert agent.get(address(name, asked)).status_code == 405


def test_the_number_of_queries_is_the_same_with_one_and_three_lines(agent, django_assert_max_num_queries) -> None:
    one, three = quotes.request({"messagerie-5go": 1}), quotes.request()
    see(agent, one)
    with django_assert_max_num_queries(26) as queries:
        see(agent, one)
    with django_assert_max_num_queries(len(queries)):
        see(agent, three)


def test_the_number_of_queries_is_the_same_with_one_and_three_versions(agent, django_assert_max_num_queries) -> None:
    one, three = quotes.request(), quotes.request()
    quotes.issued(one)
    for count in (1, 2, 3):
        if count > 1:
            quotes.revised(three, {"messagerie-5go": count}, at=AT + timedelta(days=count))
        quotes.issued(three, at=AT + timedelta(days=count))
    see(agent, one)
    with django_assert_max_num_queries(29) as queries:
        see(agent, one)
    with django_assert_max_num_queries(len(queries)):
        assert "Version 3" in words(see(agent, three))


def test_quotes_without_an_address_say_it_first_and_are_sent_once_there_is_one(agent) -> None:
    asked = quotes.request(contact=Contact("Prénom NOM", "Maire"))
    quotes.issued(asked)

    page = see(agent, asked)
    assert "Devis non envoyés : pas d'adresse." in words(page)
    assert 'href="?contact#contact"' in page.content.decode()
    assert "remettre sur papier." not in words(page)
    assert "Non envoyés : pas d'adresse." in words(page)
    assert "non envoyés : pas d'adresse" in words(agent.get(f"{reverse('request-list')}?file=non-envoyes"))
    assert (
        '<details class="fold" open><summary>Corriger'
        in agent.get(f"{address('request', asked)}?contact").content.decode()
    )

    corrected = {"name": "Prénom\tNOM", "function": "Maire", "email": " mairie@exemple.fr\t", "phone": "", "note": ""}
    answer = agent.post(address("request-contact", asked), corrected, follow=True)
    assert "Les devis ne sont pas parvenus à cette adresse : envoyez-les." in notices(answer)
    assert "Envoyer à mairie@exemple.fr" in words(answer)

    answer = agent.post(address("request-send", asked), follow=True)
    assert "Les devis partent à mairie@exemple.fr." in notices(answer)
    assert "Gardés sans être envoyés (sans serveur de courrier), pour mairie@exemple.fr." in words(answer)
    assert "Répondre aux devis" in words(answer)


def test_what_a_visitor_declared_is_shown_with_its_author_and_confirmed_by_an_agent(agent, log_in) -> None:
    asked = ask_quotes(
        beneficiary=body_by_identifier("siren", "200033579").pk,
        order=quotes.order({"demarches-simplifiees": 1}),
        contact=Contact("Prénom NOM", "Secrétaire", "agglo@exemple.fr"),
        origin="public",
        figures=[Declared("staff", "agents", 3)],
        declared_by="Prénom NOM, Secrétaire",
        actor=TESTER,
        at=AT,
    ).request
    (figure,) = quotes.reread(asked).declared_figures.all()

    page = words(see(agent, asked))
    assert "agents : 3 , déclaré par Prénom NOM, Secrétaire le" in page
    assert "Non confirmé : il ne sert qu'à cette demande" in page
    assert "Confirmer ce chiffre" in page
    accountant = log_in(Role.ACCOUNTANT)
    assert "Confirmer ce chiffre" not in words(see(accountant, asked))
    assert accountant.post(address("request-confirm-figure", asked, figure.pk)).status_code == 403

    answer = agent.post(address("request-confirm-figure", asked, figure.pk), follow=True)
    assert "Chiffre confirmé : il est maintenant celui de la structure." in notices(answer)
    assert "Confirmé par" in words(answer)
    assert "déjà confirmé" in notices(agent.post(address("request-confirm-figure", asked, figure.pk), follow=True))
