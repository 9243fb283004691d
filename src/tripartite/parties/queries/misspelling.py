"""Words that nearly read like another: one slip of the hand, two in a long word."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
LONG = 8
BEGINNING_COST = 1


def slips(word: str) -> Iterator[tuple[str, int]]:
    """All that one slip makes of `word`: a letter left out, doubled or added, changed, or swapped with the next.

    Each comes with the place of the slip.
    """
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:], place
            for letter in LETTERS:
                yield head + letter + tail[1:], place
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:], place
        for letter in LETTERS:
            yield head + letter + tail, place


def distance(left: str, right: str, most: int) -> int:
    """The number of slips between two words (optimal string alignment), or more than `most` as soon as it is sure."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


class Vocabulary:
    """The words of a directory, in order."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self.known = frozenset(words)
        self.longest = max(map(len, words), default=0)

    def readings(self, word: str) -> dict[str, int]:
        """The words that `word` may be a misspelling of, or of their beginning, each with what it costs.

        Two letters are too few to be mistaken. Two slips are looked for in long words that no single slip explains,
        and only among the words that begin with the same letter.
        """
        if not 3 <= len(word) <= self.longest + 2:
            return {}
        found: dict[str, int] = {}
        for near, place in slips(word):
            if near in self.known:
                found[near] = 1
            if len(word) > 3 and place < len(word) - 1:
                for longer in self._beginning(near):
                    found.setdefault(longer, 1 + BEGINNING_COST)
        if not found and len(word) >= LONG:
            letters = frozenset(word)
            for known in self._beginning(word[0]):
                if len(letters.difference(known)) > 2:
                    continue  # each letter that is not there is a slip
                apart = min(distance(word, known, 2), distance(word, known[: len(word)], 2) + BEGINNING_COST)
                if apart <= 2 + BEGINNING_COST:
                    found[known] = apart
        return found

    def _beginning(self, text: str) -> Iterator[str]:
        for index in range(bisect_left(self.words, text), len(self.words)):
            if not self.words[index].startswith(text):
                return
            yield self.words[index]
