"""Interventions to look around with: in local mode only, made through the services."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from tripartite.accounts.queries import account_by_email
from tripartite.cli.sample_files import SampleVisit
from tripartite.following.services.interventions import Subject, plan_intervention, record_intervention
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_identifier


def sample_visits(visits: Iterable[SampleVisit], *, actor: Actor, at: datetime) -> int:
    """Interventions done today, others to come, of the sample agents of the issuers; how many."""
    today, made = timezone.localdate(at), 0
    for one in visits:
        subject = _subject(one)
        if subject is None:
            continue
        if one.in_days:
            planned_at = timezone.make_aware(datetime.combine(today + timedelta(days=one.in_days), one.at))
            plan_intervention(subject=subject, planned_at=planned_at, minutes=one.minutes, actor=actor, at=at)
        else:
            record_intervention(subject=subject, done_on=today, minutes=one.minutes, note=one.note, actor=actor, at=at)
        made += 1
    return made


def _subject(one: SampleVisit) -> Subject | None:
    """What an intervention is, when its commune and its agent are there."""
    body = body_by_identifier("code_insee", one.commune)
    agent = account_by_email(f"agent@{one.issuer}.exemple.fr")
    return Subject(body.pk, one.kind, agent.pk, one.service, place=one.place) if body and agent else None
