"""A day too far from all that was done: a clock that is wrong is not let do years of work, which nothing undoes."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from tripartite.jobs.kinds import JobError
from tripartite.journal.queries import last_act_before, subjects_told
from tripartite.journal.services import Actor, record

FAR = timedelta(days=400)
"""A day's work catches up such an interruption by itself; beyond, somebody says that the date is right."""
RECENT = timedelta(days=30)
"""What was written since so long says nothing of the clock: it was written by that clock."""
CONFIRM = "jobs.confirm-day"


class DayTooFarError(JobError):
    """The day is far from all that was done before, and nobody said that it is right."""


def check_day(on: date) -> None:
    """Raise DayTooFarError where the last act, those of the last thirty days apart, is more than 400 days before `on`,
    unless a day since then was confirmed. A new installation, whose acts are all recent, is let go on. Two queries.
    """
    if said := why_too_far(on):
        raise DayTooFarError(said)


def why_too_far(on: date) -> str:
    """Why the work of a day is not done, in French; « » where it may be."""
    last = last_act_before(_beginning(on - RECENT))
    if last is None or on - timezone.localdate(last) <= FAR:
        return ""
    days = [date.fromisoformat(day) for day in subjects_told("day", CONFIRM)]
    if any(day <= on <= day + FAR for day in days):
        return ""
    return (
        f"Nous serions le {on:%d/%m/%Y}, {(on - timezone.localdate(last)).days} jours après ce qui a été fait avant"
        f" ce mois, le {timezone.localdate(last):%d/%m/%Y} : le travail du jour n'est pas fait, l'horloge est peut-être"
        " fausse. Si la date est juste : tripartite daily --apply --confirm."
    )


@transaction.atomic
def confirm_day(*, on: date, actor: Actor, at: datetime) -> None:
    """Say that a day far from all that was done is the right one: the work of the next 400 days is done by itself."""
    text = f"La date du {on:%d/%m/%Y} est juste : le travail du jour peut être fait."
    record(actor=actor, at=at, action=CONFIRM, subject_kind="day", subject_id=on.isoformat(), text=text)


def _beginning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
