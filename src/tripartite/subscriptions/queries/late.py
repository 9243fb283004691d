"""What was learnt late, and may change what had fallen due: found by the database, told once."""

from datetime import date, timedelta

from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from tripartite.conventions.queries.endings import parts_withdrawn_late
from tripartite.parties.queries.crossing import figures_learnt_late
from tripartite.pricing.due_rules import Late
from tripartite.subscriptions.models import EndNote, Notice, QuantityChange, Subscription
from tripartite.subscriptions.queries.days import runs_on
from tripartite.subscriptions.queries.pending import subscribers_of
from tripartite.tariffs.queries import running_tariffs

LOOKED_BACK = timedelta(days=92)
"""How long a fact learnt late is looked for: the day's work is never so late."""


def difference_name(body_id: int, learnt: date) -> str:
    """The name of the notice that tells a body what was learnt on a day."""
    return f"difference:{body_id}:{learnt:%Y-%m-%d}"


def differences_to_tell(*, on: date) -> list[tuple[int, date]]:
    """The bodies for which something was learnt late, each with the day, those told already left out."""
    since = on - LOOKED_BACK
    found = {*_acts(since), *_tariffs(on), *_figures(on)}
    recent = [(body_id, learnt) for body_id, learnt in found if since < learnt <= on]
    told = set(Notice.objects.filter(name__startswith="difference:").values_list("name", flat=True)) if recent else ()
    return sorted(one for one in recent if difference_name(*one) not in told)


def _acts(since: date) -> list[tuple[int, date]]:
    """Ends, withdrawals of a part, reductions and corrections recorded after the first day from which they hold: for
    an end, its morrow."""
    learnt = TruncDate("recorded_at", tzinfo=timezone.get_current_timezone())
    recurring = Q(subscription__term_years__isnull=True)
    noted = EndNote.objects.annotate(learnt=learnt).filter(recurring, learnt__gt=since)
    noted = noted.filter(Q(ends_on__isnull=True) | Q(ends_on__lt=F("learnt")))
    ends = noted.values_list("subscription__body_id", "learnt", "ends_on")
    less = QuantityChange.objects.annotate(learnt=learnt).filter(recurring, learnt__gt=since, on__lt=F("learnt"))
    less = less.filter(~Q(removed="") | Q(corrects__isnull=False))
    parts = parts_withdrawn_late(since=since)
    under = Q(convention_id__in=parts) | Q(convention__parent_id__in=parts)
    left = Subscription.objects.filter(under, term_years__isnull=True) if parts else Subscription.objects.none()
    of_parts = left.values_list("body_id", "convention_id", "convention__parent_id")
    return [
        *((body, parts[own if own in parts or parent is None else parent]) for body, own, parent in of_parts),
        *((body, day) for body, day, last in ends if last is None or last + timedelta(days=1) < day),
        *less.values_list("subscription__body_id", "learnt"),
    ]


def _tariffs(on: date) -> list[tuple[int, date]]:
    """The tariffs whose act asks the difference, adopted once they applied, with those who have what they price."""
    tariffs = running_tariffs()
    found: list[tuple[int, date]] = []
    for grid in tariffs.grids:
        learnt = tariffs.learnt_on(grid)
        if grid.asks_difference and learnt > on - LOOKED_BACK:
            bodies = subscribers_of(grid, tariffs, on=on).order_by("body_id").values_list("body_id", flat=True)
            found += [(body_id, learnt) for body_id in bodies.distinct()]
    return found


def _figures(on: date) -> list[tuple[int, date]]:
    """The figures recorded after the day from which they count, of bodies that have something, where a tariff asks."""
    if all(grid.due.late_figures is not Late.DIFFERENCE for grid in running_tariffs().grids):
        return []
    running = Subscription.objects.filter(runs_on(on), term_years__isnull=True)
    return figures_learnt_late(since=on - LOOKED_BACK, bodies=running.values("body_id"))
