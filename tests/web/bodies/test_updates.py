"""Bringing the directory up to date on the screens: read first, applied by a job, given up; ends that people record."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import quotes
from tests.factories.accounts import AT, TESTER
from tests.parties import official
from tests.parties.files import siren_of_commune
from tests.web.conftest import words
from tripartite.accounts.rights import Role
from tripartite.jobs.queries import job_list
from tripartite.journal.queries import entries_about
from tripartite.parties.models import DirectoryUpdate
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.updates import bodies_to_date
from tripartite.parties.services.bodies import complete_body
from tripartite.parties.services.updating import run_unit

RUITZ = "216207274"
LIST = "/collectivites/mises-a-jour/"
GROUPED = (("62901", "Ville", 900), ("62902", "Autre", 800))

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("offer")]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(quotes.AT, tick=False) as clock:
        yield clock


@pytest.fixture
def manager(log_in):
    return log_in(Role.MANAGER)


def send(client, *files, **more):
    given = [SimpleUploadedFile(file.name, file.content) for file in files]
    fields = {"source": "DGCL, 2025", "year": "", "department": ""} | more
    return client.post(LIST, {"chosen": given, **fields})


def prepared(manager):
    answer = send(manager, official.members(*GROUPED), official.sirens(*GROUPED))
    update = DirectoryUpdate.objects.get(state="prepared")
    assert answer["Location"] == f"{LIST}{update.pk}/"
    return update


def test_files_are_read_before_anything_is_written(manager) -> None:
    update = prepared(manager)

    said = words(manager.get(f"{LIST}{update.pk}/"))
    assert "Ce qui changerait" in said
    assert "Ville" in said
    assert "DGCL, intercommunalités et leurs communes 2025 DGCL, 2025" in said
    assert body_by_identifier("code_insee", "62901") is None
    assert "préparée" in words(manager.get(LIST))


def test_applying_is_a_job_that_keeps_what_changed_and_lets_the_files_go(manager) -> None:
    update = prepared(manager)
    answer = manager.post(f"{LIST}{update.pk}/appliquer/")

    (job,) = job_list()
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert manager.post(f"{LIST}{update.pk}/appliquer/")["Location"] == reverse("job", args=[job.pk])
    told = run_unit(key=str(update.pk), on=AT.date(), parameters=job.parameters, actor=TESTER, at=AT)
    assert told.startswith("2 ajoutées")
    assert run_unit(key=str(update.pk), on=AT.date(), parameters=job.parameters, actor=TESTER, at=AT) == "déjà fait"
    update.refresh_from_db()
    assert (update.state, {one.content for one in update.files.all()}) == ("applied", {None})
    assert body_by_identifier("code_insee", "62901").siren == siren_of_commune("62901")
    assert "Ce qui a changé" in words(manager.get(f"{LIST}{update.pk}/"))
    assert "déjà appliquée" in words(manager.post(f"{LIST}{update.pk}/appliquer/", follow=True))


def test_a_directory_that_changed_since_is_read_again_first(manager) -> None:
    update = prepared(manager)
    body = body_by_identifier("siren", RUITZ)
    complete_body(body_id=body.pk, changes={"address": "1 place"}, actor=TESTER, at=AT)

    assert "L'annuaire a changé depuis" in words(manager.post(f"{LIST}{update.pk}/appliquer/", follow=True))
    assert list(job_list()) == []
    assert manager.post(f"{LIST}{update.pk}/appliquer/")["Location"].startswith("/travaux/")


def test_an_update_can_be_given_up(manager) -> None:
    update = prepared(manager)

    assert "rien n'a changé" in words(manager.post(f"{LIST}{update.pk}/abandonner/", follow=True))
    update.refresh_from_db()
    assert (update.state, {one.content for one in update.files.all()}) == ("given-up", {None})
    assert entries_about("directory", "bodies").last().text.endswith("abandonnée.")


def test_faults_are_told_line_by_line(manager) -> None:
    file = official.populations(("62901", "Ville", 900), year=None)
    answer = send(manager, file)

    assert answer.status_code == 422
    assert "ne dit pas l'année de référence" in words(answer)
    assert not DirectoryUpdate.objects.filter(state="prepared").exists()


@pytest.mark.parametrize(
    ("files", "more"),
    [
        ([], {}),
        ([official.members(*GROUPED)] * 11, {}),
        ([official.members(*GROUPED)], {"year": "x"}),
        ([official.members(*GROUPED)], {"source": ""}),
    ],
)
def test_a_form_that_lacks_something_is_shown_again(manager, files, more) -> None:
    assert send(manager, *files, **more).status_code == 422


@pytest.mark.parametrize("role", [Role.AGENT, Role.ACCOUNTANT])
def test_others_read_and_do_not_update(log_in, manager, role) -> None:
    update = prepared(manager)
    client = log_in(role)

    assert "Préparer une mise à jour" not in words(client.get(LIST))
    assert client.get(f"{LIST}{update.pk}/").status_code == 200
    assert send(client, official.members(*GROUPED)).status_code == 403
    assert client.post(f"{LIST}{update.pk}/appliquer/").status_code == 403
    assert client.get(f"/collectivites/{RUITZ}/fin/").status_code == 403


def test_a_last_day_is_recorded_then_undone_each_with_its_reason(manager) -> None:
    given = {"last_day": "2026-10-31", "into": "216 200 410", "reason": "arrêté du 1er octobre"}
    answer = manager.post(f"/collectivites/{RUITZ}/fin/", given, follow=True)

    assert "n'existe plus depuis le 31/10/2026" in words(answer)
    body = body_by_identifier("siren", RUITZ)
    assert body.merged_into.name == "Arras"
    manager.post(f"/collectivites/{RUITZ}/fin/", {"reason": "jour mal saisi"})
    assert body_by_identifier("siren", RUITZ).ended_on is None
    assert [entry.text for entry in entries_about("body", body.pk)] == [
        "N'existe plus : Ruitz (216207274), jusqu'au 31/10/2026, dans Arras (216200410) : arrêté du 1er octobre",
        "Existe de nouveau : Ruitz (216207274), notée terminée le 31/10/2026 : jour mal saisi",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"last_day": "", "reason": "x"}, "obligatoire"),
        ({"last_day": "2026-10-31", "reason": ""}, "obligatoire"),
        ({"last_day": "2026-10-31", "reason": "x", "into": "1"}, "Ce SIREN n'est pas dans l'annuaire."),
        ({"last_day": "2026-10-31", "reason": "x", "into": RUITZ}, "Une structure ne se réunit pas à elle-même."),
    ],
)
def test_an_end_that_cannot_be_is_said_in_the_form(manager, given, said) -> None:
    answer = manager.post(f"/collectivites/{RUITZ}/fin/", given)

    assert answer.status_code == 422
    assert said in words(answer)
    assert body_by_identifier("siren", RUITZ).ended_on is None


def test_a_body_that_files_no_longer_have_is_shown_to_be_dated(manager) -> None:
    body = body_by_identifier("siren", "200069672")
    type(body).objects.filter(pk=body.pk).update(unlisted_on=AT.date())

    assert list(bodies_to_date()) == [body]
    assert "CC du Ternois , EPCI à fiscalité propre, absente depuis l'import du" in words(manager.get(LIST))
    assert "Noter son dernier jour" in words(manager.get("/collectivites/200069672/"))
