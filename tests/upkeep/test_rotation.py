"""Which backups are kept: the last of each day, week and month."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.upkeep.rotation import Keep, backup_name, made_on, read_keep, surplus

NIGHTS = [datetime(2026, 11, 27, 3, 30) - timedelta(days=number) for number in range(60)]  # noqa: DTZ001 - local


def left(keep, instants=tuple(NIGHTS)):
    names = [backup_name(at) for at in instants]
    gone = surplus(names, keep)
    return [name for name in names if name not in gone]


def test_a_name_says_the_local_minute():
    assert backup_name(NIGHTS[0]) == "tripartite-2026-11-27-0330.zip"
    assert made_on("tripartite-2026-11-27-0330.zip") == NIGHTS[0]


@pytest.mark.parametrize(
    "name", ["tripartite.zip", "tripartite-2026-02-30-0330.zip", ".tripartite-2026-11-27-0330.zip.partial"]
)
def test_what_is_no_backup_is_never_let_go(name):
    assert made_on(name) is None
    assert surplus([name], Keep(1, 0, 0)) == []


def test_the_last_of_each_day_week_and_month_stays():
    assert left(Keep(3, 3, 3)) == [
        "tripartite-2026-11-27-0330.zip",
        "tripartite-2026-11-26-0330.zip",
        "tripartite-2026-11-25-0330.zip",
        "tripartite-2026-11-22-0330.zip",
        "tripartite-2026-11-15-0330.zip",
        "tripartite-2026-10-31-0330.zip",
        "tripartite-2026-09-30-0330.zip",
    ]


def test_a_day_keeps_its_last_and_the_newest_is_never_let_go():
    twice = [NIGHTS[0], NIGHTS[0] - timedelta(hours=2), NIGHTS[1]]
    assert left(Keep(1, 0, 0), twice) == ["tripartite-2026-11-27-0330.zip"]
    assert left(Keep(0, 1, 0), NIGHTS[5:]) == ["tripartite-2026-11-22-0330.zip"]


@given(
    st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)), max_size=30),  # noqa: DTZ001 - local
    st.tuples(*[st.integers(0, 5)] * 3).filter(any),
)
def test_letting_go_twice_lets_go_of_nothing_more(instants, numbers):
    keep = Keep(*numbers)
    names = {backup_name(at) for at in instants}
    stays = names - set(surplus(names, keep))
    assert surplus(stays, keep) == []
    assert len(stays) <= sum(numbers) + 1
    assert not names or max(names) in stays


@pytest.mark.parametrize(("text", "keep"), [("7,4,12", Keep(7, 4, 12)), (" 1 , 0 , 0", Keep(1, 0, 0))])
def test_three_numbers_are_read(text, keep):
    assert read_keep(text) == keep


@pytest.mark.parametrize("text", ["", "7", "7,4", "0,0,0", "-1,4,12", "7,4,12,1", "sept,4,12"])
def test_anything_else_is_not(text):
    with pytest.raises(ValueError, match=r".*"):
        read_keep(text)
