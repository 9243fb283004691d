"""The rules about keys that need no database: when to warn, which functions are one, whose office an election ends.

The days of a key are inclusive: on its last day it still signs. With `left = last day - day`, 90 days before its
expiry is the day on which `left` is 90; on the last day itself `left` is 0; the next day it has expired.
"""

from datetime import date

from tripartite.parties.queries.folding import fold
from tripartite.pricing.order import Kind

THRESHOLDS = (90, 60, 30)
LAPSED = 0
"""The last warning: the key does not sign any more."""
KEY_SERVICES = "cle-signature-"
"""What the codes of the services that are signature keys begin with, in the grids."""
MUNICIPAL = frozenset({Kind.COMMUNE, Kind.EPCI, Kind.SYNDICAT, Kind.CCAS, Kind.CIAS, Kind.CAISSE_DES_ECOLES})
"""Bodies whose office-holders follow municipal elections."""
ELECTIVE = frozenset(
    {"maire", "adjoint", "president", "vice", "conseiller", "elu", "echevin", "delegue"},
)
STAFF = frozenset({"secretaire", "directeur", "dgs", "dga", "responsable", "agent", "comptable", "assistant"})


def validity_words(first: date, last: date, on: date) -> str:
    """What to say at once of a certificate that does not sign on a day: not any more, or not yet; « » when it does."""
    if on > last:
        return f"Ce certificat a expiré le {last:%d/%m/%Y} : cette clé ne signe plus."
    if on < first:
        return f"Ce certificat ne vaut qu'à partir du {first:%d/%m/%Y} : cette clé ne signe pas encore."
    return ""


def days_left(last_day: date, on: date) -> int:
    """How many days a key still signs after `on`: 0 on its last day, negative once it has expired."""
    return (last_day - on).days


def threshold_due(last_day: date, on: date) -> int | None:
    """The warning that a day calls for: 90, 60 or 30 days before the last day, inclusive; LAPSED once it is past, even
    where nobody ran the work of the day when it passed; None before.

    The nearest one only: where nobody ran the work of the day for a while, the one before it is not caught up.
    """
    left = days_left(last_day, on)
    return LAPSED if left < 0 else min((one for one in THRESHOLDS if left <= one), default=None)


def same_function(one: str, other: str) -> bool:
    """Whether two functions are one, said of a man or of a woman: « Président », « Présidente »."""
    return _function(one) == _function(other)


def is_elective(function: str) -> bool:
    """Whether a function is held by election: mayor, president and their deputies; not a secretary of town hall."""
    words = set(_function(function).split())
    return bool(words & {_word(one) for one in ELECTIVE}) and not words & {_word(one) for one in STAFF}


def _function(text: str) -> str:
    return " ".join(map(_word, fold(text).split()))


def _word(word: str) -> str:
    if word.endswith("trice"):
        return f"{word[:-5]}teur"
    if word.endswith("iere"):
        return f"{word[:-4]}ier"
    return word.removesuffix("e")
