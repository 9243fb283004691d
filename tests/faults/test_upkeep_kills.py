"""SIGKILL inside a backup, inside its restoration, inside an update of the directory: whole, or nothing of it."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.faults.bases import Base, Rows, broken_laws
from tests.faults.conftest import KILLED, Installation
from tests.faults.killing import LATER, Ending, chosen_points, differences
from tests.faults.test_kills import SEED
from tests.faults.test_kills_between import attack
from tripartite.upkeep.archive import opened

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
POINTS, INSTANTS = 6, 4
JOURNAL = "journal_entry"


def _backup(installation: Installation, base: Base, folder: Path, **when: Any) -> Ending:
    return installation.driver.run("command", base, {"words": ["backup", "--to", str(folder)]}, **when)


def _restore(installation: Installation, base: Base, file: Path, **when: Any) -> Ending:
    return installation.driver.run("command", base, {"words": ["restore", str(file)]}, **when)


def test_a_backup_killed_at_any_instant_is_whole_or_is_not(
    installation: Installation, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(f"{SEED} backup")  # noqa: S311
    base, killed = installation.copied("saved"), 0
    once = _backup(installation, base, installation.folder / "backups-once")
    assert (once.state, once.answer) == ("ended", 0)
    before = base.rows()
    attempts = [{"stop": point} for point in chosen_points(once, POINTS, chance)]
    attempts += [{"after": chance.uniform(0, once.seconds)} for _ in range(INSTANTS)]
    for place, attempt in enumerate(attempts):
        folder = installation.folder / f"backups-{place}"
        ending = _backup(installation, base, folder, **attempt)
        killed += ending.state == "killed"
        where = f"seed {SEED}, {attempt}, {ending}"
        for path in folder.glob("tripartite-*"):
            with opened(path) as reader:
                reader.check()  # raises, if a byte is not as it was written
        again = _backup(installation, base, folder, at=LATER + timedelta(minutes=1))
        assert (where, again.state, again.answer) == (where, "ended", 0)
        assert (where, list(folder.glob(".tripartite-*"))) == (where, [])
    after = base.rows()
    assert {name for name in before if after[name] != before[name]} <= {JOURNAL, "sqlite_sequence"}
    assert after[JOURNAL][: len(before[JOURNAL])] == before[JOURNAL]
    print(f"backup: killed {killed} times inside")
    request.node.user_properties.append((KILLED, killed))


def test_a_restoration_killed_at_any_instant_leaves_nothing_or_all(
    installation: Installation, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(f"{SEED} restore")  # noqa: S311
    folder = installation.folder / "backup-to-restore"
    assert _backup(installation, installation.copied("source"), folder).answer == 0
    (file,) = folder.glob("tripartite-*")
    expected, other = installation.without_rows("expected"), installation.without_rows("other")
    once, twin = _restore(installation, expected, file), _restore(installation, other, file)
    assert (once.answer, twin.answer) == (0, 0), (once, twin)
    done, alike, killed, told = _kept(expected), _kept(other), 0, []
    base = installation.without_rows("attacked")
    nothing = _kept(base)
    attempts = [{"stop": point} for point in chosen_points(once, POINTS, chance)]
    attempts += [{"after": chance.uniform(0, once.seconds)} for _ in range(INSTANTS)]
    for attempt in attempts:
        ending = _restore(installation, base, file, **attempt)
        killed += ending.state == "killed"
        where = f"seed {SEED}, {attempt}, {ending}"
        found = _kept(base)
        if found == nothing:
            told.append("nothing")
            continue
        untold = done | {JOURNAL: done[JOURNAL][:-1]}  # put back, and killed before the journal said so
        assert [] in (differences(found, done, alike), differences(found, untold)), where
        told.append("all")
        again = _restore(installation, base, file)
        assert (where, again.state, again.answer) == (where, "ended", 1)
        base = installation.without_rows("attacked")
    assert set(told) == {"nothing", "all"}, told
    assert _restore(installation, base, file).answer == 0
    assert differences(_kept(base), done, alike) == []
    assert broken_laws(base) == []
    print(f"restore: killed {killed} times inside; then nothing {told.count('nothing')}, all {told.count('all')}")
    request.node.user_properties.append((KILLED, killed))


def _kept(base: Base) -> Rows:
    """What a backup keeps: not the permissions and types that Django writes of itself, nor where keys count from."""
    own = ("sqlite_sequence", "auth_permission", "django_content_type", "django_migrations")
    return {name: rows for name, rows in base.rows().items() if name not in own}


def test_an_update_of_the_directory_killed_in_its_worker(
    installation: Installation, request: pytest.FixtureRequest
) -> None:
    start = installation.copied("updating")
    assert installation.driver.run("start_update", start, installation.given).state == "ended"
    killed = attack(installation, start, "work", installation.given)
    request.node.user_properties.append((KILLED, killed))
