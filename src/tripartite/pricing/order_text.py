"""Decoding the text of an order, the same at every door: what is not one JSON value, whole and exact, is a bad order.

Pure. `contract.parse_order` reads what this answers.
"""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from tripartite.pricing.order import OrderError

MAX_BYTES = 500_000
"""Of an order: some 500 lines asked for and as many held, said at length."""

MAX_DIGITS = 40
"""Of a decimal number: computing with millions of them would hold a process for minutes."""

NOT_JSON = "La demande n'est pas du JSON valable."
TOO_BIG = "La demande est trop volumineuse."


def decode_order(raw: bytes) -> Any:
    """The JSON value that a text in UTF-8 holds, with or without its mark; decimals stay decimals.

    Raises OrderError bad-order (French) when the text is too big, not UTF-8, not JSON, names a key twice in one
    object, holds NaN, Infinity, a number of too many digits, or a text that cannot be written anywhere (half a
    surrogate pair, a zero character).
    """
    if len(raw) > MAX_BYTES:
        raise OrderError("bad-order", TOO_BIG)
    try:
        found = json.loads(
            raw.decode("utf-8-sig"), parse_float=_decimal, parse_constant=_refuse, object_pairs_hook=_object
        )
        "".join(_texts(found)).encode()
    except (ValueError, RecursionError):
        raise OrderError("bad-order", NOT_JSON) from None
    return found


def _decimal(text: str) -> Decimal:
    if len(text) > MAX_DIGITS:
        raise OrderError("bad-order", f"Un nombre a trop de chiffres : {MAX_DIGITS} au plus.")
    return Decimal(text)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys all differ: of two values of one key, none is the right one."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for place, key in enumerate(keys) if key in keys[:place])
        shown = twice[:80].encode("utf-8", "replace").decode()
        raise OrderError("bad-order", f"Le champ « {shown} » est écrit deux fois : n'en garder qu'un.")
    return found


def _texts(value: Any) -> Iterator[str]:
    """Every text of a decoded value, keys included."""
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError(value)
        yield value
    elif isinstance(value, dict):
        for key, held in value.items():
            yield from _texts(key)
            yield from _texts(held)
    elif isinstance(value, list):
        for held in value:
            yield from _texts(held)
