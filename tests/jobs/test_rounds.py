"""The work of a day reaches its end, through each door, after years without it: renewed, ended, nothing left."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from tests.factories import conventions, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.cli.main import main
from tripartite.conventions.services.drafting import set_term
from tripartite.jobs.daily import do_day, list_units, next_units
from tripartite.jobs.queries import job_by_id, units_of
from tripartite.jobs.services.far import confirm_day
from tripartite.jobs.services.starting import start_daily
from tripartite.jobs.services.tasks import continue_job
from tripartite.journal.queries import entries_about
from tripartite.subscriptions.queries.running import subscription_by_id

pytestmark = pytest.mark.django_db
LATE = datetime(2029, 12, 3, 9, 0, tzinfo=UTC)
"""Two terms of a year are over, the second one a tacit renewal."""


def by_command() -> None:
    assert main(["daily", "--on", "2029-12-03", "--apply", "--confirm"]) == 0


def by_worker() -> None:
    confirm_day(on=LATE.date(), actor=TESTER, at=LATE)
    job = start_daily(on=LATE.date(), actor=TESTER, at=LATE)
    continue_job.call(job.pk)
    while job_by_id(job.pk).state == "running":  # a slow machine takes more than one slice
        continue_job.call(job.pk)
    assert job_by_id(job.pk).state == "done"
    assert {unit.state for unit in units_of(job.pk)} == {"done"}


def by_service() -> None:
    assert [one.failure for one in do_day(on=LATE.date(), actor=TESTER, at=LATE) if one.failure] == []


@pytest.mark.parametrize("do", [by_command, by_worker, by_service])
def test_once_is_enough_after_years_without_it(do):
    conventions.offer()
    subscriptions.adopt_shipped_checklist()
    draft = conventions.drafted(quantities={"messagerie-5go": 3})
    set_term(convention_id=draft.pk, years=1, tacit_renewals=1, notice_months=3, due_on=None, actor=TESTER, at=AT)
    convention = subscriptions.signed(conventions.read(draft))
    (activation,) = subscriptions.open_activations(convention_id=convention.pk, actor=TESTER, at=AT)
    running = subscriptions.live(activation).subscription

    with time_machine.travel(LATE, tick=False):
        do()
        ended = conventions.read(convention)
        assert (ended.state, ended.renewed, ended.ended_on) == ("ended", 1, date(2028, 11, 22))
        assert subscription_by_id(running.pk).ends_on == date(2028, 11, 22)
        assert list_units(on=LATE.date(), parameters={}) == []
        told = entries_about("request", convention.request_id).count()
        by_command()
        assert entries_about("request", convention.request_id).count() == told


def test_a_round_that_changes_nothing_is_the_last_and_what_failed_is_not_tried_again(monkeypatch):
    listed = [("conventions:deadline:7", "Échéance")]
    monkeypatch.setattr("tripartite.jobs.daily.list_units", lambda **_: listed)
    day = date(2026, 11, 23)

    def after(*done):
        return [unit.key for unit in next_units(on=day, parameters={}, done=done)]

    assert after() == []
    assert after(("conventions:deadline:7", "fait")) == ["2|conventions:deadline:7"]
    assert after(("conventions:deadline:7", "fait"), ("2|conventions:deadline:7", "fait")) == [
        "3|conventions:deadline:7"
    ]
    nothing = "rien à faire : c'était déjà fait"
    assert after(("conventions:deadline:7", "fait"), ("2|conventions:deadline:7", nothing)) == []
    assert after(("conventions:deadline:7", "base fermée"), ("news:1", "fait")) == []
