"""The kind of job that bills: one invoice a unit, each once (jobs/kinds.py)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from tripartite.billing.models import BillingRun
from tripartite.billing.queries.preparing import Asked, names_of, prepare
from tripartite.billing.services.ahead import ReadAhead, read_ahead
from tripartite.billing.services.issuing import bill_unit
from tripartite.billing.services.running import unit_words
from tripartite.billing.states import Fate
from tripartite.jobs.kinds import Unit
from tripartite.journal.services import Actor


def list_units(*, on: date, parameters: dict[str, Any]) -> Iterable[Unit]:  # noqa: ARG001 - the signature of a kind
    """A unit for each invoice of the run that somebody chose; else for each that there is to issue, to wait or to put
    right: the report names them all.
    """
    run = BillingRun.objects.get(pk=parameters["run"])
    if run.units:
        return [Unit(key, words) for key, words in names_of([key for key, _ in run.units]).items()]
    return [Unit(one.unit, unit_words(one)) for one in prepare(_asked(run, "")) if one.fate is not Fate.NOTHING]


def run_unit(*, key: str, on: date, parameters: dict[str, Any], actor: Actor, at: datetime) -> str:  # noqa: ARG001
    """Bill one unit as it stands now. Raises BillingError when something is to be put right first."""
    return _bill(parameters["run"], key, None, actor, at)


def prepare_unit(*, key: str, on: date, parameters: dict[str, Any]) -> ReadAhead | None:  # noqa: ARG001
    """What is due to the unit, read with those that come after it: what takes most of the reading is then done once."""
    run = BillingRun.objects.get(pk=parameters["run"])
    return read_ahead(run, _asked(run, ""), key)


def run_prepared(
    *,
    key: str,
    on: date,  # noqa: ARG001
    parameters: dict[str, Any],
    prepared: ReadAhead | None,
    actor: Actor,
    at: datetime,
) -> str:
    """As `run_unit`; what was read is read again if anything was done meanwhile."""
    return _bill(parameters["run"], key, prepared, actor, at)


def _bill(run_id: int, key: str, ahead: ReadAhead | None, actor: Actor, at: datetime) -> str:
    run = BillingRun.objects.get(pk=run_id)
    seen = dict(run.units).get(key)
    asked = _asked(run, key)
    _, outcome = bill_unit(asked=asked, run=run, seen_cents=seen, ahead=ahead, actor=actor, at=at)
    return outcome


def _asked(run: BillingRun, unit: str) -> Asked:
    return Asked(run.issuer, run.until, run.issued_on, tuple(run.frequencies), unit)
