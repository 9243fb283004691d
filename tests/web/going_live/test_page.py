"""One line to be set going: steps, blocking, parts, plan, giving up; with htmx and without."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories import conventions, quotes, subscriptions
from tests.web.conftest import part, words
from tripartite.accounts.rights import Role
from tripartite.going_live.services.activations import settle_step
from tripartite.going_live.services.cancelling import cancel_activation
from tripartite.journal.queries import entries_about
from tripartite.subscriptions.queries.running import running_on

AT, TESTER, DAY = quotes.AT, quotes.TESTER, quotes.DAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(AT, tick=False) as clock:
        conventions.offer()
        subscriptions.adopt_shipped_checklist()
        yield clock


@pytest.fixture
def agent(log_in):
    return log_in()


@pytest.fixture
def mailboxes():
    return subscriptions.opened({"messagerie-5go": 5})["messagerie-5go"]


def page(client, activation):
    return client.get(reverse("activation", args=[activation.pk]))


def post(client, activation, name, typed=None, *, step=None, **more):
    keys = [activation.pk, *([activation.steps.get(code=step).pk] if step else [])]
    return client.post(reverse(name, args=keys), typed or {}, **more)


def state_of(activation):
    return {step.code: (step.done_on, step.waived_reason) for step in subscriptions.reread(activation).steps.all()}


def test_the_page_says_who_is_next_and_what_blocks(agent, mailboxes) -> None:
    answer = page(agent, mailboxes)
    assert "Donner la liste des adresses à créer , par Ruitz , depuis le 23/11/2026" in words(answer)
    assert "5 à mettre en service." in words(answer)
    blocked = words(answer).partition("Restent à faire avant la mise en service")[2]
    named = (
        ", ou à écarter avec un motif : Donner la liste des adresses à créer Créer les comptes Installer les comptes"
        " sur les postes et les téléphones Envoyer et recevoir un message d'essai Ce qui est en service Rien encore."
    )
    assert blocked.strip().startswith(named)
    assert "Reprendre les anciens messages, s'il y en a (facultative)" in words(answer)


def test_a_step_is_done_today_or_another_day_waived_and_taken_back(agent, mailboxes) -> None:
    assert post(agent, mailboxes, "step-settle", {"today": "1"}, step="liste-comptes").status_code == 302
    post(agent, mailboxes, "step-settle", {"done_on": "2026-11-20"}, step="installation")
    post(agent, mailboxes, "step-waive", {"reason": "Rien à reprendre"}, step="reprise")
    assert state_of(mailboxes) == {
        "liste-comptes": (DAY, ""),
        "creation": (None, ""),
        "reprise": (None, "Rien à reprendre"),
        "installation": (DAY - timedelta(days=3), ""),
        "essai": (None, ""),
    }
    said = words(page(agent, mailboxes))
    assert "fait le 20/11/2026 noté par Prénom NOM (CDG 62)" in said
    assert "écartée Rien à reprendre (Prénom NOM (CDG 62))" in said
    assert "Créer les comptes , par La Fibre Numérique 59-62" in said
    post(agent, mailboxes, "step-reopen", step="reprise")
    assert state_of(mailboxes)["reprise"] == (None, "")


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("step-settle", {"done_on": "2026-11-24"}, "Ce jour est à venir : une étape faite a une date passée."),
        ("step-settle", {"done_on": "hier"}, "Saisissez une date valide."),
        ("step-settle", {}, "Ce champ est obligatoire."),
        ("step-waive", {"reason": " "}, "Ce champ est obligatoire."),
        ("step-reopen", {}, "« Donner la liste des adresses à créer » n'est pas réglée."),
    ],
)
def test_a_refusal_is_said_on_the_page_and_changes_nothing(agent, mailboxes, name, typed, said) -> None:
    before = state_of(mailboxes)
    for headers in ({}, {"HX-Request": "true"}):
        answer = post(agent, mailboxes, name, typed, step="liste-comptes", headers=headers)
        assert answer.status_code == 422
        assert said in words(answer)
        assert ("<html" in answer.content.decode()) is not bool(headers)
    assert state_of(mailboxes) == before


def test_with_htmx_a_step_settled_answers_the_part_that_changes(agent, mailboxes) -> None:
    answer = post(agent, mailboxes, "step-settle", {"today": "1"}, step="liste-comptes", headers={"HX-Request": "true"})
    assert (answer.status_code, "<html" in answer.content.decode()) == (200, False)
    assert "« Donner la liste des adresses à créer » : fait." in part(answer, "avancement")
    assert answer["Vary"].count("HX-Request") == 1
    twice = post(agent, mailboxes, "step-settle", {"today": "1"}, step="liste-comptes", headers={"HX-Request": "true"})
    assert twice.status_code == 422
    assert "« Donner la liste des adresses à créer » est déjà réglée." in words(twice)


def test_a_step_of_another_activation_is_not_found(agent, mailboxes) -> None:
    other = subscriptions.opened({"antivirus": 2})["antivirus"]
    address = reverse("step-settle", args=[mailboxes.pk, other.steps.first().pk])
    assert agent.post(address, {"today": "1"}).status_code == 404
    assert agent.get(reverse("activation", args=["9" * 30])).status_code == 404


def test_the_other_issuers_steps_have_no_button_and_are_refused(agent, mailboxes) -> None:
    content = page(agent, mailboxes).content.decode()
    theirs = reverse("step-settle", args=[mailboxes.pk, mailboxes.steps.get(code="creation").pk])
    assert theirs not in content
    for name in ("step-settle", "step-waive", "step-reopen"):
        answer = post(agent, mailboxes, name, {"today": "1", "reason": "Essai"}, step="creation")
        assert answer.status_code == 403
        assert "Cette étape est celle de l'autre émetteur : un de ses agents la règle." in words(answer)
    assert state_of(mailboxes)["creation"] == (None, "")


def test_three_mailboxes_of_five_run_then_the_two_others(agent, mailboxes) -> None:
    subscriptions.waive_all(mailboxes)
    assert 'value="5"' in page(agent, mailboxes).content.decode()
    post(agent, mailboxes, "activation-live", {"quantity": "3", "live_on": "2026-11-23", "note": "Accueil"})
    said = words(page(agent, mailboxes))
    assert "en partie en service" in said
    assert "3 sur 5 en service." in said
    assert "3 depuis le 23/11/2026 noté par Prénom NOM (CDG 62) : Accueil" in said
    for wrong, words_said in (
        ({"quantity": "3", "live_on": "2026-11-23"}, "Il en reste 2 à mettre en service, sur 5 demandés."),
        ({"quantity": "deux", "live_on": "2026-11-23"}, "Écrivez combien, en chiffres"),
        ({"quantity": "0", "live_on": "2026-11-23"}, "Écrivez combien, en chiffres"),
        ({"quantity": "2", "live_on": "2026-11-24"}, "Ce jour est à venir"),
        ({"quantity": "2", "live_on": "2026-11-22"}, "La convention n'est en vigueur que depuis le 23/11/2026."),
        ({"quantity": "NaN", "live_on": "2026-11-23"}, "Écrivez combien, en chiffres"),
    ):
        answer = post(agent, mailboxes, "activation-live", wrong)
        assert (answer.status_code, words_said in words(answer)) == (422, True), words_said
    assert 'value="2"' in page(agent, mailboxes).content.decode()
    post(agent, mailboxes, "activation-live", {"quantity": "2", "live_on": "2026-11-23"})
    assert "En service depuis le 23/11/2026." in words(page(agent, mailboxes))
    (running,) = running_on(mailboxes.body_id, on=DAY)
    assert running.quantity == 5


def test_required_steps_hold_going_live_up_by_name(agent, mailboxes) -> None:
    answer = post(agent, mailboxes, "activation-live", {"quantity": "5", "live_on": "2026-11-23"})
    assert answer.status_code == 422
    assert "Ces étapes obligatoires restent à faire, ou à écarter avec un motif : « Donner la liste" in words(answer)
    assert running_on(mailboxes.body_id, on=DAY) == []


def test_a_single_one_goes_live_without_saying_how_many(agent) -> None:
    domain = subscriptions.opened({"nom-de-domaine": 1})["nom-de-domaine"]
    subscriptions.waive_all(domain)
    assert 'name="quantity"' not in page(agent, domain).content.decode()
    post(agent, domain, "activation-live", {"live_on": "2026-11-23"})
    assert subscriptions.reread(domain).state == "live"


def test_it_is_planned_waits_and_is_given_up_with_a_reason(agent, mailboxes) -> None:
    post(agent, mailboxes, "activation-plan", {"planned_on": "2026-11-20", "waiting_for": "la liste"})
    said = words(page(agent, mailboxes))
    assert "en attente la liste , depuis le 23/11/2026" in said
    assert "en retard Prévue le 20/11/2026" in said
    assert post(agent, mailboxes, "activation-plan", {"planned_on": "demain"}).status_code == 422
    assert post(agent, mailboxes, "activation-cancel", {"reason": ""}).status_code == 422
    post(agent, mailboxes, "activation-cancel", {"reason": "La commune renonce."})
    said = words(page(agent, mailboxes))
    assert "Abandonnée : La commune renonce." in said
    assert "Prévoir" not in said
    for name, typed in (("activation-plan", {}), ("activation-live", {"quantity": "1", "live_on": "2026-11-23"})):
        answer = post(agent, mailboxes, name, typed)
        assert (answer.status_code, "Mise en service « abandonnée »" in words(answer)) == (422, True)


def test_the_journal_of_an_activation_is_its_own(agent) -> None:
    opened = subscriptions.opened({"messagerie-5go": 2, "antivirus": 3})
    post(agent, opened["antivirus"], "activation-plan", {"planned_on": "2026-12-01"})
    post(agent, opened["messagerie-5go"], "step-settle", {"today": "1"}, step="liste-comptes")
    texts = [entry.text for entry in page(agent, opened["antivirus"]).context["entries"]]
    assert texts == [
        "Antivirus : prévue le 01/12/2026.",
        "Mise en service ouverte : Messagerie, compte 5 Go ; Antivirus.",
    ]
    assert entries_about("request", opened["antivirus"].convention.request_id).last().actor == "Prénom NOM (CDG 62)"


def test_an_accountant_reads_and_has_nothing_to_press(log_in, mailboxes) -> None:
    answer = page(log_in(Role.ACCOUNTANT), mailboxes)
    assert answer.status_code == 200
    assert "/mises-en-service/1/" not in answer.content.decode().partition("<main")[2].replace("/retour", "")


def test_a_page_asks_as_much_of_the_database_for_three_steps_as_for_five(
    agent, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    opened = subscriptions.opened({"messagerie-5go": 2, "antivirus": 3})
    with django_assert_max_num_queries(14) as first:
        page(agent, opened["antivirus"])
    settle_step(step_id=opened["messagerie-5go"].steps.first().pk, done_on=DAY, actor=TESTER, at=AT)
    with django_assert_num_queries(len(first)):
        page(agent, opened["messagerie-5go"])


def test_a_given_up_activation_refuses_steps(agent, mailboxes) -> None:
    cancel_activation(activation_id=mailboxes.pk, reason="Autre choix", actor=TESTER, at=AT)
    answer = post(agent, mailboxes, "step-settle", {"today": "1"}, step="liste-comptes")
    assert (answer.status_code, "elle ne change plus" in words(answer)) == (422, True)
    assert "Fait aujourd'hui" not in words(answer)
