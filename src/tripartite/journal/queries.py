"""Reading the journal."""

from django.db.models import QuerySet

from tripartite.journal.models import Entry


def entries_about(subject_kind: str, subject_id: object) -> QuerySet[Entry]:
    """What happened to one subject, oldest first."""
    return Entry.objects.filter(subject_kind=subject_kind, subject_id=str(subject_id))
