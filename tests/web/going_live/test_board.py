"""The board of what is to be set going: columns, whose turn, filters, exports; how activations come to be there."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import conventions, parties, quotes, subscriptions
from tests.web.conftest import part, words
from tripartite.accounts.rights import Role
from tripartite.going_live.queries.activations import activations_of_convention
from tripartite.going_live.services.activations import plan_activation, settle_step
from tripartite.going_live.services.cancelling import cancel_activation
from tripartite.going_live.services.parts import go_live

AT, TESTER, DAY = quotes.AT, quotes.TESTER, quotes.DAY
BOARD = reverse("activation-list")
SIX = {"messagerie-5go": 5, "nom-de-domaine": 1, "sauvegarde": 1, "antivirus": 12, "demarches-simplifiees": 1}
HOSTILE = '=1+1<script>alert(1)</script> & "fils"'

pytestmark = [pytest.mark.django_db, pytest.mark.both_bases]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        conventions.offer()
        subscriptions.adopt_shipped_checklist()
        yield clock


@pytest.fixture
def agent(log_in):
    return log_in()


def plan(activation, planned_on=None, waiting_for=""):
    plan_activation(activation_id=activation.pk, planned_on=planned_on, waiting_for=waiting_for, actor=TESTER, at=AT)


def settled(activation, count):
    for step in list(activation.steps.all())[:count]:
        settle_step(step_id=step.pk, done_on=DAY, actor=TESTER, at=AT)


def shown(answer):
    """The services of each column, in order."""
    return {lane.column.value: [card.activation.service for card in lane.cards] for lane in answer.context["lanes"]}


def counts(answer):
    return {column.value: count for column, _, count in answer.context["tabs"]}


def test_an_empty_board_says_what_will_come(agent) -> None:
    answer = agent.get(BOARD)
    assert "s'ouvre d'elle-même pour chaque ligne d'une convention" in words(answer)
    assert shown(answer) == {"a-faire": [], "en-attente": [], "faites": []}
    assert "Emporter" not in words(answer)


def test_columns_say_what_is_to_do_waits_and_is_done(agent) -> None:
    opened = subscriptions.opened(SIX)
    plan(opened["sauvegarde"], DAY - timedelta(days=1))
    plan(opened["demarches-simplifiees"], DAY)
    plan(opened["antivirus"], None, "la liste des postes")
    subscriptions.live(opened["nom-de-domaine"])
    subscriptions.live(opened["messagerie-5go"], quantity=3)

    answer = agent.get(BOARD)

    assert shown(answer) == {
        "a-faire": ["sauvegarde", "demarches-simplifiees", "messagerie-5go"],
        "en-attente": ["antivirus"],
        "faites": ["nom-de-domaine"],
    }
    assert counts(answer) == {"a-faire": 3, "en-attente": 1, "en-retard": 1, "faites": 1, "abandonnees": 0}
    page = words(answer)
    assert "Ruitz : Dire quels postes et quels dossiers sauvegarder en retard prévue le 22/11/2026, depuis" in page
    assert "Un agent : Mettre en service ce qui reste depuis le 23/11/2026, 5/5 étapes, 3 sur 5 en service" in page
    assert "Ruitz : Donner la liste des postes en attente la liste des postes depuis le 23/11/2026, 0/3 étapes" in page
    assert "Ruitz Nom de domaine en service depuis le 23/11/2026" in page


def test_a_day_planned_for_today_is_not_late(agent, clock, log_in) -> None:
    plan(subscriptions.opened({"sauvegarde": 1})["sauvegarde"], DAY)
    assert counts(agent.get(BOARD))["en-retard"] == 0
    clock.move_to(AT + timedelta(days=1))
    agent = log_in()
    assert counts(agent.get(BOARD))["en-retard"] == 1
    assert shown(agent.get(BOARD, {"colonne": "en-retard"})) == {"en-retard": ["sauvegarde"]}


def test_what_is_done_leaves_the_board_after_thirty_days(clock, log_in) -> None:
    subscriptions.live(subscriptions.opened({"nom-de-domaine": 1})["nom-de-domaine"])
    clock.move_to(AT + timedelta(days=29))
    assert counts(log_in().get(BOARD))["faites"] == 1
    clock.move_to(AT + timedelta(days=30))
    assert counts(log_in().get(BOARD))["faites"] == 0


def test_it_is_the_turn_of_the_party_of_the_first_step_that_is_left(agent) -> None:
    opened = subscriptions.opened({"nom-de-domaine": 1, "sauvegarde": 1, "antivirus": 3})
    settled(opened["nom-de-domaine"], 1)
    settled(opened["sauvegarde"], 2)

    def turns(code):
        return [service for found in shown(agent.get(BOARD, {"tour": code})).values() for service in found]

    assert turns("lfn") == ["nom-de-domaine"]
    assert turns("cdg62") == ["sauvegarde"]
    assert turns("beneficiary") == ["antivirus"]
    assert turns("ready") == []
    settled(opened["antivirus"], 1)
    subscriptions.waive_all(opened["antivirus"])
    assert turns("ready") == ["antivirus"]
    assert counts(agent.get(BOARD, {"tour": "lfn"})) == {
        "a-faire": 1,
        "en-attente": 0,
        "en-retard": 0,
        "faites": 0,
        "abandonnees": 0,
    }


def test_the_board_is_narrowed_by_words_service_and_territory(agent) -> None:
    subscriptions.opened({"sauvegarde": 1, "nom-de-domaine": 1})
    subscriptions.opened({"sauvegarde": 1}, body=quotes.ARRAS)
    bruay, arras = (parties.body(code).epci_id for code in (quotes.RUITZ, quotes.ARRAS))

    def found(**query):
        answer = agent.get(BOARD, query)
        lanes = answer.context["lanes"]
        return sorted(f"{c.activation.body.name} {c.activation.service}" for lane in lanes for c in lane.cards)

    assert len(found()) == 3
    assert found(q="arras") == ["Arras sauvegarde"]
    assert found(q="ruitz domaine") == ["Ruitz nom-de-domaine"]
    assert found(q="D-2026-00006") == ["Arras sauvegarde"]
    assert found(q="C-2026-00007") == ["Ruitz nom-de-domaine", "Ruitz sauvegarde"]
    assert found(service="sauvegarde") == ["Arras sauvegarde", "Ruitz sauvegarde"]
    assert found(q="rien de tel") == []
    assert bruay != arras
    assert found(territoire=arras) == ["Arras sauvegarde"]
    assert found(territoire=bruay, service="sauvegarde") == ["Ruitz sauvegarde"]


@pytest.mark.parametrize("query", ["territoire=x", "territoire=999", "tour=personne", "service=inconnu", "q=%00"])
def test_a_filter_that_does_not_exist_is_told(agent, query) -> None:
    subscriptions.opened({"sauvegarde": 1})
    answer = agent.get(f"{BOARD}?{query}")
    assert answer.status_code == 422
    assert "Un point est à corriger" in words(answer)


@pytest.mark.parametrize("query", ["colonne=x", "page=-1", "page=x&colonne=a-faire", "q=%25"])
def test_an_odd_address_gives_a_page(agent, query) -> None:
    subscriptions.opened({"sauvegarde": 1})
    assert agent.get(f"{BOARD}?{query}").status_code == 200


def test_a_column_alone_is_paginated_and_the_board_says_how_many_more(agent) -> None:
    for quantities in (*[SIX] * 5, {"antivirus": 1}):
        subscriptions.opened(quantities)
    answer = agent.get(BOARD)
    assert [len(lane.cards) for lane in answer.context["lanes"]] == [12, 0, 0]
    assert "Voir les 26 de la colonne À faire" in words(answer)
    alone = agent.get(BOARD, {"colonne": "a-faire"})
    assert (len(alone.context["lanes"][0].cards), "1 à 24 sur 26 mises en service" in words(alone)) == (24, True)
    assert len(agent.get(BOARD, {"colonne": "a-faire", "page": 2}).context["lanes"][0].cards) == 2


def test_the_list_is_taken_away_whole_and_no_text_is_a_formula(agent) -> None:
    opened = subscriptions.opened(SIX)
    plan(opened["antivirus"], date(2026, 11, 30), "=1+1")
    subscriptions.live(opened["messagerie-5go"], quantity=3)
    cancel_activation(activation_id=opened["sauvegarde"].pk, reason="Autre choix", actor=TESTER, at=AT)

    answer = agent.get(BOARD, {"format": "csv"})

    assert answer["Content-Disposition"] == 'attachment; filename="mises-en-service-2026-11-23.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row[0], row[4]) for row in rows[1:]] == [
        ("À faire", "Messagerie, compte 5 Go"),
        ("À faire", "Nom de domaine"),
        ("À faire", "Démarches simplifiées"),
        ("En attente", "Antivirus"),
        ("Abandonnées", "Sauvegarde 60 Go et partage de fichiers 5 Go"),
    ]
    waiting = rows[4]
    assert waiting[1:3] == ["Ruitz", "216207274"]
    assert waiting[5:9] == ["12", "0", "à mettre en service", "Ruitz"]
    assert waiting[10:15] == ["0", "3", "30/11/2026", "'=1+1", "23/11/2026"]
    assert waiting[17:] == ["D-2026-00005", "C-2026-00007"]
    assert rows[1][5:8] == ["5", "3", "en partie en service"]
    assert agent.get(BOARD, {"format": "xlsx", "colonne": "a-faire"}).status_code == 200


@pytest.mark.parametrize("path", [BOARD, f"{BOARD}?colonne=a-faire", f"{BOARD}?tour=beneficiary&service=sauvegarde"])
def test_the_board_asks_as_much_of_the_database_for_three_as_for_one(
    agent, path, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    subscriptions.opened({"sauvegarde": 1})
    with django_assert_max_num_queries(25) as first:
        agent.get(path)
    subscriptions.opened({"sauvegarde": 1, "antivirus": 2}, body=quotes.ARRAS)
    subscriptions.opened({"sauvegarde": 1}, body=quotes.ARRAS)
    with django_assert_num_queries(len(first)):
        agent.get(path)


def test_hostile_words_are_shown_and_not_run(agent) -> None:
    opened = subscriptions.opened({"antivirus": 3})["antivirus"]
    plan(opened, None, HOSTILE)
    for path in (BOARD, reverse("activation", args=[opened.pk]), f"{BOARD}?q=%3Cscript%3E"):
        assert "<script>alert" not in agent.get(path).content.decode()


def test_every_role_reads_the_board(log_in) -> None:
    subscriptions.opened({"sauvegarde": 1})
    assert all(log_in(role).get(BOARD).status_code == 200 for role in Role)


def sign_here(client, convention, role):
    one = conventions.signatory(convention, role)
    address = reverse("sign-on-paper", args=[convention.pk, one.pk])
    scan = SimpleUploadedFile("copie.pdf", conventions.SCAN)
    typed = {"signed_on": "2026-11-23", "original_place": "Secrétariat", "scan": scan}
    assert client.post(address, typed).status_code == 302


def test_the_last_signature_recorded_opens_what_is_to_be_set_going(log_in) -> None:
    convention = conventions.sent(quantities={"sauvegarde": 1, "messagerie-5go": 2})
    sign_here(log_in(issuer_code="lfn"), convention, "beneficiary")
    sign_here(log_in(issuer_code="lfn"), convention, "lfn")
    assert activations_of_convention(convention.pk) == []
    sign_here(log_in(issuer_code="cdg62"), convention, "cdg62")
    assert [one.service for one in activations_of_convention(convention.pk)] == ["sauvegarde", "messagerie-5go"]


def test_the_file_and_the_convention_say_what_is_to_be_set_going_by_whom_since_when(agent) -> None:
    convention = subscriptions.in_force(quantities={"messagerie-5go": 5, "sauvegarde": 1})
    subscriptions.open_activations(convention_id=convention.pk, actor=TESTER, at=AT)
    mailboxes, backup = activations_of_convention(convention.pk)
    subscriptions.live(mailboxes, quantity=3)
    settled(backup, 1)
    address = reverse("request", args=[convention.request.reference])
    file, page = agent.get(address), agent.get(reverse("convention", args=[convention.pk]))
    said = (
        "Mettre en service : Messagerie, compte 5 Go (3 sur 5 en service) ; Sauvegarde 60 Go et partage de fichiers"
        " 5 Go , par un agent et La Fibre Numérique 59-62 , depuis le 23/11/2026"
    )
    assert said in words(file)
    for answer in (file, page):
        listed = part(answer, "contenu")
        assert "Messagerie, compte 5 Go en partie en service Un agent : Mettre en service ce qui reste" in listed
        assert reverse("activation", args=[backup.pk]) in answer.content.decode()
    subscriptions.live(subscriptions.reread(backup))
    go_live(activation_id=mailboxes.pk, live_on=DAY, actor=TESTER, at=AT)
    assert "Mettre en service :" not in words(agent.get(address))


def test_the_first_page_of_agents_counts_the_files_to_set_going(agent) -> None:
    opened = subscriptions.opened({"sauvegarde": 1, "antivirus": 2})

    def queue():
        answer = agent.get(reverse("request-list"), {"file": "servir"})
        tab = next(tab for tab in answer.context["tabs"] if tab.code == "servir")
        return tab.count, re.findall(r"D-2026-\d{5}", words(answer))

    assert queue() == (1, ["D-2026-00005"])
    subscriptions.live(opened["sauvegarde"])
    assert queue()[0] == 1
    cancel_activation(activation_id=opened["antivirus"].pk, reason="Autre choix", actor=TESTER, at=AT)
    assert queue() == (0, [])
