"""Telling a body what a fact learnt late makes due, or gives back, of what had fallen due: once for each day learnt.

A module of `DAILY` (jobs/daily.py).
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor
from tripartite.parties.queries.bodies import bodies_by_id, issuers
from tripartite.pricing.french import day_text
from tripartite.pricing.money import euros
from tripartite.pricing.outcomes import ON_REQUEST, beside_on_request
from tripartite.subscriptions.queries.due import recurring_due
from tripartite.subscriptions.queries.due_items import DueItem, ItemKind
from tripartite.subscriptions.queries.late import difference_name, differences_to_tell
from tripartite.subscriptions.queries.running import cost_reading
from tripartite.subscriptions.services.notices import note
from tripartite.subscriptions.services.telling import tell_body

NOTHING = "Rien de ce qui était tombé dû ne change."


def units(on: date) -> Iterator[Unit]:
    """What may be to tell on a day: `difference:7:2028-01-10`."""
    found = differences_to_tell(on=on)
    names = {body.pk: body.name for body in bodies_by_id({key for key, _ in found})} if found else {}
    for body_id, learnt in found:
        yield Unit(difference_name(body_id, learnt), f"Différence à annoncer, s'il y en a : {names[body_id]}")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Do one of them; whether something changed. Twice a day changes nothing more. Raises JobError for another key."""
    match key.split(":"):
        case ["difference", body_id, learnt]:
            day = date.fromisoformat(learnt)
            return announce_difference(body_id=int(body_id), learnt=day, on=on, actor=actor, at=at)
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")


@transaction.atomic
def announce_difference(*, body_id: int, learnt: date, on: date, actor: Actor, at: datetime) -> bool:
    """Write to a body what the facts learnt on a day make due, or give back, of what had fallen due before. False when
    it was told already. Where nothing changes nothing is written, and that is kept.
    """
    reading = cost_reading([body_id])[body_id]
    items = [one for one in recurring_due(reading, since=learnt, until=learnt) if one.kind is not ItemKind.DUE]
    lines = [_line(item) for item in items]
    text = " ; ".join(lines) or NOTHING
    if not note(name=difference_name(body_id, learnt), body_id=body_id, on=on, text=text, at=at):
        return False
    if not lines:
        return True
    tell_body(
        reading,
        subject=f"Différence sur ce qui était dû, apprise le {day_text(learnt)}",
        paragraphs=[
            "Ce qui était tombé dû change, une fois, par ce qui a été appris depuis.",
            *lines,
            "Un montant précédé du signe moins vous est rendu.",
        ],
        words=f"Différence ({text})",
        action="subscriptions.announce-difference",
        actor=actor,
        at=at,
    )
    return True


def _line(item: DueItem) -> str:
    name = next((one.short_name for one in issuers() if one.code == item.issuer), item.issuer)
    amount, why = ON_REQUEST, beside_on_request(item.explanation)
    if item.amount_cents is not None:
        amount, why = f"{euros(item.amount_cents)} {item.basis}", item.explanation
    act = item.citation if item.kind is ItemKind.DIFFERENCE else ""
    told = " ; ".join(one for one in (why, act) if one)
    return f"{name}, {item.service_name}, {item.charge_name.lower()} : {amount}{f' ({told})' if told else ''}"
