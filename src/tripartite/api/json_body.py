"""Reading a request's JSON exactly: decimals stay decimals, and what is not JSON is the contract's bad-order."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from tripartite.pricing.order import OrderError

MAX_BYTES = 500_000
"""Of a body: some 500 lines asked for and as many held, said at length."""

MAX_DIGITS = 40
"""Of a decimal number: computing with millions of them would hold the server for minutes."""


def read_json(request: HttpRequest) -> Any:
    """The decoded body.

    Raises OrderError bad-order (French) when it is too big, not UTF-8, not JSON, or holds what no text holds.
    """
    try:
        found = json.loads(_body(request), parse_float=_decimal, parse_constant=_refuse)
        "".join(_texts(found)).encode()
    except (ValueError, RecursionError):
        raise OrderError("bad-order", "La demande n'est pas du JSON valable.") from None
    return found


def _body(request: HttpRequest) -> bytes:
    too_big = OrderError("bad-order", "La demande est trop volumineuse.")
    try:
        body: bytes = request.body
    except RequestDataTooBig:
        raise too_big from None
    if len(body) > MAX_BYTES:
        raise too_big
    return body


def _decimal(text: str) -> Decimal:
    if len(text) > MAX_DIGITS:
        raise OrderError("bad-order", f"Un nombre a trop de chiffres : {MAX_DIGITS} au plus.")
    return Decimal(text)


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _texts(value: Any) -> Iterator[str]:
    """Every text of a decoded body, keys included; half a surrogate pair cannot be written anywhere, nor a zero."""
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
