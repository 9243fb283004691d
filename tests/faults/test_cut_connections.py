"""PostgreSQL cut in the middle of an act: nothing of it stays, or all; then it is done."""

import random
import threading
import time

import pytest

from tests.bounds import PATIENCE
from tests.faults.bases import Base, broken_laws
from tests.faults.conftest import Installation
from tests.faults.killing import chosen_points, differences
from tests.faults.test_kills import NOTHING_TWICE, REFUSED_TWICE, SEED

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
NOBODY = "ALTER SYSTEM SET synchronous_standby_names = 'nobody'"


@pytest.fixture(autouse=True)
def _postgresql(installation: Installation) -> None:
    if installation.base.vendor == "sqlite":
        pytest.skip("SQLite has no connection to cut")


def _cut(base: Base) -> None:
    base.elsewhere(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{base.name}'")  # noqa: S608


@pytest.mark.parametrize("act", [*REFUSED_TWICE, *NOTHING_TWICE])
def test_an_act_whose_connection_is_cut_is_whole_or_is_not(installation: Installation, act: str) -> None:
    chance = random.Random(f"{SEED} {act}")  # noqa: S311
    run, given = installation.driver.run, installation.given
    expected, other = installation.copied("expected"), installation.copied("other")
    once = run(act, expected, given)
    assert {once.state, run(act, other, given).state} == {"ended"}
    done, alike = expected.rows(), other.rows()
    base = installation.copied("cut")
    sequences = base.sequences()
    for point in chosen_points(once, 4, chance):
        ending = run(act, base, given, stop=point, meanwhile=lambda base=base: _cut(base))
        base.rewind(sequences)
        if base.rows() == installation.rows:
            assert (ending.state, ending.answer) == ("refused", "OperationalError"), ending
        else:
            assert differences(base.rows(), done, alike) == [], (SEED, point, ending)
            base = installation.copied("cut")
    assert run(act, base, given).state == "ended"
    assert differences(base.rows(), done, alike) == []
    assert broken_laws(base) == []


def test_cut_once_the_base_has_committed_and_before_it_said_so_the_act_is_there(installation: Installation) -> None:
    """A commit that waits for a standby server is made already: cut then, whoever asked cannot know."""
    run, given = installation.driver.run, installation.given
    expected = installation.copied("expected")
    once = run("live", expected, given)
    base = installation.copied("cut")

    def cut_in_the_commit() -> None:
        base.elsewhere(NOBODY)
        base.elsewhere("SELECT pg_reload_conf()")
        threading.Thread(target=_cut_who_waits, args=(base,)).start()

    try:
        ending = run("live", base, given, stop=once.commits[-1], meanwhile=cut_in_the_commit)
    finally:
        base.elsewhere("ALTER SYSTEM RESET synchronous_standby_names")
        base.elsewhere("SELECT pg_reload_conf()")
    assert (ending.state, ending.answer) == ("refused", "OperationalError"), ending
    assert [len(rows) for rows in base.rows().values()] == [len(rows) for rows in expected.rows().values()]
    assert run("live", base, given).state == "refused"


def _cut_who_waits(base: Base) -> None:
    until = time.monotonic() + PATIENCE
    waiting = f"SELECT 1 FROM pg_stat_activity WHERE datname = '{base.name}' AND wait_event = 'SyncRep'"  # noqa: S608
    while not base.elsewhere(waiting):
        assert time.monotonic() < until
        time.sleep(0.01)
    _cut(base)
