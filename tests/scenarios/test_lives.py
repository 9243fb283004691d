"""Random lives, through every door: each day costs, and has made due, what a second reckoning says."""

import pytest

from tests.scenarios.lives import Life
from tests.scenarios.running import DOORS, run_story
from tests.scenarios.story import story_of

SEEDS = {"services": (1, 5), "cli": (3,), "http": (4,)}
"""More of them by `python -m tests.scenarios --lives 40`."""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("door", "seed"),
    [
        pytest.param(door, seed, marks=pytest.mark.one_base if door == "cli" else ())
        for door in DOORS
        for seed in SEEDS[door]
    ],
)
def test_a_random_life_costs_what_is_reckoned_apart(door: str, seed: int) -> None:
    life = Life(seed)
    story = story_of(life.told(), name=life.title)
    assert [f"{told.step} : {difference}" for told in run_story(story, door) for difference in told.differences] == []
