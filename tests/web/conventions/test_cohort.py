"""Those who held Mairie Connectée, on the screens: brought in, listed, made requests; what a group already holds."""

import csv
import io

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import cohort, conventions, parties, quotes
from tests.factories.cohort import ARRAS, BETHUNE, ENDS, RUITZ, STARTS, brought_in, former, xlsx
from tests.web.conftest import errors, words
from tripartite.accounts.rights import Role
from tripartite.conventions.queries.cohort import cohort_list
from tripartite.quotes.queries.requests import request_list

AT = quotes.AT
LIST = "/mairie-connectee/"
EPCI = ("200072460", "", STARTS, ENDS, 12, None)
TOLD = "tient déjà : Messagerie, compte 5 Go (convention « Mairie Connectée », jusqu'au 31/12/2026). À vérifier avant"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer"), pytest.mark.both_bases]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        yield clock


@pytest.fixture
def manager(log_in):
    return log_in(Role.MANAGER)


def send(client, content, name="pack.xlsx", **more):
    return client.post(reverse("cohort-import"), {"file": SimpleUploadedFile(name, content), **more})


def test_a_manager_tries_a_file_then_brings_it_in(manager) -> None:
    tried = send(manager, xlsx(RUITZ, ARRAS), dry="1")
    assert "Essai : rien n'a été écrit 2 à ajouter, 0 à corriger, 0 sans changement." in words(tried)
    assert cohort_list().count() == 0

    answer = send(manager, xlsx(RUITZ, ARRAS))
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert "Mairie Connectée : 2 ajoutées, 0 corrigée, 0 inchangée." in words(manager.get(LIST))
    assert former().imported_by == "Prénom NOM (CDG 62)"


def test_faults_are_told_cell_by_cell(manager) -> None:
    answer = send(manager, xlsx(RUITZ, ("<b>", *ARRAS[1:])), name="<i>.xlsx")
    assert answer.status_code == 422
    assert "Rien n'a été importé" in words(answer)
    assert "&lt;i&gt;.xlsx, ligne 3, colonne A (SIREN)" in answer.content.decode()
    assert cohort_list().count() == 0


def test_without_a_file_the_form_says_so(manager) -> None:
    answer = manager.post(reverse("cohort-import"))
    assert answer.status_code == 422
    assert "Tableur" in errors(answer)


def test_the_columns_expected_are_told(manager) -> None:
    assert "Messagerie, compte 5 Go" in words(manager.get(reverse("cohort-import")))


def test_a_spreadsheet_to_fill_in_is_taken_from_the_page(manager) -> None:
    page = manager.get(LIST + "importer/")
    assert reverse("cohort-model") in page.content.decode()
    taken = manager.get(reverse("cohort-model"))
    assert taken["Content-Disposition"] == 'attachment; filename="anciens-conventionnes-modele.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(taken.content)).active
    titles = [cell.value for cell in sheet[1]]
    assert titles[:5] == ["SIREN", "commune", "début", "fin", "mise en service due"]
    assert "Nom de domaine" in titles
    assert sheet.max_row == 1


def test_the_list_says_who_is_where(agent) -> None:
    assert "La liste se charge depuis un tableur." in words(agent.get(LIST))
    brought_in(xlsx(RUITZ, ARRAS, BETHUNE))
    agent.post(reverse("former-prepare", args=[former().pk]), {"choix.messagerie-5go": "renew-due"})

    page = words(agent.get(LIST))

    assert "Toutes À faire 2 En cours 1 Fait 0" in page
    assert "Ruitz 31/12/2026 Messagerie, compte 5 Go × 4 ; Nom de domaine × 1 en cours D-2026-00005" in page
    assert "Arras 31/12/2026 Messagerie, compte 5 Go × 2 à faire Préparer la demande de la commune d'Arras" in page
    assert "1 à 3 sur 3 collectivités" in page
    assert "Importer une liste" not in page
    assert "Ruitz" not in words(agent.get(LIST, {"etat": "to-do"}))
    assert "Arras" not in words(agent.get(LIST, {"q": "ruitz"}))
    assert "Aucune collectivité ne répond" in words(agent.get(LIST, {"q": "a\x00bsent"}))


def test_an_accountant_reads_and_prepares_nothing(log_in) -> None:
    brought_in(xlsx(RUITZ))
    accountant = log_in(Role.ACCOUNTANT)
    assert "Préparer la demande" not in words(accountant.get(LIST))
    assert "Préparer la demande" not in words(accountant.get(reverse("former", args=[former().pk])))
    assert accountant.post(reverse("former-prepare", args=[former().pk])).status_code == 403


def test_the_list_is_taken_away(agent) -> None:
    brought_in(xlsx(RUITZ, ARRAS))
    answer = agent.get(LIST, {"format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    titles = ["collectivité", "SIREN", "code INSEE", "début", "fin", "avancement", "demande", "convention"]
    assert rows == [
        [*titles, "Messagerie, compte 5 Go", "Nom de domaine"],
        ["Arras", "216200410", "62041", "01/01/2022", "31/12/2026", "à faire", "", "", "2", ""],
        ["Ruitz", "216207274", "62727", "01/01/2022", "31/12/2026", "à faire", "", "", "4", "1"],
    ]
    assert agent.get(LIST, {"format": "xlsx"}).content.startswith(b"PK")


def test_one_click_makes_the_request(agent) -> None:
    brought_in(xlsx(RUITZ))
    asked = words(agent.post(reverse("former-prepare", args=[former().pk]), follow=True))
    assert "Dites si la mise en service est due de nouveau : Messagerie, compte 5 Go." in asked
    due = {"choix.messagerie-5go": "renew-due"}
    page = words(agent.post(reverse("former-prepare", args=[former().pk]), due, follow=True))
    assert "Demande D-2026-00005 préparée" in page
    assert "Mairie Connectée" in page
    assert request_list().get().order == quotes.order({"messagerie-5go": 4, "nom-de-domaine": 1}) | {"set_up": []}

    again = words(agent.post(reverse("former-prepare", args=[former().pk]), follow=True))
    assert "Ruitz a déjà une demande en cours : D-2026-00005." in again
    assert "Une demande est en cours : D-2026-00005" in again


def test_the_agent_chooses_service_by_service(agent) -> None:
    brought_in(xlsx(RUITZ))
    address = reverse("former", args=[former().pk])
    assert "à renouveler, au tarif d'aujourd'hui" in words(agent.get(address))
    agent.post(f"{address}preparer/", {"choix.messagerie-5go": "in-service", "choix.nom-de-domaine": "renew"})
    assert request_list().get().order == quotes.order({"nom-de-domaine": 1}, {"messagerie-5go": 4}) | {"set_up": []}


def test_what_is_in_place_already_is_said_to_be_and_pays_its_going_live_no_more(agent) -> None:
    brought_in(xlsx(RUITZ))
    address = reverse("former", args=[former().pk])
    agent.post(f"{address}preparer/", {"choix.messagerie-5go": "renew-set-up"})
    made = request_list().get()
    assert made.order["set_up"] == [{"service": "messagerie-5go", "quantity": 4}]
    page = words(agent.get(reverse("request", args=[made.reference])))
    assert "4 comptes déjà en place : la mise en service n'est pas due de nouveau 0,00 €" in page
    assert "en-place.messagerie-5go=4" in agent.get(reverse("request", args=[made.reference])).content.decode()


def test_nothing_kept_makes_no_request(agent) -> None:
    brought_in(xlsx(ARRAS))
    address = reverse("former", args=[former("62041").pk])
    answer = agent.post(f"{address}preparer/", {"choix.messagerie-5go": "given-up"}, follow=True)
    assert "Gardez au moins un service à renouveler." in words(answer)
    assert request_list().count() == 0


def test_what_is_not_there_is_not_found(agent) -> None:
    assert agent.get(reverse("former", args=[99])).status_code == 404
    assert agent.post(reverse("former-prepare", args=[99])).status_code == 404
    assert agent.get(reverse("former-prepare", args=[99])).status_code == 405
    assert agent.get(f"/mairie-connectee/{10**30}/").status_code == 404


def test_those_of_the_former_pack_are_flagged(agent) -> None:
    convention = conventions_drafted()
    brought_in(xlsx(RUITZ))
    flagged = [
        reverse("request-list"),
        reverse("request", args=[convention.request.reference]),
        reverse("body", args=["216207274"]),
        reverse("convention", args=[convention.pk]),
    ]
    for address in flagged:
        assert "Mairie Connectée" in words(agent.get(address)), address
    badge = '<span class="badge quiet">Mairie Connectée</span>'
    assert badge in agent.get(reverse("convention-list")).content.decode()
    assert badge in agent.get(reverse("request-list")).content.decode()


def conventions_drafted():
    conventions.adopt_texts()
    return conventions.drafted()


def test_what_the_group_holds_is_pointed_out_before_anything_is_signed(agent) -> None:
    convention = conventions_drafted()
    brought_in(xlsx(EPCI))
    order = "?siren=216207274&messagerie-5go=3"
    for address in (
        reverse("request", args=[convention.request.reference]),
        reverse("convention", args=[convention.pk]),
        reverse("request-new") + order,
    ):
        assert TOLD in words(agent.get(address)), address
    assert "tient déjà" not in words(agent.get(reverse("request-new") + "?siren=216207274&antivirus=3"))
    assert "tient déjà" not in words(agent.get(reverse("request-new") + "?siren=216200410&messagerie-5go=3"))


def test_the_list_costs_the_same_with_one_row_and_with_three(agent, django_assert_max_num_queries) -> None:
    brought_in(xlsx(RUITZ))
    agent.get(LIST)
    with django_assert_max_num_queries(10) as one:
        agent.get(LIST)
    brought_in(xlsx(RUITZ, ARRAS, BETHUNE))
    with django_assert_max_num_queries(len(one)):
        agent.get(LIST)
    assert cohort.former("62119").body_id == parties.body("62119").pk
