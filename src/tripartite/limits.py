"""How often what costs may be asked for, by one address and by all of them together. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from types import MappingProxyType
from typing import NamedTuple

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Costly(StrEnum):
    """What anyone may ask for without a log-in, and costs: time, a letter, a row that stays."""

    ESTIMATE = "estimate"
    SEARCH = "search"
    TARIFF = "tariff"
    VERIFICATION = "verification"
    FEED = "feed"
    LOG_IN = "log-in"
    REQUEST = "request"
    LINK = "link"
    CODE = "code"

    @property
    def label(self) -> str:
        return COSTLY_LABELS[self]


COSTLY_LABELS = {
    Costly.ESTIMATE: "estimer",
    Costly.SEARCH: "chercher dans l'annuaire",
    Costly.TARIFF: "lire ou emporter le tarif",
    Costly.VERIFICATION: "vérifier un papier",
    Costly.FEED: "lire un calendrier",
    Costly.LOG_IN: "se connecter",
    Costly.REQUEST: "demander des devis",
    Costly.LINK: "demander un lien, ou en ouvrir un",
    Costly.CODE: "demander un code",
}


class Bound(NamedTuple):
    """At most `each` uses by one address, and `everyone` by all of them, in `span`."""

    span: timedelta
    each: int
    everyone: int


Limits = Mapping[Costly, tuple[Bound, ...]]

USUAL: Limits = MappingProxyType(
    {
        Costly.ESTIMATE: (Bound(MINUTE, 300, 3000),),
        Costly.SEARCH: (Bound(MINUTE, 300, 3000),),
        Costly.TARIFF: (Bound(MINUTE, 60, 600),),
        Costly.VERIFICATION: (Bound(MINUTE, 10, 60),),
        Costly.FEED: (Bound(MINUTE, 60, 600),),
        Costly.LOG_IN: (Bound(MINUTE, 30, 120),),
        Costly.REQUEST: (Bound(HOUR, 10, 200), Bound(DAY, 30, 600)),
        Costly.LINK: (Bound(HOUR, 20, 500),),
        Costly.CODE: (Bound(HOUR, 20, 500),),
    }
)


def read_limits(written: str) -> Limits:
    """The usual bounds, with those that `written` sets otherwise: « estimate=600/6000,verification=5/30 ».

    The two numbers are uses by one address and by all, in the first span of that use; a longer one follows in
    proportion. « aucune » sets none. Raises ValueError when it cannot be read.
    """
    if written.strip() == "aucune":
        return MappingProxyType({})
    found = dict(USUAL)
    for part in filter(None, (part.strip() for part in written.split(","))):
        name, _, numbers = part.partition("=")
        each, everyone = (_number(number) for number in numbers.split("/"))
        costly = Costly(name.strip())
        first = USUAL[costly][0]
        found[costly] = tuple(
            Bound(bound.span, each * bound.each // first.each, everyone * bound.everyone // first.everyone)
            for bound in USUAL[costly]
        )
    return MappingProxyType(found)


LOG_IN_TRIES = (
    "à un compte depuis une adresse (15 minutes), depuis une adresse (15 minutes), à un compte de partout (une heure)"
)


def read_log_in_tries(written: str) -> tuple[int, int, int]:
    """The three numbers of refused log-ins before one waits: « 5,20,20 ». Raises ValueError for anything else."""
    match [_number(number) for number in (written or "5,20,20").split(",")]:
        case [pair, network, account]:
            return pair, network, account
    raise ValueError(written)


def _number(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10_000_000):
        raise ValueError(text)
    return int(text)


ONE_SUBSCRIBER = 64
"""The bits of an IPv6 address that a subscriber is given: the rest it chooses, and changes as it likes."""


def network_of(address: str) -> str:
    """What counts as one: an IPv4 address, or the /64 of an IPv6 address."""
    found = readable_address(address)
    if isinstance(found, IPv6Address):
        return str(IPv6Network((int(found) >> ONE_SUBSCRIBER << ONE_SUBSCRIBER, ONE_SUBSCRIBER)))
    return str(found)


def readable_address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as it is written; None when it is none. An IPv4 address written as IPv6 (::ffff:192.0.2.1) is that
    IPv4 address, and a zone (fe80::1%eth0) is left out.
    """
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
