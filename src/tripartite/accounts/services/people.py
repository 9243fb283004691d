"""Writing accounts: who comes in, in which role, by which password. Each act is one transaction and one journal line.

The doors check the right to do so (`rights.may`); here stand the rules that hold whoever asks.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tripartite.accounts.models import User
from tripartite.accounts.queries import account_by_email, active_administrators
from tripartite.accounts.rights import Role
from tripartite.accounts.services.sessions import close_sessions
from tripartite.accounts.services.telling import NOT_YOU, tell_account
from tripartite.journal.services import Actor, record
from tripartite.typed import clean_line

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read for another


class AccountError(Exception):
    """An act on an account that a rule refuses. `field` names the form's field, if one is at fault."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def make_one_time_password() -> str:
    """Four groups of four letters or figures that cannot be mistaken for one another: about 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


@transaction.atomic
def create_account(
    *,
    email: str,
    name: str,
    issuer_id: int,
    role: Role,
    password: str,
    actor: Actor,
    at: datetime,
    one_time: bool = True,
) -> User:
    """Open an account of the issuer `issuer_id`. A one-time password must be changed at the first log-in, and is worth
    nothing after a while (`one_time_life`).

    Raises AccountError when the address already has an account or the password is too weak.
    """
    if account_by_email(email):
        raise AccountError("Un compte existe déjà pour cette adresse.", "email")
    account = User(
        email=clean_line(email).lower(),
        name=clean_line(name),
        issuer_id=issuer_id,
        role=role,
        created_at=at,
        must_change_password=one_time,
        password_expires_at=at + settings.CONFIG.one_time_life if one_time else None,
    )
    _give_password(account, password)
    account.save()
    _record(account, actor, at, "accounts.create", f"Compte ouvert : {account.email}, {role.label}.", role=role.value)
    return account


@transaction.atomic
def change_role(*, account: User, role: Role, actor: Actor, at: datetime) -> None:
    """Give `account` another role: it logs in again, as that role asks. Raises AccountError for the issuer's last
    administrator."""
    account = _locked(account)
    if account.role == role:
        return
    if role is not Role.ADMINISTRATOR:
        _refuse_last_administrator(account)
    before = Role(account.role)
    account.role = role
    account.save(update_fields=["role"])
    text = f"Rôle de {account.email} : {before.label} devient {role.label}."
    _record(account, actor, at, "accounts.change-role", text, before=before.value, role=role.value)
    if account.pk != actor.account_id:
        close_sessions(account_id=account.pk, actor=actor, at=at)
    words = f"Vous étiez {before.label}, vous voici {role.label}."
    _tell(account, "Votre rôle a changé", words, actor, at)


@transaction.atomic
def rename_account(*, account: User, name: str, actor: Actor, at: datetime) -> None:
    """Correct the name of a person. Papers and journal lines already written keep the former one."""
    account = _locked(account)
    before, account.name = account.name, clean_line(name)
    if before == account.name:
        return
    account.save(update_fields=["name"])
    _record(account, actor, at, "accounts.rename", f"Nom de {account.email} : {before} devient {account.name}.")


@transaction.atomic
def change_account(*, account: User, role: Role, name: str, actor: Actor, at: datetime) -> None:
    """Give `account` that role and that name together. Raises AccountError for the issuer's last administrator."""
    change_role(account=account, role=role, actor=actor, at=at)
    rename_account(account=account, name=name, actor=actor, at=at)


@transaction.atomic
def deactivate_account(*, account: User, actor: Actor, at: datetime, why: str = "") -> None:
    """Close an account: its sessions end and it logs in no more; what it did stays under its name. `why` is for the
    journal.

    Raises AccountError for one's own account and for the issuer's last administrator.
    """
    account = _locked(account)
    if account.pk == actor.account_id:
        raise AccountError("Vous ne pouvez pas fermer votre propre compte : demandez à un autre administrateur.")
    _refuse_last_administrator(account)
    account.is_active = False
    account.save(update_fields=["is_active"])
    _record(account, actor, at, "accounts.deactivate", f"Compte fermé : {account.email}{why and f', {why}'}.")
    close_sessions(account_id=account.pk, actor=actor, at=at)


@transaction.atomic
def reactivate_account(*, account: User, actor: Actor, at: datetime) -> None:
    """Open a closed account again, in the role it had."""
    account = _locked(account)
    account.is_active, account.reopened_at = True, at
    account.save(update_fields=["is_active", "reopened_at"])
    _record(account, actor, at, "accounts.reactivate", f"Compte rouvert : {account.email}.")


@transaction.atomic
def set_password(
    *, account: User, password: str, actor: Actor, at: datetime, one_time: bool, kept: str = "", how: str = ""
) -> User:
    """Replace the password; every session opened with the former one ends, but for that of key `kept`.

    `one_time` is for a password that somebody else chose: it must be changed, and is soon worth nothing. The person is
    told. Raises AccountError when it is too weak.
    """
    account = _locked(account)
    _give_password(account, password)
    account.must_change_password = one_time
    account.password_expires_at = at + settings.CONFIG.one_time_life if one_time else None
    account.save(update_fields=["password", "must_change_password", "password_expires_at"])
    action, text = (
        ("accounts.one-time-password", f"Mot de passe à usage unique donné à {account.email}.")
        if one_time
        else ("accounts.change-password", f"Mot de passe changé par {account.email}{how and f', {how}'}.")
    )
    _record(account, actor, at, action, text)
    close_sessions(account_id=account.pk, actor=actor, at=at, kept=kept)
    words = "Un administrateur vous en a donné un, à usage unique." if one_time else "Les autres sessions sont fermées."
    _tell(account, "Votre mot de passe a changé", words, actor, at)
    return account


def _locked(account: User) -> User:
    """The account as it is now, with its issuer's accounts held in one order: two administrators who close each
    other's account at the same moment cannot both succeed, nor block each other.
    """
    held = User.objects.select_for_update().filter(issuer=account.issuer).order_by("pk")
    return next(one for one in held if one.pk == account.pk)


def _refuse_last_administrator(account: User) -> None:
    others = active_administrators(account.issuer_id).exclude(pk=account.pk)
    if account.role == Role.ADMINISTRATOR and account.is_active and not others.exists():
        raise AccountError("Dernier administrateur de cet émetteur : donnez d'abord ce rôle à un autre compte.")


def _give_password(account: User, password: str) -> None:
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise AccountError(" ".join(error.messages), "password") from error
    account.set_password(password)


def _tell(account: User, title: str, words: str, actor: Actor, at: datetime) -> None:
    tell_account(account=account, kind="accounts.changed", title=title, paragraphs=[words, NOT_YOU], actor=actor, at=at)


def _record(account: User, actor: Actor, at: datetime, action: str, text: str, **details: str) -> None:
    record(actor=actor, at=at, action=action, subject_kind="account", subject_id=account.pk, text=text, details=details)


def lock_account(account_id: int) -> None:
    """Hold an account until the end of the caller's transaction: what two do at once is then done once."""
    User.objects.select_for_update(of=("self",)).filter(pk=account_id).first()
