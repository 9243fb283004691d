"""What a refusal says."""

import pytest

from tripartite.billing.services.errors import some_of


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1"), (10, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10"), (11, "1, 2, 3, 4, 5, 6, 7, 8, 9, 10 et 1 autre")],
)
def test_a_refusal_names_a_few_numbers(count: int, said: str) -> None:
    assert some_of([str(number + 1) for number in range(count)]) == said
