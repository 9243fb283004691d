"""What a statement says: its kind, the columns that are read of it, its movements, what is wrong with its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Row = tuple[int, Sequence[str]]
"""A line of a file: its number (the first is 1) and its cells, as texts."""


class StatementKind(StrEnum):
    """TABLE: a spreadsheet of the accountant's, whose columns are said once. BANK: a bank's own format (CAMT.053)."""

    TABLE = "spreadsheet"
    BANK = "bank"


STATEMENT_KIND_LABELS = {StatementKind.TABLE: "relevé du comptable", StatementKind.BANK: "relevé bancaire"}


class StatementColumn(StrEnum):
    """What a column of a statement says. AMOUNT is signed; CREDIT and DEBIT stand for it where there are two columns.
    TITLE is the number of a revenue order, YEAR its fiscal year; OPERATION is the bank's own number of the movement.
    """

    DAY = "day"
    AMOUNT = "amount"
    CREDIT = "credit"
    DEBIT = "debit"
    TITLE = "title"
    YEAR = "year"
    INVOICE = "invoice"
    PAYER = "paid-by"
    LABEL = "label"
    REFERENCE = "reference"
    OPERATION = "operation"


STATEMENT_COLUMN_LABELS = {
    StatementColumn.DAY: "jour",
    StatementColumn.AMOUNT: "montant",
    StatementColumn.CREDIT: "crédit",
    StatementColumn.DEBIT: "débit",
    StatementColumn.TITLE: "titre",
    StatementColumn.YEAR: "exercice",
    StatementColumn.INVOICE: "facture",
    StatementColumn.PAYER: "payeur",
    StatementColumn.LABEL: "libellé",
    StatementColumn.REFERENCE: "référence",
    StatementColumn.OPERATION: "opération",
}
"""The same words name columns on the command line."""

Columns = dict[StatementColumn, str]
"""The title of the column that says each thing."""

BANK_COLUMNS: Columns = {
    one: STATEMENT_COLUMN_LABELS[one]
    for one in (
        StatementColumn.DAY,
        StatementColumn.AMOUNT,
        StatementColumn.PAYER,
        StatementColumn.LABEL,
        StatementColumn.REFERENCE,
        StatementColumn.OPERATION,
    )
}
"""How the movements of a bank's file are laid out once read."""


@dataclass(frozen=True, slots=True)
class Movement:
    """Money in, or out (below zero), as a line says it. `key` names the line: the same one, in the same file or in
    another, has the same.
    """

    row: int
    on: date
    cents: int
    key: str
    title: int | None = None
    year: int | None = None
    invoice: str = ""
    payer: str = ""
    label: str = ""
    reference: str = ""

    @property
    def words(self) -> str:
        """All that the line says in words."""
        return " ".join(part for part in (self.invoice, self.reference, self.label, self.payer) if part)


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be read, and why, in French."""

    row: int
    words: str

    def __str__(self) -> str:
        return f"ligne {self.row} : {self.words}"


@dataclass(slots=True)
class BankStatement:
    """What a bank's file says, or why it is refused (`refusal`, French): its account, and its movements as rows under
    the titles of `BANK_COLUMNS`.
    """

    account: str = ""
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()
    refusal: str = ""
