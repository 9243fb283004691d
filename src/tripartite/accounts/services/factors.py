"""The second factor of an account: an application of codes, passkeys, recovery codes; added, proved, taken away.

What changes it ends the other sessions of the account: `kept` is the key of the one where it is done.
"""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from tripartite.accounts import passkeys, totp
from tripartite.accounts.models import Passkey, RecoveryCode, TotpSecret, User
from tripartite.accounts.queries import Factors, factors_of, needs_factor
from tripartite.accounts.services.attempts import count_attempt, forget_attempts
from tripartite.accounts.services.people import LETTERS, AccountError, lock_account
from tripartite.accounts.services.sessions import close_sessions
from tripartite.accounts.services.telling import NOT_YOU, tell_account
from tripartite.journal.services import Actor, record

PURPOSE = "second-factor"
MOST = ((timedelta(minutes=15), 5), (timedelta(days=1), 30))
"""How many proofs of one account in how long: with three codes good at a time, chance has ninety in a million a day."""
CODES = 8
MOST_PASSKEYS = 10
TOO_MANY = "Trop d'essais. Attendez quinze minutes, puis réessayez."
WRONG = "Ce code n'est pas le bon, ou il a déjà servi. Attendez le suivant, et vérifiez l'heure du téléphone."
WRONG_PASSKEY = "Cette clé d'accès n'est pas reconnue ici. Réessayez, ou utilisez un autre moyen."


@transaction.atomic
def add_totp(*, account_id: int, sealed: str, code: str, kept: str, actor: Actor, at: datetime) -> list[str]:
    """Take an application of codes up as second factor, once it has made a right code; it replaces the former one.

    Answers the recovery codes, when the account had none: they are told here, once. Raises AccountError.
    """
    lock_account(account_id)
    secret = totp.unseal(sealed)
    step = totp.right_step(secret, _figures(code), at=at, after=0) if secret is not None else None
    if step is None:
        raise AccountError("Ce code n'est pas celui que montre l'application. Vérifiez aussi son heure.", "code")
    TotpSecret.objects.filter(account_id=account_id).delete()
    TotpSecret.objects.create(account_id=account_id, sealed=sealed, last_step=step, created_at=at)
    return _added(account_id, "une application de codes", kept, actor, at)


@transaction.atomic
def add_passkey(
    *, account_id: int, site: str, answered: passkeys.Answered, name: str, kept: str, actor: Actor, at: datetime
) -> list[str]:
    """Take a passkey up as second factor, good for that site alone, under a name that its owner knows it by.

    Answers the recovery codes, when the account had none: they are told here, once. Raises AccountError.
    """
    lock_account(account_id)
    if Passkey.objects.filter(account_id=account_id).count() >= MOST_PASSKEYS:
        raise AccountError(f"Un compte a {MOST_PASSKEYS} clés d'accès au plus : retirez-en une.")
    if Passkey.objects.filter(credential_id=answered.credential_id).exists():
        raise AccountError("Cette clé d'accès est déjà enregistrée.")
    Passkey.objects.create(
        account_id=account_id,
        site=site,
        credential_id=answered.credential_id,
        credential=answered.credential,
        sign_count=answered.sign_count,
        name=name,
        created_at=at,
    )
    return _added(account_id, f"la clé d'accès « {name} »", kept, actor, at)


@transaction.atomic
def remove_totp(*, account_id: int, kept: str, actor: Actor, at: datetime) -> None:
    """Take the application of codes away. Raises AccountError when the role asks for a factor and this is the last."""
    account = _account(account_id)
    left = factors_of(account_id)
    if left.totp is None:
        return
    _refuse_last(account, Factors(None, left.passkeys, left.codes_left))
    left.totp.delete()
    _removed(account, "l'application de codes", kept, actor, at)


@transaction.atomic
def remove_passkey(*, account_id: int, passkey_id: int, kept: str, actor: Actor, at: datetime) -> None:
    """Take a passkey away. Raises AccountError when the role asks for a factor and this is the last."""
    account = _account(account_id)
    left = factors_of(account_id)
    one = next((one for one in left.passkeys if one.pk == passkey_id), None)
    if one is None:
        return
    others = tuple(other for other in left.passkeys if other.pk != passkey_id)
    _refuse_last(account, Factors(left.totp, others, left.codes_left))
    one.delete()
    _removed(account, f"la clé d'accès « {one.name} »", kept, actor, at)


@transaction.atomic
def renew_recovery_codes(*, account_id: int, kept: str, actor: Actor, at: datetime) -> list[str]:
    """Make new recovery codes, told here, once; the former ones are worth nothing. Raises AccountError without any
    other factor."""
    account = _account(account_id)
    if not factors_of(account_id).some:
        raise AccountError("Ajoutez d'abord une application de codes ou une clé d'accès.")
    codes = _new_codes(account_id, at)
    close_sessions(account_id=account_id, actor=actor, at=at, kept=kept)
    _record(account_id, actor, at, "accounts.renew-codes", "Codes de secours refaits.")
    _tell(account, "Vos codes de secours ont été refaits", "Les anciens ne valent plus rien.", actor, at)
    return codes


@transaction.atomic
def reset_factors(*, account: User, actor: Actor, at: datetime) -> None:
    """Take every factor of somebody away, for whom has lost them all: its sessions end, and it is told.

    The next log-in, by the password alone, takes new ones up where the role asks for one. Whoever asks for it is to be
    known by other means. Raises AccountError for one's own account.
    """
    if account.pk == actor.account_id:
        raise AccountError("Vos propres moyens se changent dans « Ma sécurité » ; ou par un autre administrateur.")
    account = _account(account.pk)
    TotpSecret.objects.filter(account=account).delete()
    Passkey.objects.filter(account=account).delete()
    RecoveryCode.objects.filter(account=account).delete()
    _record(account.pk, actor, at, "accounts.reset-factors", f"Second facteur de {account.email} remis à zéro.")
    close_sessions(account_id=account.pk, actor=actor, at=at)
    words = "Vos clés d'accès, votre application de codes et vos codes de secours ne servent plus ici."
    _tell(account, "Votre second facteur a été remis à zéro", words, actor, at)


@transaction.atomic
def prove_by_code(*, account_id: int, code: str, actor: Actor, at: datetime) -> str:
    """Whether somebody holds the second factor of an account: six figures of its application, or a recovery code.

    Either comes in once. Empty when it is right; otherwise why not, in French. Every try counts, so the caller lets
    this transaction end well.
    """
    if not count_attempt(purpose=PURPOSE, who=str(account_id), most=MOST, at=at):
        return TOO_MANY
    account = _account(account_id)
    typed = re.sub(r"[\W_]", "", code[:60].lower())
    right = (
        _use_totp(account, typed, at)
        if re.fullmatch(r"\d{6}", typed, re.ASCII)
        else _use_recovery(account, typed, actor, at)
    )
    return _proved(account, WRONG, actor, at, right=right)


@transaction.atomic
def prove_by_passkey(
    *, account_id: int, site: passkeys.Site, state: dict[str, Any], answer: str, actor: Actor, at: datetime
) -> str:
    """Whether the answer of a browser is that of one of the passkeys of an account; empty, or why not, in French.

    One that says to have signed less often than before was copied: refused.
    """
    if not count_attempt(purpose=PURPOSE, who=str(account_id), most=MOST, at=at):
        return TOO_MANY
    account = _account(account_id)
    named = passkeys.credential_named(answer)
    one = Passkey.objects.filter(account=account, site=site.host, credential_id=named).first()
    count = passkeys.check_known(site, state, answer, one.credential, account_id=account_id) if one else None
    right = one is not None and count is not None and (count > one.sign_count or count == one.sign_count == 0)
    if one is not None and count is not None and right:
        one.sign_count, one.used_at = count, at
        one.save(update_fields=["sign_count", "used_at"])
    return _proved(account, WRONG_PASSKEY, actor, at, right=right)


@transaction.atomic
def prove_by_password(*, account_id: int, password: str, actor: Actor, at: datetime) -> str:
    """Whether somebody who is in knows the password; empty, or why not, in French. Tries count as those of a code."""
    if not count_attempt(purpose=PURPOSE, who=str(account_id), most=MOST, at=at):
        return TOO_MANY
    account = _account(account_id)
    return _proved(account, "Ce n'est pas votre mot de passe.", actor, at, right=account.check_password(password))


def _use_totp(account: User, code: str, at: datetime) -> bool:
    kept = TotpSecret.objects.filter(account=account).first()
    secret = totp.unseal(kept.sealed) if kept is not None else None
    if kept is None or secret is None:
        return False
    step = totp.right_step(secret, code, at=at, after=kept.last_step)
    if step is None:
        return False
    kept.last_step = step
    kept.sealed = totp.seal(secret)  # a former key may have sealed it: it would not open once that one is given up
    kept.save(update_fields=["last_step", "sealed"])
    return True


def _use_recovery(account: User, typed: str, actor: Actor, at: datetime) -> bool:
    kept = RecoveryCode.objects.filter(account=account, group=typed[:4], used_at__isnull=True).first()
    if kept is None or not check_password(typed, kept.code_hash):
        return False
    kept.used_at = at
    kept.save(update_fields=["used_at"])
    left = factors_of(account.pk).codes_left
    words = f"Il en reste {left}. " if left else "C'était le dernier : refaites-en. "
    _tell(
        account,
        "Un code de secours a servi à vous connecter",
        f"{words}« Ma sécurité » permet d'en refaire.",
        actor,
        at,
    )
    return True


def _proved(account: User, refusal: str, actor: Actor, at: datetime, *, right: bool) -> str:
    if right:
        forget_attempts(purpose=PURPOSE, who=str(account.pk))
        return ""
    _record(account.pk, actor, at, "accounts.refuse-proof", f"Preuve refusée pour {account.email}.")
    return refusal


def _added(account_id: int, what: str, kept: str, actor: Actor, at: datetime) -> list[str]:
    account = _account(account_id)
    close_sessions(account_id=account_id, actor=actor, at=at, kept=kept)
    _record(account_id, actor, at, "accounts.add-factor", f"Second facteur ajouté : {what}.")
    _tell(account, "Un second facteur a été ajouté à votre compte", f"C'est {what}.", actor, at)
    return [] if RecoveryCode.objects.filter(account_id=account_id).exists() else _new_codes(account_id, at)


def _removed(account: User, what: str, kept: str, actor: Actor, at: datetime) -> None:
    close_sessions(account_id=account.pk, actor=actor, at=at, kept=kept)
    if not factors_of(account.pk).some:
        RecoveryCode.objects.filter(account=account).delete()
    _record(account.pk, actor, at, "accounts.remove-factor", f"Second facteur retiré : {what}.")
    _tell(account, "Un second facteur a été retiré de votre compte", f"C'était {what}.", actor, at)


def _refuse_last(account: User, left: Factors) -> None:
    if needs_factor(account) and not left.some:
        raise AccountError("Votre rôle demande un second facteur : ajoutez-en un autre avant de retirer celui-ci.")


def _new_codes(account_id: int, at: datetime) -> list[str]:
    RecoveryCode.objects.filter(account_id=account_id).delete()
    groups: set[str] = set()
    while len(groups) < CODES:
        groups.add(_letters())
    codes = [f"{group}-{_letters()}-{_letters()}" for group in sorted(groups)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(
            account_id=account_id, group=code[:4], code_hash=make_password(code.replace("-", "")), created_at=at
        )
        for code in codes
    )
    return codes


def _letters() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(4))


def _figures(typed: str) -> str:
    return "".join(character for character in typed[:40] if character in "0123456789")


def _account(account_id: int) -> User:
    """The account, held until the end of the transaction."""
    return User.objects.select_for_update(of=("self",)).select_related("issuer").get(pk=account_id)


def _tell(account: User, title: str, words: str, actor: Actor, at: datetime) -> None:
    tell_account(account=account, kind="accounts.factor", title=title, paragraphs=[words, NOT_YOU], actor=actor, at=at)


def _record(account_id: int, actor: Actor, at: datetime, action: str, text: str) -> None:
    record(actor=actor, at=at, action=action, subject_kind="account", subject_id=account_id, text=text)
