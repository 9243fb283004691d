"""A kind of job whose units take long before they write: what each needs is found outside its transaction.

`parameters` says how finding goes: `failing` are the keys of which it fails; `MEANWHILE` is called in the middle of it.
"""

from collections.abc import Callable

from django.db import connection

from tripartite.jobs.kinds import Unit
from tripartite.journal.services import record

MEANWHILE: list[Callable[[str], None]] = []


def list_units(*, on, parameters):
    return [Unit(key, f"Ligne {key}") for key in parameters["keys"]]


def prepare_unit(*, key, on, parameters):
    for act in MEANWHILE:
        act(key)
    if key in parameters.get("failing", []):
        raise ValueError(f"La ligne {key} ne se lit pas.")
    return "hors transaction" if not connection.in_atomic_block else "dans une transaction"


def run_prepared(*, key, on, parameters, prepared, actor, at):
    record(actor=actor, at=at, action="trial", subject_kind="trial", subject_id=key, text=prepared)
    return prepared
