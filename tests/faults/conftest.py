"""The installation under attack, made once, and the process that acts on its copies."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.documents.racing import ROOT
from tests.faults.bases import Base, Rows, tested_base
from tests.faults.killing import Driver

KILLED = "killed inside"
"""What a test of kills says of itself: how many fell between the first word of an act and its last."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many kills fell inside an act, test by test, and in all."""
    passed = terminalreporter.stats.get("passed", [])
    counts = {one.nodeid: dict(one.user_properties)[KILLED] for one in passed if KILLED in dict(one.user_properties)}
    for name, count in counts.items():
        terminalreporter.write_line(f"{count:>4} {name.partition('::')[2]}")
    if counts:
        terminalreporter.write_line(f"{sum(counts.values()):>4} kills inside an act, in all")


@dataclass(frozen=True)
class Installation:
    """A base where every act is about to be done, what each is about, and who acts."""

    folder: Path
    base: Base
    given: dict[str, Any]
    driver: Driver
    rows: Rows
    tables: Base
    """A base that has the tables and no row of ours."""

    @property
    def environment(self) -> dict[str, str]:
        """That of a command of the application on a base: `environment | {"DATABASE_URL": …}`."""
        return self.driver.environment

    def copied(self, name: str) -> Base:
        """The base as it was made, for one test to attack."""
        return self.base.copy(f"{self.base.stem}_{name}")

    def without_rows(self, name: str) -> Base:
        """A base where a backup may be put back."""
        return self.tables.copy(f"{self.tables.stem}_{name}")


@pytest.fixture(scope="session")
def installation(django_db_setup: None, django_db_blocker: Any) -> Iterator[Installation]:
    folder = Path(tempfile.mkdtemp(prefix="tripartite-faults-"))
    with django_db_blocker.unblock():
        tested = tested_base(folder)
    base, tables = tested.copy(f"{tested.stem}_world"), tested.copy(f"{tested.stem}_tables")
    environment = {
        **os.environ,
        "DATABASE_URL": base.url,
        "DJANGO_SETTINGS_MODULE": "tripartite.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        "TRIPARTITE_VAR": str(folder),
        "TRIPARTITE_MODE": "local",
        "TRIPARTITE_DAILY_AT": "jamais",
    }
    driver = Driver(folder, environment).open()
    try:
        made = driver.run("make_world", base, {})
        assert made.state == "ended", (made.answer, made.where)
        yield Installation(folder, base, made.answer, driver, base.rows(), tables)
    finally:
        driver.opened.close()
        base.drop()
        tables.drop()
        shutil.rmtree(folder, ignore_errors=True)
