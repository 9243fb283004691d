"""What can be done to a request and its quotes. Each verb is one transaction, and journals."""

from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import estimate_digest, issue_quotes, preview_quotes
from tripartite.quotes.services.on_request import price_on_request_line
from tripartite.quotes.services.requests import (
    Contact,
    cancel_request,
    create_request,
    duplicate_request,
    revise_request,
    update_contact,
)

__all__ = [
    "Contact",
    "QuoteError",
    "cancel_request",
    "create_request",
    "duplicate_request",
    "estimate_digest",
    "issue_quotes",
    "preview_quotes",
    "price_on_request_line",
    "revise_request",
    "update_contact",
]
