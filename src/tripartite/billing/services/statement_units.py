"""Recording a long statement: what its preview showed is written down in a job, whose units each record some lines of
it in a transaction of their own (jobs/kinds.py). A line is recorded once: cut anywhere, the job goes on where it was.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from tripartite.billing.models import Payment
from tripartite.billing.queries.statements import recording_of
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.paying import record_payment
from tripartite.billing.services.statements import (
    StatementReport,
    journal_statement,
    locked_statement,
    record_taken,
    reference_of,
    taken_of,
)
from tripartite.billing.states import RECORDING
from tripartite.jobs.kinds import Unit
from tripartite.jobs.services.starting import start_job
from tripartite.jobs.states import UNFINISHED
from tripartite.journal.services import Actor
from tripartite.pricing.french import counted
from tripartite.pricing.money import euros

AT_ONCE = 100
"""Lines of a unit; a statement of no more is recorded at once."""


@transaction.atomic
def note_statement(
    *, statement_id: int, aside: bool, seen: str | None = None, on: date, actor: Actor, at: datetime
) -> StatementReport | None:
    """Record the movements of a statement as `record_statement` does where they are few; else start a job that records
    them as they are now, and answer None.

    Raises BillingError as `record_statement`, and while a job is at it.
    """
    statement, taken = taken_of(statement_id=statement_id, aside=aside, seen=seen, on=on)
    job = recording_of(statement.pk)
    if job is not None and job.state in UNFINISHED:
        raise BillingError("Ce relevé est en train d'être noté.")
    if len(taken) <= AT_ONCE:
        return record_taken(statement, taken, actor, at)
    lines = [
        {
            "on": one.movement.on.isoformat(),
            "cents": one.movement.cents,
            "shares": [[each.pk, cents] for each, cents in one.shares],
            "payer": one.movement.payer,
            "reference": reference_of(one),
            "key": one.movement.key,
        }
        for one in taken
    ]
    start_job(
        kind=RECORDING,
        title=f"Relevé à noter : {statement.name}",
        on=on,
        parameters={"statement": statement.pk, "lines": lines},
        actor=actor,
        at=at,
    )
    return None


def list_units(*, on: date, parameters: dict[str, Any]) -> Iterable[Unit]:  # noqa: ARG001 - the signature of a kind
    """A unit for so many lines: its key is the place of the first."""
    count = len(parameters["lines"])
    for start in range(0, count, AT_ONCE):
        yield Unit(str(start), f"Mouvements {start + 1} à {min(start + AT_ONCE, count)}")


def run_unit(*, key: str, on: date, parameters: dict[str, Any], actor: Actor, at: datetime) -> str:  # noqa: ARG001
    """Record some lines, those that are recorded already left. Raises BillingError where an invoice no longer asks for
    what the preview showed: none of them is then recorded.
    """
    statement = locked_statement(parameters["statement"])
    lines = parameters["lines"][int(key) : int(key) + AT_ONCE]
    keys = [line["key"] for line in lines]
    known = set(
        Payment.objects.filter(issuer=statement.issuer, source_key__in=keys).values_list("source_key", flat=True)
    )
    left = [line for line in lines if line["key"] not in known]
    for line in left:
        record_payment(
            issuer=statement.issuer,
            received_on=date.fromisoformat(line["on"]),
            amount_cents=line["cents"],
            shares=dict(line["shares"]) or None,
            payer=line["payer"],
            reference=line["reference"],
            source=statement.name,
            source_key=line["key"],
            actor=actor,
            at=at,
        )
    shared = sum(cents for line in left for _, cents in line["shares"])
    statement.recorded_at, statement.recorded_by = at, actor.label
    statement.save(update_fields=["recorded_at", "recorded_by"])
    told = f"{counted(len(left), 'paiement')}, {euros(shared)} rapprochés"
    journal_statement(statement, actor, at, "record", f"Relevé noté, en partie : {statement.name}, {told}.")
    return told
