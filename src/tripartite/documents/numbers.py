"""Numbers of papers: one counter row per issuer, series and year; no gap, no double."""

from django.db import transaction
from django.db.models import F

from tripartite.documents.models import Counter


def take_number(*, issuer: str, series: str, year: int) -> int:
    """The next number of a series (1 the first time), taken inside the caller's transaction.

    The update locks the counter's row until that transaction ends (on SQLite, the whole file): another one waits,
    then goes on from what was committed. If the caller rolls back, the number goes back with it.
    Raises TransactionManagementError outside an atomic block, where a number could be taken for a paper that fails.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken inside the transaction that issues the paper")
    row = Counter.objects.filter(issuer=issuer, series=series, year=year)
    if not row.update(last=F("last") + 1):
        first = Counter(issuer=issuer, series=series, year=year, last=0)
        Counter.objects.bulk_create([first], ignore_conflicts=True)
        row.update(last=F("last") + 1)
    return row.values_list("last", flat=True).get()
