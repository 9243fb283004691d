"""Statements of an account: a file received, its columns said once, its movements recorded as payments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from django.db import transaction

from tripartite.billing.models import Statement, StatementColumns
from tripartite.billing.queries.matching import Fate, Proposed, proposed
from tripartite.billing.queries.settings import settings_on
from tripartite.billing.queries.statements import (
    kept_columns,
    read_lines,
    recording_of,
    rows_of,
    statement_columns,
)
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.paying import record_payment
from tripartite.billing.services.reading_apart import read_apart
from tripartite.billing.services.records import hold_billing
from tripartite.billing.statements.values import (
    STATEMENT_COLUMN_LABELS,
    BankStatement,
    Columns,
    Row,
    StatementColumn,
    StatementKind,
)
from tripartite.bounded.reading import MIB
from tripartite.jobs.states import UNFINISHED
from tripartite.journal.seen import mark_of
from tripartite.journal.services import Actor, record
from tripartite.parties.services.spreadsheets import MAX_BYTES, Cell, SpreadsheetError, bounded, read_sheets
from tripartite.pricing.french import counted
from tripartite.pricing.money import euros
from tripartite.typed import clean_line

STATEMENT = "statement"
LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A file that was read: what it is, its lines, its account if it is a bank's."""

    kind: StatementKind
    name: str
    digest: str
    rows: list[Row]
    account: str = ""


@dataclass(frozen=True, slots=True)
class StatementReport:
    """What came of recording a statement: how many payments, the cents shared with invoices and those kept aside."""

    payments: int
    shared_cents: int
    aside_cents: int


def read_statement_file(*, issuer: str, name: str, content: bytes, on: date) -> StatementFile:
    """Read a spreadsheet (CSV, XLSX), or a bank's statement (CAMT.053) of the issuer's own account; nothing is kept.

    Raises BillingError, or Busy when too many files are being read.
    """
    if len(content) > MAX_BYTES:
        raise BillingError(f"Ce fichier est trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")
    kept, digest = clean_line(name)[:150] or "relevé", sha256(content).hexdigest()
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        found = _bank(content)
        settings = settings_on(issuer, on)
        own = settings.iban.replace(" ", "") if settings else ""
        if found.account != own:
            words = "n'est pas celui des réglages" if own else "ne peut être vérifié : les réglages n'ont pas d'IBAN"
            raise BillingError(f"Le compte de ce relevé ({found.account[:34]}) {words}. Rien n'a été lu.")
        return StatementFile(StatementKind.BANK, kept, digest, list(found.rows), found.account)
    return StatementFile(StatementKind.TABLE, kept, digest, table_rows(content))


@transaction.atomic
def keep_statement(*, issuer: str, file: StatementFile, actor: Actor, at: datetime) -> tuple[Statement, bool]:
    """Keep a file that was read, to be seen before its movements are recorded; True when the same is kept already.

    Raises BillingError where the billing of the issuer is not set.
    """
    hold_billing(issuer)
    known = Statement.objects.filter(issuer=issuer, digest=file.digest).first()
    if known is not None:
        return known, True
    made = Statement.objects.create(
        issuer=issuer,
        kind=file.kind,
        name=file.name,
        digest=file.digest,
        account=file.account,
        rows=file.rows,
        received_at=at,
        received_by=actor.label,
    )
    journal_statement(made, actor, at, "receive", f"Relevé reçu : {made.name}, {counted(len(file.rows), 'ligne')}.")
    return made, False


@transaction.atomic
def set_statement_columns(*, issuer: str, columns: Mapping[str, str], actor: Actor, at: datetime) -> Columns:
    """Say which titles of an issuer's statements say what, for this file and the next; the same again adds nothing.

    Raises BillingError for an unknown column, one title said twice, or no day or amount.
    """
    said = checked_columns(columns)
    if said == kept_columns(issuer):
        return said
    kept = {name.value: title for name, title in said.items()}
    StatementColumns.objects.create(issuer=issuer, columns=kept, recorded_at=at, recorded_by=actor.label)
    told = ", ".join(f"{STATEMENT_COLUMN_LABELS[name]} = « {title} »" for name, title in said.items())
    record(
        actor=actor,
        at=at,
        action="billing.statement-columns",
        subject_kind="issuer",
        subject_id=issuer,
        text=f"Colonnes des relevés : {told}.",
    )
    return said


def checked_columns(columns: Mapping[str, str]) -> Columns:
    """Columns fit to be read by, those left blank dropped. Raises BillingError."""
    said: Columns = {}
    for name, title in columns.items():
        if name not in set(StatementColumn):
            raise BillingError(f"« {name} » n'est pas une colonne de relevé.")
        if words := clean_line(title)[:LONGEST_TITLE]:
            said[StatementColumn(name)] = words
    if len(set(said.values())) < len(said):
        raise BillingError("Une même colonne ne peut dire deux choses.")
    if StatementColumn.DAY not in said:
        raise BillingError("Dire quelle colonne donne le jour.")
    one, two = StatementColumn.AMOUNT in said, StatementColumn.CREDIT in said
    if one == two or (one and StatementColumn.DEBIT in said):
        raise BillingError("Dire quelle colonne donne le montant : une seule, ou le crédit et le débit.")
    return said


def read_proposals(statement: Statement, on: date) -> list[Proposed]:
    """What would be done of each movement of a statement: five queries at most. Raises BillingError where its columns
    are still to be said.
    """
    columns = statement_columns(statement)
    if not columns:
        raise BillingError("Dire d'abord ce que disent les colonnes de ce relevé.")
    movements, _ = read_lines(statement.kind, rows_of(statement), columns, account=statement.account, on=on)
    return proposed(statement.issuer, movements)


def proposals_mark(statement: Statement, found: Sequence[Proposed]) -> str:
    """What a preview showed: another mark, another preview."""
    told = [(one.movement.key, one.fate.value, [(each.pk, cents) for each, cents in one.shares]) for one in found]
    return mark_of(STATEMENT, statement.pk, told, entries=[])


@transaction.atomic
def record_statement(
    *, statement_id: int, aside: bool, seen: str | None = None, on: date, actor: Actor, at: datetime
) -> StatementReport:
    """Record the movements of a statement as payments, each with the invoices that it pays; with `aside`, those of no
    invoice too, kept aside. A line is recorded once, whatever is read again.

    Raises BillingError when what `seen` (`proposals_mark`) showed is no longer what would be recorded.
    """
    statement, taken = taken_of(statement_id=statement_id, aside=aside, seen=seen, on=on)
    return record_taken(statement, taken, actor, at)


def locked_statement(statement_id: int) -> Statement:
    """The statement, held with the billing of its issuer until the end of the transaction. Raises BillingError."""
    statement = Statement.objects.select_for_update().filter(pk=statement_id).first()
    if statement is None:
        raise BillingError("Ce relevé n'existe pas.")
    hold_billing(statement.issuer)
    return statement


def taken_of(*, statement_id: int, aside: bool, seen: str | None, on: date) -> tuple[Statement, list[Proposed]]:
    """A statement, held, and what is to be recorded of it. Raises BillingError as `record_statement`."""
    statement = locked_statement(statement_id)
    found = read_proposals(statement, on)
    if seen is not None and seen != proposals_mark(statement, found):
        raise BillingError("Depuis cet aperçu, une facture ou un paiement a changé : le relire, puis noter.")
    wanted = {Fate.PAYS, Fate.REPAYS} | ({Fate.UNKNOWN} if aside else set())
    return statement, [one for one in found if one.fate in wanted]


def record_taken(statement: Statement, taken: Sequence[Proposed], actor: Actor, at: datetime) -> StatementReport:
    """Record movements of a statement that is held, in the transaction of the caller."""
    for one in taken:
        said = one.movement
        record_payment(
            issuer=statement.issuer,
            received_on=said.on,
            amount_cents=said.cents,
            shares={each.pk: cents for each, cents in one.shares} or None,
            payer=said.payer,
            reference=reference_of(one),
            source=statement.name,
            source_key=said.key,
            actor=actor,
            at=at,
        )
    report = StatementReport(
        len(taken), sum(cents for one in taken for _, cents in one.shares), sum(one.aside for one in taken)
    )
    statement.recorded_at, statement.recorded_by = at, actor.label
    statement.save(update_fields=["recorded_at", "recorded_by"])
    found = f"{counted(report.payments, 'paiement')}, {euros(report.shared_cents)} rapprochés"
    journal_statement(statement, actor, at, "record", f"Relevé noté : {statement.name}, {found}.")
    return report


@transaction.atomic
def drop_statement(*, statement_id: int, actor: Actor, at: datetime) -> None:
    """Forget a statement of which nothing was recorded. Raises BillingError otherwise."""
    statement = Statement.objects.select_for_update().filter(pk=statement_id).first()
    job = recording_of(statement_id)
    if job is not None and job.state in UNFINISHED:
        raise BillingError("Ce relevé est en train d'être noté.")
    if statement is None or statement.recorded_at is not None:
        raise BillingError("Ce relevé est noté : il reste." if statement else "Ce relevé n'existe pas.")
    journal_statement(statement, actor, at, "drop", f"Relevé oublié, sans que rien n'en soit noté : {statement.name}.")
    statement.delete()


def reference_of(one: Proposed) -> str:
    """What a payment says of where it was read: its order, its invoice, the words of the line."""
    said = one.movement
    title = f"Titre {said.title}{f'/{said.year}' if said.year else ''}" if said.title is not None else ""
    return ", ".join(part for part in (title, said.invoice, said.reference, said.label) if part)


def _bank(content: bytes) -> BankStatement:
    return read_apart("tripartite.billing.statements.apart:read_bank", BankStatement, content=content, answer=16 * MIB)


def table_rows(content: bytes) -> list[Row]:
    """The lines of a spreadsheet, their cells as they would be typed. Raises BillingError, or Busy."""
    try:
        sheets = [bounded(sheet) for sheet in read_sheets(content)]
    except SpreadsheetError as refusal:
        where = f"Ligne {refusal.row} : " if refusal.row else ""
        raise BillingError(f"{where}{refusal}") from None
    if not sheets:
        raise BillingError("Ce fichier est vide.")
    return [(number, [_text(cell) for cell in cells]) for number, cells in sheets[0].rows]


def _text(cell: Cell) -> str:
    """A cell as it would be typed; a fault stays one, which no amount or day looks like."""
    match cell.value:
        case Fraction() as number:
            return format(Decimal(number.numerator) / Decimal(number.denominator), "f")
        case date() as day:
            return f"{day:%d/%m/%Y}"
        case None:
            return f"({cell.fault})" if cell.fault else ""
        case value:
            return str(value)[:500]


def journal_statement(statement: Statement, actor: Actor, at: datetime, act: str, text: str) -> None:
    """Tell the journal of a statement."""
    record(
        actor=actor,
        at=at,
        action=f"billing.statement-{act}",
        subject_kind=STATEMENT,
        subject_id=statement.pk,
        text=text,
        details={"sha256": statement.digest},
    )
