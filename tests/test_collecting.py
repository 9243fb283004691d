"""What nothing holds any more is given back: rarely, yet long before a server has answered ten thousand pages; still
more rarely while a directory is walked, and as before once it has been."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import tripartite
from tests.factories import parties
from tripartite.collecting import MUCH, much_is_kept
from tripartite.subscriptions.queries.running import readings_of_many
from tripartite.web.shell.exports import Layout, export

PAGES = """
import gc
from collections import deque
from tripartite.collecting import collect_rarely

collect_rarely()
in_hand, most = deque(maxlen=60), 0
for page in range(8_000):
    made = []
    for _ in range(200):
        one, other = [], []
        one.append(other)
        other.append(one)
        made.append(one)
    in_hand.append(made)
    if page % 50 == 0:
        most = max(most, len(gc.get_objects()))
print(most)
"""
"""Sixty pages at once, of four hundred objects that hold each other: those in hand at a look pass for old."""


def test_what_old_pages_left_does_not_pile_up() -> None:
    done = subprocess.run([sys.executable, "-c", PAGES], check=True, capture_output=True, text=True)
    assert int(done.stdout) < 350_000, "of 3 200 000 made, 24 000 in hand at once"


@pytest.fixture(autouse=True)
def _looks() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(10_000, 20, 50)
    yield
    gc.set_threshold(*before)


def test_looks_are_as_before_once_it_is_walked() -> None:
    with much_is_kept():
        assert gc.get_threshold() == (MUCH, 20, 50)
    assert gc.get_threshold() == (10_000, 20, 50)


def test_a_failure_puts_them_back() -> None:
    with pytest.raises(ZeroDivisionError), much_is_kept():
        _ = 1 // 0
    assert gc.get_threshold() == (10_000, 20, 50)


def test_whoever_leaves_last_puts_them_back() -> None:
    first, second = ExitStack(), ExitStack()
    first.enter_context(much_is_kept())
    second.enter_context(much_is_kept())
    first.close()
    assert gc.get_threshold() == (MUCH, 20, 50)
    second.close()
    assert gc.get_threshold() == (10_000, 20, 50)


def test_no_answer_is_made_while_it_is_sent() -> None:
    """What walks a directory has done so once its file is: a client that takes it slowly keeps no look away."""
    source = Path(tripartite.__file__).parent
    assert [path for path in source.rglob("*.py") if "StreamingHttpResponse" in path.read_text("utf-8")] == []


@pytest.mark.django_db
def test_a_file_of_a_directory_leaves_the_looks_as_before() -> None:
    looks: list[tuple[int, int, int]] = []

    def rows() -> Iterator[list[str]]:
        for readings in readings_of_many([parties.body().pk], at_once=1):
            looks.append(gc.get_threshold())
            yield [one.body.name for one in readings.values()]

    parties.directory()
    answer = export("liste", ["nom"], rows(), Layout.CSV)
    assert (looks, gc.get_threshold(), answer.streaming) == ([(MUCH, 20, 50)], (10_000, 20, 50), False)
