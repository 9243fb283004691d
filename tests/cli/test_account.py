"""`tripartite account`: a way in for whoever has lost its own."""

import re

import pytest

from tests.accounts.test_second_factor import with_totp
from tests.factories.accounts import account
from tripartite.accounts.queries import account_by_email, factors_of
from tripartite.cli.main import main
from tripartite.journal.queries import entries_about

pytestmark = pytest.mark.django_db


def test_a_lost_factor_is_taken_away_and_the_journal_says_by_whom(capsys):
    one, _ = with_totp()
    assert main(["account", "reset-factor", "--email", one.email.upper()]) == 0
    assert "remis à zéro" in capsys.readouterr().out
    assert not factors_of(one.pk).some
    (entry,) = [entry for entry in entries_about("account", one.pk) if entry.action == "accounts.reset-factors"]
    assert entry.actor.startswith("ligne de commande (")


def test_a_one_time_password_is_printed_once(capsys):
    one = account()
    assert main(["account", "password", "--email", one.email]) == 0
    password = re.search(r"usage unique : (\S+)", capsys.readouterr().out)[1]
    found = account_by_email(one.email)
    assert (found.check_password(password), found.must_change_password) == (True, True)


@pytest.mark.parametrize("act", ["reset-factor", "password"])
def test_an_unknown_account_is_said(db, capsys, act):
    assert main(["account", act, "--email", "personne@mairie.exemple.fr"]) == 1
    assert "Compte inconnu" in capsys.readouterr().err
