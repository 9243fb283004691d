"""`tripartite billing returns`: what the accountant sends back, read from files. Dry by default."""

import argparse
import sys
from pathlib import Path

from django.utils import timezone

from tripartite.billing.services.errors import BillingError
from tripartite.billing.services.returning import read_return_file
from tripartite.bounded.refusals import Busy
from tripartite.cli.speaker import command_actor
from tripartite.file_errors import reason
from tripartite.pricing.money import euros

DRY = "Essai : rien n'a été écrit (--apply)."


def add_returns(action: argparse.ArgumentParser) -> None:
    """Declare `returns`, under an action that names the issuer."""
    action.add_argument("files", nargs="+", metavar="FICHIER", help="acquittements, PES Retour")
    action.add_argument("--apply", action="store_true", help="noter pour de bon ; sinon, dire seulement")


def read_returns(arguments: argparse.Namespace) -> int:
    """Read each file, in a transaction of its own. Exit status 1 when one is refused; the others are read."""
    refused = 0
    for name in arguments.files:
        path = Path(name)
        try:
            found = read_return_file(
                issuer=arguments.issuer,
                name=path.name,
                content=path.read_bytes(),
                actor=command_actor(),
                at=timezone.now(),
                dry=not arguments.apply,
            )
        except OSError as error:
            print(f"Impossible de lire {path} : {reason(error)}.", file=sys.stderr)
            refused += 1
            continue
        except (BillingError, Busy) as refusal:
            print(f"{path.name} : {refusal}", file=sys.stderr)
            refused += 1
            continue
        print(f"{path.name}{' : déjà lu' if found.again else ''}", *found.lines, sep="\n    ")
        if not found.again:
            print(f"Rapproché : {euros(found.paid_cents)} ; à part : {euros(found.aside_cents)}.")
    if not arguments.apply:
        print(DRY)
    return 1 if refused else 0
