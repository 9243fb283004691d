"""What an import did, or would do: of each file what it was, of the directory what changed."""

from dataclasses import asdict, dataclass

from tripartite.parties.services.layouts import Listing
from tripartite.parties.states import Layout

MOST_KEPT = 1000
"""Lines of each group of a report that are kept; the count is always whole."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file of an import: which it is, of which kind, of which year, with how many lines."""

    name: str
    layout: Layout
    source: str
    year: int | None
    lines: int

    @property
    def label(self) -> str:
        return self.layout.label


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do (`dry`). Each entry of a group is a line to print, in French.

    `unlisted` are the bodies that the files no longer list and whose end no source dates; `figures` the populations
    that are new, `movements` the changes of communes that are.
    """

    dry: bool
    files: tuple[FileRead, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    merged: tuple[str, ...]
    gone: tuple[str, ...]
    unlisted: tuple[str, ...]
    unchanged: int
    figures: int
    movements: int
    skipped: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        groups = (self.added, self.changed, self.merged, self.gone, self.unlisted)
        return not (any(groups) or self.figures or self.movements)

    def as_json(self) -> dict[str, object]:
        """As it is kept: each group with its count, its lines up to a bound."""
        kept: dict[str, object] = {}
        for name, value in asdict(self).items():
            if name == "files":
                continue
            kept[name] = {"count": len(value), "lines": list(value[:MOST_KEPT])} if isinstance(value, tuple) else value
        return kept


def lines_of(listing: Listing) -> int:
    """How many lines of a file say something."""
    return len(listing.communes) or len(listing.epcis) or len(listing.movements) or len(listing.usual_names)


def year_said(listing: Listing) -> int | None:
    """The year of what a file says: of its populations, of the groups that it lists, of its last movement."""
    match listing.layout:
        case Layout.MOVEMENTS:
            return max((one.on.year for one in listing.movements), default=None)
        case Layout.SIREN | Layout.MEMBERS:
            return listing.as_of.year if listing.as_of else None
        case Layout.COG | Layout.USUAL_NAMES:
            return None
        case _:
            return listing.file.year
