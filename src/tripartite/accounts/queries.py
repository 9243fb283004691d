"""Reading accounts and links."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from tripartite.accounts.models import AccessLink, NewsWish, OpenSession, Passkey, RecoveryCode, TotpSecret, User
from tripartite.accounts.rights import Action, Role, may
from tripartite.journal.queries import entries_about, entries_about_any, entries_of, subjects_told
from tripartite.journal.services import Actor
from tripartite.parties.queries.mandates import recorded_scans

DEPOSIT = "accounts.deposit"
"""The act by which the journal tells a deposit."""
SET_ASIDE = "accounts.set-aside-deposit"
"""The act by which the journal tells that a deposit is not what was asked for."""

LOG_IN, REFUSED_LOG_IN = "accounts.log-in", "accounts.refuse-log-in"
"""The acts by which the journal tells a log-in, and one that was refused."""


@dataclass(frozen=True, slots=True)
class Deposit:
    """A paper that a beneficiary deposited in a file: the how manyth, when, by whom; `set_aside`, why an agent did not
    keep it as an act."""

    document: int
    place: int
    at: datetime
    by: str
    set_aside: str = ""


@dataclass(frozen=True, slots=True)
class Factors:
    """The second factors of an account, and how many of its recovery codes are still good."""

    totp: TotpSecret | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def some(self) -> bool:
        """Whether a second factor is to be asked for: recovery codes alone are none."""
        return self.totp is not None or bool(self.passkeys)


def actor_for(user: Any) -> Actor:
    """Who acts, as the journal writes it: « Prénom NOM (CDG) », or « public » without a log-in."""
    if not user.is_authenticated:
        return Actor(label="public")
    return Actor(label=f"{user} ({user.issuer.short_name})" if user.issuer else str(user), account_id=user.pk)


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


def factors_of(account_id: int) -> Factors:
    """The second factors of an account: three queries."""
    return Factors(
        TotpSecret.objects.filter(account_id=account_id).first(),
        tuple(Passkey.objects.filter(account_id=account_id)),
        RecoveryCode.objects.filter(account_id=account_id, used_at__isnull=True).count(),
    )


def needs_factor(account: User) -> bool:
    """Whether the role of an account asks for a second factor, as the installation is set."""
    return account.role in settings.CONFIG.second_factor


def passkey_named(credential_id: str) -> Passkey | None:
    """The passkey of that identifier, with its account, if that one is open and of an issuer."""
    found = Passkey.objects.select_related("account__issuer").filter(credential_id=credential_id)
    return found.filter(account__is_active=True, account__issuer__isnull=False).first()


def sessions_of(account_id: int, *, at: datetime) -> list[OpenSession]:
    """The sessions of an account that are still open, the one seen last first."""
    config = settings.CONFIG
    return list(
        OpenSession.objects.filter(
            account_id=account_id, begun_at__gt=at - config.session_life, seen_at__gt=at - config.session_idle
        )
    )


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


def deposits_of(request_id: int) -> list[Deposit]:
    """The papers that a beneficiary deposited in a file, the first one first: one query."""
    return deposits_of_requests([request_id]).get(request_id, [])


def deposits_of_requests(request_ids: Collection[int]) -> dict[int, list[Deposit]]:
    """The same for several files: one query."""
    found: dict[int, list[Deposit]] = {}
    aside: dict[int, str] = {}
    entries = list(entries_about_any("request", request_ids).filter(action__in=(DEPOSIT, SET_ASIDE)))
    for entry in entries:
        if entry.action == SET_ASIDE:
            aside[entry.details["document"]] = entry.details["reason"]
    for entry in entries:
        if entry.action == DEPOSIT:
            key, theirs = entry.details["document"], found.setdefault(int(entry.subject_id), [])
            theirs.append(Deposit(key, len(theirs) + 1, entry.at, entry.actor, aside.get(key, "")))
    return found


def waiting_deposits(request_ids: Collection[int]) -> dict[int, list[Deposit]]:
    """The deposits of several files that no agent has read yet, neither recorded as an act nor set aside: two queries.
    Files without any are not in it."""
    return those_waiting(deposits_of_requests(request_ids))


def those_waiting(found: Mapping[int, list[Deposit]]) -> dict[int, list[Deposit]]:
    """The same, of deposits already read: one query."""
    recorded = recorded_scans([one.document for deposits in found.values() for one in deposits])
    waiting = {
        key: [one for one in deposits if not one.set_aside and one.document not in recorded]
        for key, deposits in found.items()
    }
    return {key: deposits for key, deposits in waiting.items() if deposits}


def files_to_read() -> list[int]:
    """The files whose deposits no agent has read yet, the one that has waited longest first: three queries."""
    waiting = waiting_deposits([int(key) for key in subjects_told("request", DEPOSIT)])
    return sorted(waiting, key=lambda key: (waiting[key][0].at, key))


def log_in_addresses(account_id: int, *, since: datetime) -> list[str]:
    """The addresses from which an account came in since an instant."""
    told = entries_about("account", account_id).filter(action=LOG_IN, at__gt=since)
    return [str(details.get("address", "")) for details in told.values_list("details", flat=True)]


@dataclass(frozen=True, slots=True)
class LastTime:
    """When an account last came in, from where, and how many log-ins were refused since."""

    at: datetime
    address: str
    refused: int


def last_time(account_id: int) -> LastTime | None:
    """The last log-in of an account, before the one under way is told: two queries; None for the first one."""
    told = entries_about("account", account_id)
    last = told.filter(action=LOG_IN).order_by("-at", "-id").first()
    if last is None:
        return None
    refused = told.filter(action=REFUSED_LOG_IN, at__gt=last.at).count()
    return LastTime(last.at, str(last.details.get("address", "")), refused)


def log_ins_seen_by(issuer: str, actions: Collection[str]) -> QuerySet[Any]:
    """The lines of the journal that tell log-ins, newest first: those of the accounts of an issuer, and those of names
    that are nobody's.
    """
    accounts = [str(pk) for pk in accounts_of(issuer).order_by().values_list("pk", flat=True)]
    own = Q(subject_kind="account", subject_id__in=accounts) | Q(subject_kind="log-in")
    return entries_of(actions).filter(own).order_by("-at", "-id")
