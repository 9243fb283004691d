"""`tripartite billing remind`: the letters to those that are past their day."""

import argparse
import sys

from django.utils import timezone

from tripartite.billing.queries.invoices import invoice_by_number
from tripartite.billing.queries.reminding import late_bodies
from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.reminding import remind_invoice, remind_now, reminder_days
from tripartite.cli.speaker import command_actor
from tripartite.pricing.money import euros


def add_remind(action: argparse.ArgumentParser) -> None:
    """Declare the command."""
    action.add_argument("numbers", nargs="*", metavar="NUMÉRO", help="les structures de ces factures ; sinon, toutes")
    action.add_argument("--apply", action="store_true", help="relancer pour de bon ; sinon, dire seulement")


def remind(arguments: argparse.Namespace) -> int:
    """Say who would be reminded, of how much; with `--apply`, remind each: one refused is told and stops no other.
    Exit status 1 then.
    """
    on, issuer = timezone.localdate(), arguments.issuer
    try:
        days = reminder_days(issuer, on)
        if arguments.numbers:
            return _of_invoices(arguments)
        if not arguments.apply:
            late = [one for one in late_bodies(issuer, on=on, days=days) if one.due]
            for one in late:
                numbers = ", ".join(each.number for each in one.invoices)
                print(f"{one.body.name} : relance {one.rank}, {euros(one.owed_cents)} ({numbers})")
            print("Essai : personne n'a été relancé (--apply)." if late else "Personne n'est à relancer.")
            return 0
        failed = 0
        for told in remind_now(issuer=issuer, on=on, actor=command_actor(), at=timezone.now()):
            failed += told.failed
            print(f"{told.words} : {'échec, ' if told.failed else ''}{told.outcome}")
    except BillingError as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 1 if failed else 0


def _of_invoices(arguments: argparse.Namespace) -> int:
    status = 0
    for number in arguments.numbers:
        invoice = invoice_by_number(arguments.issuer, number)
        if invoice is None:
            print(f"Aucune facture ne porte le numéro {number}.", file=sys.stderr)
            status = 1
        elif not arguments.apply:
            print(f"{invoice.buyer_name}, {number} : {euros(invoice.owed_cents)} restent dus (essai, --apply).")
        else:
            try:
                made = remind_invoice(
                    invoice_id=invoice.pk, on=timezone.localdate(), actor=command_actor(), at=timezone.now()
                )
            except BillingError as refusal:
                print(refusal, file=sys.stderr)
                status = 1
            else:
                print(f"{invoice.buyer_name} : {made.words}")
    return status
