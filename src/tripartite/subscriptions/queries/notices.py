"""What was announced already, by the names of the announcements."""

from collections.abc import Collection
from typing import Any

from django.db.models import Q, QuerySet

from tripartite.subscriptions.models import Notice


def was_announced(name: str) -> bool:
    """Whether that announcement was made."""
    return Notice.objects.filter(name=name).exists()


def notices_of(names: Collection[str]) -> dict[str, Notice]:
    """Announcements already made, by their names: one query."""
    return {one.name: one for one in Notice.objects.filter(name__in=names)}


def notices_named(names: Any) -> QuerySet[Notice]:
    """The announcements whose name is an expression of an outer query, to be excluded from it (`Exists`)."""
    return Notice.objects.filter(name=names)


def notices_about(names: Collection[str], prefix: str) -> QuerySet[Notice]:
    """Those of these names, and those whose names begin so, the oldest first."""
    return Notice.objects.filter(Q(name__in=names) | Q(name__startswith=prefix)).order_by("recorded_at", "pk")
