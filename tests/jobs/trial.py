"""A kind of job whose act writes one line of the journal. Some units fail; each takes as long as it is told.

From the unit `gate` on, each waits, its line written, until the file `opens` is there: where a test asks what stands in
the middle of a job, the middle is where it says, however fast the workers are and however slow the test.
"""

import os
import time
from pathlib import Path

from tripartite.jobs.kinds import Unit
from tripartite.journal.queries import entries_about
from tripartite.journal.services import record


def list_units(*, on, parameters):
    return [Unit(key, f"Ligne {key}") for key in parameters["keys"]]


def run_unit(*, key, on, parameters, actor, at):
    record(
        actor=actor,
        at=at,
        action="trial",
        subject_kind="trial",
        subject_id=key,
        text=f"{on:%d/%m/%Y} par {os.getpid()}",
    )
    time.sleep(parameters.get("seconds", 0))
    while key >= parameters.get("gate", "~") and not Path(parameters["opens"]).exists():
        time.sleep(0.01)
    if key in parameters.get("failing", []) and not entries_about("mended", key).exists():
        raise ValueError(f"La ligne {key} manque.")
    return f"ligne {key} écrite"


def written(key):
    """How many times the act of a unit is in the database."""
    return entries_about("trial", key).count()
