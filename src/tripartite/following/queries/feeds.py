"""Whose calendar an address reads, and whether an account has one."""

from django.utils.crypto import constant_time_compare

from tripartite.accounts.queries import hash_token
from tripartite.following.models import CalendarFeed, DigestWish


def feed_by_secret(secret: str) -> CalendarFeed | None:
    """The living calendar of that secret, of an open account; None otherwise.

    It is looked for by the hash of what was typed: how long that takes says nothing of a secret of 256 bits.
    """
    wanted = hash_token(secret)
    found = (
        CalendarFeed.objects.filter(secret_hash=wanted, revoked_at__isnull=True, account__is_active=True)
        .select_related("account__issuer")
        .first()
    )
    return found if found is not None and constant_time_compare(found.secret_hash, wanted) else None


def living_feed(account_id: int, kind: str) -> CalendarFeed | None:
    """The calendar of that kind that an account has made, if it still lives."""
    return CalendarFeed.objects.filter(account_id=account_id, kind=kind, revoked_at__isnull=True).first()


def wants_digest(account_id: int) -> bool:
    """Whether an account wants the deadlines to come by e-mail."""
    return DigestWish.objects.filter(account_id=account_id, wanted=True).exists()
