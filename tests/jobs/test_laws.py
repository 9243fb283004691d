"""The laws of a job: each unit once, a failure alone, tried again, stopped; counted, journaled, one queue."""

import os
from datetime import date, timedelta

import pytest

from tests.factories.accounts import AT, TESTER
from tests.jobs.trial import written
from tripartite.jobs.kinds import JobError
from tripartite.jobs.queries import job_by_id, job_list, progress_of, units_of
from tripartite.jobs.services.recovery import pick_up_jobs, task_is_waiting
from tripartite.jobs.services.running import Conclusion, begin_job, conclude_job, run_next_unit
from tripartite.jobs.services.starting import abandon_job, retry_failed, start_job
from tripartite.jobs.services.tasks import continue_job, jobs_in_queue
from tripartite.journal.queries import entries_about
from tripartite.journal.services import Actor, record

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _trial(settings):
    settings.JOBS = {**settings.JOBS, "trial": "tests.jobs.trial"}


def started(*keys, failing=(), once=None):
    parameters = {"keys": list(keys), "failing": list(failing)}
    return start_job(
        kind="trial", title="Un essai", on=DAY, parameters=parameters, once=once, actor=Actor("Prénom NOM", 7), at=AT
    )


def states(job):
    return [(unit.key, unit.state, unit.outcome) for unit in units_of(job.pk)]


def now(job):
    return job_by_id(job.pk)


def test_a_job_is_made_with_its_units_and_waits_in_the_queue():
    job = started("a", "b")
    assert (now(job).state, states(job)) == ("queued", [("a", "todo", ""), ("b", "todo", "")])
    assert jobs_in_queue() == {job.pk}
    assert [entry.text for entry in entries_about("job", job.pk)] == ["Travail lancé : Un essai, 2 unités."]


def test_each_unit_is_done_once_however_often_the_job_is_run():
    job = started("a", "b")
    for _ in range(3):
        continue_job.call(job.pk)
    assert states(job) == [("a", "done", "ligne a écrite"), ("b", "done", "ligne b écrite")]
    assert [written("a"), written("b")] == [1, 1]
    assert [entry.text for entry in entries_about("job", job.pk)][1:] == ["Un essai : 2 faits, 0 échec."]
    assert now(job).state == "done"
    assert now(job).finished_at >= now(job).started_at


def test_its_acts_are_done_for_its_day_in_the_name_of_who_started_it():
    continue_job.call(started("a").pk)
    [entry] = entries_about("trial", "a")
    assert (entry.text, entry.actor, entry.actor_id) == (f"23/11/2026 par {os.getpid()}", "Prénom NOM", 7)


def test_a_unit_that_fails_leaves_nothing_and_stops_no_other():
    job = started("a", "b", "c", failing="b")
    continue_job.call(job.pk)
    assert states(job) == [
        ("a", "done", "ligne a écrite"),
        ("b", "failed", "La ligne b manque."),
        ("c", "done", "ligne c écrite"),
    ]
    assert [written("a"), written("b"), written("c")] == [1, 0, 1]
    assert now(job).state == "done-with-failures"


def test_failures_are_tried_again_and_nothing_else_is():
    job = started("a", "b", failing="b")
    continue_job.call(job.pk)
    record(actor=TESTER, at=AT, action="mend", subject_kind="mended", subject_id="b", text="réparé")
    assert retry_failed(job_id=job.pk, actor=TESTER, at=AT) == 1
    assert now(job).state == "queued"
    assert job.pk in jobs_in_queue()
    continue_job.call(job.pk)
    assert states(job) == [("a", "done", "ligne a écrite"), ("b", "done", "ligne b écrite")]
    assert [written("a"), written("b")] == [1, 1]
    assert now(job).state == "done"


def test_there_is_nothing_to_try_again_without_a_failure():
    job = started("a")
    with pytest.raises(JobError, match=r"Aucun échec à réessayer\."):
        retry_failed(job_id=job.pk, actor=TESTER, at=AT)
    continue_job.call(job.pk)
    with pytest.raises(JobError, match="Ce travail est « terminé »"):
        retry_failed(job_id=job.pk, actor=TESTER, at=AT)
    assert now(job).state == "done"


def test_a_stopped_job_begins_nothing_more_and_keeps_what_is_done():
    job = started("a", "b")
    abandon_job(job_id=job.pk, actor=TESTER, at=AT)
    continue_job.call(job.pk)
    assert states(job) == [("a", "todo", ""), ("b", "todo", "")]
    assert now(job).state == "abandoned"
    assert [entry.text for entry in entries_about("job", job.pk)][1:] == ["Un essai : arrêté, reste à faire : 2."]
    with pytest.raises(JobError, match="Ce travail est « arrêté »"):
        abandon_job(job_id=job.pk, actor=TESTER, at=AT)
    with pytest.raises(JobError, match=r"Ce travail n'existe pas\."):
        abandon_job(job_id=job.pk + 1, actor=TESTER, at=AT)


def test_a_job_without_a_unit_ends_at_once():
    job = started()
    continue_job.call(job.pk)
    assert (now(job).state, progress_of(now(job)).percent) == ("done", 100)


def test_what_is_to_be_started_once_is():
    first = started("a", once="trial:2026")
    assert started("b", once="trial:2026").pk == first.pk
    assert [key for key, *_ in states(first)] == ["a"]
    assert job_list().count() == 1


def test_an_unknown_kind_is_refused():
    with pytest.raises(JobError, match=r"Le genre de travail « rien » n'existe pas\."):
        start_job(kind="rien", title="Un essai", on=DAY, actor=TESTER, at=AT)
    assert job_list().count() == 0


def test_a_kind_that_the_settings_lose_fails_its_units_with_the_reason(settings):
    job = started("a")
    settings.JOBS = {}
    continue_job.call(job.pk)
    assert states(job) == [("a", "failed", "Le genre de travail « trial » n'existe pas.")]


def test_a_job_that_nothing_waits_for_is_picked_up():
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - Django is set up by then

    left, over = started("a"), started("b")
    continue_job.call(over.pk)
    DBTaskResult.objects.all().delete()
    assert pick_up_jobs(at=AT) == [left.pk]
    assert pick_up_jobs(at=AT) == []
    assert task_is_waiting()


def test_what_a_killed_worker_left_as_running_is_forgotten_after_a_day():
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415 - Django is set up by then

    job = started("a")
    DBTaskResult.objects.get().claim("a worker")
    begun = DBTaskResult.objects.get().started_at
    assert pick_up_jobs(at=begun + timedelta(hours=23)) == [job.pk]
    assert DBTaskResult.objects.count() == 2
    assert pick_up_jobs(at=begun + timedelta(hours=25)) == []
    assert [one.status for one in DBTaskResult.objects.all()] == ["READY"]


def test_progress_is_counted_from_the_units(django_assert_num_queries):
    job = started("a", "b", "c", failing="b")
    with django_assert_num_queries(1):
        progress = progress_of(now(job))
    assert (progress.total, progress.tried, progress.left, progress.percent) == (3, 0, 3, 0)
    continue_job.call(job.pk)
    progress = progress_of(now(job))
    assert (progress.done, progress.failed, progress.left, progress.percent) == (2, 1, 0, 100)


def test_a_unit_costs_the_same_whatever_the_number():
    from django.db import connection  # noqa: PLC0415 - Django is set up by then
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    def cost(*keys):
        job = started(*keys)
        with CaptureQueriesContext(connection) as asked:
            continue_job.call(job.pk)
        return len(asked)

    one = cost("a")
    assert cost("b", "c", "d") - one == 2 * (cost("e", "f") - one)


def test_starting_costs_the_same_with_one_unit_and_with_three(django_assert_num_queries):
    started("first")
    with django_assert_num_queries(9):
        started("a")
    with django_assert_num_queries(9):
        started("b", "c", "d")


def test_units_are_done_in_the_order_in_which_they_were_listed():
    job = started("b", "a", "c")
    continue_job.call(job.pk)
    done = [entries_about("trial", key).get().pk for key in ("b", "a", "c")]
    assert done == sorted(done)


def test_a_job_is_not_over_while_a_unit_is_left_and_keeps_the_instant_at_which_it_began():
    job = started("a", "b", failing=["a"])
    assert begin_job(job.pk, AT)
    assert run_next_unit(job.pk, AT)
    assert conclude_job(job.pk, AT) is Conclusion.NOT_YET
    assert run_next_unit(job.pk, AT)
    assert conclude_job(job.pk, AT) is Conclusion.ENDED
    retry_failed(job_id=job.pk, actor=TESTER, at=AT)
    begin_job(job.pk, AT + timedelta(hours=1))
    assert (now(job).started_at, now(job).finished_at) == (AT, None)
