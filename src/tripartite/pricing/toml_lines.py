"""The line of every table, key and row of a TOML text: the standard reader forgets them, findings need them."""

import re
from collections import Counter

HEADER = re.compile(r"^\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*")(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"))*)\s*=""")
STRING = re.compile(r'"""|\'\'\'|"(?:\\.|[^"\\])*"|\'[^\']*\'|#.*|[\[\]{}]')

Path = tuple[str | int, ...]


def lines_of(text: str) -> dict[Path, int]:
    """Map the path of each table, key and array row to its line, from 1. Expects text that is valid TOML."""
    lines: dict[Path, int] = {}
    table: Path = ()
    counts: Counter[Path] = Counter()
    value = _Value()
    for number, line in enumerate(text.splitlines(), start=1):
        if value.open:
            value.read(line, number, lines)
            continue
        header = HEADER.match(line)
        if header:
            table = _table(header[2].strip(), counts, array=header[1] == "[[")
            lines.setdefault(table, number)
            continue
        key = KEY.match(line)
        if key:
            path = (*table, *_keys(key[1]))
            lines[path] = number
            value = _Value(path)
            value.read(line[key.end() :], number, lines)
    return lines


def _keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip('"') for part in re.findall(r'"[^"]*"|[^.]+', dotted))


def _table(dotted: str, counts: Counter[Path], *, array: bool) -> Path:
    """The path of a header: inside the last row of each array of tables that it goes through."""
    path: Path = ()
    keys = _keys(dotted)
    for depth, key in enumerate(keys):
        path = (*path, key)
        if array and depth == len(keys) - 1:
            counts[path] += 1
        if counts[path]:
            path = (*path, counts[path] - 1)
    return path


class _Value:
    """A value that may run over several lines: follows brackets and strings, notes where each row begins."""

    def __init__(self, path: Path = ()) -> None:
        self.path = path
        self.stack: list[str] = []
        self.row = -1
        self.quote: str | None = None

    @property
    def open(self) -> bool:
        return bool(self.stack or self.quote)

    def read(self, line: str, number: int, lines: dict[Path, int]) -> None:
        position = 0
        while position < len(line):
            if self.quote:
                end = line.find(self.quote, position)
                if end < 0:
                    return
                position, self.quote = end + 3, None
                continue
            found = STRING.search(line, position)
            if not found:
                return
            position = found.end()
            self._symbol(found[0], number, lines)

    def _symbol(self, symbol: str, number: int, lines: dict[Path, int]) -> None:
        if symbol in ('"""', "'''"):
            self.quote = symbol
        elif symbol in "[{":
            if symbol == "{" and self.stack == ["["]:
                self.row += 1
                lines[(*self.path, self.row)] = number
            self.stack.append(symbol)
        elif symbol in "]}" and self.stack:
            self.stack.pop()
