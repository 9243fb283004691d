"""When what runs falls due, and what becomes of it afterwards, as a grid says it: the table `[due]`, and each issuer's
rhythm. Pure. See docs/decisions/0072-learnt-late.md.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tripartite.pricing.tables import Table

Word = TypeVar("Word", bound=StrEnum)


class Late(StrEnum):
    """What becomes of what had fallen due when a fact that would have priced it otherwise is learnt after: it keeps its
    price, or the difference is due, or given back.
    """

    KEEPS = "keeps"
    DIFFERENCE = "difference"


class Rhythm(StrEnum):
    """When what is due for a year falls due: on the anniversary of the going live, or on 1 January."""

    ANNIVERSARY = "anniversary"
    CIVIL_YEAR = "civil-year"


class InvoicePer(StrEnum):
    """What an issuer makes one invoice of: all that a body owes, or what it owes for each convention."""

    BODY = "body"
    CONVENTION = "convention"


@dataclass(frozen=True, slots=True)
class DueRules:
    """`late_tariff`: this tariff, adopted once due dates that it rules had passed. `late_figures`: a population or a
    staff recorded once due dates on which it counted had passed. `gives_back`: a reduction or an end gives back the
    part of the period that has not begun, as `prorata` counts it.
    """

    late_tariff: Late = Late.KEEPS
    late_figures: Late = Late.KEEPS
    gives_back: bool = False


def read_due_rules(root: Table) -> DueRules:
    """The table `[due]`: all its keys may be left out."""
    table = root.table("due")
    if table is None:
        return DueRules()
    rules = DueRules(
        late_tariff=read_word(table, "late_tariff", Late.KEEPS),
        late_figures=read_word(table, "late_figures", Late.KEEPS),
        gives_back=table.flag("gives_back"),
    )
    table.close()
    return rules


def read_word(table: Table, key: str, usual: Word) -> Word:
    """One of the words of an enumeration; `usual` where the key is left out."""
    value = table.optional_text(key)
    known = type(usual)
    if value is None:
        return usual
    if value not in set(known):
        table.wrong(key, f"choisir parmi {', '.join(known)}.")
        return usual
    return known(value)
