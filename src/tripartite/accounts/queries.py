"""Reading accounts and links."""

from datetime import datetime
from hashlib import sha256

from django.db.models import QuerySet

from tripartite.accounts.models import AccessLink, NewsWish, User
from tripartite.accounts.rights import Action, Role, may
from tripartite.journal.queries import entries_about

DEPOSIT = "accounts.deposit"
"""The act by which the journal tells a deposit."""


def accounts_of(issuer: str) -> QuerySet[User]:
    """Every account of the issuer of code `issuer`, by name, closed ones last."""
    return User.objects.filter(issuer__code=issuer).select_related("issuer").order_by("-is_active", "name", "email")


def account_of(issuer: str, account_id: int) -> User | None:
    """One account of the issuer of code `issuer`; None for another issuer's."""
    return accounts_of(issuer).filter(pk=account_id).first()


def account_by_email(email: str) -> User | None:
    """The account that logs in by `email`, however it is capitalised."""
    return User.objects.select_related("issuer").filter(email=email.strip().lower()).first()


def account_by_id(account_id: int) -> User | None:
    """An account, open or closed, with its issuer."""
    return User.objects.select_related("issuer").filter(pk=account_id).first()


def open_accounts() -> list[User]:
    """Every account that can log in for an issuer, by name."""
    return list(User.objects.filter(is_active=True, issuer__isnull=False).select_related("issuer"))


def how_told(account: User) -> NewsWish.How:
    """How an account is told of what waits for agents: as it chose; else each morning when it may answer for a file,
    never otherwise."""
    wish: NewsWish | None = getattr(account, "news_wish", None)
    if wish is not None:
        return NewsWish.How(wish.how)
    return NewsWish.How.MORNING if may(account, Action.ANSWER_RECORD) else NewsWish.How.NEVER


def accounts_to_tell() -> list[tuple[User, NewsWish.How]]:
    """Every open account that may read files, with how it is told; those that are never told left out: one query."""
    found = User.objects.filter(is_active=True, issuer__isnull=False).select_related("issuer", "news_wish")
    told = [(one, how_told(one)) for one in found.order_by("pk") if may(one, Action.REQUEST_READ)]
    return [(one, how) for one, how in told if how != NewsWish.How.NEVER]


def active_administrators(issuer_id: int | None) -> QuerySet[User]:
    """Those who can still give accounts to the others of the same issuer."""
    return User.objects.filter(issuer=issuer_id, role=Role.ADMINISTRATOR, is_active=True)


def hash_token(token: str) -> str:
    """The sha256 of a link's secret. It has 256 bits of chance: it needs neither salt nor a slow hash."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def usable_links(token: str, *, at: datetime) -> QuerySet[AccessLink]:
    """The link of that secret, if it may still be opened."""
    return AccessLink.objects.filter(
        token_hash=hash_token(token), used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
    )


def open_link(link_id: int, *, at: datetime) -> AccessLink | None:
    """An opened link, while it still lets in."""
    return AccessLink.objects.filter(pk=link_id, revoked_at__isnull=True, ends_at__gt=at).first()


def deposits_of(request_id: int) -> list[int]:
    """The papers that a beneficiary deposited in a file, the first one first."""
    return [entry.details["document"] for entry in entries_about("request", request_id).filter(action=DEPOSIT)]
