"""Values told from one process to another: they come back as they were, or not at all."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.bounded.values import Malformed, packed, unpacked


class Colour(StrEnum):
    RED = "red"


class Pair(NamedTuple):
    left: str | int | Fraction | date | None
    right: bytes


@dataclass(frozen=True)
class Whole:
    pairs: tuple[Pair, ...]
    named: dict[str, Colour]
    at: datetime | None
    fixed: tuple[int, str]


CELLS = st.one_of(st.none(), st.text(), st.integers(), st.fractions(), st.dates())


@given(
    st.builds(
        Whole,
        st.lists(st.builds(Pair, CELLS, st.binary())).map(tuple),
        st.dictionaries(st.text(), st.just(Colour.RED)),
        st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
        st.tuples(st.integers(), st.text()),
    )
)
def test_a_value_comes_back_as_it_was(whole):
    assert unpacked(Whole, *packed(whole)) == whole


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (str, 3),
        (int, True),
        (int, 1.5),
        (bytes, {"bytes": 7}),
        (bytes, {"bytes": -2}),
        (date, {"instant": "2026-11-27"}),
        (date, {"day": "le 3"}),
        (Colour, "blue"),
        (Fraction, {"fraction": [1, 0]}),
        (Fraction, {"fraction": "1e999999999"}),
        (tuple[int, ...], {"map": {}}),
        (tuple[int, int], [1]),
        (Pair, ["seul"]),
        (dict[str, int], [1]),
        (str | int, [1]),
        (str | int, {"day": "2026-11-27"}),
        (list[list[int]], "x"),
    ],
)
def test_what_is_not_the_value_awaited_is_refused(kind, said):
    with pytest.raises(Malformed):
        unpacked(kind, json.dumps([[], said]).encode(), b"")


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[" * 100_000, b"[[1], 0]", b"[[-1], 0]", b'[["a"], 0]', b"[[], %s]" % (b"9" * 5000)]
)
def test_what_is_no_value_at_all_is_refused(text):
    with pytest.raises(Malformed):
        unpacked(int, text, b"")


@pytest.mark.parametrize("value", [1.5, object(), len, [1.0]])
def test_what_cannot_be_told_is_not_sent(value):
    with pytest.raises(TypeError):
        packed(value)


@pytest.mark.parametrize("kind", [float, Any, str | Colour])
def test_a_type_that_is_not_told_is_an_error_of_ours(kind):
    with pytest.raises(TypeError):
        decoder_of(kind)


def decoder_of(kind):
    from tripartite.bounded.values import decoder  # noqa: PLC0415

    return decoder(kind)
