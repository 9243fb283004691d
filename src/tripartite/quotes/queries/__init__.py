"""Questions about requests and quotes."""

from tripartite.quotes.queries.agreed import AgreedPrices, agreed_prices
from tripartite.quotes.queries.estimating import Estimator, estimate_order, order_payload
from tripartite.quotes.queries.pricing_lines import RequestLine, fingerprint, request_lines, totals_with_prices
from tripartite.quotes.queries.queues import Queues, estimate_requests, queues
from tripartite.quotes.queries.requests import (
    RequestEstimate,
    accepted_quotes,
    accepted_version,
    estimate_of,
    estimate_request,
    facts_for,
    is_expired,
    papers_of_request,
    public_requests_since,
    quote_by_number,
    quotes_in_hand,
    request_by_id,
    request_by_reference,
    request_by_token,
    request_list,
    request_with_all,
    requests_of,
    requests_to_forget,
)

__all__ = [
    "AgreedPrices",
    "Estimator",
    "Queues",
    "RequestEstimate",
    "RequestLine",
    "accepted_quotes",
    "accepted_version",
    "agreed_prices",
    "estimate_of",
    "estimate_order",
    "estimate_request",
    "estimate_requests",
    "facts_for",
    "fingerprint",
    "is_expired",
    "order_payload",
    "papers_of_request",
    "public_requests_since",
    "queues",
    "quote_by_number",
    "quotes_in_hand",
    "request_by_id",
    "request_by_reference",
    "request_by_token",
    "request_lines",
    "request_list",
    "request_with_all",
    "requests_of",
    "requests_to_forget",
    "totals_with_prices",
]
