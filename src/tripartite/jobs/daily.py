"""The kind of job that does what a day brings. Each step says what is its own, in a module that `DAILY` names.

Such a module has `units(on)`, what there is to do on a day, and `run(key, on, actor, at)`, which does one of them and
answers whether something changed.
"""

from collections.abc import Iterable
from datetime import date, datetime
from importlib import import_module
from typing import Any, Protocol, cast

from django.conf import settings
from django.db import transaction

from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor


class Step(Protocol):
    """A module of `DAILY`."""

    def units(self, on: date) -> Iterable[Unit]: ...
    def run(self, key: str, on: date, actor: Actor, at: datetime) -> bool: ...


def list_units(*, on: date, parameters: dict[str, Any]) -> list[Unit]:  # noqa: ARG001 - the signature of a kind
    """What the steps have to do on that day, one step after the other; each key begins with the code of its step."""
    return [Unit(f"{code}:{key}", words) for code in settings.DAILY for key, words in _step(code).units(on)]


def run_unit(*, key: str, on: date, parameters: dict[str, Any], actor: Actor, at: datetime) -> str:  # noqa: ARG001
    """Do one of them; says whether something was left to do."""
    return "fait" if run_daily_unit(key, on, actor, at) else "rien à faire : c'était déjà fait"


@transaction.atomic
def run_daily_unit(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Do one of them; whether something changed. Raises JobError when the key names no step, or what the act raises."""
    code, _, own = key.partition(":")
    return _step(code).run(own, on, actor, at)


def _step(code: str) -> Step:
    path = settings.DAILY.get(code)
    if path is None:
        raise JobError(f"L'étape « {code} » n'a rien à faire chaque jour.")
    return cast("Step", import_module(path))
