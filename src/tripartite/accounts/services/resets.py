"""A forgotten password: a link by e-mail, good once for an hour, that says to nobody whether an account exists."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.urls import reverse

from tripartite.accounts.models import User
from tripartite.accounts.queries import account_by_email
from tripartite.accounts.reset_tokens import account_of_reset, make_reset
from tripartite.accounts.services.attempts import count_attempt
from tripartite.accounts.services.people import AccountError, lock_account, set_password
from tripartite.accounts.services.telling import tell_account
from tripartite.journal.services import Actor, record
from tripartite.messages.letters import Link, public_address
from tripartite.typed import whole_number

BY_NETWORK = ((timedelta(hours=1), 10), (timedelta(days=1), 40))
BY_ADDRESS = ((timedelta(hours=1), 3), (timedelta(days=1), 6))
"""How many links in how long: for one network, which is told so; for one address, whose owner is written to no more."""


@transaction.atomic
def ask_reset(*, email: str, network: str, actor: Actor, at: datetime) -> bool:
    """Write a link to the owner of an open account; False when that network asked too often, and nothing else.

    What is done takes the same path, and so the same time, for an address without an account: the letter is written,
    then taken back.
    """
    if not count_attempt(purpose="password-reset", who=network, most=BY_NETWORK, at=at):
        return False
    few = count_attempt(purpose="password-reset-address", who=email.strip().lower(), most=BY_ADDRESS, at=at)
    account = account_by_email(email)
    known = few and account is not None and account.is_active
    before = transaction.savepoint()
    _write(account or User(pk=0, email="personne@exemple.fr", password=_NOBODY), actor, at)
    (transaction.savepoint_commit if known else transaction.savepoint_rollback)(before)
    return True


@transaction.atomic
def reset_password(*, secret: str, password: str, actor: Actor, at: datetime) -> User:
    """Give the account of a link its new password: the link is used up, its sessions end, the person is told.

    The second factor is still asked for. Raises AccountError for a link that is worth nothing, or a weak password.
    """
    key = whole_number(secret.partition("-")[0], digits=18)
    if key is not None:
        lock_account(key)
    account = account_of_reset(secret, at=at)
    if account is None:
        raise AccountError("Ce lien ne vaut plus rien : il a servi, ou son heure est passée. Demandez-en un autre.")
    return set_password(account=account, password=password, actor=actor, at=at, one_time=False, how="par un lien")


_NOBODY = make_password(None)


def _write(account: User, actor: Actor, at: datetime) -> None:
    minutes = int(settings.CONFIG.reset_life.total_seconds() // 60)
    record(
        actor=actor,
        at=at,
        action="accounts.ask-reset",
        subject_kind="account",
        subject_id=account.pk,
        text=f"Lien de nouveau mot de passe envoyé à {account.email}.",
    )
    tell_account(
        account=account,
        kind="accounts.reset",
        title="Choisir un nouveau mot de passe",
        paragraphs=[
            f"Ce lien sert une fois, pendant {minutes} minutes. Votre second facteur vous sera demandé ensuite.",
            "Vous n'avez rien demandé ? Ne faites rien : votre mot de passe ne change pas.",
        ],
        link=Link(
            "Choisir un nouveau mot de passe",
            public_address(reverse("password-reset", args=[make_reset(account, at=at)])),
        ),
        actor=actor,
        at=at,
    )
