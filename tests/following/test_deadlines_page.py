"""docs/echeances.md: its examples hold, to the day and to the letter."""

import re
import tomllib
from typing import Any

import pytest
from django.conf import settings

from tests.following.test_deadline_rules import Agreed, due_of
from tripartite.following.queries.deadline_rules import convention_days, due_text

TEXT = (settings.ROOT / "docs/echeances.md").read_text(encoding="utf-8")
EXAMPLES = [tomllib.loads(block) for block in re.findall(r"^```toml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)]


def answer(example: dict[str, Any]) -> list[Any]:
    if "anchor_on" in example:
        anchor = example["anchor_on"]
        return [[day, due_text(anchor, day)] for day in due_of(anchor, since=example["since"], until=example["until"])]
    return [list(one) for one in convention_days(Agreed(**example))]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_of_the_page_holds(example: dict[str, Any]) -> None:
    said = dict(example)
    expected = said.pop("expected")
    assert answer(said) == expected


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) == 4
