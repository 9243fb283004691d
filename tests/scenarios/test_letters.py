"""Whatever door does an act, the same letters wait in the outbox: to the same people, in the same words."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.factories import conventions, keys, parties, quotes, subscriptions
from tests.factories.accounts import AT, TESTER
from tests.factories.keys import LAST
from tests.scenarios.lettering import (
    CONTACT,
    MAYOR,
    PRESIDENTS,
    Act,
    Doing,
    Door,
    by_services,
    daily_command,
    daily_job,
    in_space,
    last_letter,
    letters,
    quoted,
)
from tripartite.cli.main import main
from tripartite.conventions.services.access import send_new_link
from tripartite.conventions.services.codes import send_code
from tripartite.conventions.services.drafting import set_term
from tripartite.conventions.services.reminders import quotes_to_remind, remind_of_quotes, remind_signatory
from tripartite.conventions.services.sending import send_convention
from tripartite.following.queries.deadlines import deadlines
from tripartite.following.services.preparing import keep_letter, letter_digest
from tripartite.going_live.services.key_campaign import KIND
from tripartite.going_live.services.key_renewals import renew_key
from tripartite.going_live.services.keys_daily import announce_expiry
from tripartite.jobs.services.starting import start_job
from tripartite.jobs.services.tasks import continue_job
from tripartite.quotes.queries.requests import estimate_request
from tripartite.quotes.services.asking import ask_quotes
from tripartite.quotes.services.issuing import estimate_digest, issue_quotes
from tripartite.quotes.services.requests import Contact
from tripartite.web.estimator.selection import order_query

pytestmark = [pytest.mark.django_db, pytest.mark.one_base, pytest.mark.usefixtures("offered")]

# Quotes asked for and issued at once


def ask_by_services(doing: Doing) -> None:
    body = parties.body(quotes.RUITZ)
    order = quotes.order()
    ask_quotes(beneficiary=body.pk, order=order, contact=Contact(**CONTACT), origin="agent", issue=True, **doing.done)


def ask_by_command(doing: Doing) -> None:
    file = doing.folder / "demande.json"
    file.write_text(json.dumps({"beneficiary": {"code_insee": quotes.RUITZ}, **quotes.order()}), encoding="utf-8")
    told = [f"--{name}={value}" for name, value in CONTACT.items()]
    doing.run("quote", str(file), "--out", str(doing.folder / "devis"), *told)


def ask_by_screens(doing: Doing) -> None:
    query = order_query(quotes.order(), parties.body(quotes.RUITZ).siren)
    doing.post("request-new", query=f"?{query}", **CONTACT, note="", token="essai", issue="1")


# Quotes of a request that is there, and their new version


def to_issue_again() -> Any:
    asked = quotes.request()
    quotes.issued(asked)
    return quotes.reread(quotes.revised(asked, {"messagerie-5go": 6}))


def issue_by_services(doing: Doing) -> None:
    issue_quotes(request_id=doing.made.pk, **doing.done)


def issue_by_screens(doing: Doing) -> None:
    seen = estimate_digest(estimate_request(doing.made, on=doing.on))
    doing.post("request-issue", doing.made.reference, seen=seen)


ISSUE: dict[str, Door] = {"services": issue_by_services, "screens": issue_by_screens}


# A convention to be signed


def to_send() -> Any:
    made = conventions.drafted()
    for role, email in zip(("lfn", "cdg62"), PRESIDENTS.values(), strict=True):
        conventions.name_signatory(conventions.signatory(made, role), email=email)
    return made


def sent_to_the_mayor_alone() -> Any:
    return conventions.sent()


def remind_by_services(doing: Doing) -> None:
    mayor = conventions.signatory(doing.made, "beneficiary")
    every = settings.CONFIG.remind_signatures
    assert remind_signatory(signatory_id=mayor.pk, on=doing.on, every=every, **doing.done)


def code_by_services(doing: Doing) -> None:
    send_code(signatory_id=conventions.signatory(doing.made, "beneficiary").pk, **doing.done)


def code_by_screens(doing: Doing) -> None:
    client = in_space(doing, doing.made.request_id)
    assert client.post(reverse("space-code", args=[doing.made.pk])).status_code == 302


# Quotes about to expire, a link that was lost


EXPIRING = datetime(2027, 1, 19, 9, 0, tzinfo=AT.tzinfo)


def remind_quotes_by_services(doing: Doing) -> None:
    ((request_id, left),) = quotes_to_remind(on=doing.on, days=settings.CONFIG.remind_quotes)
    assert remind_of_quotes(request_id=request_id, left=left, **doing.done)


def link_by_services(doing: Doing) -> None:
    assert send_new_link(reference=doing.made.reference, email=MAYOR, network="127.0.0.1", **doing.done)


def link_by_screens(doing: Doing) -> None:
    client = Client()
    stamp = client.get(reverse("space-new-link")).context["form"]["stamp"].value()
    with time_machine.travel(doing.at + timedelta(seconds=10), tick=False):
        fields = {"reference": doing.made.reference, "email": MAYOR, "stamp": stamp}
        assert client.post(reverse("space-new-link"), fields).status_code == 302


# Signature keys


def held_key() -> Any:
    quoted()  # whose contact is the last one known
    return keys.registered()


def renew_by_services(doing: Doing) -> None:
    renew_key(key_id=doing.made.pk, **doing.done)


def renew_by_job(doing: Doing) -> None:
    parameters = {"keys": [doing.made.pk]}
    continue_job.call(start_job(kind=KIND, title="essai", parameters=parameters, on=doing.on, **doing.done).pk)


def announce_by_services(doing: Doing) -> None:
    assert announce_expiry(key_id=doing.made.pk, threshold=90, on=doing.on, **doing.done)


# The letter of a deadline


def renewable() -> Any:
    subscriptions.adopt_shipped_checklist()
    draft = conventions.drafted()
    options = {"years": 3, "tacit_renewals": 1, "notice_months": 3, "due_on": None}
    set_term(convention_id=draft.pk, **options, actor=TESTER, at=AT)
    subscriptions.signed(conventions.read(draft))
    return next(one for one in deadlines(since=AT.date(), until=date(2033, 1, 1)) if one.kind == "notice")


def letter_by_services(doing: Doing) -> None:
    key = doing.made.key
    seen = letter_digest(key=key, sender="cdg62", at=doing.at)
    keep_letter(key=key, sender="cdg62", seen=seen, send=True, **doing.done)


def letter_by_screens(doing: Doing) -> None:
    seen = letter_digest(key=doing.made.key, sender="cdg62", at=doing.at)
    doing.post("deadline-letter", doing.made.key, seen=seen, send="1")


ACTS = {
    "ask and issue": Act(
        before=lambda: None,
        doors={"services": ask_by_services, "command": ask_by_command, "screens": ask_by_screens},
        wanted=[("quotes.issued", MAYOR)],
    ),
    "issue": Act(before=quotes.request, doors=ISSUE, wanted=[("quotes.issued", MAYOR)]),
    "issue a new version": Act(before=to_issue_again, doors=ISSUE, wanted=[("quotes.issued", MAYOR)]),
    "remind of quotes": Act(
        before=quoted,
        doors={"services": remind_quotes_by_services, "command": daily_command, "job": daily_job},
        wanted=[("quotes.remind", MAYOR)],
        at=EXPIRING,
    ),
    "ask for a link": Act(
        before=quoted,
        doors={"services": link_by_services, "screens": link_by_screens},
        wanted=[("space.link", MAYOR)],
    ),
    "send a convention": Act(
        before=to_send,
        doors={
            "services": lambda doing: send_convention(convention_id=doing.made.pk, **doing.done),
            "screens": lambda doing: doing.post("convention-send", doing.made.pk),
        },
        wanted=[("convention.sent", email) for email in (MAYOR, *PRESIDENTS.values())],
    ),
    "remind a signatory": Act(
        before=sent_to_the_mayor_alone,
        doors={"services": remind_by_services, "command": daily_command, "job": daily_job},
        wanted=[("convention.remind", MAYOR)],
        at=AT + timedelta(days=10),
    ),
    "send a code": Act(
        before=sent_to_the_mayor_alone,
        doors={"services": code_by_services, "screens": code_by_screens},
        wanted=[("convention.code", MAYOR)],
    ),
    "renew a key": Act(
        before=held_key,
        doors={
            "services": renew_by_services,
            "command": lambda doing: doing.run("key", "renew", str(doing.made.pk)),
            "screens": lambda doing: doing.post("key-renew", doing.made.pk),
            "job": renew_by_job,
        },
        wanted=[("quotes.issued", MAYOR)],
    ),
    "announce the expiry of a key": Act(
        before=held_key,
        doors={"services": announce_by_services, "command": daily_command, "job": daily_job},
        wanted=[("keys.expiry", MAYOR)],
        at=datetime.combine(LAST - timedelta(days=90), AT.timetz()),
    ),
    "send the letter of a deadline": Act(
        before=renewable,
        doors={"services": letter_by_services, "screens": letter_by_screens},
        wanted=[("deadlines.letter", MAYOR)],
    ),
}
OTHERS = [(name, door) for name, act in ACTS.items() for door in act.doors if door != "services"]


@pytest.mark.parametrize("name", ACTS)
def test_an_act_writes_to_those_whom_it_concerns(name: str, doing: Doing) -> None:
    written = by_services(ACTS[name], doing)
    assert [(kind, to) for kind, to, *_ in written] == ACTS[name].wanted
    assert all(text.count("/espace/lien/…/") == (kind != "convention.code") for kind, *_, text in written)


@pytest.mark.parametrize(("name", "door"), OTHERS)
def test_a_door_writes_what_the_act_alone_writes(name: str, door: str, doing: Doing) -> None:
    wanted, before = by_services(ACTS[name], doing), last_letter()
    ACTS[name].doors[door](doing)
    assert letters(before) == wanted


def test_nobody_is_written_to_without_an_address(tmp_path: Path) -> None:
    file = tmp_path / "demande.json"
    file.write_text(json.dumps({"beneficiary": {"code_insee": quotes.RUITZ}, **quotes.order()}), encoding="utf-8")
    assert main(["quote", str(file), "--out", str(tmp_path / "devis"), "--name", "Prénom NOM"]) == 0
    assert letters(0) == []


def test_an_address_that_cannot_be_one_is_refused_by_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["quote", str(tmp_path / "demande.json"), "--out", str(tmp_path), "--email", "mairie"])
    assert "« mairie » n'est pas une adresse électronique" in capsys.readouterr().err
