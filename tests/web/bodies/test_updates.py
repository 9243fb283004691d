"""Bringing the directory up to date on the screens: read first, applied by a job, given up; ends that people record."""

import zlib
from dataclasses import replace
from datetime import timedelta

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
from tripartite.bounded.places import a_place
from tripartite.bounded.refusals import Busy
from tripartite.jobs.queries import job_by_id, job_list, units_of
from tripartite.jobs.services.starting import abandon_job, retry_failed
from tripartite.jobs.services.tasks import continue_job
from tripartite.jobs.states import UNFINISHED
from tripartite.journal.queries import entries_about
from tripartite.parties.models import DirectoryUpdate
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.updates import bodies_to_date, summary
from tripartite.parties.services import forgotten, updating
from tripartite.parties.services.bodies import complete_body
from tripartite.parties.services.importing import import_directory
from tripartite.parties.services.preparing import GIVEN_UP, prepare_unit, run_prepared
from tripartite.parties.services.updating import KEPT_FOR, start_update

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


def text(words_of_it):
    return official.text_file("rien.csv", "a,b", [[words_of_it, ""]])


def kept(update):
    """What an update still has of its files."""
    return set(update.files.values_list("content", "table"))


def deposited(manager, *files, **more):
    """An update whose files wait to be read."""
    answer = send(manager, *files, **more)
    update = DirectoryUpdate.objects.get(state="reading", job__state="queued")
    assert answer["Location"] == f"{LIST}{update.pk}/"
    return update


def work(job_id):
    """Do a job to its end, in as many slices as it takes."""
    continue_job.call(job_id)
    while job_by_id(job_id).state in UNFINISHED:
        continue_job.call(job_id)


def read(update):
    """The update once a worker has done its job."""
    update.refresh_from_db()
    work(update.job_id)
    update.refresh_from_db()
    return update


def prepared(manager):
    update = read(deposited(manager, official.members(*GROUPED), official.sirens(*GROUPED)))
    assert update.state == "prepared"
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

    (job, _reading) = job_list()
    assert answer["Location"] == reverse("job", args=[job.pk])
    assert manager.post(f"{LIST}{update.pk}/appliquer/")["Location"] == reverse("job", args=[job.pk])
    work(job.pk)
    (unit,) = units_of(job.pk)
    assert unit.outcome.startswith("2 ajoutées")
    update.refresh_from_db()
    assert (update.state, kept(update)) == ("applied", {(None, None)})
    assert body_by_identifier("code_insee", "62901").siren == siren_of_commune("62901")
    assert "Ce qui a changé" in words(manager.get(f"{LIST}{update.pk}/"))
    assert "déjà appliquée" in words(manager.post(f"{LIST}{update.pk}/appliquer/", follow=True))


def test_a_directory_that_changed_since_is_read_again_first(manager) -> None:
    update = prepared(manager)
    body = body_by_identifier("siren", RUITZ)
    complete_body(body_id=body.pk, changes={"address": "1 place"}, actor=TESTER, at=AT)

    assert "L'annuaire a changé depuis" in words(manager.post(f"{LIST}{update.pk}/appliquer/", follow=True))
    update.refresh_from_db()
    assert (update.state, [one.words for one in units_of(update.job_id)]) == ("reading", ["Comparer avec l'annuaire"])
    assert "encore en lecture" in words(manager.post(f"{LIST}{update.pk}/appliquer/", follow=True))
    assert read(update).state == "prepared"
    assert manager.post(f"{LIST}{update.pk}/appliquer/")["Location"].startswith("/travaux/")


def test_an_update_can_be_given_up(manager) -> None:
    update = prepared(manager)

    assert "rien n'a changé" in words(manager.post(f"{LIST}{update.pk}/abandonner/", follow=True))
    update.refresh_from_db()
    assert (update.state, kept(update)) == ("given-up", {(None, None)})
    assert entries_about("directory", "bodies").last().text.endswith("abandonnée.")


def test_reading_says_how_far_it_is_then_shows_the_whole_page(manager) -> None:
    update = deposited(manager, official.members(*GROUPED), official.sirens(*GROUPED))
    page = f"{LIST}{update.pk}/"

    said = words(manager.get(page))
    assert "En lecture depuis le" in said
    assert "Lire banatic.xlsx" in said
    assert "Appliquer" not in said
    assert "fichiers en lecture" in words(manager.get(LIST))
    assert 'id="lecture" hx-get' in manager.get(page, headers={"HX-Request": "true"}).text
    read(update)
    assert manager.get(page, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    units = [(one.words, one.outcome) for one in units_of(update.job_id)]
    assert [outcome for _, outcome in units] == [
        "DGCL, intercommunalités et leurs communes, 2 lignes",
        "DGCL, BANATIC : SIREN et codes INSEE, 2 lignes",
        "2 ajoutées, 1 modifiée, 5 à dater, 10 populations nouvelles",
    ]


def test_each_fault_of_each_file_is_told_and_nothing_is_prepared(manager) -> None:
    faulty = official.populations(("62901", "Ville", 900), year=None)
    update = read(deposited(manager, faulty, official.sirens(*GROUPED), text("rien")))

    said = words(manager.get(f"{LIST}{update.pk}/"))
    assert "Rien n'a été préparé" in said
    assert "ne dit pas l'année de référence" in said
    assert "rien.csv, ligne 1 : colonnes inconnues" in said
    assert (update.state, kept(update)) == ("refused", {(None, None)})
    assert "fichiers refusés" in words(manager.get(LIST))
    assert "déjà appliquée, ou abandonnée" in words(manager.post(f"{LIST}{update.pk}/appliquer/", follow=True))
    assert "déjà appliquée, ou abandonnée" in words(manager.post(f"{LIST}{update.pk}/abandonner/", follow=True))


def test_a_year_that_no_file_says_is_asked_once_they_are_read(manager) -> None:
    files = [official.populations(*GROUPED, year=None), official.sirens(*GROUPED)]
    update = read(deposited(manager, *files))
    page = f"{LIST}{update.pk}/"

    assert (update.state, summary(update), update.settled_at) == ("incomplete", "année à dire", None)
    said = words(manager.get(page))
    assert "ne dit pas l'année de référence" in said
    assert "Année de référence : donnees_communes.csv" in said
    assert "à compléter" in words(manager.get(LIST))
    assert "le compléter d'abord" in words(manager.post(f"{page}appliquer/", follow=True))
    (asked, _) = update.files.all()
    for absurd in ("", "x", "1899", "2200", "9" * 400):
        assert manager.post(f"{page}completer/", {f"year_{asked.pk}": absurd}).status_code == 422

    assert manager.post(f"{page}completer/", {f"year_{asked.pk}": "2023"})["Location"] == page
    update.refresh_from_db()
    assert (update.state, [one.words for one in units_of(update.job_id)]) == ("reading", ["Comparer avec l'annuaire"])
    read(update)
    given = read(deposited(manager, official.populations(*GROUPED, year=None), files[1], year="2023"))
    assert update.report == given.report
    assert [(one.layout, one.year) for one in update.files.all()] == [
        (one.layout, one.year) for one in given.files.all()
    ]
    assert "n'attend plus rien" in words(manager.post(f"{page}completer/", {f"year_{asked.pk}": "2023"}, follow=True))


def test_each_file_is_asked_its_own_year(manager) -> None:
    files = [official.populations(*GROUPED, year=None), official.populations(("62041", "Arras", 42000), year=None)]
    update = read(deposited(manager, *files, official.sirens(*GROUPED)))
    first, second, _ = update.files.all()

    assert manager.post(f"{LIST}{update.pk}/completer/", {f"year_{first.pk}": "2023"}).status_code == 422
    manager.post(f"{LIST}{update.pk}/completer/", {f"year_{first.pk}": "2023", f"year_{second.pk}": "2022"})
    assert [one.year for one in read(update).files.all()][:2] == [2023, 2022]
    assert update.state == "prepared"


def test_files_of_elsewhere_are_kept_and_the_departement_asked_again(manager) -> None:
    update = read(deposited(manager, official.members(*GROUPED), official.sirens(*GROUPED), department="63"))
    page = f"{LIST}{update.pk}/"

    assert (update.state, summary(update)) == ("incomplete", "département à dire")
    assert "aucune ligne du département 63" in words(manager.get(page))
    manager.post(f"{page}completer/", {"department": "62"})
    assert (read(update).state, update.department) == ("prepared", "62")


def test_a_file_at_fault_is_refused_whatever_its_year(manager) -> None:
    faulty = official.populations(("62901", "Ville", -1), year=None)
    update = read(deposited(manager, faulty, official.sirens(*GROUPED)))

    assert (update.state, kept(update)) == ("refused", {(None, None)})


def test_an_update_that_nobody_settles_is_given_up_by_the_day(manager) -> None:
    asked = read(deposited(manager, official.populations(*GROUPED, year=None), official.sirens(*GROUPED)))
    left = read(deposited(manager, official.sirens(*GROUPED)))
    on = quotes.AT.date() + KEPT_FOR

    assert list(forgotten.units(on)) == []
    units = list(forgotten.units(on + timedelta(days=1)))
    assert sorted(int(one.key) for one in units) == [asked.pk, left.pk]
    for _ in range(2):  # done twice, nothing more
        done = [forgotten.run(one.key, on + timedelta(days=1), TESTER, AT) for one in units]
    assert done == [False, False]
    for update in (asked, left):
        update.refresh_from_db()
        assert (update.state, kept(update)) == ("given-up", {(None, None)})
    assert [summary(update) for update in (asked, left)] == ["jamais complétée", "2 ajoutées, 4 populations nouvelles"]


def test_files_that_disagree_are_refused_together(manager) -> None:
    update = read(deposited(manager, official.sirens(*GROUPED), official.sirens(*GROUPED)))

    assert "est déjà dans banatic.xlsx" in words(manager.get(f"{LIST}{update.pk}/"))
    assert update.state == "refused"


def test_a_file_too_big_is_refused_at_once(manager, monkeypatch) -> None:
    monkeypatch.setattr("tripartite.parties.services.reading.MAX_BYTES", 100)
    answer = send(manager, official.sirens(*GROUPED))

    assert answer.status_code == 422
    assert "fichier trop gros" in words(answer)
    assert not DirectoryUpdate.objects.filter(state="reading").exists()


def test_given_up_while_it_is_read_it_stops_its_job(manager) -> None:
    update = deposited(manager, official.sirens(*GROUPED))
    assert "rien n'a changé" in words(manager.post(f"{LIST}{update.pk}/abandonner/", follow=True))

    assert read(update).state == "given-up"
    assert (kept(update), job_by_id(update.job_id).state) == ({(None, None)}, "abandoned")
    late = prepare_unit(key="compare", on=AT.date(), parameters={"update": update.pk})
    given = {"key": "compare", "on": AT.date(), "parameters": {"update": update.pk}, "actor": TESTER, "at": AT}
    assert (late, run_prepared(prepared=None, **given)) == (None, GIVEN_UP)


def test_a_reading_that_somebody_stopped_says_so(manager) -> None:
    update = deposited(manager, official.sirens(*GROUPED))
    abandon_job(job_id=update.job_id, actor=TESTER, at=AT)

    assert "La lecture s'est arrêtée. Abandonner cette mise à jour" in words(manager.get(f"{LIST}{update.pk}/"))


def test_no_reader_left_is_tried_again(manager, settings, tmp_path) -> None:
    update = deposited(manager, official.members(*GROUPED), official.sirens(*GROUPED))
    settings.CONFIG = replace(settings.CONFIG, var=tmp_path, reading_places=1, reading_patience=0)
    with a_place(tmp_path / "readers", places=1, patience=0):
        assert read(update).state == "reading"
    said = words(manager.get(f"{LIST}{update.pk}/"))
    assert "La lecture s'est arrêtée. Le travail dit pourquoi, et se réessaie." in said
    assert {one.outcome for one in units_of(update.job_id)} == {str(Busy())}

    retry_failed(job_id=update.job_id, actor=TESTER, at=AT)
    assert read(update).state == "prepared"


def test_what_changes_while_an_update_is_compared_makes_it_compare_again(manager) -> None:
    update = read(deposited(manager, official.members(*GROUPED), official.sirens(*GROUPED)))
    given = {"key": str(update.pk), "on": AT.date(), "parameters": {"update": update.pk}}
    seen = updating.prepare_unit(**given)
    import_directory([official.members(*GROUPED), official.sirens(*GROUPED)], actor=TESTER, at=AT)

    said = updating.run_prepared(**given, prepared=seen, actor=TESTER, at=AT)
    update.refresh_from_db()
    assert (said, update.state, kept(update)) == ("rien ne change", "applied", {(None, None)})
    assert updating.run_prepared(**given, prepared=seen, actor=TESTER, at=AT) == "déjà fait"
    assert updating.prepare_unit(**given) is None


def test_two_prepared_at_once_are_two_and_the_second_is_compared_again(manager) -> None:
    first = deposited(manager, official.members(*GROUPED), official.sirens(*GROUPED))
    read(first)
    second = read(deposited(manager, official.members(*GROUPED), official.sirens(*GROUPED)))
    assert (first.state, second.state) == ("prepared", "prepared")

    apply_job = start_update(update_id=first.pk, on=AT.date(), actor=TESTER, at=AT)
    work(apply_job.pk)
    assert "L'annuaire a changé depuis" in words(manager.post(f"{LIST}{second.pk}/appliquer/", follow=True))
    assert summary(read(second)) == "rien ne change"


def test_an_update_prepared_before_files_were_kept_as_tables_is_applied(manager) -> None:
    update = prepared(manager)
    for file, kept_file in zip(
        (official.members(*GROUPED), official.sirens(*GROUPED)), update.files.all(), strict=True
    ):
        kept_file.content, kept_file.table = zlib.compress(file.content), None
        kept_file.save()

    job = start_update(update_id=update.pk, on=AT.date(), actor=TESTER, at=AT)
    work(job.pk)
    assert body_by_identifier("code_insee", "62901") is not None


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
    assert client.post(f"{LIST}{update.pk}/completer/").status_code == 403
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
