"""Reading accounts."""

from django.db.models import QuerySet

from tripartite.accounts.models import User
from tripartite.accounts.rights import Role


def accounts_of(issuer: str) -> QuerySet[User]:
    """Every account of the issuer of code `issuer`, by name, closed ones last."""
    return User.objects.filter(issuer__code=issuer).select_related("issuer").order_by("-is_active", "name", "email")


def account_of(issuer: str, account_id: int) -> User | None:
    """One account of the issuer of code `issuer`; None for another issuer's."""
    return accounts_of(issuer).filter(pk=account_id).first()


def account_by_email(email: str) -> User | None:
    """The account that logs in by `email`, however it is capitalised."""
    return User.objects.select_related("issuer").filter(email=email.strip().lower()).first()


def active_administrators(issuer_id: int | None) -> QuerySet[User]:
    """Those who can still give accounts to the others of the same issuer."""
    return User.objects.filter(issuer_id=issuer_id, role=Role.ADMINISTRATOR, is_active=True)
