"""docs/echeances.md: its examples hold, to the day and to the letter."""

import re
import tomllib
from typing import Any

import pytest
from django.conf import settings

from tests.following.test_deadline_rules import Agreed
from tripartite.following.queries.deadline_rules import convention_days, subscription_due_days

TEXT = (settings.ROOT / "docs/echeances.md").read_text(encoding="utf-8")
EXAMPLES = [tomllib.loads(block) for block in re.findall(r"^```toml\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)]


def answer(example: dict[str, Any]) -> list[Any]:
    if "anchor_on" in example:
        found = subscription_due_days(starts_on=example["anchor_on"], ends_on=None, **example)
        return [list(one) for one in found]
    return [list(one) for one in convention_days(Agreed(**example))]


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_of_the_page_holds(example: dict[str, Any]) -> None:
    said = dict(example)
    expected = said.pop("expected")
    assert answer(said) == expected


def test_the_page_has_its_examples() -> None:
    assert len(EXAMPLES) == 4
