"""A file of the directory as a table: read apart, and what is kept of it."""

import json
import zlib
from dataclasses import dataclass, field
from typing import NamedTuple

from tripartite.bounded.allowance import allowance
from tripartite.bounded.reading import MIB, read_bounded
from tripartite.bounded.refusals import refused_as
from tripartite.typed import clean_line

MOST_FINDINGS = 200
MAX_BYTES = 20_000_000
LONGEST_SOURCE = 200
PATIENCE = 6
"""How many times longer than another the reading of an official file may be: the list of all communes is long."""
LARGEST_ANSWER = 64 * MIB
Cells = dict[str, str]
Numbered = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class DirectoryFile:
    """A file to import. `year` is the reference year of its populations (None: not said), `source` where it is from."""

    name: str
    content: bytes
    source: str
    year: int | None = None

    def __post_init__(self) -> None:
        """The name is only shown: it is kept short, on one line, with nothing in it that does not show."""
        object.__setattr__(self, "name", clean_line(self.name)[:150] or "fichier")


class Finding(NamedTuple):
    """A fault, in French, with the line of the file (the header is line 1)."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, ligne {self.line} : {self.message}"


class ImportRefused(Exception):  # noqa: N818 - names what happened
    """A file that cannot be imported: nothing was written. `findings` say why, line by line."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


class SaidBeside(ImportRefused):
    """Files that could be imported, had what is said beside them been said, or said otherwise."""


class YearMissing(SaidBeside):
    """A file of populations that does not say their year, and nobody did."""


class NotOfDepartment(SaidBeside):
    """Files that have no line of the département to which they are to be kept."""


@dataclass(frozen=True, slots=True)
class Table:
    """The lines under a row of titles, each with its number in the file and its cells by title, in small letters.

    `faults` are the lines that have not these columns, to be told with all the others.
    """

    columns: tuple[str, ...]
    lines: list[tuple[int, Cells]]
    faults: list[Finding]

    def packed(self) -> bytes:
        """Itself, to be kept once its file has been read: lines at fault are none of it."""
        lines = [(number, [cells[column] for column in self.columns]) for number, cells in self.lines]
        return zlib.compress(json.dumps([self.columns, lines], ensure_ascii=False).encode())

    @classmethod
    def unpacked(cls, kept: bytes) -> "Table":
        columns, lines = json.loads(zlib.decompress(kept))
        return cls(tuple(columns), [(number, dict(zip(columns, cells, strict=True))) for number, cells in lines], [])


@dataclass(slots=True)
class TableFound:
    """What a reader tells of a file: the titles, the lines with their cells in that order, the lines at fault.

    Where it is `refused`, the faults are the reasons, and there is nothing else.
    """

    columns: tuple[str, ...] = ()
    lines: list[Numbered] = field(default_factory=list)
    faults: list[Finding] = field(default_factory=list)
    refused: bool = False


def read_table(file: DirectoryFile, known: tuple[frozenset[str], ...]) -> Table:
    """The table of a file that has all the titles of one of the sets `known`. Windows-1252 or UTF-8; commas, semicolons
    or tabs; or XLSX, of which the first sheet with such titles is read. Raises ImportRefused, and Busy when too many
    files are being read.
    """
    check_size(file)
    with refused_as(lambda words: ImportRefused([Finding(file.name, 1, words[:1].lower() + words[1:])])):
        found: TableFound = read_bounded(
            "tripartite.parties.services.tables:read_apart",
            TableFound,
            limits=allowance(answer=LARGEST_ANSWER).longer(PATIENCE),
            name=file.name,
            content=file.content,
            known=known,
        )
    if found.refused:
        raise ImportRefused(found.faults)
    lines = [(number, dict(zip(found.columns, cells, strict=True))) for number, cells in found.lines]
    return Table(found.columns, lines, found.faults)


def check_size(file: DirectoryFile) -> None:
    """Raises ImportRefused for a file that has too many bytes to be read."""
    if len(file.content) > MAX_BYTES:
        raise ImportRefused([Finding(file.name, 1, f"fichier trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")])


def refuse(findings: list[Finding]) -> None:
    """Raise ImportRefused with these faults, in the order of their lines, if there is any."""
    if findings:
        raise ImportRefused(sorted(findings, key=lambda finding: finding.line)[:MOST_FINDINGS])
