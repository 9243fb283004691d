"""docs/pricing.md: how a price comes about. Its examples hold to the cent, explanations to the letter."""

import json
import re
from datetime import date
from typing import Any

import pytest
from tests.pricing.worked_examples import ROOT, Example, answer_in_python, kept, read_manual

from tripartite.pricing.proration import Prorata, part_due
from tripartite.pricing.vat import split_vat

TEXT = (ROOT / "docs/pricing.md").read_text(encoding="utf-8")
ACT = (ROOT / "grids/cdg62/2024-03-26.toml").read_text(encoding="utf-8")
EXAMPLES = read_manual("docs/pricing.md", grid=ACT).examples
BLOCKS = [json.loads(block) for block in re.findall(r"^```json\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)]
PAPERS = [block for block in BLOCKS if "paper" in block]
PARTS = [block for block in BLOCKS if "part" in block]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_examples_hold(example: Example) -> None:
    assert kept(answer_in_python(example), example.expected) == example.expected


@pytest.mark.parametrize("block", PAPERS, ids=lambda block: f"{len(block['paper'])} lines")
def test_vat_is_split_as_it_is_told(block: dict[str, Any]) -> None:
    lines = [(line["gross_cents"], None if line["rate"] is None else line["rate"] * 100) for line in block["paper"]]

    paper = split_vat(lines)

    assert {
        "net_cents": [line.net for line in paper.lines],
        "total": {"net_cents": paper.total.net, "vat_cents": paper.total.vat, "gross_cents": paper.total.gross},
    } == block["expected"]


@pytest.mark.parametrize("block", PARTS, ids=lambda block: block["part"]["first_on"])
def test_a_part_of_a_year_costs_what_is_told(block: dict[str, Any]) -> None:
    part = {name: value if name == "amount_cents" else _days(value) for name, value in block["part"].items()}

    assert {way.value: part_due(prorata=way, **part).amount_cents for way in Prorata} == block["expected"]


def _days(value: str | list[str]) -> date | tuple[date, ...]:
    return date.fromisoformat(value) if isinstance(value, str) else tuple(date.fromisoformat(day) for day in value)


def test_every_block_is_run() -> None:
    assert (len(EXAMPLES) + len(PAPERS) + len(PARTS), len(PAPERS), len(PARTS)) == (len(BLOCKS), 2, 2)


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", TEXT)

    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
