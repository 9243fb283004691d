"""Calendars of accounts: an address with a secret of its own, read back as a calendar program reads it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar
from icalendar.parser import Contentline

from tests.factories import parties, subscriptions
from tests.factories.accounts import AT, TESTER, account
from tripartite.accounts.rights import Role
from tripartite.accounts.services.people import deactivate_account
from tripartite.following.models import CalendarFeed
from tripartite.following.printout.calendars import deadlines_calendar, fold, interventions_calendar
from tripartite.following.queries.deadlines import deadlines
from tripartite.following.queries.feeds import feed_by_secret, living_feed
from tripartite.following.queries.interventions import interventions_in_feed
from tripartite.following.services.feeds import make_feed, revoke_feed
from tripartite.following.services.interventions import (
    Subject,
    cancel_intervention,
    move_intervention,
    plan_intervention,
)
from tripartite.journal.queries import entries_about
from tripartite.subscriptions.services.errors import SubscriptionError

DAY = AT.date()
WINTER = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
SUMMER = datetime(2027, 7, 1, 8, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def made(one: Any, kind: str = "agenda") -> str:
    return make_feed(account_id=one.pk, kind=kind, actor=TESTER, at=AT)


def test_a_secret_opens_the_calendar_of_its_account_and_is_not_kept() -> None:
    one = account()
    secret = made(one)
    feed = feed_by_secret(secret)
    assert feed is not None
    assert (feed.account_id, feed.kind) == (one.pk, "agenda")
    assert len(secret) == 43
    assert not CalendarFeed.objects.filter(secret_hash=secret).exists()
    assert feed_by_secret(secret[:-1]) is None
    assert feed_by_secret("é" * 43) is None


def test_another_address_ends_the_one_before_and_leaves_the_other_calendar() -> None:
    one = account()
    before, other, after = made(one), made(one, "deadlines"), made(one)
    assert feed_by_secret(before) is None
    assert feed_by_secret(after) is not None
    assert feed_by_secret(other) is not None
    assert [entry.text for entry in entries_about("account", one.pk)][-3:] == [
        "Adresse du calendrier « agenda » créée.",
        "Adresse du calendrier « échéances » créée.",
        "Adresse du calendrier « agenda » changée.",
    ]


def test_a_revoked_address_and_a_closed_account_open_nothing() -> None:
    one, closed = account(), account()
    account(role=Role.ADMINISTRATOR)
    secret, theirs = made(one), made(closed)
    revoke_feed(account_id=one.pk, kind="agenda", actor=TESTER, at=AT)
    assert feed_by_secret(secret) is None
    assert living_feed(one.pk, "agenda") is None
    with pytest.raises(SubscriptionError, match="pas d'adresse"):
        revoke_feed(account_id=one.pk, kind="agenda", actor=TESTER, at=AT)
    deactivate_account(account=closed, actor=TESTER, at=AT)
    assert feed_by_secret(theirs) is None
    with pytest.raises(SubscriptionError, match="n'existe pas"):
        made(one, "autre")


def agenda(one: Any) -> Calendar:
    found = interventions_in_feed(one.pk, since=DAY)
    addresses = {each.pk: f"https://exemple.fr/interventions/{each.pk}/" for each in found}
    content = interventions_calendar(
        found, title="Mon agenda", host="exemple.fr", names={"antivirus": "Antivirus"}, addresses=addresses
    )
    assert content == interventions_calendar(
        found, title="Mon agenda", host="exemple.fr", names={"antivirus": "Antivirus"}, addresses=addresses
    )
    return Calendar.from_ical(content)


def test_the_agenda_is_read_back_with_its_instants_its_changes_and_what_is_cancelled() -> None:
    subscriptions.conventions.offer()
    one, body = account(issuer_code="cdg62"), parties.body()
    subject = Subject(body.pk, "help", one.pk, "antivirus", "Mairie, salle du haut")
    first = plan_intervention(subject=subject, planned_at=WINTER, minutes=90, note="privé", actor=TESTER, at=AT)
    second = plan_intervention(subject=subject, planned_at=SUMMER, minutes=30, actor=TESTER, at=AT)
    later = AT + timedelta(hours=2)
    cancel_intervention(intervention_id=second.pk, reason="Fermé", actor=TESTER, at=later)
    moved = WINTER + timedelta(days=1)
    move_intervention(
        intervention_id=first.pk,
        planned_at=moved,
        minutes=60,
        agent_id=one.pk,
        place="Mairie",
        actor=TESTER,
        at=later,
    )
    found = agenda(one)
    assert (str(found["version"]), str(found["method"]), found.errors) == ("2.0", "PUBLISH", [])
    events = list(found.walk("VEVENT"))
    assert [
        (str(e["uid"]), e.decoded("dtstart"), e.decoded("dtend"), str(e["status"]), int(e["sequence"])) for e in events
    ] == [
        (f"intervention-{first.pk}@exemple.fr", moved, moved + timedelta(hours=1), "CONFIRMED", 1),
        (f"intervention-{second.pk}@exemple.fr", SUMMER, SUMMER + timedelta(minutes=30), "CANCELLED", 1),
    ]
    assert str(events[0]["summary"]) == "Ruitz : assistance (Antivirus)"
    assert (str(events[0]["location"]), events[0].decoded("last-modified")) == ("Mairie", later)
    assert events[0]["dtstart"].to_ical() == b"20261202T093000Z"
    assert "privé" not in found.to_ical().decode()


def test_an_agenda_shows_its_own_agent_alone() -> None:
    subscriptions.conventions.offer()
    one, other = account(issuer_code="cdg62"), account(issuer_code="cdg62")
    subject = Subject(parties.body().pk, "help", one.pk)
    plan_intervention(subject=subject, planned_at=WINTER, minutes=90, actor=TESTER, at=AT)
    assert len(agenda(one).walk("VEVENT")) == 1
    assert agenda(other).walk("VEVENT") == []


def test_deadlines_are_whole_days_that_leave_people_free() -> None:
    subscriptions.conventions.offer()
    subscriptions.running({"messagerie-5go": 4})
    found = deadlines(since=DAY, until=date(2027, 12, 31))
    content = deadlines_calendar(
        found,
        title="Échéances",
        host="exemple.fr",
        on=DAY,
        addresses={one.key: f"https://exemple.fr/echeances/{one.key}/" for one in found},
    )
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    body = parties.body()
    assert str(event["uid"]) == f"due-{body.pk}-2027-11-23@exemple.fr"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2027, 11, 23), date(2027, 11, 24))
    assert event["dtstart"].to_ical() == b"20271123"
    assert (str(event["transp"]), str(event["summary"])) == ("TRANSPARENT", "Ruitz : échéance annuelle")
    assert "1er anniversaire le 23/11/2027" in str(event["description"])


texts = st.text(st.sampled_from("aé€😀\\\\^;, "), max_size=300) | st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\n"), max_size=300
)


@given(texts)
@example("é" * 37)
@example("a" * 74)
@example("a" * 75)
@example("a" * 73 + "\\n")
@example("a" * 74 + "😀")
def test_lines_are_folded_as_the_library_folds_them(line: str) -> None:
    assert fold(line) == Contentline(line).to_ical()
