"""The columns that what runs has of its own, as all that reads a whole directory of it reads them, named once."""

from django.db.models import QuerySet

from tripartite.many import as_text
from tripartite.subscriptions.models import Subscription

DAYS = ("anchor_on", "starts_on", "ends_on")
OWN_COLUMNS = (
    "pk",
    "body_id",
    "convention_id",
    "service",
    "name",
    "end_reason",
    "term_years",
    *(f"{name}_text" for name in DAYS),
)
"""The days are as the base writes them (`with_own_days`), each to be read once by `read_day`."""


def with_own_days(rows: QuerySet[Subscription]) -> QuerySet[Subscription]:
    """Rows with their days as texts."""
    return rows.annotate(**{f"{name}_text": as_text(name) for name in DAYS})
