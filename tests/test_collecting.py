"""What nothing holds any more is given back: rarely, yet long before a server has answered ten thousand pages."""

import subprocess
import sys

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
