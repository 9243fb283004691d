"""The kind of job that does what a day brings. Each step says what is its own, in a module that `DAILY` names.

Such a module has `units(on)`, what there is to do on a day, and `run(key, on, actor, at)`, which does one of them and
answers whether something changed. What is done may bring more for the same day, a renewal whose term is over too, so a
day is looked at again until it has nothing left: round after round, and every door does the rounds alike.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from importlib import import_module
from typing import Any, NamedTuple, Protocol, cast

from django.conf import settings
from django.db import transaction

from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor

DONE, NOTHING_LEFT = "fait", "rien à faire : c'était déjà fait"
ROUND = "|"
"""Between the number of a round and the key of a unit, from the second round on: a key may come back in each."""


class Tried(NamedTuple):
    """A unit as it went: whether it changed something; why it failed, « » when it did not."""

    unit: Unit
    changed: bool
    failure: str


class Step(Protocol):
    """A module of `DAILY`."""

    def units(self, on: date) -> Iterable[Unit]: ...
    def run(self, key: str, on: date, actor: Actor, at: datetime) -> bool: ...


def list_units(*, on: date, parameters: dict[str, Any]) -> list[Unit]:  # noqa: ARG001 - the signature of a kind
    """What the steps have to do on that day, one step after the other; each key begins with the code of its step."""
    return [Unit(f"{code}:{key}", words) for code in settings.DAILY for key, words in _step(code).units(on)]


def run_unit(*, key: str, on: date, parameters: dict[str, Any], actor: Actor, at: datetime) -> str:  # noqa: ARG001
    """Do one of them; says whether something was left to do."""
    return DONE if run_daily_unit(_without_round(key), on, actor, at) else NOTHING_LEFT


def next_units(*, on: date, parameters: dict[str, Any], done: Iterable[tuple[str, str]]) -> list[Unit]:
    """What the day brings after what its job has done: `done` says each key tried, with its outcome; none once a round
    has changed nothing. What failed is not tried again by itself.
    """
    tried = [(*_round_of(key), outcome) for key, outcome in done]
    last = max((number for number, _, _ in tried), default=0)
    if not any(number == last and outcome == DONE for number, _, outcome in tried):
        return []
    failed = {key for _, key, outcome in tried if outcome not in (DONE, NOTHING_LEFT)}
    listed = list_units(on=on, parameters=parameters)
    return [Unit(f"{last + 1}{ROUND}{key}", words) for key, words in listed if key not in failed]


def do_day(*, on: date, actor: Actor, at: datetime) -> Iterator[Tried]:
    """Do all that a day brings, round after round until one changes nothing; answers each unit as it is tried.

    Each is its own transaction: one that fails stops no other, and is not tried again here.
    """
    failed: set[str] = set()
    going_on = True
    while going_on:
        going_on = False
        for unit in list_units(on=on, parameters={}):
            if unit.key in failed:
                continue
            try:
                changed = run_daily_unit(unit.key, on, actor, at)
            except Exception as error:  # noqa: BLE001 - one bad file never stops the rest
                failed.add(unit.key)
                yield Tried(unit, False, str(error) or type(error).__name__)
                continue
            going_on |= changed
            yield Tried(unit, changed, "")


def _round_of(key: str) -> tuple[int, str]:
    number, mark, own = key.partition(ROUND)
    return (int(number), own) if mark and number.isdecimal() else (1, key)


def _without_round(key: str) -> str:
    return _round_of(key)[1]


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
