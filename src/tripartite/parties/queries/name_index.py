"""An index in memory of the names and codes of bodies. No database here: entries in, keys out."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from tripartite.parties.queries.folding import acronym, fold, fold_unfinished, without_articles, without_town_hall
from tripartite.parties.queries.misspelling import Vocabulary


class Entry(NamedTuple):
    """What a body is found by. `departments` and `postal_codes` are separated by spaces.

    A body may have several: its own, and one for each name or code that it, or a body merged into it, no longer bears;
    `through` then says which, in French, and until when. `declared`: only a visitor has said that it is.
    """

    pk: int
    name: str
    siren: str
    siret: str | None
    code_insee: str | None
    postal_codes: str
    departments: str
    ended: bool
    through: str = ""
    declared: bool = False


class _Sorted:
    """Texts in order, each with the places of the entries that bear it: found whole or by their beginning."""

    __slots__ = ("places", "texts")

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        self.places: dict[str, list[int]] = {}
        for text, place in pairs:
            self.places.setdefault(text, []).append(place)
        self.texts = sorted(self.places)

    def equal(self, text: str) -> list[int]:
        return self.places.get(text, [])

    def beginning(self, text: str) -> Iterator[int]:
        for index in range(bisect_left(self.texts, text), len(self.texts)):
            if not self.texts[index].startswith(text):
                return
            yield from self.places[self.texts[index]]


class NameIndex:
    """Finds bodies by ranks: the code itself, the full name, what begins so, what contains it, what nearly reads so.

    Inside a rank the order is alphabetical, articles apart: that of `entries`.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        spelled = ((fold(entry.name), entry) for entry in entries)
        named = sorted(
            ((without_articles(name), entry.through, entry.siren, name, entry) for name, entry in spelled),
            key=lambda one: one[:3],
        )
        self.entries = [entry for *_, entry in named]
        self.spelled = [name for *_, name, _ in named]
        self.bare = [bare for bare, *_ in named]
        numbered = range(len(self.entries))
        self.spelled_names = _Sorted((self.spelled[n], n) for n in numbered)
        self.bare_names = _Sorted((self.bare[n], n) for n in numbered)
        self.glued_names = _Sorted((self.spelled[n].replace(" ", ""), n) for n in numbered)
        self.acronyms = _Sorted((short, n) for n in numbered for short in [acronym(self.spelled[n])] if short)
        self.codes = _Sorted((code, n) for n in numbered for code in _codes(self.entries[n]))
        self.words = _Sorted((word, n) for n in numbered for word in {*self.spelled[n].split()})
        self.vocabulary = Vocabulary(self.words.texts)

    def search(
        self, text: str, *, limit: int, department: str | None, include_ended: bool, include_declared: bool = False
    ) -> list[Entry]:
        """The entries that `text` may mean, one a body, at most `limit`, the likeliest first."""
        if limit < 1 or not fold(text):
            return []

        def admitted(n: int) -> bool:
            entry = self.entries[n]
            shown = (include_ended or not entry.ended) and (include_declared or not entry.declared)
            return shown and (department is None or department in entry.departments.split())

        found: dict[int, Entry] = {}
        for rank in self._ranks(text):
            fresh = {n for n in rank() if self.entries[n].pk not in found and admitted(n)}
            for n in sorted(fresh, key=lambda n: (bool(self.entries[n].through), n)):  # those still borne first
                found.setdefault(self.entries[n].pk, self.entries[n])
            if len(found) >= limit:
                break
        return list(found.values())[:limit]

    def _ranks(self, text: str) -> Iterator[Callable[[], Iterable[int]]]:
        """The ranks, the best first, each to be worked out only when those before it were not enough."""
        asked, unfinished = fold(text), fold_unfinished(text)
        code = asked.replace(" ", "")
        if (code.isdigit() and len(code) >= 2) or (len(code) == 5 and code[0].isdigit()):
            yield lambda: self._exact_codes(code)
            yield lambda: self.codes.beginning(code)
        name = without_town_hall(asked)
        bare, glued = without_articles(name), name.replace(" ", "")
        yield lambda: self.spelled_names.equal(asked)
        yield lambda: self.spelled_names.equal(name)
        yield lambda: self.bare_names.equal(bare)
        yield lambda: self.glued_names.equal(glued)
        yield lambda: self.acronyms.equal(glued)
        beginnings = {asked, name}
        yield lambda: [n for beginning in beginnings for n in self.spelled_names.beginning(beginning)]
        yield lambda: self.bare_names.beginning(bare)
        yield lambda: self.glued_names.beginning(glued)
        if unfinished != asked:
            yield lambda: self.spelled_names.beginning(unfinished)
        words = bare.split()
        holding: set[int] = set()

        def in_one_piece() -> Iterable[int]:
            holding.update(self._holding([frozenset(self._meaning(word)) for word in words]))
            return [n for n in holding if f" {bare}" in f" {self.bare[n]}"]

        yield in_one_piece
        named = " ".join(word for word in words if not word[0].isdigit())
        if named != bare:
            yield lambda: [n for n in holding if self.bare[n] == named]
            yield lambda: [n for n in holding if self.bare[n].startswith(named)]
        yield lambda: holding
        if len(glued) >= 3 and not code.isdigit():
            yield lambda: [n for n, held in enumerate(self.bare) if bare in held]
            yield from self._misspelt(words)

    def _exact_codes(self, code: str) -> list[int]:
        """Bodies of this very code; a SIRET that is not recorded finds the body of its SIREN."""
        return self.codes.equal(code) or (self.codes.equal(code[:9]) if len(code) == 14 else [])

    def _meaning(self, word: str) -> Iterator[int]:
        """Entries with a word that begins so, or a code that does."""
        yield from self.words.beginning(word)
        if len(word) >= 2 and word[0].isdigit():
            yield from self.codes.beginning(word)

    def _holding(self, meanings: list[frozenset[int]]) -> frozenset[int]:
        """Entries that answer every word."""
        meanings.sort(key=len)
        return meanings[0].intersection(*meanings[1:]) if meanings else frozenset()

    def _misspelt(self, words: list[str]) -> Iterator[Callable[[], Iterable[int]]]:
        """Entries whose words are nearly those asked: the fewest mistakes first, whole words before beginnings."""
        readings = [self.vocabulary.readings(word) for word in words]
        if not any(readings):
            return
        meanings = []
        for word, near in zip(words, readings, strict=True):
            cost = dict.fromkeys(self._meaning(word), 0)
            for reading, distance in near.items():
                for n in self.words.equal(reading):
                    cost[n] = min(cost.get(n, distance), distance)
            meanings.append(cost)
        candidates = self._holding([frozenset(cost) for cost in meanings])
        total = {n: sum(cost[n] for cost in meanings) for n in candidates}
        for distance in sorted(set(total.values())):
            yield lambda distance=distance: [n for n, cost in total.items() if cost == distance]  # type: ignore[misc]


def _codes(entry: Entry) -> Iterator[str]:
    if entry.siren:
        yield entry.siren
    if entry.siret:
        yield entry.siret
    if entry.code_insee:
        yield entry.code_insee.lower()
    yield from set(entry.postal_codes.split())
