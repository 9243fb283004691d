"""Reading the journal."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import CharField, Max, QuerySet

from tripartite.journal.models import Entry
from tripartite.questions import Question

ABOUT = Question[Entry](
    lambda kind, key: Entry.objects.filter(subject_kind=kind, subject_id=key), CharField(), CharField()
)


def entries_about(subject_kind: str, subject_id: object) -> QuerySet[Entry]:
    """What happened to one subject, oldest first."""
    return Entry.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id))


def told_about(subject_kind: str, subject_id: object) -> list[Entry]:
    """The same as pages read it, whole: a question written once."""
    return ABOUT.ask(subject_kind, str(subject_id))


def entries_about_any(subject_kind: str, subject_ids: Iterable[object]) -> QuerySet[Entry]:
    """What happened to several subjects of a kind, oldest first."""
    return Entry.objects.filter(subject_kind=subject_kind, subject_id__in=[str(key) for key in subject_ids])


def subjects_told(subject_kind: str, action: str) -> list[str]:
    """The subjects of a kind of which the journal tells an act, each once."""
    told = Entry.objects.filter(subject_kind=subject_kind, action=action).order_by()
    return list(told.values_list("subject_id", flat=True).distinct())


def last_told(subject_kind: str, action: str) -> datetime | None:
    """When the journal last told of an act on a subject of a kind; None when it never did."""
    found = Entry.objects.filter(subject_kind=subject_kind, action=action).order_by("-at", "-id")
    return found.values_list("at", flat=True).first()


def entries_of(actions: Iterable[str]) -> QuerySet[Entry]:
    """What the journal tells of some acts, whatever their subject."""
    return Entry.objects.filter(action__in=list(actions))


def last_act_before(at: datetime) -> datetime | None:
    """When the last act before an instant was done, in the order in which they were written; None before the first."""
    return Entry.objects.filter(at__lt=at).order_by("-pk").values_list("at", flat=True).first()


def last_entry() -> int:
    """The mark of the latest line, by which `told_since` knows what came after; 0 when nothing was told yet."""
    found: int | None = Entry.objects.aggregate(last=Max("pk"))["last"]
    return found or 0


def told_since(mark: int, *, besides: Iterable[str] = (), besides_steps: Iterable[str] = ()) -> bool:
    """Whether the journal tells of any act since a mark (`last_entry`), other than these and those of some steps."""
    later = Entry.objects.order_by().filter(pk__gt=mark).exclude(action__in=list(besides))
    for step in besides_steps:
        later = later.exclude(action__startswith=f"{step}.")
    return later.exists()
