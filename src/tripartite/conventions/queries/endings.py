"""Questions about how conventions end: the ending on record, the issuers that withdrew, what a letter took away."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from tripartite.conventions.models import Ending, Withdrawal
from tripartite.many import Among, keys_told
from tripartite.pricing.endings import Effect
from tripartite.questions import KEYS, Question


def endings_of(convention_id: int) -> list[Ending]:
    """All that was given to end a convention, annulled or not, in order."""
    return list(Ending.objects.filter(convention_id=convention_id))


def ending_by_id(ending_id: int) -> Ending | None:
    return Ending.objects.filter(pk=ending_id).first()


def part_withdrawn(convention: str) -> dict[str, Subquery]:
    """The issuer that withdraws its part from a convention, or from the one that it amends, its last day, and when that
    was recorded: columns for a query whose rows have that convention under this name; null where none does."""
    of = Q(convention=OuterRef(f"{convention}_id")) | Q(convention=OuterRef(f"{convention}__parent_id"))
    found = Ending.objects.filter(of, effect=Effect.OWN_PART, annulled_at=None)
    columns = {"part_left_by": "role", "part_left_on": "last_day", "part_left_at": "recorded_at"}
    return {name: Subquery(found.values(column)[:1]) for name, column in columns.items()}


class PartLeft(NamedTuple):
    """The same, read for many: the issuer that withdraws its part, its last day, when that was recorded."""

    part_left_by: str
    part_left_on: date
    part_left_at: datetime


OWN_PARTS = Question[tuple[int, str, date, datetime]](
    lambda conventions: Ending.objects.filter(
        Among("convention", conventions), effect=Effect.OWN_PART, annulled_at=None
    ).values_list("convention_id", "role", "last_day", "recorded_at"),
    KEYS,
)


def parts_withdrawn(conventions: Mapping[int, int | None]) -> dict[int, PartLeft]:
    """The same of many conventions, by their keys, each with that of the one that it amends (None: it amends none):
    one query. Conventions that no issuer withdraws from are not among them."""
    found = OWN_PARTS.ask(keys_told({*conventions, *(key for key in conventions.values() if key is not None)}))
    left: dict[int, PartLeft] = {}
    for key, parent in conventions.items() if found else ():
        first = next((PartLeft(by, on, at) for of, by, on, at in found if of in (key, parent)), None)
        if first is not None:
            left[key] = first
    return left


def parts_withdrawn_late(*, since: date) -> dict[int, date]:
    """The conventions from which an issuer withdrew its part by a letter recorded after that part had ended, each with
    the day it was learnt, after `since`: one query."""
    learnt = TruncDate("recorded_at", tzinfo=timezone.get_current_timezone())
    late = Ending.objects.annotate(learnt=learnt).filter(effect=Effect.OWN_PART, annulled_at=None, learnt__gt=since)
    return dict(late.filter(last_day__lt=F("learnt")).values_list("convention_id", "learnt"))


def issuers_left(numbers: Collection[str], *, on: date) -> dict[str, frozenset[str]]:
    """The issuers whose part of a convention has ended before a day, by the number of the convention: they accompany
    nothing of it any more, and quote nothing of what amends it. One query."""
    found: dict[str, frozenset[str]] = {}
    gone = Ending.objects.filter(
        convention__number__in=numbers, effect=Effect.OWN_PART, annulled_at=None, last_day__lt=on
    )
    for number, role in gone.values_list("convention__number", "role"):
        found[str(number)] = found.get(str(number), frozenset()) | {role}
    return found


def last_withdrawals(convention_id: int, origin: str) -> list[Withdrawal]:
    """All that letters took away for that origin and that was not given back since, in order."""
    noted = list(Withdrawal.objects.filter(convention_id=convention_id, origin=origin).order_by("pk"))
    given = [place for place, one in enumerate(noted) if one.back]
    return noted[given[-1] + 1 :] if given else noted


def last_withdrawal(convention_id: int, origin: str) -> Withdrawal | None:
    """What a letter took away last for that origin; None when nothing did, or when it was given back."""
    last = Withdrawal.objects.filter(convention_id=convention_id, origin=origin).order_by("-pk").first()
    return None if last is None or last.back else last
