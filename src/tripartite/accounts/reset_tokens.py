"""The token of a link that gives a new password: Django's, for one account, until it is used or the hour is over.

It takes in the present password and the last log-in: once either has changed, it is worth nothing. No row keeps it.
"""

from datetime import UTC, datetime

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from tripartite.accounts.models import User


class ResetTokens(PasswordResetTokenGenerator):
    """Makes and checks tokens as at an instant that is given, and not read from the clock."""

    key_salt = "tripartite.accounts.reset"

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.at = at

    def _now(self) -> datetime:
        return self.at.astimezone(UTC).replace(tzinfo=None)


def make_reset(account: User, *, at: datetime) -> str:
    """The secret of a link for that account: which one it is, and its token."""
    return f"{account.pk}-{ResetTokens(at).make_token(account)}"


def account_of_reset(secret: str, *, at: datetime) -> User | None:
    """The open account that a link gives a new password to; None when the link is worth nothing."""
    key, _, token = secret.partition("-")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    account = User.objects.select_related("issuer").filter(pk=int(key), is_active=True).first()
    return account if account is not None and ResetTokens(at).check_token(account, token) else None
