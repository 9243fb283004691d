"""`tripartite billing statement`: what an account's statements say was paid. Dry by default."""

import argparse
import sys
from datetime import date
from pathlib import Path

from django.utils import timezone

from tripartite.billing.queries.matching import Fate, Proposed, proposed
from tripartite.billing.queries.statements import kept_columns, read_lines
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.statements import (
    StatementFile,
    checked_columns,
    keep_statement,
    read_statement_file,
    record_statement,
    set_statement_columns,
)
from tripartite.billing.statements.values import (
    BANK_COLUMNS,
    STATEMENT_COLUMN_LABELS,
    Columns,
    StatementKind,
)
from tripartite.bounded.refusals import Busy
from tripartite.cli.speaker import command_actor
from tripartite.file_errors import reason
from tripartite.pricing.french import counted
from tripartite.pricing.money import euros

DRY = "Essai : rien n'a été écrit (--apply)."
NAMES = {label: name for name, label in STATEMENT_COLUMN_LABELS.items()}


def add_statement(action: argparse.ArgumentParser) -> None:
    """Declare `statement`, under an action that names the issuer."""
    action.add_argument("files", nargs="+", metavar="FICHIER", help="relevés : CSV, XLSX, CAMT.053")
    action.add_argument(
        "--columns",
        metavar="NOM=TITRE,…",
        help=f"ce que disent les colonnes d'un relevé du comptable, gardé ensuite ; noms : {', '.join(NAMES)}",
    )
    action.add_argument("--aside", action="store_true", help="noter aussi ce dont la facture est inconnue, à part")
    action.add_argument("--apply", action="store_true", help="noter pour de bon ; sinon, dire seulement")


def read_statements(arguments: argparse.Namespace) -> int:
    """Read each file, in transactions of its own. Exit status 1 when one is refused, or has a line that cannot be read;
    the others are read.
    """
    on, failed = timezone.localdate(), 0
    try:
        columns = _columns(arguments)
    except BillingError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    for name in arguments.files:
        path = Path(name)
        try:
            failed += not _read(arguments, path, columns, on)
        except OSError as error:
            print(f"Impossible de lire {path} : {reason(error)}.", file=sys.stderr)
            failed += 1
        except (BillingError, Busy) as refusal:
            print(f"{path.name} : {refusal}", file=sys.stderr)
            failed += 1
    if not arguments.apply:
        print(DRY)
    return 1 if failed else 0


def _columns(arguments: argparse.Namespace) -> Columns:
    """The columns said here, kept if anything is; else those that are kept."""
    if not arguments.columns:
        return kept_columns(arguments.issuer)
    pairs = [pair.partition("=") for pair in arguments.columns.split(",")]
    said = {NAMES.get(name.strip(), name): title for name, _, title in pairs}
    if not arguments.apply:
        return checked_columns(said)
    return set_statement_columns(issuer=arguments.issuer, columns=said, actor=command_actor(), at=timezone.now())


def _read(arguments: argparse.Namespace, path: Path, kept: Columns, on: date) -> bool:
    """Tell what each line pays, and record it if asked; False when a line cannot be read."""
    file = read_statement_file(issuer=arguments.issuer, name=path.name, content=path.read_bytes(), on=on)
    columns = BANK_COLUMNS if file.kind is StatementKind.BANK else kept
    if not columns:
        raise BillingError("Dire ce que disent ses colonnes : --columns jour=…,montant=…")
    movements, faults = read_lines(file.kind, file.rows, columns, account=file.account, on=on)
    print(path.name, *(_told(one) for one in proposed(arguments.issuer, movements)), sep="\n    ")
    for fault in faults:
        print(f"    ! {fault}", file=sys.stderr)
    if arguments.apply:
        _record(arguments, file, on)
    return not faults


def _record(arguments: argparse.Namespace, file: StatementFile, on: date) -> None:
    actor, at = command_actor(), timezone.now()
    kept, _ = keep_statement(issuer=arguments.issuer, file=file, actor=actor, at=at)
    made = record_statement(statement_id=kept.pk, aside=arguments.aside, on=on, actor=actor, at=at)
    shared, aside = euros(made.shared_cents), euros(made.aside_cents)
    print(f"{counted(made.payments, 'paiement')} ; rapproché : {shared} ; à part : {aside}.")


def _told(one: Proposed) -> str:
    said = one.movement
    whose = ", ".join(f"{invoice.number} {euros(cents)}" for invoice, cents in one.shares)
    aside = f", {euros(one.aside)} à part" if one.aside and one.fate is not Fate.UNKNOWN else ""
    named = f"{one.label} {whose}" if whose else one.label
    return f"ligne {said.row}, {said.on:%d/%m/%Y}, {euros(said.cents)} : {named} ({one.why}){aside}"
