"""Statements as lists and pages show them, and the columns that are read of an issuer's."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from tripartite.billing.models import Statement, StatementColumns
from tripartite.billing.statements.lines import header_with, movements_of
from tripartite.billing.statements.values import (
    BANK_COLUMNS,
    Columns,
    Fault,
    Movement,
    Row,
    StatementColumn,
    StatementKind,
)
from tripartite.billing.states import RECORDING
from tripartite.jobs.queries import last_job


def statement_list(issuer: str) -> QuerySet[Statement]:
    """The statements of an issuer, the latest first, without their lines: one query."""
    return Statement.objects.filter(issuer=issuer).defer("rows")


def statement_by_id(statement_id: int) -> Statement | None:
    return Statement.objects.filter(pk=statement_id).first()


def recording_of(statement_id: int) -> Any:
    """The latest job that records a statement, with its counts; None where it was done at once, or not yet."""
    return last_job(RECORDING, statement=statement_id)


def kept_columns(issuer: str) -> Columns:
    """The columns that were last said to be read of the statements of an issuer; none at first. One query."""
    kept = StatementColumns.objects.filter(issuer=issuer).last()
    return {StatementColumn(name): title for name, title in kept.columns.items()} if kept else {}


def statement_columns(statement: Statement) -> Columns:
    """The columns to read of a statement: those of a bank's are known, those of a table are kept, if it has them. Empty
    where they are still to be said. One query at most.
    """
    if statement.kind == StatementKind.BANK:
        return BANK_COLUMNS
    kept = kept_columns(statement.issuer)
    return kept if header_with(rows_of(statement), kept) is not None else {}


def rows_of(statement: Statement) -> list[Row]:
    """Its lines, as they are kept."""
    return [(number, cells) for number, cells in statement.rows]


def read_lines(
    kind: str, rows: list[Row], columns: Columns, *, account: str = "", on: date
) -> tuple[list[Movement], list[Fault]]:
    """The movements and the faults of a statement; `account` names the bank account, whose numbers are its own."""
    return movements_of(rows, columns, source=f"{kind}:{account}", on=on)
