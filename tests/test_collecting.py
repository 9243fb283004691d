"""What nothing holds any more is given back: rarely, yet long before a server has answered ten thousand pages; still
more rarely while a directory is walked, and as before once it has been."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tripartite.collecting import MUCH, much_is_kept

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
