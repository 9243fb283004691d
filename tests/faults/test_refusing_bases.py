"""A base whose disk is full, or that is only read: an act is refused and nothing of it stays; then it is done, once."""

import pytest

from tests.faults.bases import broken_laws
from tests.faults.conftest import Installation
from tests.faults.killing import differences
from tests.faults.test_kills import ACTS

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
ROOM = (0, 8, 40)
"""Pages by which a SQLite file may still grow: from none to about what one paper takes."""
NAMES = [act if isinstance(act, str) else str(act.values[0]) for act in ACTS]


@pytest.mark.parametrize("act", NAMES)
def test_an_act_that_finds_no_room_is_whole_or_is_not(installation: Installation, act: str) -> None:
    if installation.base.vendor != "sqlite":
        pytest.skip("PostgreSQL has no such limit")
    _refused_then_done(installation, act, [_room(installation, pages) for pages in ROOM])


@pytest.mark.parametrize("act", NAMES)
def test_an_act_on_a_base_that_is_only_read_leaves_nothing(installation: Installation, act: str) -> None:
    only_read = {"sqlite": "PRAGMA query_only = 1", "postgresql": "SET default_transaction_read_only = on"}
    _refused_then_done(installation, act, [only_read[installation.base.vendor]])


def _room(installation: Installation, pages: int) -> str:
    [(now,)] = installation.base.ask("PRAGMA page_count")
    return f"PRAGMA max_page_count = {now + pages}"


def _refused_then_done(installation: Installation, act: str, limits: list[str]) -> None:
    run, given = installation.driver.run, installation.given
    expected, other = installation.copied("expected"), installation.copied("other")
    assert {run(act, one, given).state for one in (expected, other)} == {"ended"}
    done, alike = expected.rows(), other.rows()
    base = installation.copied("limited")
    sequences = base.sequences()
    for limit in limits:
        ending = run(act, base, given, first=(limit,))
        base.rewind(sequences)
        if ending.state == "refused":
            assert ending.answer in ("OperationalError", "InternalError"), ending
            assert base.rows() == installation.rows, (limit, ending)
        else:
            assert differences(base.rows(), done, alike) == [], (limit, ending)
            base = installation.copied("limited")
    assert run(act, base, given).state == "ended"
    assert differences(base.rows(), done, alike) == []
    assert broken_laws(base) == []
