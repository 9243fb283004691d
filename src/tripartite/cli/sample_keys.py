"""Signature keys of real communes to look around with: in local mode only, their certificates made on the spot."""

from datetime import datetime, timedelta

from django.utils import timezone

from tripartite.going_live.services.keys import hand_over_key, register_key
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_identifier

YEAR = 365
KEYS = (
    # commune, holder, function, days until the last one, days of life, handed over
    ("62727", "Prénom NOM", "Maire", 25, 3 * YEAR, True),
    ("62001", "Autre NOM", "Maire", 80, 2 * YEAR, True),
    ("62041", "Prénom NOM", "Directrice des systèmes d'information", 400, 3 * YEAR, True),
    ("62041", "Prénom NOM", "Maire", 600, 3 * YEAR, True),
    ("62119", "Prénom NOM", "Maire", -9, 1 * YEAR, True),
    ("62080", "Prénom NOM", "1re adjointe", 3 * YEAR - 2, 3 * YEAR, False),
)


def sample_keys(*, actor: Actor, at: datetime) -> int:
    """Keys at every stage: near their end, expired, to hand over, whose holder left; how many."""
    from tripartite.documents.trial_certificates import trial_certificate  # noqa: PLC0415 - slow to import

    today, made = timezone.localdate(at), 0
    for code, holder, function, left, life, handed in KEYS:
        body = body_by_identifier("code_insee", code)
        if body is None:
            continue
        last = today + timedelta(days=left)
        first = last - timedelta(days=life)
        key = register_key(
            body_id=body.pk,
            holder_name=holder,
            holder_function=function,
            content=trial_certificate(holder=holder, first_day=first, last_day=last),
            alone=True,
            actor=actor,
            at=at,
        )
        if handed:
            hand_over_key(key_id=key.pk, on=first + timedelta(days=7), handing="cdg", actor=actor, at=at)
        made += 1
    return made
