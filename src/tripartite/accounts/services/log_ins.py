"""Log-ins that were refused: counted, so that nobody guesses without end; told in the journal, and to the person.

Three counts: of one account from one network, of one network, of one account from everywhere. The last is slower, and
waits for nobody on a network from which the account came in lately: who knows an address cannot keep its person out.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from tripartite.accounts.models import User
from tripartite.accounts.queries import REFUSED_LOG_IN, account_by_email, log_in_addresses
from tripartite.accounts.services.attempts import NO_WAIT, count_attempt, forget_attempts, wait_left
from tripartite.journal.services import Actor, record
from tripartite.limits import DAY, HOUR, network_of
from tripartite.messages.letters import Link, public_address, write_letter
from tripartite.messages.services.queueing import queue_or_set_aside
from tripartite.parties.queries.signature import letter_signature
from tripartite.pricing.french import instant_text

SPAN = timedelta(minutes=15)
"""How long a pair of account and network waits, and a network; an account waits an hour."""
TOLD_AFTER = 5
"""How many refusals in a day make a letter to the person, one a day at most."""
KNOWN_FOR = timedelta(days=30)
PAIR, NETWORK, ACCOUNT = "log-in-pair", "log-in-network", "log-in-account"
LETTER, FAILURES = "log-in-letter", "log-in-failures"


def log_in_wait(*, tried: str, address: str, at: datetime) -> timedelta:
    """How long whoever tries the name `tried` from `address` is to wait before a password is even looked at."""
    account = account_by_email(tried)
    who, network = _who(account, tried), network_of(address)
    pair, of_network, of_account = settings.CONFIG.log_in_tries
    waits = [
        wait_left(purpose=PAIR, who=f"{who} {network}", most=((SPAN, pair),), at=at),
        wait_left(purpose=NETWORK, who=network, most=((SPAN, of_network),), at=at),
    ]
    everywhere = wait_left(purpose=ACCOUNT, who=who, most=((HOUR, of_account),), at=at)
    if everywhere and not (account and _is_known(account, network, at)):
        waits.append(everywhere)
    return max(waits, default=NO_WAIT)


@transaction.atomic
def note_refused_log_in(*, tried: str, address: str, actor: Actor, at: datetime) -> timedelta:
    """Count a refused log-in, tell it in the journal, and to the person from the fifth of a day; answers how long to
    wait from now on.

    What was typed is kept for an account that exists alone: a password typed in place of a name leaves a short hash.
    """
    account = account_by_email(tried)
    who, network = _who(account, tried), network_of(address)
    pair, of_network, of_account = settings.CONFIG.log_in_tries
    count_attempt(purpose=PAIR, who=f"{who} {network}", most=((SPAN, pair),), at=at)
    count_attempt(purpose=NETWORK, who=network, most=((SPAN, of_network),), at=at)
    count_attempt(purpose=ACCOUNT, who=who, most=((HOUR, of_account),), at=at)
    wait = log_in_wait(tried=tried, address=address, at=at)
    named = account.email if account else f"compte inconnu (empreinte {hash_of_name(tried)})"
    record(
        actor=actor,
        at=at,
        action=REFUSED_LOG_IN,
        subject_kind="account" if account else "log-in",
        subject_id=account.pk if account else hash_of_name(tried),
        text=f"Connexion refusée : {named}, depuis {address}." + (" Les suivantes attendent." if wait else ""),
        details={"address": address, "waits": bool(wait)},
    )
    if account is not None and account.is_active:
        _tell(account, address, actor, at)
    return wait


@transaction.atomic
def note_log_in(*, account: User, address: str) -> None:
    """Start the counts of a person again where it has just come in: the network's goes on, lest one account of one's
    own serve to try the others.
    """
    forget_attempts(purpose=PAIR, who=f"{_who(account, '')} {network_of(address)}")


def hash_of_name(tried: str) -> str:
    """Twelve figures that say whether the same name was tried again, and not which: keyed with the installation's
    secret."""
    return salted_hmac("tripartite.accounts.tried", tried.strip().lower(), algorithm="sha256").hexdigest()[:12]


def _who(account: User | None, tried: str) -> str:
    return f"account {account.pk}" if account else f"name {tried.strip().lower()}"


def _is_known(account: User, network: str, at: datetime) -> bool:
    return any(network_of(address) == network for address in log_in_addresses(account.pk, since=at - KNOWN_FOR))


def _tell(account: User, address: str, actor: Actor, at: datetime) -> None:
    who = _who(account, "")
    if count_attempt(purpose=FAILURES, who=who, most=((DAY, TOLD_AFTER - 1),), at=at):
        return
    if not count_attempt(purpose=LETTER, who=who, most=((DAY, 1),), at=at):
        return
    title = "Des connexions à votre compte ont été refusées"
    letter = write_letter(
        title=title,
        paragraphs=[
            f"{TOLD_AFTER} tentatives ou plus, en un jour, avec votre adresse et un mauvais mot de passe.",
            (
                "Si c'est vous, il n'y a rien à faire. Sinon, quelqu'un cherche votre mot de passe : choisissez-en un"
                " que vous n'utilisez nulle part ailleurs, et prévenez l'administrateur de votre organisme."
            ),
        ],
        facts=[("La dernière", f"{instant_text(timezone.localtime(at))}, depuis l'adresse {address}")],
        link=Link("Se connecter", public_address(reverse("login"))),
        signature=letter_signature(),
    )
    queue_or_set_aside(
        kind="accounts.refused-log-ins",
        to=(account.name, account.email),
        subject=title,
        text=letter.text,
        html=letter.html,
        about=("account", account.pk),
        actor=actor,
        at=at,
    )
