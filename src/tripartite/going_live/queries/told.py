"""What went live and was not told to its beneficiary yet: asked of the database. See services/live_daily.py."""

from datetime import date, datetime, time, timedelta

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
    queries.
    """
    found = {part.activation.convention_id: part.activation.convention for part in _untold(on)}
    return [Due(key, f"{one.number}, {one.beneficiary.name}") for key, one in sorted(found.items())]


def parts_to_tell(convention_id: int, *, on: date) -> list[GoneLive]:
    """Those parts of a convention, in the order of their days: two queries."""
    return [part for part in _untold(on) if part.activation.convention_id == convention_id]


def _untold(on: date) -> list[GoneLive]:
    until = timezone.make_aware(datetime.combine(on, time()))
    since = until - LOOKED_BACK
    told: dict[int, int] = {}
    for name in notices_about([], FAMILY).filter(recorded_at__gte=since).values_list("name", flat=True):
        convention, part = map(int, name.removeprefix(FAMILY).split(":"))
        told[convention] = max(part, told.get(convention, 0))
    parts = GoneLive.objects.filter(recorded_at__gte=since, recorded_at__lt=until, corrected_by=None).select_related(
        "activation__convention__request__beneficiary", "activation__convention__beneficiary"
    )
    return [part for part in parts if _is_news(part, told.get(part.activation.convention_id, 0))]


def _is_news(part: GoneLive, told: int) -> bool:
    """What corrects a part that was told is told by the correction itself."""
    return part.pk > told and (part.corrects_id is None or part.corrects_id > told)
