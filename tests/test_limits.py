"""How the bounds of what costs are written."""

import pytest

from tripartite.config import ConfigError, read_config
from tripartite.limits import DAY, HOUR, MINUTE, USUAL, Bound, Costly, read_limits


def test_without_a_word_the_bounds_are_the_usual_ones() -> None:
    assert dict(read_limits("")) == dict(USUAL)
    assert set(USUAL) == set(Costly)


def test_what_is_written_changes_that_alone_and_longer_spans_in_proportion() -> None:
    found = read_limits(" estimate=600/7000, request=5/100 ")
    assert found[Costly.ESTIMATE] == (Bound(MINUTE, 600, 7000),)
    assert found[Costly.REQUEST] == (Bound(HOUR, 5, 100), Bound(DAY, 15, 300))
    assert found[Costly.LINK] == USUAL[Costly.LINK]


def test_none_can_be_asked_for() -> None:
    assert dict(read_limits("aucune")) == {}


@pytest.mark.parametrize(
    "written",
    ["estimate", "estimate=3", "estimate=0/3", "estimate=3/-1", "autre=1/2", "estimate=1/2/3", "estimate=²/3"],
)
def test_what_cannot_be_read_stops_the_start(written: str, tmp_path: object) -> None:
    with pytest.raises(ConfigError, match="TRIPARTITE_LIMITS"):
        read_config({"TRIPARTITE_VAR": str(tmp_path), "TRIPARTITE_LIMITS": written})
