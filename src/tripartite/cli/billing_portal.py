"""`tripartite billing chorus`: what the list that Chorus Pro exports says of invoices. Dry by default."""

import argparse
import sys
from pathlib import Path

from django.utils import timezone

from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.portal import read_portal_list
from tripartite.bounded.refusals import Busy
from tripartite.cli.speaker import command_actor
from tripartite.file_errors import reason
from tripartite.pricing.french import counted

DRY = "Essai : rien n'a été écrit (--apply)."


def add_chorus(action: argparse.ArgumentParser) -> None:
    """Declare `chorus`, under an action that names the issuer."""
    action.add_argument("file", metavar="FICHIER", help="la liste des factures émises, exportée en CSV ou en XLSX")
    action.add_argument("--apply", action="store_true", help="noter pour de bon ; sinon, dire seulement")


def read_chorus(arguments: argparse.Namespace) -> int:
    """Tell what is new, and keep it if asked. Exit status 1 for a file or a line that cannot be read."""
    path = Path(arguments.file)
    try:
        report = read_portal_list(
            issuer=arguments.issuer,
            name=path.name,
            content=path.read_bytes(),
            on=timezone.localdate(),
            actor=command_actor(),
            at=timezone.now(),
            dry=not arguments.apply,
        )
    except OSError as error:
        print(f"Impossible de lire {path} : {reason(error)}.", file=sys.stderr)
        return 1
    except (BillingError, Busy) as refusal:
        print(f"{path.name} : {refusal}", file=sys.stderr)
        return 1
    for one in report.told:
        if not one.known:
            print(f"{one.number}\t{one.words}")
    for fault in report.faults:
        print(f"! {fault}", file=sys.stderr)
    print(f"{report.added} à noter, {counted(report.unknown, 'ligne')} de factures inconnues ici.")
    if not arguments.apply:
        print(DRY)
    return 1 if report.faults else 0
