"""Reading a request's JSON exactly: decimals stay decimals, and what is not JSON is the contract's bad-order."""

import json
from decimal import Decimal
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from tripartite.pricing import OrderError


def read_json(request: HttpRequest) -> Any:
    """The decoded body. Raises OrderError bad-order (French) when it is too big, not UTF-8 or not JSON."""
    try:
        return json.loads(request.body, parse_float=Decimal, parse_constant=_refuse)
    except RequestDataTooBig:
        raise OrderError("bad-order", "La demande est trop volumineuse.") from None
    except (ValueError, RecursionError):
        raise OrderError("bad-order", "La demande n'est pas du JSON valable.") from None


def _refuse(constant: str) -> None:
    raise ValueError(constant)
