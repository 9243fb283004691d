"""What runs and what it costs over HTTP: for logged-in agents alone, in the shapes of the command line."""

import json
from typing import Any

import pytest
import time_machine
from django.test import Client
from tests.factories import subscriptions
from tests.factories.accounts import AT, account

from tripartite.cli.main import main

RUITZ = "216207274"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def running(_clock: Any) -> dict[str, Any]:
    subscriptions.conventions.offer()
    return subscriptions.running({"messagerie-5go": 4, "cle-signature-3-cdg": 1})


@pytest.fixture
def agent(running: Any) -> Client:
    client = Client()
    client.force_login(account())
    return client


def test_the_cost_is_that_of_the_command_line(agent, capsys) -> None:
    answer = agent.get(f"/api/v1/bodies/{RUITZ}/cost")
    assert answer.status_code == 200
    said = answer.json()
    assert said["totals"] == {"lfn": {"yearly_cents": 8000}, "cdg62": {"yearly_cents": 5000}}
    assert [(line["issuer"], line["yearly_cents"], line["due_on"]) for line in said["lines"]] == [
        ("lfn", 8000, "2027-11-23"),
        ("cdg62", 5000, "2027-11-23"),
    ]
    assert main(["subscription", "cost", RUITZ, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == said


def test_any_day_can_be_asked_for(agent) -> None:
    assert agent.get(f"/api/v1/bodies/{RUITZ}/cost?on=2026-11-22").json()["lines"] == []
    rows = agent.get(f"/api/v1/bodies/{RUITZ}/subscriptions?on=2029-11-23").json()
    assert [(row["service"], row["quantity"], row["due_on"]) for row in rows] == [("messagerie-5go", 4, "2030-11-23")]


def test_what_runs_is_that_of_the_command_line(agent, capsys) -> None:
    said = agent.get(f"/api/v1/bodies/{RUITZ}/subscriptions").json()
    assert {row["service"]: (row["term_years"], row["ends_on"]) for row in said} == {
        "messagerie-5go": (None, None),
        "cle-signature-3-cdg": (3, "2029-11-22"),
    }
    assert main(["subscription", "list", "--body", RUITZ, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == said


@pytest.mark.parametrize("name", ["cost", "subscriptions"])
@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("999999999/{}", 404, "unknown-body"),
        ("x/{}", 404, "unknown-body"),
        (RUITZ + "/{}?on=hier", 422, "bad-query"),
        (RUITZ + "/{}?on=9999-12-31", 422, "bad-query"),
        (RUITZ + "/{}?on=", 422, "bad-query"),
    ],
)
def test_what_cannot_be_answered_is_said(agent, name, path, status, code) -> None:
    answer = agent.get(f"/api/v1/bodies/{path.format(name)}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_spaces_of_a_siren_do_not_matter_here_either(agent) -> None:
    spaced = f"{RUITZ[:3]} {RUITZ[3:6]}\u00a0{RUITZ[6:]}"
    assert agent.get(f"/api/v1/bodies/{spaced}/cost").json() == agent.get(f"/api/v1/bodies/{RUITZ}/cost").json()


def test_a_window_that_ends_before_it_begins_is_said_as_on_the_command_line(agent, capsys) -> None:
    answer = agent.get(f"/api/v1/bodies/{RUITZ}/due?since=2027-01-02&until=2027-01-01")
    assert main(["due", RUITZ, "--since", "2027-01-02", "--until", "2027-01-01"]) == 2
    assert (answer.status_code, f"{answer.json()['error']['message']}\n") == (422, capsys.readouterr().err)


@pytest.mark.parametrize("name", ["cost", "subscriptions"])
def test_nobody_else_is_answered(running, name) -> None:
    stranger, new = Client(), Client()
    new.force_login(account(one_time=True))
    for client in (stranger, new):
        answer = client.get(f"/api/v1/bodies/{RUITZ}/{name}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not-allowed")
