"""Signature keys of real communes to look around with: in local mode only, their certificates made on the spot."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from tripartite.cli.sample_files import SampleKey
from tripartite.going_live.services.keys import hand_over_key, register_key
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import body_by_identifier

YEAR = 365


def sample_keys(keys: Iterable[SampleKey], *, actor: Actor, at: datetime) -> int:
    """Keys at every stage: near their end, expired, to hand over, whose holder left; how many."""
    from tripartite.documents.trial_certificates import trial_certificate  # noqa: PLC0415 - slow to import

    today, made = timezone.localdate(at), 0
    for one in keys:
        body = body_by_identifier("code_insee", one.commune)
        if body is None:
            continue
        last = today + timedelta(days=one.left)
        first = last - timedelta(days=one.years * YEAR)
        key = register_key(
            body_id=body.pk,
            holder_name=one.holder,
            holder_function=one.function,
            content=trial_certificate(holder=one.holder, first_day=first, last_day=last),
            alone=True,
            actor=actor,
            at=at,
        )
        if not one.kept:
            hand_over_key(key_id=key.pk, on=first + timedelta(days=7), handing="cdg", actor=actor, at=at)
        made += 1
    return made
