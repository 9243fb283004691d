"""What a day brings, as a job: each step's units, once a day by the calendar, again when somebody asks."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
import time_machine

from tests.factories import conventions
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import name_signatory, signatory
from tripartite.cli.worker import go_round
from tripartite.config import read_config
from tripartite.config_fields import ConfigError
from tripartite.conventions.services import daily as of_conventions
from tripartite.jobs.daily import list_units, run_daily_unit
from tripartite.jobs.kinds import JobError, Unit
from tripartite.jobs.queries import job_by_id, job_list, units_of
from tripartite.jobs.services.starting import start_daily, start_daily_once
from tripartite.jobs.services.tasks import continue_job
from tripartite.messages.queries import messages_about

pytestmark = pytest.mark.django_db
LATER = AT + conventions.SENT + timedelta(days=10)
DAY = LATER.date()


@pytest.fixture
def awaited():
    """A convention that its beneficiary has not signed for ten days."""
    conventions.offer()
    convention = conventions.sent()
    name_signatory(signatory(convention, "beneficiary"), email="maire@mairie.exemple.fr")
    return signatory(convention, "beneficiary")


def reminders(one):
    found = messages_about("request", one.convention.request_id)
    return [message.kind for message in found].count("convention.remind")


def test_each_step_says_what_the_day_brings_it(awaited):
    assert list_units(on=DAY, parameters={}) == [
        Unit(f"conventions:signatory:{awaited.pk}", f"Relance : signataire {awaited.pk}")
    ]
    assert list_units(on=DAY - timedelta(days=1), parameters={}) == []


def test_the_job_of_the_day_does_it_and_a_second_one_has_nothing_left(awaited):
    job = start_daily(on=DAY, actor=TESTER, at=LATER)
    assert start_daily(on=DAY, actor=TESTER, at=LATER).pk == job.pk
    continue_job.call(job.pk)
    assert [(unit.state, unit.outcome) for unit in units_of(job.pk)] == [("done", "fait")]
    assert job_by_id(job.pk).title == "Ce que le 30/11/2026 apporte"
    assert reminders(awaited) == 1


def test_done_meanwhile_by_the_command_line_it_is_not_done_twice(awaited):
    job = start_daily(on=DAY, actor=TESTER, at=LATER)
    assert run_daily_unit(f"conventions:signatory:{awaited.pk}", DAY, TESTER, LATER)
    continue_job.call(job.pk)
    assert [unit.outcome for unit in units_of(job.pk)] == ["rien à faire : c'était déjà fait"]
    assert reminders(awaited) == 1


def test_the_job_of_another_day_is_not_that_of_this_one(awaited):
    before = start_daily_once(on=DAY - timedelta(days=1), at=LATER)
    job = start_daily(on=DAY, actor=TESTER, at=LATER)
    assert (before.on, job.on) == (DAY - timedelta(days=1), DAY)


def test_asked_for_on_a_day_that_brings_nothing_it_says_so():
    with pytest.raises(JobError, match=r"Il n'y a rien à faire aujourd'hui : tout est à jour\."):
        start_daily(on=DAY, actor=TESTER, at=LATER)
    assert job_list().count() == 0


def test_the_calendar_starts_one_a_day():
    first = start_daily_once(on=DAY, at=LATER)
    assert first
    assert first.created_by == "travail du jour"
    assert start_daily_once(on=DAY, at=LATER) is None
    continue_job.call(first.pk)
    assert start_daily_once(on=DAY, at=LATER) is None
    assert start_daily_once(on=DAY + timedelta(days=1), at=LATER) is not None
    assert job_list().count() == 2


@pytest.mark.parametrize("key", ["rien:1", "conventions:rien:1", "conventions"])
def test_a_key_that_means_nothing_is_refused(key):
    with pytest.raises(JobError):
        run_daily_unit(key, DAY, TESTER, LATER)


def test_a_step_answers_whether_something_changed(awaited):
    key = f"signatory:{awaited.pk}"
    assert of_conventions.run(key, DAY, TESTER, LATER)
    assert not of_conventions.run(key, DAY, TESTER, LATER)


@pytest.mark.parametrize(
    ("written", "hour"), [("", time(5)), ("06:30", time(6, 30)), ("00:00", time(0)), ("jamais", None)]
)
def test_the_hour_is_a_setting(tmp_path, written, hour):
    assert read_config({"TRIPARTITE_VAR": str(tmp_path), "TRIPARTITE_DAILY_AT": written}).daily_at == hour


@pytest.mark.parametrize("written", ["25:00", "tôt", "5h"])
def test_an_hour_that_is_none_is_refused(tmp_path, written):
    with pytest.raises(ConfigError, match=r"TRIPARTITE_DAILY_AT : écrire une heure comme 05:00, ou « jamais »\."):
        read_config({"TRIPARTITE_VAR": str(tmp_path), "TRIPARTITE_DAILY_AT": written})


def test_a_worker_starts_the_day_at_its_hour_in_paris_and_not_before(settings):
    settings.CONFIG = replace(settings.CONFIG, daily_at=time(5))
    for instant, jobs in (
        ("2026-11-23T03:59:00Z", []),
        ("2026-11-23T04:00:00Z", ["Ce que le 23/11/2026 apporte"]),
        ("2026-11-23T22:59:00Z", ["Ce que le 23/11/2026 apporte"]),
        ("2026-11-24T04:00:00Z", ["Ce que le 24/11/2026 apporte", "Ce que le 23/11/2026 apporte"]),
    ):
        with time_machine.travel(instant, tick=False):
            go_round()
        assert [job.title for job in job_list()] == jobs
    settings.CONFIG = replace(settings.CONFIG, daily_at=None)
    with time_machine.travel("2026-11-25T12:00:00Z", tick=False):
        go_round()
    assert job_list().count() == 2
