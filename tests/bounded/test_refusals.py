"""Why a file was not read, told by each step in its own error."""

import pytest

from tests.test_repository import ROOT
from tripartite.bounded.refusals import Busy, NotRead, TooBig, TooLong, refused_as


@pytest.mark.parametrize("refusal", [NotRead, TooBig, TooLong])
def test_what_gives_nothing_is_refused_in_the_words_of_the_step(refusal) -> None:
    with pytest.raises(ValueError, match="est") as told, refused_as(ValueError):
        raise refusal
    assert (str(told.value), told.value.__cause__) == (refusal.words, None)


@pytest.mark.parametrize("other", [Busy(), KeyError("x")])
def test_what_says_nothing_of_the_file_passes(other) -> None:
    with pytest.raises(type(other)) as told, refused_as(ValueError):
        raise other
    assert told.value is other


def test_no_step_has_its_own_way_to_turn_what_was_not_read() -> None:
    sources = (ROOT / "src/tripartite").rglob("*.py")
    said = {path.parent.name for path in sources if "NotRead" in path.read_text(encoding="utf-8")}
    assert said == {"bounded"}
