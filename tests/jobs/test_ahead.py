"""What a unit needs is found before its transaction: nobody waits for it, and nothing is left of one that is cut."""

import pytest

from tests.factories.accounts import AT, TESTER
from tests.jobs import ahead
from tests.jobs.trial import written
from tripartite.jobs.queries import job_by_id, units_of
from tripartite.jobs.services.running import run_next_unit
from tripartite.jobs.services.starting import abandon_job, start_job
from tripartite.jobs.services.tasks import continue_job
from tripartite.jobs.states import UnitState

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture(autouse=True)
def kinds(settings):
    settings.JOBS = {**settings.JOBS, "ahead": "tests.jobs.ahead"}
    yield
    ahead.MEANWHILE.clear()


def started(*keys, **more):
    return start_job(kind="ahead", title="Essai", on=AT.date(), parameters={"keys": keys, **more}, actor=TESTER, at=AT)


def outcomes(job):
    return [(unit.key, unit.state, unit.outcome) for unit in units_of(job.pk)]


def test_it_is_found_outside_the_transaction_that_writes():
    job = started("a", "b")
    continue_job.call(job.pk)

    assert outcomes(job) == [("a", "done", "hors transaction"), ("b", "done", "hors transaction")]
    assert job_by_id(job.pk).state == "done"


def test_what_cannot_be_found_is_the_failure_of_its_unit_alone():
    job = started("a", "b", failing=["a"])
    continue_job.call(job.pk)

    assert outcomes(job) == [("a", "failed", "La ligne a ne se lit pas."), ("b", "done", "hors transaction")]
    assert (written("a"), written("b")) == (0, 1)


def test_cut_in_the_middle_it_leaves_nothing_and_is_done_by_the_next_one():
    def cut(key):
        ahead.MEANWHILE.clear()
        raise SystemExit

    ahead.MEANWHILE.append(cut)
    job = started("a")
    with pytest.raises(SystemExit):
        continue_job.call(job.pk)
    assert (outcomes(job), written("a")) == ([("a", "todo", "")], 0)

    continue_job.call(job.pk)
    assert (outcomes(job), written("a")) == ([("a", "done", "hors transaction")], 1)


def test_a_unit_that_another_did_meanwhile_is_done_once():
    def another(key):
        ahead.MEANWHILE.clear()
        assert run_next_unit(job.pk, AT)

    job = started("a", "b")
    ahead.MEANWHILE.append(another)
    continue_job.call(job.pk)

    assert (written("a"), written("b")) == (1, 1)
    assert {unit.state for unit in units_of(job.pk)} == {UnitState.DONE}


def test_a_job_stopped_meanwhile_keeps_nothing_of_what_was_found():
    def stop(key):
        abandon_job(job_id=job.pk, actor=TESTER, at=AT)

    job = started("a")
    ahead.MEANWHILE.append(stop)
    continue_job.call(job.pk)

    assert (outcomes(job), written("a")) == ([("a", "todo", "")], 0)
    assert job_by_id(job.pk).state == "abandoned"
