"""Interventions to look around with: in local mode only, made through the services."""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from tripartite.accounts.queries import account_by_email
from tripartite.following.services.interventions import Subject, plan_intervention, record_intervention
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_identifier

DONE = (
    ("62847", "cdg62", "help", "messagerie-5go", 45, "Deux boîtes rétablies sur le poste de l'accueil."),
    ("62080", "cdg62", "set-up", "messagerie-5go", 90, "Trois comptes installés."),
)
PLANNED = (
    ("62080", "cdg62", "set-up", "antivirus", 1, time(9, 30), 120, "Mairie, salle du conseil"),
    ("62847", "cdg62", "training", "demarches-simplifiees", 2, time(14, 0), 90, "En visio"),
    ("62080", "lfn", "set-up", "sauvegarde", 2, time(10, 0), 60, "À distance"),
)


def sample_visits(*, actor: Actor, at: datetime) -> int:
    """Two interventions done today, three to come, of the sample agents of both issuers; how many."""
    today, made = timezone.localdate(at), 0
    for code, issuer, kind, service, minutes, note in DONE:
        if (subject := _subject(code, issuer, kind, service)) is not None:
            record_intervention(subject=subject, done_on=today, minutes=minutes, note=note, actor=actor, at=at)
            made += 1
    for code, issuer, kind, service, days, hour, minutes, place in PLANNED:
        if (subject := _subject(code, issuer, kind, service, place=place)) is not None:
            planned_at = timezone.make_aware(datetime.combine(today + timedelta(days=days), hour))
            plan_intervention(subject=subject, planned_at=planned_at, minutes=minutes, actor=actor, at=at)
            made += 1
    return made


def _subject(code: str, issuer: str, kind: str, service: str, **more: Any) -> Subject | None:
    """What an intervention is, when its commune and its agent are there."""
    body, agent = body_by_identifier("code_insee", code), account_by_email(f"agent@{issuer}.exemple.fr")
    return Subject(body.pk, kind, agent.pk, service, **more) if body and agent else None
