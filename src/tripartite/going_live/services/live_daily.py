"""What a day brings to what went live the days before: its beneficiary is told in writing, once, from which day.

A module of `DAILY` (jobs/daily.py). The text that is signed has the day of each service told in writing, and lets the
beneficiary object for a while: one letter a convention, of all that was recorded since the last.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from tripartite.conventions.services.letters import references_of
from tripartite.conventions.services.records import journal
from tripartite.going_live.models import GoneLive
from tripartite.going_live.queries.told import conventions_to_tell, parts_to_tell, told_name
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor
from tripartite.pricing.french import day_text
from tripartite.pricing.holding import HeldLine
from tripartite.pricing.money import number_text
from tripartite.quotes.services.letters import write_about
from tripartite.subscriptions.services.notices import note
from tripartite.tariffs.queries import grid_by_code

OBJECT = (
    "Vérifiez que tout fonctionne. Une réserve se fait par écrit à l'un des émetteurs, dans le délai que dit la"
    " convention ; sans réserve, le service est réputé conforme."
)
BY_POST = ", à écrire par courrier : aucune adresse électronique valable"


def units(on: date) -> Iterator[Unit]:
    """What there is to tell on a day: `live:3`."""
    for key, words in conventions_to_tell(on=on):
        yield Unit(f"live:{key}", f"Mise en service à écrire : {words}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Tell one of them; False when it was done already. Raises JobError for another key."""
    match key.split(":"):
        case ["live", one]:
            return tell_live(convention_id=int(one), on=on, actor=actor, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} » pour ce qui est mis en service.")


@transaction.atomic
def tell_live(*, convention_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Write to the contact of a convention what of it went live, and from which day; the journal, and agents through
    it, know when nobody could be written to. Once: False when all was told.
    """
    parts = parts_to_tell(convention_id, on=on)
    if not parts:
        return False
    convention = parts[0].activation.convention
    said = [_said(part) for part in parts]
    text = f"{convention.number}, mise en service écrite : {' ; '.join(said)}"
    name = told_name(convention_id, max(part.pk for part in parts))
    if not note(name=name, body_id=convention.beneficiary_id, on=on, text=text, at=at):
        return False
    asked, whose = convention.request, convention.beneficiary
    written = bool(asked.contact_email) and write_about(
        kind="going-live.told",
        asked=asked,
        to=(asked.contact_name, asked.contact_email),
        subject=f"Mise en service, {convention.number} : {whose.name}",
        paragraphs=(
            f"Mis en service pour {whose.legal.named} :\n" + "\n".join(said),
            "Ce qui se paie par abonnement court de ce jour.",
            OBJECT,
        ),
        references=references_of(convention),
        actor=actor,
        at=at,
    )
    journal(convention, actor, at, "going-live.tell", f"{text}{'' if written else BY_POST}.")
    return True


def _said(part: GoneLive) -> str:
    """« Messagerie, 4 comptes : depuis le 28/11/2026 »."""
    activation, line = part.activation, HeldLine.read(part.line)
    grid = grid_by_code(activation.grid)
    service = grid.services.get(activation.service) if grid else None
    count = f", {number_text(line.total)} {service.unit.of(line.total)}" if service and line.total != 1 else ""
    return f"{activation.name}{count} : depuis le {day_text(part.live_on)}"
