"""A clock ahead by years does nobody's work: it takes a person to say that the date is right."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from tests.factories.accounts import TESTER
from tripartite.cli.main import main
from tripartite.cli.worker import go_round
from tripartite.jobs.models import Job
from tripartite.jobs.services.far import DayTooFarError, check_day, confirm_day, why_too_far
from tripartite.jobs.services.starting import start_daily
from tripartite.journal.models import Entry
from tripartite.journal.services import record
from tripartite.upkeep.queries.health import health

pytestmark = pytest.mark.django_db
LAST = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
AHEAD = datetime(2036, 11, 27, 9, 0, tzinfo=UTC)
SAID = (
    "Nous serions le 27/11/2036, 3653 jours après ce qui a été fait avant ce mois, le 27/11/2026 : le travail du jour"
    " n'est pas fait, l'horloge est peut-être fausse. Si la date est juste : tripartite daily --apply --confirm."
)


def act(at):
    record(actor=TESTER, at=at, action="a.b", subject_kind="request", subject_id=1, text="Fait.")


@pytest.mark.parametrize(("days", "far"), [(0, False), (30, False), (400, False), (401, True), (3653, True)])
def test_400_days_of_interruption_are_caught_up_and_no_more(days, far):
    act(LAST)
    assert bool(why_too_far(LAST.date() + timedelta(days=days))) is far


def test_a_new_installation_and_a_day_that_is_past_are_let_go_on():
    assert why_too_far(AHEAD.date()) == ""
    act(AHEAD)
    assert [why_too_far(day) for day in (AHEAD.date(), LAST.date())] == ["", ""]


def test_what_the_clock_that_is_ahead_wrote_proves_nothing_for_a_month():
    act(LAST)
    act(AHEAD - timedelta(days=1))
    assert why_too_far(AHEAD.date()) == SAID
    assert why_too_far(AHEAD.date() + timedelta(days=29, hours=1)) != ""
    assert why_too_far(AHEAD.date() + timedelta(days=31)) == ""


def test_neither_the_worker_nor_an_agent_starts_such_a_day_and_health_says_so():
    act(LAST)
    with time_machine.travel(AHEAD, tick=False):
        go_round()
        assert not Job.objects.exists()
        with pytest.raises(DayTooFarError, match="l'horloge est peut-être fausse"):
            start_daily(on=AHEAD.date(), actor=TESTER, at=AHEAD)
    told = {part.code: (part.state.value, part.words) for part in health(at=AHEAD)}
    assert told["day"] == ("failing", SAID)
    assert {part.code: part.words for part in health(at=LAST)}["day"] == "La date est plausible."


def test_the_command_refuses_until_the_date_is_confirmed_then_400_days_go_by_themselves(capsys):
    act(LAST)
    assert main(["daily", "--on=2036-11-27", "--apply"]) == 1
    assert capsys.readouterr().out == SAID + "\n"

    assert main(["daily", "--on=2036-11-27", "--apply", "--confirm"]) == 0
    told = Entry.objects.get(action="jobs.confirm-day")
    assert (told.subject_kind, told.subject_id) == ("day", "2036-11-27")
    assert told.text == "La date du 27/11/2036 est juste : le travail du jour peut être fait."
    check_day(date(2036, 11, 27) + timedelta(days=30))

    main(["daily", "--on=2036-11-27", "--apply", "--confirm"])
    assert Entry.objects.filter(action="jobs.confirm-day").count() == 1


def test_a_day_confirmed_lets_400_days_go_and_none_before_it():
    act(LAST)
    confirm_day(on=date(2036, 1, 1), actor=TESTER, at=LAST)
    assert [bool(why_too_far(date(2036, 1, 1) + timedelta(days=days))) for days in (-1, 0, 400, 401)] == [
        True,
        False,
        False,
        True,
    ]
