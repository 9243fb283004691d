"""`tripartite billing slip` and `pes`: slips of revenue orders, and the flow of each to the accountant."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from tripartite.billing.pes.tables import COLUMNS, chosen
from tripartite.billing.queries.invoices import slip_list, to_order
from tripartite.billing.queries.slips import slip_by_number
from tripartite.billing.queries.titles import title_rows
from tripartite.billing.services.errors import BillingError, SlipRejectedError
from tripartite.billing.services.flow_content import flow_content
from tripartite.billing.services.flows import answer_flow, make_flow
from tripartite.billing.services.foreseeing import refusal_of
from tripartite.billing.services.ordering import order_reductions, order_revenue
from tripartite.billing.states import FLOW_LABELS, SLIP_LABELS, FlowState, SlipKind, Unsendable
from tripartite.cli.speaker import command_actor
from tripartite.file_errors import reason
from tripartite.pricing.french import counted
from tripartite.pricing.money import euros
from tripartite.sheets import csv_file, xlsx_file

DRY = "Essai : rien n'a été écrit (--apply)."


def add_slip(action: argparse.ArgumentParser) -> None:
    """Declare `slip`, under an action that names the issuer."""
    action.add_argument("numbers", nargs="*", metavar="NUMÉRO", help="ces factures, ou ces avoirs ; sinon tout")
    action.add_argument("--reductions", action="store_true", help="les avoirs dont la facture est titrée")
    action.add_argument("--apply", action="store_true", help="numéroter pour de bon ; sinon, dire seulement")
    way = action.add_mutually_exclusive_group()
    way.add_argument(
        "--leave-out", action="store_true", help="sans les titres que le comptable rejetterait : ils attendent"
    )
    way.add_argument("--by-table", action="store_true", help="des titres qui partent en tableau (titles), sans flux")


def add_pes(action: argparse.ArgumentParser) -> None:
    """Declare `pes`, under an action that names the issuer."""
    action.add_argument("number", type=int, metavar="BORDEREAU", help="son numéro")
    action.add_argument("--year", type=int, required=True, metavar="AAAA", help="l'exercice")
    action.add_argument("--budget", default="00", metavar="CODE", help="le budget (00)")
    action.add_argument("--reductions", action="store_true", help="le bordereau d'annulations et de réductions")
    action.add_argument("--out", metavar="DOSSIER", default=".", help="où l'écrire (ici)")
    answers = [FlowState.ACCEPTED.value, FlowState.REFUSED.value]
    action.add_argument("--answer", choices=answers, help="noter ce que le comptable en a répondu, sans fichier")
    action.add_argument("--reason", default="", help="le motif d'un refus")
    action.add_argument("--apply", action="store_true", help="garder et écrire le flux ; sinon, le vérifier seulement")


def add_titles(action: argparse.ArgumentParser) -> None:
    """Declare `titles`, under an action that names the issuer."""
    action.add_argument("file", metavar="FICHIER", help="en .csv ou en .xlsx")
    action.add_argument("--year", type=int, required=True, metavar="AAAA", help="l'exercice")
    action.add_argument("--budget", default="", metavar="CODE", help="ce budget seul")
    said = ", ".join(COLUMNS)
    action.add_argument("--columns", default="", metavar="NOM[=TITRE],…", help=f"dans cet ordre ; sinon : {said}")


def write_titles(arguments: argparse.Namespace) -> int:
    """Write the orders of a year as a table. Exit status 1 for another kind of file, or a column that is none."""
    path = Path(arguments.file)
    try:
        columns = chosen(arguments.columns)
    except ValueError as refusal:
        return _refuse(str(refusal))
    written = {".csv": csv_file, ".xlsx": xlsx_file}.get(path.suffix.lower())
    if written is None:
        return _refuse("Nommer un fichier en .csv ou en .xlsx.")
    rows = title_rows(arguments.issuer, fiscal_year=arguments.year, budget=arguments.budget)
    cells = ([row[column.name] for column in columns] for row in rows)
    return _write(path, written([column.title for column in columns], cells))


def make_slip(arguments: argparse.Namespace) -> int:
    """Make a slip of what waits for its order, or of the papers named; without `--apply`, the slips there are, what
    waits, and what would have its flow rejected. Exit status 1 for a number that waits for none, and for a slip whose
    flow would be rejected.
    """
    invoices, notes = to_order(arguments.issuer)
    waiting: Mapping[str, int] = {one.number: one.pk for one in (notes if arguments.reductions else invoices)}
    if unknown := [number for number in arguments.numbers if number not in waiting]:
        return _refuse(f"N'attend pas de titre : {', '.join(unknown)}.")
    keys = [waiting[number] for number in arguments.numbers or waiting]
    said: dict[str, Any] = {"issuer": arguments.issuer, "on": timezone.localdate(), "actor": command_actor()}
    said |= {"at": timezone.now(), "unsendable": _unsendable(arguments)}

    def act() -> Any:
        if arguments.reductions:
            return order_reductions(credit_note_ids=keys, **said)
        return order_revenue(invoice_ids=keys, **said)

    try:
        if not arguments.apply:
            return _tell_slips(arguments.issuer, len(invoices), len(notes), refusal_of(act) if keys else None)
        slip = act()
    except BillingError as refusal:
        return _refuse(str(refusal))
    print(f"Bordereau {slip.number}/{slip.fiscal_year} : {counted(slip.orders.count(), 'titre')}.")
    return 0


def _unsendable(arguments: argparse.Namespace) -> Unsendable:
    if arguments.by_table:
        return Unsendable.BY_TABLE
    return Unsendable.LEAVE_OUT if arguments.leave_out else Unsendable.REFUSE


def _tell_slips(issuer: str, invoices: int, notes: int, refusal: SlipRejectedError | None) -> int:
    for one in slip_list(issuer):
        total = euros(sum(order.amount_cents for order in one.orders.all()))
        print(f"{one.fiscal_year}\t{one.budget}\t{one.number}\t{SLIP_LABELS[SlipKind(one.kind)]}\t{total}")
    print(f"À titrer : {counted(invoices, 'facture')}, {counted(notes, 'avoir')}. {DRY}")
    return _refuse(str(refusal)) if refusal else 0


def write_flow(arguments: argparse.Namespace) -> int:
    """Check the flow of a slip, and write it with `--apply`, or note what it was answered. Exit status 1 when it would
    be rejected, or when no flow waits for an answer.
    """
    kind = SlipKind.REDUCTION if arguments.reductions else SlipKind.ORDINARY
    slip = slip_by_number(
        arguments.issuer, kind=kind, budget=arguments.budget, fiscal_year=arguments.year, number=arguments.number
    )
    if slip is None:
        return _refuse(f"Aucun bordereau {arguments.number}/{arguments.year} au budget {arguments.budget}.")
    try:
        if arguments.answer:
            return _answer(slip.pk, arguments)
        if not arguments.apply:
            found = flow_content(slip)
            for finding in found.findings:
                print(finding, file=sys.stderr)
            print(f"{found.flow.file_name} : {counted(len(found.flow.titles), 'titre')}. {DRY}")
            return 1 if found.findings else 0
        made = make_flow(slip_id=slip.pk, actor=command_actor(), at=timezone.now())
    except BillingError as refusal:
        return _refuse(str(refusal))
    if status := _write(Path(arguments.out) / made.file_name, made.content):
        return status
    print(made.sha256)
    for title, lines in (("Vérifié", made.checked), ("Non vérifié", made.unchecked)):
        print(f"{title} :", *lines, sep="\n    ")
    if made.to_sign:
        print("À signer avant de le transmettre : non signé, il serait rejeté.")
    return 0


def _answer(slip_id: int, arguments: argparse.Namespace) -> int:
    """Note an answer; raises BillingError where it cannot be."""
    answer_flow(
        slip_id=slip_id,
        accepted=arguments.answer == FlowState.ACCEPTED,
        reason=arguments.reason,
        actor=command_actor(),
        at=timezone.now(),
    )
    print(f"{FLOW_LABELS[FlowState(arguments.answer)].capitalize()} : noté.")
    return 0


def _write(path: Path, content: bytes) -> int:
    try:
        path.write_bytes(content)
    except OSError as error:
        return _refuse(f"Impossible d'écrire {path} : {reason(error)}.")
    print(path)
    return 0


def _refuse(words: str) -> int:
    print(words, file=sys.stderr)
    return 1
