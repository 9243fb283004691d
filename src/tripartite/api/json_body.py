"""Reading a request's JSON exactly, as every door reads an order."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from tripartite.pricing.order import OrderError
from tripartite.pricing.order_text import TOO_BIG, decode_order


def read_json(request: HttpRequest) -> Any:
    """The decoded body. Raises OrderError bad-order, as `decode_order`."""
    try:
        body: bytes = request.body
    except RequestDataTooBig:
        raise OrderError("bad-order", TOO_BIG) from None
    return decode_order(body)
