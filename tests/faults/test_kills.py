"""SIGKILL inside each act that commits: all of it is there or nothing, and done again it is done once."""

import os
import random

import pytest

from tests.faults.bases import broken_laws
from tests.faults.conftest import KILLED, Installation
from tests.faults.killing import chosen_points, differences

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
SEED = int(os.environ.get("FAULTS_SEED", random.randrange(10**6)))  # noqa: S311 - instants, no secret
"""What the instants are drawn from; FAULTS_SEED draws the same again."""
POINTS, INSTANTS = 6, 3
"""How many kills of each act: at points that are chosen, and at any instant by the clock."""
QUICK = ("issue", "sign_paper", "live", "bill")
REFUSED_TWICE = (
    *("issue", "accept", "draft", "send", "sign_paper", "sign_certificate", "sign_code", "amend", "live", "end"),
    "credit",
)
"""Done twice, these are refused."""
NOTHING_TWICE = ("bill", "pay")
"""Done twice, these find it done."""
ADDED_TWICE = ("visit", "start_billing")
"""Done twice, these are two acts: whoever asks for them sees the first."""
ACTS = [
    pytest.param(act, marks=pytest.mark.quick) if act in QUICK else act
    for act in (*REFUSED_TWICE, *NOTHING_TWICE, *ADDED_TWICE)
]


@pytest.mark.parametrize("act", ACTS)
def test_an_act_killed_at_any_instant_is_whole_or_is_not(
    installation: Installation, act: str, request: pytest.FixtureRequest
) -> None:
    points, instants = (POINTS, INSTANTS) if request.config.getoption("--faults") else (4, 0)
    killed = _kill(installation, act, points, instants)
    request.node.user_properties.append((KILLED, killed))


def _kill(installation: Installation, act: str, points: int, instants: int) -> int:
    """Kill an act so many times at points of its own and by the clock; look each time, then do it. How many kills fell
    inside it.
    """
    chance = random.Random(f"{SEED} {act}")  # noqa: S311
    given, run = installation.given, installation.driver.run
    expected, other = installation.copied("expected"), installation.copied("other")
    once, twin = run(act, expected, given), run(act, other, given)
    assert (once.state, twin.state) == ("ended", "ended"), (once, twin)
    before, done, alike = installation.rows, expected.rows(), other.rows()
    assert done != before
    base = installation.copied("attacked")
    sequences = base.sequences()
    told: list[str] = []
    killed = 0

    attempts = [{"stop": point} for point in chosen_points(once, points, chance)]
    attempts += [{"after": chance.uniform(0, once.seconds)} for _ in range(instants)]
    for attempt in attempts:
        ending = run(act, base, given, **attempt)
        killed += ending.state == "killed"
        where = f"seed {SEED}, {act}, {attempt}, {ending}"
        assert ending.state != "refused", where
        found = base.rows()
        assert broken_laws(base) == [], where
        if found == before:
            assert ending.state == "killed", where
            told.append("nothing")
            base.rewind(sequences)
            continue
        assert differences(found, done, alike) == [], where
        told.append("all")
        again = run(act, base, given)
        assert again.state == ("refused" if act in REFUSED_TWICE else "ended"), (where, again)
        if act not in ADDED_TWICE:
            assert differences(base.rows(), found) == [], where
        base = installation.copied("attacked")

    assert {"nothing", "all"} <= set(told), told
    ending = run(act, base, given)
    assert ending.state == "ended", ending
    assert differences(base.rows(), done, alike) == []
    assert broken_laws(base) == []
    print(f"{act}: killed {killed} times inside; then nothing {told.count('nothing')} times, all {told.count('all')}")
    return killed
