"""Reminders: before quotes expire, while a signature is awaited; once each, whoever runs them."""

from datetime import date, timedelta

import pytest

from tests.factories import conventions, quotes
from tests.factories.accounts import AT, TESTER
from tests.factories.conventions import name_signatory, signatory
from tripartite.cli.main import main
from tripartite.conventions.services.reminders import (
    quotes_to_remind,
    remind_of_quotes,
    remind_signatory,
    signatories_to_remind,
)
from tripartite.messages.queries import messages_about
from tripartite.quotes.services.requests import Contact, update_contact

pytestmark = pytest.mark.django_db
DAYS = (15, 3)


def kinds(request_id):
    return [message.kind for message in messages_about("request", request_id)]


@pytest.fixture
def asked():
    """A request with a contact, its quotes issued on 23/11/2026, the first to expire valid until 22/01/2027."""
    quotes.offer()
    made = quotes.request()
    contact = Contact("Prénom NOM", "Maire", "maire@mairie.exemple.fr", "")
    update_contact(request_id=made.pk, contact=contact, note="", actor=TESTER, at=AT)
    quotes.issued(made)
    return made


def test_quotes_are_reminded_on_the_days_chosen_and_on_no_other(asked):
    last = date(2027, 1, 22)
    assert quotes_to_remind(on=last - timedelta(days=15), days=DAYS) == [(asked.pk, 15)]
    assert quotes_to_remind(on=last - timedelta(days=14), days=DAYS) == []
    assert quotes_to_remind(on=last - timedelta(days=3), days=DAYS) == [(asked.pk, 3)]


def test_a_reminder_is_written_once(asked):
    assert remind_of_quotes(request_id=asked.pk, left=15, actor=TESTER, at=AT)
    assert not remind_of_quotes(request_id=asked.pk, left=15, actor=TESTER, at=AT)
    assert remind_of_quotes(request_id=asked.pk, left=3, actor=TESTER, at=AT)
    assert kinds(asked.pk).count("quotes.remind") == 2


def test_a_signatory_is_reminded_every_ten_days():
    conventions.offer()
    convention = conventions.sent()
    name_signatory(signatory(convention, "beneficiary"), email="maire@mairie.exemple.fr")
    one = signatory(convention, "beneficiary")
    later = AT + conventions.SENT + timedelta(days=10)
    day = later.date()
    assert signatories_to_remind(on=day - timedelta(days=1), every=10) == []
    assert signatories_to_remind(on=day, every=10) == [one.pk]
    assert remind_signatory(signatory_id=one.pk, on=day, every=10, actor=TESTER, at=later)
    assert not remind_signatory(signatory_id=one.pk, on=day, every=10, actor=TESTER, at=later)
    assert signatories_to_remind(on=day + timedelta(days=10), every=10) == [one.pk]
    assert kinds(convention.request_id).count("convention.remind") == 1
    (letter,) = messages_about("request", convention.request_id).filter(kind="convention.remind")
    assert letter.recipient == "maire@mairie.exemple.fr"
    assert f"attend votre signature depuis le {convention.sent_at:%d/%m/%Y}" in letter.text


def test_the_daily_command_says_then_does_then_has_nothing_left(asked, capsys):
    on = ["daily", "--on", "2027-01-07"]
    assert main(on) == 0
    assert kinds(asked.pk).count("quotes.remind") == 0
    assert main([*on, "--apply"]) == 0
    assert kinds(asked.pk).count("quotes.remind") == 1
    assert main([*on, "--apply"]) == 0
    assert kinds(asked.pk).count("quotes.remind") == 1
    assert "0 fait, 0 échec." in capsys.readouterr().out
