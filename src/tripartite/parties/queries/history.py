"""What became of communes: mergers, restorations, changes of code and of name, as official movements tell. Pure.

A commune is named by its INSEE code, which another may bear in its turn: a day always goes with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from tripartite.parties.queries.folding import fold
from tripartite.parties.states import Change

ALWAYS = date.max


class Movement(NamedTuple):
    """A change of the commune of the code `code`, named `name` until then, from the day `on` (the first of the new)."""

    change: Change
    code: str
    name: str
    into: str
    into_name: str
    on: date

    @property
    def last_day(self) -> date:
        """The last day (inclusive) of what was there before."""
        return self.on - timedelta(days=1)


class Former(NamedTuple):
    """A name or a code that is no longer borne, its last day (inclusive), and the code of the commune to see now.

    `same` is true when that commune is the same person: only the name or the code changed.
    """

    code: str
    name: str
    last_day: date
    heir: str
    same: bool

    @property
    def words(self) -> str:
        """« X (99001), jusqu'au 31/12/2024 »."""
        return f"{self.name} ({self.code}), jusqu'au {self.last_day:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class History:
    """All the movements known; asked by code and by day. Their order does not matter."""

    movements: frozenset[Movement]
    leaving: dict[str, list[Movement]]
    coming: dict[str, list[Movement]]

    @classmethod
    def of(cls, movements: Iterable[Movement]) -> "History":
        kept = frozenset(movements)
        leaving: dict[str, list[Movement]] = {}
        coming: dict[str, list[Movement]] = {}
        for one in sorted(kept, key=lambda one: (one.on, one)):
            leaving.setdefault(one.code, []).append(one)
            if one.into:
                coming.setdefault(one.into, []).append(one)
        return cls(kept, leaving, coming)

    def lives(self, code: str, on: date = ALWAYS) -> bool:
        """Whether a commune bears the code on a day, as far as movements tell: without any, yes."""
        ends = max((one.on for one in self.leaving.get(code, ()) if _empties(one) and one.on <= on), default=None)
        if ends is None:
            return True
        return any(one.on <= on and _fills(one, ends) for one in self.coming.get(code, ()))

    def end_of(self, code: str, since: date | None = None) -> Movement | None:
        """The movement by which the person that bore the code after the day `since` (without it, the last one known)
        left it; None when it bears it still.
        """
        if since is not None:
            return next((one for one in self.leaving.get(code, ()) if one.on > since and _ends(one)), None)
        if self.lives(code):
            return None
        return next((one for one in reversed(self.leaving.get(code, ())) if _empties(one)), None)

    def last_birth(self, code: str) -> date | None:
        """The day from which the person that bears the code now does, where a movement tells that it is another."""
        born = [one.on for one in self.coming.get(code, ()) if self._gives_birth(one)]
        return max(born, default=None)

    def name_after(self, code: str, name: str) -> str:
        """The name of the commune that the file calls `name`, after the renamings known."""
        for one in self.leaving.get(code, ()):
            if one.change is Change.RENAMED and fold(one.name) == fold(name):
                name = one.into_name
        return name

    def heir(self, end: Movement) -> str:
        """The code of the commune where what a movement moved is found now, step by step; « » when it is nowhere."""
        code, day, seen = end.into, end.on, {end}
        while code:
            step = next(
                (one for one in self.leaving.get(code, ()) if one.on >= day and one not in seen and _empties(one)),
                None,
            )
            if step is None:
                break
            seen.add(step)
            code, day = step.into, step.on
        return code

    def before(self, code: str) -> str:
        """The code that the same commune bore before `code`, the last time that it changed; « » when it never did."""
        recoded = [one.code for one in self.coming.get(code, ()) if one.change is Change.RECODED]
        return recoded[-1] if recoded else ""

    def formers(self) -> Iterator[Former]:
        """The names and codes no longer borne, the latest first."""
        for one in sorted(self.movements, key=lambda one: (one.on, one), reverse=True):
            if one.change is Change.RESTORED or not one.name:
                continue
            heir = self.heir(one) if one.into != one.code else self._where(one.code)
            if heir:
                yield Former(one.code, one.name, one.last_day, heir, one.change in {Change.RENAMED, Change.RECODED})

    def _gives_birth(self, one: Movement) -> bool:
        """Whether the movement gives its code to another person than the one that bore it, if any."""
        if one.change is Change.MERGED:
            return one.into == one.code or not self.lives(one.into, one.last_day)
        return one.change is Change.RESTORED

    def _where(self, code: str) -> str:
        """Where the commune that bears, or bore last, a code is found now."""
        end = self.end_of(code)
        return code if end is None else self.heir(end)


def _empties(one: Movement) -> bool:
    """Whether nobody bears the code after the movement, unless another fills it."""
    return one.change is Change.GONE or (one.change in {Change.MERGED, Change.RECODED} and one.into != one.code)


def _ends(one: Movement) -> bool:
    """Whether the person that bore the code no longer does: it ended, moved, or another took its code."""
    return one.change in {Change.MERGED, Change.RECODED, Change.GONE}


def _fills(one: Movement, ended: date) -> bool:
    """Whether the movement gives its code a bearer, the code having been left on the day `ended`.

    What is restored that very day bears it; what merged or moved into it that day went on with what left it.
    """
    return one.on > ended or (one.on == ended and (one.change is Change.RESTORED or one.into == one.code))
