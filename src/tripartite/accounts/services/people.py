"""Writing accounts: who comes in, in which role, by which password. Each act is one transaction and one journal line.

The doors check the right to do so (`rights.may`); here stand the rules that hold whoever asks.
"""

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tripartite.accounts.models import User
from tripartite.accounts.queries import account_by_email, active_administrators
from tripartite.accounts.rights import Role
from tripartite.journal.services import Actor, record
from tripartite.typed import clean_line

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read for another


class AccountError(Exception):
    """An act on an account that a rule refuses. `field` names the form's field, if one is at fault."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def make_one_time_password() -> str:
    """Four groups of four letters or figures that cannot be mistaken for one another: about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


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
    """Open an account of the issuer `issuer_id`. A one-time password must be changed at the first log-in.

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
    )
    _give_password(account, password)
    account.save()
    _record(account, actor, at, "accounts.create", f"Compte ouvert : {account.email}, {role.label}.", role=role.value)
    return account


@transaction.atomic
def change_role(*, account: User, role: Role, actor: Actor, at: datetime) -> None:
    """Give `account` another role. Raises AccountError for the issuer's last administrator."""
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
def deactivate_account(*, account: User, actor: Actor, at: datetime) -> None:
    """Close an account: its sessions end and it logs in no more; what it did stays under its name.

    Raises AccountError for one's own account and for the issuer's last administrator.
    """
    account = _locked(account)
    if account.pk == actor.account_id:
        raise AccountError("Vous ne pouvez pas fermer votre propre compte : demandez à un autre administrateur.")
    _refuse_last_administrator(account)
    account.is_active = False
    account.save(update_fields=["is_active"])
    _record(account, actor, at, "accounts.deactivate", f"Compte fermé : {account.email}.")


@transaction.atomic
def reactivate_account(*, account: User, actor: Actor, at: datetime) -> None:
    """Open a closed account again, in the role it had."""
    account = _locked(account)
    account.is_active = True
    account.save(update_fields=["is_active"])
    _record(account, actor, at, "accounts.reactivate", f"Compte rouvert : {account.email}.")


@transaction.atomic
def set_password(*, account: User, password: str, actor: Actor, at: datetime, one_time: bool) -> User:
    """Replace the password; every session opened with the former one ends.

    `one_time` is for a password that somebody else chose. Raises AccountError when it is too weak.
    """
    account = _locked(account)
    _give_password(account, password)
    account.must_change_password = one_time
    account.save(update_fields=["password", "must_change_password"])
    action, text = (
        ("accounts.one-time-password", f"Mot de passe à usage unique donné à {account.email}.")
        if one_time
        else ("accounts.change-password", f"Mot de passe changé par {account.email}.")
    )
    _record(account, actor, at, action, text)
    return account


@transaction.atomic
def record_session(*, account: User, opened: bool, actor: Actor, at: datetime, address: str) -> None:
    """Note in the journal that `account` came in or went out, from which address."""
    action, word = ("accounts.log-in", "Connexion") if opened else ("accounts.log-out", "Déconnexion")
    _record(account, actor, at, action, f"{word} de {account.email}.", address=address)


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


def _record(account: User, actor: Actor, at: datetime, action: str, text: str, **details: str) -> None:
    record(actor=actor, at=at, action=action, subject_kind="account", subject_id=account.pk, text=text, details=details)


def lock_account(account_id: int) -> None:
    """Hold an account until the end of the caller's transaction: what two do at once is then done once."""
    User.objects.select_for_update(of=("self",)).filter(pk=account_id).first()
