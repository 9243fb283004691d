"""Every story of this folder, through every door: the same file, the same expectations."""

from pathlib import Path

import pytest

from tests.scenarios.running import DOORS, run_story
from tests.scenarios.story import read_story

STORIES = sorted(Path(__file__).parent.glob("*.toml"))


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_goes_as_it_is_told(path, door):
    assert [
        f"{told.step} : {difference}" for told in run_story(read_story(path), door) for difference in told.differences
    ] == []
