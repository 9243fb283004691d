"""`tripartite subscription`: what runs, its cost, and what changes it."""

from datetime import date
from typing import Any

import pytest
import time_machine

from tests.factories import subscriptions
from tests.factories.accounts import AT
from tripartite.cli.main import main
from tripartite.subscriptions.queries.running import subscription_by_id

RUITZ = "216207274"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _offer() -> Any:
    with time_machine.travel(AT, tick=False):
        subscriptions.conventions.offer()
        yield


def _said(capsys: Any) -> str:
    return str(capsys.readouterr().out).replace("\u00a0", " ")


def test_what_runs_is_listed(capsys) -> None:
    running = subscriptions.running({"messagerie-5go": 4, "cle-signature-3-cdg": 1})
    assert main(["subscription", "list"]) == 0
    key = running["messagerie-5go"].pk
    assert _said(capsys).splitlines()[0].split() == (
        f"{key} Ruitz Messagerie, compte 5 Go, 4 comptes : depuis le 23/11/2026, échéance le 23/11/2027".split()
    )
    assert main(["subscription", "list", "--on", "2026-11-22"]) == 0
    assert _said(capsys) == ""
    assert main(["subscription", "list", "--body", "999999999"]) == 1


def test_the_cost_of_a_day_is_told_line_by_line(capsys) -> None:
    subscriptions.running({"messagerie-5go": 4})
    assert main(["subscription", "cost", RUITZ, "--on", "2027-01-01"]) == 0
    said = _said(capsys)
    assert "Ruitz, coût annuel le 01/01/2027, montants TTC" in said
    assert "80,00 €   4 comptes × 20,00 €" in said
    assert "du 26/03/2024 ; depuis le 23/11/2026, échéance le 23/11/2027" in said
    assert main(["subscription", "cost", RUITZ, "--on", "2020-01-01"]) == 0
    assert "Rien n'est dû par an ce jour-là." in _said(capsys)
    assert main(["subscription", "cost", "000000000"]) == 1


def test_a_part_goes_live_is_reduced_ended_and_its_end_corrected(capsys) -> None:
    activation = subscriptions.opened({"messagerie-5go": 4})["messagerie-5go"]
    subscriptions.waive_all(activation)
    assert main(["subscription", "go-live", str(activation.pk), "--quantity", "3"]) == 0
    key = _said(capsys).strip().removeprefix("En service le 23/11/2026 : abonnement ").removesuffix(".")
    assert main(["subscription", "reduce", key, "--by", "1", "--on", "2027-01-01", "--reason", "Courrier"]) == 0
    assert main(["subscription", "end", key, "--last-day", "2027-06-30", "--reason", "Courrier"]) == 0
    one = subscription_by_id(int(key))
    assert (one.ends_on, len(one.changes.all())) == (date(2027, 6, 30), 2)
    assert main(["subscription", "correct-end", key, "--last-day", "2027-09-30", "--reason", "Erreur"]) == 0
    assert subscription_by_id(int(key)).ends_on == date(2027, 9, 30)
    assert main(["subscription", "correct-end", key, "--reason", "Il continue"]) == 0
    assert subscription_by_id(int(key)).ends_on is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["go-live", "99"], "Cette mise en service n'existe pas."),
        (["reduce", "99", "--by", "1", "--on", "2027-01-01", "--reason", "x"], "Cet abonnement n'existe pas."),
        (["end", "99", "--last-day", "2027-01-01", "--reason", "x"], "Cet abonnement n'existe pas."),
        (["correct-end", "99", "--reason", "x"], "Cet abonnement n'existe pas."),
    ],
)
def test_what_cannot_be_done_is_said(capsys, words, message) -> None:
    assert main(["subscription", *words]) == 1
    assert capsys.readouterr().err.strip() == message


@pytest.mark.parametrize("typed", ["0", "-1", "1/3", "1e9", "nan", "beaucoup"])
def test_what_is_no_quantity_is_refused(capsys, typed) -> None:
    with pytest.raises(SystemExit):
        main(["subscription", "reduce", "1", f"--by={typed}", "--on", "2027-01-01", "--reason", "x"])
    assert "n'est pas une quantité" in capsys.readouterr().err
