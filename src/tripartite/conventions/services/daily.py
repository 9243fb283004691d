"""What a day brings to quotes and conventions: deadlines, and reminders of those whose answer is awaited."""

from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings

from tripartite.conventions.queries.conventions import conventions_to_advance
from tripartite.conventions.services.reminders import (
    quotes_to_remind,
    remind_of_quotes,
    remind_signatory,
    signatories_to_remind,
)
from tripartite.conventions.services.running import advance_convention
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor


def units(on: date) -> Iterator[Unit]:
    """What there is to do on a day, and what each is in words: `deadline:7`, `quotes:12:15`, `signatory:3`."""
    for one in conventions_to_advance(on=on):
        yield Unit(f"deadline:{one.pk}", f"Échéance : {one}, {one.beneficiary.name}")
    for key, left in quotes_to_remind(on=on, days=settings.CONFIG.remind_quotes):
        yield Unit(f"quotes:{key}:{left}", f"Relance : devis de la demande {key}, {left} j")
    for key in signatories_to_remind(on=on, every=settings.CONFIG.remind_signatures):
        yield Unit(f"signatory:{key}", f"Relance : signataire {key}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Do one of them; whether something changed. Twice a day changes nothing more. Raises JobError for another key."""
    match key.split(":"):
        case ["deadline", one]:
            return advance_convention(convention_id=int(one), on=on, actor=actor, at=at)
        case ["quotes", one, left]:
            return remind_of_quotes(request_id=int(one), left=int(left), actor=actor, at=at)
        case ["signatory", one]:
            every = settings.CONFIG.remind_signatures
            return remind_signatory(signatory_id=int(one), on=on, every=every, actor=actor, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")
