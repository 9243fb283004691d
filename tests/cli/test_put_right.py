"""Putting right by the command line what was mistyped: a change of quantity, an intervention."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from tests.factories import accounts, parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tripartite.cli.main import main
from tripartite.following.queries.interventions import due_charges_of
from tripartite.following.services.interventions import Subject, record_intervention
from tripartite.subscriptions.queries.running import subscription_by_id

pytestmark = pytest.mark.django_db
LATER = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)


@pytest.fixture
def running():
    subscriptions.conventions.offer()
    return subscriptions.running({"antivirus": 4})["antivirus"]


def test_a_change_is_listed_then_put_right(running, capsys) -> None:
    assert main(["subscription", "changes", str(running.pk)]) == 0
    (number,) = re.findall(r"^ *(\d+)  23/11/2026 ", capsys.readouterr().out, re.MULTILINE)
    words = ["subscription", "correct-change", number, "--on", "2026-11-30", "--quantity", "3"]
    with time_machine.travel(LATER, tick=False):
        assert main([*words, "--reason", "trois postes"]) == 0
        assert main([*words, "--reason", "encore"]) == 1
    said = capsys.readouterr()
    assert "Corrigé : changement" in said.out
    assert "a déjà été corrigé" in said.err
    assert subscription_by_id(running.pk).starts_on.isoformat() == "2026-11-30"
    assert main(["subscription", "changes", str(running.pk)]) == 0
    assert "corrige + 4 à partir du 23/11/2026" in capsys.readouterr().out
    assert main(["subscription", "changes", "99999"]) == 1


def test_an_intervention_is_listed_corrected_then_annulled(running, capsys) -> None:
    agent = accounts.account(issuer_code="cdg62")
    subject = Subject(parties.body(quotes.RUITZ).pk, "help", agent.pk, "antivirus")
    told = record_intervention(subject=subject, done_on=AT.date(), minutes=30, charged=True, actor=TESTER, at=AT)
    siren, number = parties.body(quotes.RUITZ).siren, str(told.intervention.pk)
    with time_machine.travel(LATER, tick=False):
        words = ["intervention", "correct", number, "--done-on", "2026-12-01", "--minutes", "45", "--charged"]
        assert main([*words, "--reason", "mauvais jour"]) == 0
        assert main([*words, "--reason", "mauvais jour"]) == 1
    (charge,) = due_charges_of(parties.body(quotes.RUITZ).pk)
    assert charge.due_on.isoformat() == "2026-12-01"
    with time_machine.travel(LATER, tick=False):
        assert main(["intervention", "annul", str(charge.intervention_id), "--reason", "autre commune"]) == 0
        assert main(["intervention", "annul", str(charge.intervention_id), "--reason", "autre commune"]) == 1
    assert due_charges_of(parties.body(quotes.RUITZ).pk) == []
    capsys.readouterr()
    assert main(["intervention", "list", siren]) == 0
    assert capsys.readouterr().out.count("n'est plus dû") == 2
    assert main(["intervention", "list", "000000000"]) == 1
