"""« Relances »: reminding those that are ticked, once; the letters of one's own issuer."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from tests.factories import billing, quotes, subscriptions
from tests.web.conftest import words
from tripartite.accounts.rights import Role
from tripartite.billing.models import Reminder
from tripartite.billing.queries.reminding import last_reminding
from tripartite.billing.services.reminding import KIND

pytestmark = pytest.mark.django_db
LATE = datetime.combine(billing.DAY + timedelta(days=40), billing.AT.timetz())


@pytest.fixture
def invoices(db):
    billing.ready()
    for code in (quotes.RUITZ, quotes.ARRAS):
        subscriptions.running({"messagerie-5go": 4}, body=code)
    return billing.billed()


@pytest.fixture
def accountant(invoices, log_in):
    with time_machine.travel(LATE, tick=False):
        yield log_in(Role.ACCOUNTANT, "lfn")


def test_those_that_are_ticked_are_reminded_once(accountant, invoices, log_in) -> None:
    first, second = invoices
    there, act = reverse("reminder-list"), reverse("reminder-start")
    assert [one.body.name for one in accountant.get(there).context["due"]] == ["Arras", "Ruitz"]
    assert "cochez au moins" in words(accountant.post(act, {"body": ["", "x", "0"]}, follow=True))
    assert accountant.post(act, {"body": first.body_id})["Location"] == there
    live = {"HX-Request": "true"}
    assert "en attente" in words(accountant.get(there, headers=live))
    billing.work(last_reminding("lfn", KIND).job.pk, at=LATE)
    assert accountant.get(there, headers=live)["HX-Refresh"] == "true"
    assert "cochez au moins" in words(accountant.post(act, {"body": first.body_id}, follow=True))
    page = accountant.get(there)
    assert [one.invoice.body_id for one in Reminder.objects.select_related("invoice")] == [first.body_id]
    assert ([one.body.pk for one in page.context["due"]], [one.body.pk for one in page.context["waiting"]]) == (
        [second.body_id],
        [first.body_id],
    )
    assert "Dernier lot" in words(page)
    (letter,) = page.context["letters"]
    kept = reverse("reminder-letter", args=[letter.document_id])
    assert accountant.get(kept).content.startswith(b"%PDF")
    assert "La lettre" in words(accountant.get(reverse("invoice", args=[first.pk])))
    other = log_in(Role.ACCOUNTANT, "cdg62")
    assert other.get(kept).status_code == 404
    assert other.get(there).context["letters"] == other.get(there).context["due"] == []


def test_a_letter_is_seen_before_it_is_made(accountant, invoices) -> None:
    first, _ = invoices
    there = reverse("reminder-draft", args=[first.body.siren])
    assert accountant.get(there).content.startswith(b"%PDF")
    accountant.post(reverse("invoice-remind", args=[first.pk]))
    assert accountant.get(there).status_code == 404
    assert accountant.get(reverse("reminder-letter", args=[first.document_id])).status_code == 404


def test_an_agent_sees_and_does_not_remind(invoices, log_in) -> None:
    with time_machine.travel(LATE, tick=False):
        agent = log_in(Role.AGENT, "lfn")
        page = words(agent.get(reverse("reminder-list")))
        assert "Relancer les structures cochées" not in page
        assert agent.post(reverse("reminder-start"), {"body": invoices[0].body_id}).status_code == 403
