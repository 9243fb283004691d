"""Acts that empower people to sign: recorded for a town hall or one's own issuer, ended, shown, and kept apart."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import conventions, quotes
from tests.web.conftest import errors, part, words
from tripartite.accounts.rights import Role
from tripartite.journal.queries import entries_about
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.mandates import mandate_by_id, mandates_of

AT = quotes.AT
SIREN = "216207274"
OWN = reverse("own-mandates")
BODY = reverse("body-mandates", args=[SIREN])
HOSTILE = '<script>alert(1)</script> « NOM » & "fils"'
TYPED = {
    "person": "Prénom NOM",
    "function": "Maire",
    "act": "deliberation",
    "organ": "Conseil municipal",
    "number": "2026-41",
    "adopted_on": "2026-11-02",
    "enforceable_on": "2026-11-05",
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer():
    with time_machine.travel(AT, tick=False):
        quotes.offer()
        yield


def ruitz():
    return body_by_identifier("siren", SIREN)


def scan(content=conventions.SCAN):
    return SimpleUploadedFile("acte.pdf", content)


def latest(**holder):
    return mandates_of(**holder)[0]


def test_an_act_of_a_town_hall_is_recorded_with_its_copy(agent) -> None:
    answer = agent.post(BODY, TYPED | {"scan": scan()}, follow=True)

    act = latest(body_id=ruitz().pk)
    assert (act.person, act.function, act.number, f"{act.enforceable_on}") == (
        *("Prénom NOM", "Maire", "2026-41"),
        "2026-11-05",
    )
    assert "Pouvoir de signer enregistré." in part(answer, "contenu")
    assert "Délibération n° 2026-41 du 02/11/2026, Conseil municipal copie de l'acte de Prénom NOM" in words(answer)
    copy = agent.get(reverse("mandate-scan", args=[act.pk]))
    assert (copy.content, copy["Content-Type"]) == (conventions.SCAN, "application/pdf")
    assert (copy["X-Content-Type-Options"], copy["Cache-Control"]) == ("nosniff", "private, no-store")
    assert entries_about("body", ruitz().pk).last().action == "parties.record-mandate"


def test_one_comes_back_to_the_request_one_came_from(agent) -> None:
    asked = quotes.request()
    assert f"Revenir à {asked.reference}" in words(agent.get(f"{BODY}?retour={asked.reference}"))
    answer = agent.post(f"{BODY}?retour={asked.reference}", TYPED)
    assert answer["Location"] == reverse("request", args=[asked.reference])


@pytest.mark.parametrize("back", ["//exemple.fr", "https://exemple.fr/", "a/b", "%00", "é", "", "x" * 99])
def test_one_never_comes_back_elsewhere(agent, back) -> None:
    assert agent.get(f"{BODY}?retour={back}").status_code == 200
    assert agent.post(f"{BODY}?retour={back}", TYPED)["Location"] == BODY


@pytest.mark.parametrize(
    ("typed", "place", "message"),
    [
        ({"person": ""}, "person", "Ce champ est obligatoire."),
        ({"function": " "}, "function", "Ce champ est obligatoire."),
        ({"organ": "x" * 201}, "organ", "200 caractères"),
        ({"act": "autre"}, "act", "Sélectionnez un choix valide."),
        ({"number": "9" * 61}, "number", "60 caractères"),
        ({"adopted_on": "2026-11-24"}, "adopted_on", "Cette date est à venir : l'acte doit être pris."),
        ({"adopted_on": "31/02/2026"}, "adopted_on", "Saisissez une date valide."),
        ({"enforceable_on": "2026-11-01"}, "enforceable_on", "Un acte n'est pas exécutoire avant d'être pris."),
        ({"scan": scan(b"")}, "scan", "Le fichier soumis est vide."),
        ({"scan": scan(b"<html>")}, "scan", "Ce fichier n'est ni un PDF, ni une image JPEG ou PNG."),
        ({"scan": scan(b"%PDF-" + b"0" * 15_000_000)}, "scan", "Fichier trop gros : 15 Mo au plus."),
    ],
)
def test_an_act_that_cannot_be_is_refused_at_its_place_and_kept(agent, typed, place, message) -> None:
    answer = agent.post(BODY, TYPED | typed)

    assert answer.status_code == 422
    assert message in answer.context["form"].errors[place][0]
    assert message in errors(answer)
    assert mandates_of(body_id=ruitz().pk) == []
    assert f'value="{(TYPED | typed)["number"]}"' in answer.content.decode()


def test_a_deliberation_without_its_enforceable_day_is_said_to_lack_it(agent) -> None:
    answer = agent.post(BODY, TYPED | {"enforceable_on": ""}, follow=True)
    assert "à compléter" in words(answer)


def test_an_act_of_ones_own_issuer_is_recorded_for_it_alone(agent, operator) -> None:
    assert agent.post(OWN, TYPED | {"person": "Prénom NOM du CDG", "issuer": "lfn"})["Location"] == OWN

    assert [act.person for act in mandates_of(issuer="cdg62")] == ["Prénom NOM du CDG"]
    assert mandates_of(issuer="lfn") == []
    assert "Prénom NOM du CDG" in words(agent.get(OWN))
    assert "Prénom NOM du CDG" not in words(operator.get(OWN))


def test_the_acts_of_the_other_issuer_are_neither_seen_nor_ended(agent, operator) -> None:
    agent.post(OWN, TYPED | {"scan": scan()})
    act = latest(issuer="cdg62")

    assert agent.get(reverse("mandate-scan", args=[act.pk])).status_code == 200
    for name in ("mandate-scan", "mandate-end"):
        assert operator.get(reverse(name, args=[act.pk])).status_code == 404
    typed = {"last_day": "2026-11-20", "reason": "Élection."}
    assert operator.post(reverse("mandate-end", args=[act.pk]), typed).status_code == 404
    assert mandate_by_id(act.pk).valid_until is None


def test_a_power_ends_on_its_last_day_with_its_reason(agent) -> None:
    agent.post(BODY, TYPED)
    end = reverse("mandate-end", args=[latest(body_id=ruitz().pk).pk])
    assert "Prénom NOM, Maire. Ce qui est signé reste signé." in words(agent.get(end))

    answer = agent.post(end, {"last_day": "2026-11-20", "reason": "Nouveau maire."}, follow=True)

    assert "Fin du pouvoir notée. Les papiers signés restent ce qu'ils sont." in part(answer, "contenu")
    assert "20/11/2026" in words(answer)
    assert "noter la fin" not in words(answer)
    again = agent.post(end, {"last_day": "2026-11-21", "reason": "Encore."}, follow=True)
    assert "La fin est déjà notée : 20/11/2026." in words(again)


@pytest.mark.parametrize(
    ("typed", "place", "message"),
    [
        ({"reason": " "}, "reason", "Ce champ est obligatoire."),
        ({"last_day": ""}, "last_day", "Ce champ est obligatoire."),
        ({"last_day": "2026-11-01"}, "last_day", "La fin du pouvoir précède l'acte."),
    ],
)
def test_an_end_that_cannot_be_is_refused_at_its_place(agent, typed, place, message) -> None:
    agent.post(BODY, TYPED)
    act = latest(body_id=ruitz().pk)
    said = {"last_day": "2026-11-20", "reason": "Nouveau maire."}
    answer = agent.post(reverse("mandate-end", args=[act.pk]), said | typed)
    assert (answer.status_code, answer.context["form"].errors[place]) == (422, [message])
    assert mandate_by_id(act.pk).valid_until is None


def test_an_accountant_reads_copies_and_records_nothing(agent, log_in) -> None:
    agent.post(BODY, TYPED | {"scan": scan()})
    act = latest(body_id=ruitz().pk)
    accountant = log_in(Role.ACCOUNTANT)
    assert accountant.get(reverse("mandate-scan", args=[act.pk])).status_code == 200
    for path in (BODY, OWN, reverse("mandate-end", args=[act.pk])):
        assert [accountant.get(path).status_code, accountant.post(path, TYPED).status_code] == [403, 403]
    assert len(mandates_of(body_id=ruitz().pk)) == 1


@pytest.mark.parametrize(
    "path",
    ["/collectivites/000000000/pouvoirs/", "/collectivites/%00/pouvoirs/", "/pouvoirs/99/fin/", "/pouvoirs/99/acte"],
)
def test_what_is_not_there_is_not_found(agent, path) -> None:
    assert agent.get(path).status_code == 404


def test_an_act_without_a_copy_has_none(agent) -> None:
    agent.post(BODY, TYPED)
    act = latest(body_id=ruitz().pk)
    assert agent.get(reverse("mandate-scan", args=[act.pk])).status_code == 404


@pytest.mark.both_bases
def test_hostile_words_are_shown_and_not_run(agent) -> None:
    typed = {"person": HOSTILE, "function": HOSTILE, "organ": HOSTILE, "number": HOSTILE[:60]}
    page = agent.post(BODY, TYPED | typed, follow=True)
    assert "<script>alert" not in page.content.decode()
    assert words(page).count(HOSTILE) >= 4
    end = agent.get(reverse("mandate-end", args=[latest(body_id=ruitz().pk).pk]))
    assert ("<script>alert" not in end.content.decode(), HOSTILE in words(end)) == (True, True)


def test_the_number_of_queries_is_the_same_with_one_and_three_acts(agent, django_assert_max_num_queries) -> None:
    agent.post(BODY, TYPED)
    agent.get(BODY)
    with django_assert_max_num_queries(15) as queries:
        agent.get(BODY)
    allowed = len(queries)
    other = body_by_identifier("code_insee", quotes.ARRAS)
    path = reverse("body-mandates", args=[other.siren])
    for number in range(3):
        agent.post(path, TYPED | {"number": number})
    with django_assert_max_num_queries(allowed):
        agent.get(path)


def test_the_act_of_who_accepted_starts_from_what_the_acceptance_says(agent) -> None:
    asked = conventions.accepted(empowered=False)
    form = agent.get(f"{BODY}?retour={asked.reference}").context["form"]
    assert form.initial == {"person": "Prénom NOM", "function": "Maire"}
    other = reverse("body-mandates", args=["216200014"])
    assert agent.get(f"{other}?retour={asked.reference}").context["form"].initial == {}
