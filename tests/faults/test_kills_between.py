"""SIGKILL inside what is made of several transactions: no instant shows half a unit, and the rest is done by the next.

Killed several times in a row without being let finish, then done to the end: the base is that of one who was never
killed.
"""

import random
from typing import Any

import pytest

from tests.faults.bases import Base, Rows, broken_laws
from tests.faults.conftest import KILLED, Installation
from tests.faults.killing import LATER, Ending, chosen_points, differences
from tests.faults.test_kills import SEED

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
SPRING = LATER.replace(year=2027, month=2, day=5)
"""A day that has much to do: offers that expire, signatures awaited for long."""
APART = ("django_tasks_database_dbtaskresult", "upkeep_workerseen", "sqlite_sequence")
"""Tables of the queue and of signs of life: they say who worked, which a kill changes."""
KILLS = 8


def _kept(base: Base) -> Rows:
    return {name: rows for name, rows in base.rows().items() if name not in APART}


def attack(installation: Installation, start: Base, act: str, given: Any, **when: Any) -> int:
    """Kill an act again and again; how many times inside it. The base ends as that of one who was not killed."""
    chance = random.Random(f"{SEED} {act} {given}")  # noqa: S311
    run = installation.driver.run
    expected, other = start.copy(f"{start.stem}_expected"), start.copy(f"{start.stem}_other")
    once, twin = run(act, expected, given, **when), run(act, other, given, **when)
    assert (once.state, twin.state) == ("ended", "ended"), (once, twin)
    done, alike = _kept(expected), _kept(other)
    base, sequences, killed, finished = start.copy(f"{start.stem}_attacked"), start.sequences(), 0, 0
    while killed < KILLS:
        ending = run(act, base, given, **_instant(once, chance, killed), **when)
        where = f"seed {SEED}, {act}, {ending}"
        assert ending.state != "refused", where
        assert broken_laws(base) == [], where
        killed += ending.state == "killed"
        base.rewind(sequences)
        if ending.state == "ended":
            finished += 1
            assert (where, differences(_kept(base), done, alike)) == (where, [])
            base = start.copy(f"{start.stem}_attacked")
    ending = run(act, base, given, **when)
    assert ending.state == "ended", ending
    assert differences(_kept(base), done, alike) == []
    assert broken_laws(base) == []
    print(f"{act}: killed {killed} times inside, let finish {finished} times")
    return killed


def _instant(once: Ending, chance: random.Random, place: int) -> dict[str, Any]:
    """By the clock one time in four, else at a point of the act or around one of its commits."""
    if place % 4 == 3:
        return {"after": chance.uniform(0, once.seconds)}
    return {"stop": chance.choice(chosen_points(once, min(20, once.points), chance))}


def test_a_run_of_billing_killed_in_its_workers(installation: Installation, request: pytest.FixtureRequest) -> None:
    start = installation.copied("asked")
    assert installation.driver.run("start_billing", start, installation.given).state == "ended"
    killed = attack(installation, start, "work", installation.given)
    request.node.user_properties.append((KILLED, killed))


def test_what_a_day_brings_killed_in_the_middle(installation: Installation, request: pytest.FixtureRequest) -> None:
    words = ["daily", "--apply", "--on", f"{SPRING:%Y-%m-%d}"]
    killed = attack(installation, installation.base, "command", {"words": words}, at=SPRING)
    request.node.user_properties.append((KILLED, killed))
