"""Calendars as calendar programs read them (RFC 5545): the same bytes for the same events.

An event says what, where and for whom, with a link to the page; notes, names of contacts and addresses stay inside.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from icalendar import Calendar, Event, vCategory, vDDDTypes, vText

from tripartite.following.states import InterventionState

PRODUCT = "-//Tripartite//Calendrier//FR"
REFRESHED = timedelta(hours=1)
"""How often a program is asked to read again."""

USUAL_MINUTES = 60
FOLDED_AT = 74
"""The bytes of a line, at most: RFC 5545 allows one more, which some programs count."""


def interventions_calendar(
    interventions: Iterable[Any], *, title: str, host: str, names: dict[str, str], addresses: dict[int, str]
) -> bytes:
    """The planned interventions of an agent: UTC instants, a stable UID, SEQUENCE raised by each change.

    `names` gives the services by code, `addresses` the page of each intervention by its key.
    """
    calendar = _calendar(title)
    for one in interventions:
        event = Event()
        starts = one.planned_at.astimezone(UTC)
        event.add("uid", f"intervention-{one.pk}@{host}")
        event.add("dtstamp", one.changed_at.astimezone(UTC))
        event.add("last-modified", one.changed_at.astimezone(UTC))
        event.add("created", one.created_at.astimezone(UTC))
        event.add("sequence", one.sequence)
        event.add("dtstart", starts)
        event.add("dtend", starts + timedelta(minutes=one.planned_minutes or USUAL_MINUTES))
        event.add("summary", f"{one.body.name} : {_what(one, names)}")
        if one.place:
            event.add("location", one.place)
        event.add("url", addresses[one.pk])
        event.add("status", "CANCELLED" if one.state == InterventionState.CANCELLED else "CONFIRMED")
        event.add("categories", [one.get_kind_display()])
        calendar.add_component(event)
    return _told(calendar)


def deadlines_calendar(
    deadlines: Iterable[Any], *, title: str, host: str, on: date, addresses: dict[str, str]
) -> bytes:
    """Deadlines as whole days that leave people free. `on` is the day of the reading: a date once computed is another
    event when it changes, since its key holds the day.
    """
    calendar = _calendar(title)
    stamp, free, category = vDDDTypes(datetime.combine(on, time(), UTC)), vText("TRANSPARENT"), cache(_category)
    for one in deadlines:
        event = Event()
        event["uid"] = f"{one.key}@{host}"
        event["dtstamp"] = stamp
        event.add("dtstart", one.day)
        event.add("dtend", one.day + timedelta(days=1))
        event["summary"] = f"{one.body.name} : {one.kind_label}"
        event["description"] = f"{one.what}\n{one.why}\nQui agit : {one.who}"
        event.add("url", addresses[one.key])
        event["transp"] = free
        event["categories"] = category(one.kind_label)
        calendar.add_component(event)
    return _told(calendar)


def _calendar(title: str) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title)
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    return calendar


def _category(label: str) -> vCategory:
    return vCategory([label])


def _told(calendar: Calendar) -> bytes:
    """What `Calendar.to_ical` answers, byte for byte, several times faster: it folds accented lines character by
    character."""
    return b"".join(fold(str(line)) + b"\r\n" for line in calendar.content_lines() if line)


def fold(line: str) -> bytes:
    """A line as RFC 5545 breaks it: neither within a character, nor between a backslash or a caret and what it
    escapes."""
    left, parts = line.encode(), []
    while len(left) > FOLDED_AT:
        end = FOLDED_AT
        while left[end] & 0xC0 == 0x80:
            end -= 1
        if left[end - 1] in b"\\^":
            end -= 1
        parts.append(left[:end])
        left = left[end:]
    return b"\r\n ".join((*parts, left))


def _what(one: Any, names: dict[str, str]) -> str:
    service = names.get(one.service, one.service)
    return f"{one.get_kind_display()} ({service})" if service else str(one.get_kind_display())
