"""The screens of background work: the list, one job's progress, its failures, starting, trying again, stopping."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories import conventions
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import name_signatory, signatory
from tests.web.conftest import part, words
from tripartite.accounts.rights import Role
from tripartite.jobs.queries import job_by_id, job_list
from tripartite.jobs.services.starting import start_job
from tripartite.jobs.services.tasks import continue_job

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _trial(settings):
    settings.JOBS = {**settings.JOBS, "trial": "tests.jobs.trial"}


@pytest.fixture
def manager(log_in):
    return log_in(Role.MANAGER)


def started(*keys, failing=(), at=AT):
    parameters = {"keys": list(keys), "failing": list(failing)}
    return start_job(kind="trial", title="Un essai", on=DAY, parameters=parameters, actor=TESTER, at=at)


def address(job, rest=""):
    return f"/travaux/{job.pk}/{rest}"


def test_an_empty_list(manager):
    page = words(manager.get("/travaux/"))
    assert (
        "Aucun travail Les échéances et les relances de chaque jour, et tout ce qui est long, se suivront ici." in page
    )


def test_the_list_says_how_far_each_job_is(manager):
    continue_job.call(started("a", "b", "c", failing="b").pk)
    started("d", at=AT + timedelta(minutes=1))
    page = words(manager.get("/travaux/"))
    assert "Un essai 23/11/2026 à 10 h 01 essai 0 sur 1 en attente" in page
    assert "Un essai 23/11/2026 à 10 h 00 essai 3 sur 3, dont 1 échec terminé avec des échecs" in page


def test_the_list_costs_the_same_with_one_row_and_with_three(manager, django_assert_num_queries):
    started("a")
    with django_assert_num_queries(5):
        manager.get("/travaux/")
    started("a", "b")
    started("a", "b", "c")
    with django_assert_num_queries(5):
        manager.get("/travaux/")


def test_a_job_that_runs_is_asked_for_again_and_again_until_it_is_over(manager):
    job = started("a", "b", failing="b")
    page = manager.get(address(job))
    assert f'hx-get="/travaux/{job.pk}/" hx-trigger="every 2s"' in page.content.decode()
    assert "Rechargez la page pour voir où il en est." in words(page)
    assert '<progress class="job-bar" value="0" max="2"' in page.content.decode()

    continue_job.call(job.pk)
    live = manager.get(address(job), headers={"HX-Request": "true"})
    assert "hx-trigger" not in live.content.decode()
    assert part(live, "live") == "Terminé avec des échecs : 2 sur 2, dont 1 échec."
    assert "<html" not in live.content.decode()
    assert '<progress class="job-bar" value="2" max="2"' in live.content.decode()


def test_a_job_says_what_became_of_each_unit(manager):
    job = started("a", "b", "c", failing="b")
    continue_job.call(job.pk)
    everything = words(manager.get(address(job)))
    assert "Toutes Échecs 1 Faites 2 Reste 0" in everything
    assert "Ligne b La ligne b manque." in everything
    failed = words(manager.get(address(job, "?file=echecs")))
    assert [one for one in ("Ligne a", "Ligne b", "Ligne c") if one in failed] == ["Ligne b"]
    assert "Rien dans cet état." in words(manager.get(address(job, "?file=reste")))


def test_the_page_costs_the_same_with_one_unit_and_with_three(manager, django_assert_num_queries):
    one, three = started("a"), started("a", "b", "c")
    with django_assert_num_queries(6):
        manager.get(address(one))
    with django_assert_num_queries(6):
        manager.get(address(three))


def test_failures_are_tried_again(manager):
    job = started("a", "b", failing="b")
    continue_job.call(job.pk)
    assert "Réessayer les échecs" in words(manager.get(address(job)))
    assert manager.post(address(job, "reessayer/"))["Location"] == address(job)
    assert (job_by_id(job.pk).state, job_by_id(job.pk).failed) == ("queued", 0)
    page = words(manager.post(address(job, "reessayer/"), follow=True))
    assert "Aucun échec à réessayer." in page


def test_a_job_is_stopped_and_stays_so(manager):
    job = started("a")
    assert "Arrêter" in words(manager.get(address(job)))
    manager.post(address(job, "arreter/"))
    page = words(manager.get(address(job)))
    assert "Arrêter" not in page
    assert "Avancement arrêté 0 sur 1" in page
    again = words(manager.post(address(job, "arreter/"), follow=True))
    assert "Ce travail est « arrêté » : cela ne se peut plus." in again


def test_a_job_that_nobody_takes_says_so(manager):
    job = started("a", at=timezone.now())
    words_of_it = "Personne ne l'a encore pris : « tripartite worker » est-il en marche ?"
    assert words_of_it not in words(manager.get(address(job)))
    with time_machine.travel(timezone.now() + timedelta(minutes=1)):
        assert words_of_it in words(manager.get(address(job)))


def test_what_the_day_brings_is_started_by_hand(log_in):
    conventions.offer()
    convention = conventions.sent()
    name_signatory(signatory(convention, "beneficiary"), email="maire@mairie.exemple.fr")
    with time_machine.travel(AT + timedelta(days=10), tick=False):
        manager = log_in(Role.MANAGER)
        answer = manager.post("/travaux/jour/")
        job = job_list().get()
        assert answer["Location"] == address(job)
        assert manager.post("/travaux/jour/")["Location"] == address(job)
        continue_job.call(job.pk)
        assert "Relance : signataire" in words(manager.get(address(job)))
        refused = words(manager.post("/travaux/jour/", follow=True))
        assert "Il n'y a rien à faire aujourd'hui : tout est à jour." in refused


@pytest.mark.parametrize("rest", ["", "reessayer/", "arreter/"])
def test_a_job_that_is_not_there(manager, rest):
    answer = manager.post(f"/travaux/7/{rest}") if rest else manager.get("/travaux/7/")
    assert answer.status_code == 404
