"""How often what costs may be asked for, by one address and by all of them together. Pure."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
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
        Costly.LOG_IN: (Bound(MINUTE, 30, 300),),
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


def _number(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10_000_000):
        raise ValueError(text)
    return int(text)
