"""What the forms of a body and of an issuer were made on."""

from collections.abc import Sequence
from typing import Any

from tripartite.journal.seen import mark_of
from tripartite.parties.models import Issuer, PublicBody

BODY, ISSUER = "parties.complete-body", "parties.update-issuer"
"""The acts by which the journal tells that each of them changed."""
COMPLETED = ("siret", "department", "address", "client_class", "name", "postal_codes")
SETTINGS = ("siret", "address", "place", "email", "phone", "website", "quote_validity_days", "quote_conditions")


def body_value(body: PublicBody) -> list[object]:
    """What agents complete of a body, as a mark tells it."""
    return [getattr(body, name) for name in COMPLETED]


def issuer_value(issuer: Issuer) -> list[object]:
    """What an issuer's people say of it, as a mark tells it."""
    return [getattr(issuer, name) for name in SETTINGS]


def body_mark(body: PublicBody, entries: Sequence[Any] | None = None) -> str:
    """What the form that completes a body was made on."""
    return mark_of("body", body.pk, body_value(body), entries=entries)


def issuer_mark(issuer: Issuer) -> str:
    """What the form of an issuer's settings was made on."""
    return mark_of("issuer", issuer.code, issuer_value(issuer))
