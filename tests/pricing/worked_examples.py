"""Examples written in documents: a ```toml block, then ```json blocks with an order and what it must answer."""

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from tripartite.pricing.contract import parse_order
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.order import OrderError
from tripartite.pricing.pricer import price_order

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(
    r"^#{2,3} (?P<heading>[^\n]+)$|^```(?P<language>toml|json)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


class Example(NamedTuple):
    """An order and the answer that a document promises, under the heading where it stands."""

    heading: str
    number: int
    grid: str
    order: dict[str, Any]
    expected: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.heading} ({self.number})"


class Manual(NamedTuple):
    """The headings of a document in their order, its grids as whole texts, its examples."""

    headings: list[str]
    grids: dict[str, str]
    examples: list[Example]


def read_manual(path: str, *, preamble_heading: str = "", grid: str = "") -> Manual:
    """The examples of a document.

    A fragment is completed by the block under `preamble_heading`; orders under a heading without a grid are
    priced with `grid`. Blocks that hold no order are left to the tests of that document.
    """
    manual = Manual([], {}, [])
    heading = preamble = ""
    for found in BLOCK.finditer((ROOT / path).read_text(encoding="utf-8")):
        text = found["text"]
        if found["heading"]:
            heading = found["heading"]
            manual.headings.append(heading)
        elif found["language"] == "toml" and heading == preamble_heading:
            preamble = text
        elif found["language"] == "toml":
            manual.grids[heading] = text if text.startswith("format = 1") else f"{preamble}\n{text}"
        elif "order" in (block := json.loads(text)):
            number = sum(example.heading == heading for example in manual.examples) + 1
            manual.examples.append(Example(heading, number, manual.grids.get(heading, grid), **block))
    return manual


def answer_in_python(example: Example) -> dict[str, Any]:
    """What pricing answers to an example, errors included."""
    try:
        parsed = parse_order(example.order)
        assert parsed.on
        return price_order(read_grid(example.grid), parsed.order(on=parsed.on)).as_json()
    except OrderError as error:
        return error.as_json()


def kept(answer: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """What an answer says of all that an example speaks of, in the shape of the example."""
    if "error" in expected:
        return {"error": answer["error"]["code"] if "error" in answer else None}
    assert "error" not in answer, answer["error"]
    shown: dict[str, Any] = {}
    for name, value in expected.items():
        if name == "lines":
            keys = [list(line) for line in value] or [[]]
            shown[name] = [
                {key: line.get(key) for key in keys[min(place, len(keys) - 1)]}
                for place, line in enumerate(answer["lines"])
            ]
        elif name == "totals":
            shown[name] = {
                issuer: {key: answer["totals"][issuer][key] for key in totals} for issuer, totals in value.items()
            }
        elif name == "warnings":
            shown[name] = [warning["code"] for warning in answer["warnings"]]
        else:
            shown[name] = answer[name]
    return shown
