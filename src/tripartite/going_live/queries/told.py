"""What went live and was not told to its beneficiary yet: asked of the database. See services/live_daily.py."""

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from tripartite.going_live.models import GoneLive
from tripartite.subscriptions.queries.notices import notices_about
from tripartite.subscriptions.queries.pending import Due

FAMILY = "live:"
LOOKED_BACK = timedelta(days=400)
"""How far back one looks: the longest interruption that the day's work catches up by itself."""


def told_name(convention_id: int, part_id: int) -> str:
    """The name of the notice that the parts of a convention were told, up to that one."""
    return f"{FAMILY}{convention_id}:{part_id}"


def conventions_to_tell(*, on: date) -> list[Due]:
    """The conventions and amendments of which something recorded before a day, and still standing, was not told: two
    queries, that read plain values of a whole directory.
    """
    told = _told(FAMILY, on)
    found: dict[int, str] = {}
    rows = _standing(on).values_list(
        "pk",
        "corrects_id",
        "activation__convention_id",
        "activation__convention__number",
        "activation__convention__beneficiary__name",
    )
    for part_id, corrects_id, convention_id, number, name in rows.order_by():
        if _is_news(part_id, corrects_id, told.get(convention_id, 0)):
            found[convention_id] = f"{number}, {name}"
    return [Due(key, words) for key, words in sorted(found.items())]


def parts_to_tell(convention_id: int, *, on: date) -> list[GoneLive]:
    """Those parts of a convention, in the order of their days: two queries."""
    told = _told(f"{FAMILY}{convention_id}:", on).get(convention_id, 0)
    parts = _standing(on).filter(activation__convention_id=convention_id)
    return [
        part
        for part in parts.select_related(
            "activation__convention__request__beneficiary", "activation__convention__beneficiary"
        )
        if _is_news(part.pk, part.corrects_id, told)
    ]


def _standing(on: date) -> QuerySet[GoneLive]:
    """What was recorded before a day, not too long ago, and nothing corrects."""
    until = _midnight(on)
    return GoneLive.objects.filter(recorded_at__gte=until - LOOKED_BACK, recorded_at__lt=until, corrected_by=None)


def _told(family: str, on: date) -> dict[int, int]:
    """The last part of each convention that was told, by the names of the notices of a family."""
    told: dict[int, int] = {}
    notices = notices_about([], family).filter(recorded_at__gte=_midnight(on) - LOOKED_BACK)
    for name in notices.values_list("name", flat=True):
        convention, part = map(int, name.removeprefix(FAMILY).split(":"))
        told[convention] = max(part, told.get(convention, 0))
    return told


def _midnight(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time()))


def _is_news(part_id: int, corrects_id: int | None, told: int) -> bool:
    """What corrects a part that was told is told by the correction itself."""
    return part_id > told and (corrects_id is None or corrects_id > told)
