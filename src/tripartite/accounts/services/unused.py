"""What each day brings to accounts: one that nobody uses is warned, then closed; what has ended is erased."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tripartite.accounts.models import User
from tripartite.accounts.queries import account_by_id, active_administrators, open_accounts
from tripartite.accounts.rights import Role
from tripartite.accounts.services.people import AccountError, deactivate_account, lock_account
from tripartite.accounts.services.sessions import erase_ended_sessions, sessions_to_erase
from tripartite.accounts.services.telling import tell_account
from tripartite.jobs.kinds import JobError, Unit
from tripartite.journal.services import Actor, record
from tripartite.messages.letters import Link, public_address

WARNING = timedelta(days=30)
"""How long before it is closed the owner of an account is warned."""


def units(on: date) -> Iterator[Unit]:
    """What is to be done on that day: `unused-warn:5`, `unused-close:5`, `sessions:erase`."""
    for account in open_accounts():
        if is_to_warn(account, on=on):
            yield Unit(f"unused-warn:{account.pk}", f"Compte inutilisé, à prévenir : {account}")
        elif is_to_close(account, on=on):
            yield Unit(f"unused-close:{account.pk}", f"Compte inutilisé, à fermer : {account}")
    if sessions_to_erase(at=_morning(on)):
        yield Unit("sessions:erase", "Sessions finies à effacer")


def run(key: str, on: date, actor: Actor, at: datetime) -> bool:
    """Do one of them; whether it was to be done. Raises JobError for another key."""
    match key.split(":"):
        case ["unused-warn", account_id]:
            return warn_unused(account_id=int(account_id), on=on, actor=actor, at=at)
        case ["unused-close", account_id]:
            return close_unused(account_id=int(account_id), on=on, actor=actor, at=at)
        case ["sessions", "erase"]:
            erase_ended_sessions(at=_morning(on))
            return True
    raise JobError(f"Rien de quotidien ne s'appelle « {key} ».")


def is_to_warn(account: User, *, on: date) -> bool:
    """Whether the owner of an unused account is to be told, on that day, that it will be closed."""
    limit = settings.CONFIG.unused_after
    if limit is None or _is_last_administrator(account):
        return False
    warned = account.warned_unused_at
    told = warned is not None and warned > last_use(account)
    return not told and on - _day(last_use(account)) >= limit - WARNING


def is_to_close(account: User, *, on: date) -> bool:
    """Whether an unused account, warned for long enough, is to be closed on that day; the last administrator stays."""
    limit, warned = settings.CONFIG.unused_after, account.warned_unused_at
    if limit is None or warned is None or warned <= last_use(account) or _is_last_administrator(account):
        return False
    return on - _day(last_use(account)) >= limit and on - _day(warned) >= WARNING


def last_use(account: User) -> datetime:
    """The last sign of life of an account: opened, reopened, or logged in."""
    return max(one for one in (account.created_at, account.reopened_at, account.last_login) if one is not None)


@transaction.atomic
def warn_unused(*, account_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Write to the owner of an unused account that it will be closed, and how to keep it; whether it was written."""
    lock_account(account_id)
    account = account_by_id(account_id)
    if account is None or not account.is_active or not is_to_warn(account, on=on):
        return False
    account.warned_unused_at = at
    account.save(update_fields=["warned_unused_at"])
    last = on + WARNING
    record(
        actor=actor,
        at=at,
        action="accounts.warn-unused",
        subject_kind="account",
        subject_id=account.pk,
        text=f"Compte inutilisé : {account.email} est prévenu, fermeture le {last:%d/%m/%Y}.",
    )
    tell_account(
        account=account,
        kind="accounts.unused",
        title="Votre compte va être fermé, faute d'usage",
        paragraphs=[
            f"Vous ne vous êtes pas connecté depuis le {_day(last_use(account)):%d/%m/%Y}.",
            f"Sans connexion de votre part, le compte est fermé le {last:%d/%m/%Y}.",
            "Ce que vous avez fait reste à votre nom, et un administrateur peut le rouvrir.",
        ],
        link=Link("Me connecter et garder mon compte", public_address(reverse("login"))),
        actor=actor,
        at=at,
    )
    return True


@transaction.atomic
def close_unused(*, account_id: int, on: date, actor: Actor, at: datetime) -> bool:
    """Close an unused account whose owner was warned; whether it was."""
    lock_account(account_id)
    account = account_by_id(account_id)
    if account is None or not account.is_active or not is_to_close(account, on=on):
        return False
    try:
        deactivate_account(account=account, actor=actor, at=at, why="faute d'usage")
    except AccountError:
        return False
    return True


def _is_last_administrator(account: User) -> bool:
    if account.role != Role.ADMINISTRATOR:
        return False
    return not active_administrators(account.issuer_id).exclude(pk=account.pk).exists()


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _morning(on: date) -> datetime:
    """The first instant of a day: what had ended by then is to be erased that day."""
    return timezone.make_aware(datetime.combine(on, datetime.min.time()))
