"""Numbers of papers: one counter row per issuer, series and year; no gap, no double."""

from collections.abc import Iterable

from django.db import connection, transaction

TAKEN = """
INSERT INTO documents_counter (issuer, series, year, last) VALUES {rows}
ON CONFLICT (issuer, series, year) DO UPDATE SET last = documents_counter.last + 1
RETURNING issuer, last
"""


def take_number(*, issuer: str, series: str, year: int) -> int:
    """The next number of a series (1 the first time), as `take_numbers` takes it."""
    return take_numbers(issuers=[issuer], series=series, year=year)[issuer]


def take_numbers(*, issuers: Iterable[str], series: str, year: int) -> dict[str, int]:
    """The next number of a series (1 the first time) of each issuer, taken inside the caller's transaction: one query.

    Writing a counter locks its row until that transaction ends (on SQLite, the whole file): another one waits, then
    goes on from what was committed. Rows are written in the order of the issuers' codes, so that two transactions never
    wait for each other. If the caller rolls back, the numbers go back with it.
    Raises TransactionManagementError outside an atomic block, where a number could be taken for a paper that fails.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a number is taken inside the transaction that issues the paper")
    rows = [(issuer, series, year, 1) for issuer in sorted(set(issuers))]
    statement = TAKEN.format(rows=", ".join(["(%s, %s, %s, %s)"] * len(rows)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in row])
        return dict(cursor.fetchall())
