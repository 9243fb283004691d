"""What can be done to a request and its quotes. Each verb is one transaction, and journals."""

from tripartite.quotes.services.answers import (
    Person,
    accept_quotes,
    engage_request,
    justify_acceptance,
    refuse_quotes,
)
from tripartite.quotes.services.errors import QuoteError
from tripartite.quotes.services.issuing import estimate_digest, issue_quotes, preview_quotes
from tripartite.quotes.services.on_request import price_on_request_line
from tripartite.quotes.services.requests import (
    Contact,
    cancel_request,
    create_request,
    duplicate_request,
    lock_request,
    revise_request,
    update_contact,
)
from tripartite.quotes.services.retention import forget_contact

__all__ = [
    "Contact",
    "Person",
    "QuoteError",
    "accept_quotes",
    "cancel_request",
    "create_request",
    "duplicate_request",
    "engage_request",
    "estimate_digest",
    "forget_contact",
    "issue_quotes",
    "justify_acceptance",
    "lock_request",
    "preview_quotes",
    "price_on_request_line",
    "refuse_quotes",
    "revise_request",
    "update_contact",
]
