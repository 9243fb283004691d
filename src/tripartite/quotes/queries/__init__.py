"""Questions about requests and quotes."""

from tripartite.quotes.queries.estimating import Estimator, estimate_order, order_payload
from tripartite.quotes.queries.pricing_lines import RequestLine, fingerprint, request_lines, totals_with_prices
from tripartite.quotes.queries.requests import (
    RequestEstimate,
    current_version,
    estimate_request,
    facts_for,
    is_expired,
    prices_given,
    public_requests_since,
    queue_counts,
    quote_by_id,
    quote_by_number,
    quotes_in_hand,
    request_by_id,
    request_by_reference,
    request_by_token,
    request_list,
    requests_of,
)

__all__ = [
    "Estimator",
    "RequestEstimate",
    "RequestLine",
    "current_version",
    "estimate_order",
    "estimate_request",
    "facts_for",
    "fingerprint",
    "is_expired",
    "order_payload",
    "prices_given",
    "public_requests_since",
    "queue_counts",
    "quote_by_id",
    "quote_by_number",
    "quotes_in_hand",
    "request_by_id",
    "request_by_reference",
    "request_by_token",
    "request_lines",
    "request_list",
    "requests_of",
    "totals_with_prices",
]
