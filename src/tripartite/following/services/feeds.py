"""The addresses by which calendar programs read: made, changed, revoked. A secret is told once, its hash kept."""

import secrets
from datetime import datetime

from django.db import transaction

from tripartite.accounts.queries import hash_token
from tripartite.accounts.services.people import lock_account
from tripartite.following.models import CalendarFeed
from tripartite.following.services.errors import FollowingError
from tripartite.journal.services import Actor, record


@transaction.atomic
def make_feed(*, account_id: int, kind: str, actor: Actor, at: datetime) -> str:
    """Make the address of an account's calendar and answer its secret (256 bits), told here once.

    An address that lived before ends at once. Two at once: the last one lives.
    """
    if kind not in CalendarFeed.Kind.values:
        raise FollowingError("Ce calendrier n'existe pas.")
    lock_account(account_id)
    changed = _end(account_id, kind, at)
    secret = secrets.token_urlsafe(32)
    feed = CalendarFeed.objects.create(account_id=account_id, kind=kind, secret_hash=hash_token(secret), created_at=at)
    verb = "changée" if changed else "créée"
    _journal(feed, actor, at, "make", f"Adresse du calendrier « {feed.get_kind_display()} » {verb}.")
    return secret


@transaction.atomic
def revoke_feed(*, account_id: int, kind: str, actor: Actor, at: datetime) -> None:
    """End the address of an account's calendar. Raises FollowingError when there is none."""
    lock_account(account_id)
    ended = _end(account_id, kind, at)
    if ended is None:
        raise FollowingError("Il n'y a pas d'adresse à révoquer.")
    _journal(ended, actor, at, "revoke", f"Adresse du calendrier « {ended.get_kind_display()} » révoquée.")


def _end(account_id: int, kind: str, at: datetime) -> CalendarFeed | None:
    feed = CalendarFeed.objects.filter(account_id=account_id, kind=kind, revoked_at__isnull=True).first()
    if feed is not None:
        feed.revoked_at = at
        feed.save(update_fields=["revoked_at"])
    return feed


def _journal(feed: CalendarFeed, actor: Actor, at: datetime, act: str, text: str) -> None:
    record(
        actor=actor,
        at=at,
        action=f"subscriptions.feed-{act}",
        subject_kind="account",
        subject_id=feed.account_id,
        text=text,
        details={"feed": feed.pk},
    )
