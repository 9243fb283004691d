"""What the tests of letters start from: the offer in force, an act whose hour has come."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories import conventions
from tests.scenarios.lettering import Doing, prepared


@pytest.fixture
def offered(db: None) -> None:
    """The offer in force, ready for conventions."""
    conventions.offer()


@pytest.fixture
def doing(request: pytest.FixtureRequest, offered: None, tmp_path: Path) -> Iterator[Doing]:
    """All that comes before an act of the module's `ACTS` is done, and its hour has come."""
    with prepared(request.module.ACTS[request.node.callspec.params["name"]], tmp_path) as ready:
        yield ready
