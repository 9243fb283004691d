"""Sessions: begun, seen, closed by their owner or by an administrator, erased once they have ended."""

from collections.abc import Collection
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tripartite.accounts.models import OpenSession, User
from tripartite.journal.services import Actor, record


@transaction.atomic
def begin_session(
    *, account: User, session_key: str, device: str, address: str, actor: Actor, at: datetime, how: str = ""
) -> None:
    """Note that `account` came in: from what `device`, from which `address`, and `how` it proved who it is.

    The row is what the owner sees, and may close.
    """
    OpenSession.objects.create(
        account=account, session_key=session_key, device=device[:80], address=address[:45], begun_at=at, seen_at=at
    )
    words = f"Connexion de {account.email}{f', {how}' if how else ''}."
    _record(account.pk, actor, at, "accounts.log-in", words, address=address)


@transaction.atomic
def end_session(*, account: User, session_key: str, address: str, actor: Actor, at: datetime) -> None:
    """Note that `account` went out."""
    OpenSession.objects.filter(session_key=session_key).delete()
    _record(account.pk, actor, at, "accounts.log-out", f"Déconnexion de {account.email}.", address=address)


@transaction.atomic
def drop_session(*, session_key: str) -> None:
    """Erase a session that has ended by itself, and what was said of it. Nothing binds: no journal."""
    _erase([session_key])


@transaction.atomic
def touch_session(*, session_key: str, at: datetime) -> None:
    """Note that a session is still in use. It changes nothing that binds: nothing is journaled."""
    OpenSession.objects.filter(session_key=session_key).update(seen_at=at)


@transaction.atomic
def move_session(*, before: str, after: str) -> None:
    """Follow a session whose key has changed, as it does when rights or proofs change."""
    OpenSession.objects.filter(session_key=before).update(session_key=after)


@transaction.atomic
def close_session(*, account_id: int, session_id: int, actor: Actor, at: datetime) -> bool:
    """End one session of an account, at once; whether it was one."""
    found = OpenSession.objects.select_for_update().filter(pk=session_id, account_id=account_id).first()
    if found is None:
        return False
    _erase([found.session_key])
    _record(account_id, actor, at, "accounts.close-session", f"Session fermée : {found.device}.")
    return True


@transaction.atomic
def close_sessions(*, account_id: int, actor: Actor, at: datetime, kept: str = "") -> int:
    """End at once every session of an account, but for that of key `kept`; how many there were."""
    found = OpenSession.objects.select_for_update().filter(account_id=account_id).exclude(session_key=kept)
    keys = [one.session_key for one in found]
    if keys:
        _erase(keys)
        several = "s" if len(keys) > 1 else ""
        words = f"{len(keys)} session{several} fermée{several}."
        _record(account_id, actor, at, "accounts.close-sessions", words)
    return len(keys)


def sessions_to_erase(*, at: datetime) -> bool:
    """Whether a session has ended by itself and is still in the base."""
    from django.contrib.sessions.models import Session  # noqa: PLC0415 - not every command has its table

    return Session.objects.filter(expire_date__lt=at).exists() or OpenSession.objects.filter(_ended(at)).exists()


@transaction.atomic
def erase_ended_sessions(*, at: datetime) -> None:
    """Erase the sessions that have ended by themselves, and what was said of them. Nothing binds: no journal."""
    from django.contrib.sessions.models import Session  # noqa: PLC0415

    _erase(list(OpenSession.objects.filter(_ended(at)).values_list("session_key", flat=True)))
    Session.objects.filter(expire_date__lt=at).delete()


def _ended(at: datetime) -> Q:
    return Q(begun_at__lte=at - settings.CONFIG.session_life) | Q(seen_at__lte=at - settings.CONFIG.session_idle)


def _erase(keys: Collection[str]) -> None:
    from django.contrib.sessions.models import Session  # noqa: PLC0415

    Session.objects.filter(session_key__in=keys).delete()
    OpenSession.objects.filter(session_key__in=keys).delete()


def _record(account_id: int, actor: Actor, at: datetime, action: str, text: str, **details: str) -> None:
    record(actor=actor, at=at, action=action, subject_kind="account", subject_id=account_id, text=text, details=details)
