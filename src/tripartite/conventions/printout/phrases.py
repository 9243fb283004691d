"""How a model writes its text: paragraphs, lists, headings, conditions and placeholders; and how it is filled in.

A blank line ends a paragraph. A line that begins with « - » is an item of a list, with « ## » a heading. A line that
begins with « [si …] » or « [sans …] » is kept only then. A placeholder is filled in once: what it puts in is never
read again, so that no name can become text to fill in.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
CONDITION = re.compile(r"\[([^\]]*)\]\s*")
CONDITIONS = frozenset(
    {
        "reconduction",
        "reconduction avec préavis",
        "reconduction sans préavis",
        "préavis",
        "date d'effet",
        "échéance",
        "dernier jour de préavis",
        "dernier jour d'opposition",
        "prorata",
        "commune",
        "avenant",
    }
)
SERVICES = re.compile(r"service ([a-z0-9-]+(?:, [a-z0-9-]+)*)")
UNKNOWN = "à compléter"


class TextLine(NamedTuple):
    """A line of a model's text: « paragraph », « item » or « heading »; `block` tells which lines go together."""

    block: int
    kind: str
    condition: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a paper's text, filled in: « paragraph » and « heading » have one text, « list » has its items."""

    kind: str
    texts: tuple[str, ...]

    @property
    def text(self) -> str:
        return self.texts[0]


@dataclass(frozen=True, slots=True)
class Facts:
    """What fills a text in: the value of each placeholder (None: not known), the conditions that hold, the services."""

    values: Mapping[str, str | None]
    conditions: frozenset[str]
    services: frozenset[str]

    def holds(self, condition: str | None) -> bool:
        """Whether « si … » or « sans … » is true."""
        if condition is None:
            return True
        word, _, rest = condition.partition(" ")
        named = SERVICES.fullmatch(rest)
        true = bool(self.services & set(named[1].split(", "))) if named else rest in self.conditions
        return true if word == "si" else not true

    def fill(self, text: str) -> str:
        """The text with its placeholders replaced; « à compléter » where the value is not known."""
        return PLACEHOLDER.sub(lambda found: self.values.get(found[1]) or UNKNOWN, text)


def lines_of_text(text: str) -> Iterator[TextLine]:
    """The lines of a text, each with its kind and condition."""
    block = 0
    for written in text.strip().splitlines():
        line = " ".join(written.split())
        if not line:
            block += 1
            continue
        kind = "paragraph"
        if line.startswith("- ") or line == "-":
            kind, line = "item", line[1:].strip()
        elif line.startswith("## "):
            kind, line = "heading", line[3:].strip()
        condition = CONDITION.match(line)
        yield TextLine(block, kind, condition and condition[1], line[condition.end() :] if condition else line)


def known_condition(condition: str) -> bool:
    """Whether a model may ask this."""
    word, _, rest = condition.partition(" ")
    return word in {"si", "sans"} and (rest in CONDITIONS or SERVICES.fullmatch(rest) is not None)


def placeholders(text: str) -> list[str | None]:
    """The names between braces, in order; None for a brace that is alone."""
    alone = re.search(r"[{}]", PLACEHOLDER.sub("", text))
    return [*PLACEHOLDER.findall(text), *([None] if alone else [])]


def blocks_of(text: str, facts: Facts) -> tuple[Block, ...]:
    """The text as it is printed under these facts."""
    blocks: list[tuple[tuple[int, str], list[str]]] = []
    for line in lines_of_text(text):
        if not facts.holds(line.condition):
            continue
        place = (line.block, line.kind)
        filled = facts.fill(line.text)
        if blocks and blocks[-1][0] == place and line.kind != "heading":
            blocks[-1][1].append(filled)
        else:
            blocks.append((place, [filled]))
    return tuple(_block(kind, texts) for (_, kind), texts in blocks)


def _block(kind: str, texts: list[str]) -> Block:
    if kind == "item":
        return Block("list", tuple(texts))
    return Block(kind, (" ".join(texts),))
