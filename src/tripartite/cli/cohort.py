"""`tripartite cohort`: the bodies that held the former « Mairie Connectée » pack."""

import argparse
import sys
from pathlib import Path

from django.utils import timezone

from tripartite.cli.speaker import command_actor
from tripartite.cli.words import print_group
from tripartite.conventions.services.cohort import import_cohort
from tripartite.conventions.services.cohort_reading import CohortFile, CohortRefused
from tripartite.file_errors import reason
from tripartite.parties.services.spreadsheets import MAX_BYTES
from tripartite.pricing.french import counted


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    commands = parser.add_subparsers(required=True, metavar="ACTION")
    load = commands.add_parser("import", help="charger la liste de ceux qui avaient l'ancien pack")
    load.add_argument("file", metavar="FICHIER", help="classeur XLSX, ou fichier CSV (UTF-8 ou Windows-1252)")
    load.add_argument("--offer", default="", metavar="OFFRE", help="l'offre des services, où plusieurs sont en vigueur")
    load.add_argument("--dry-run", action="store_true", help="dire ce qui changerait, sans rien écrire")
    load.set_defaults(run=load_file)


def load_file(arguments: argparse.Namespace) -> int:
    """Import a file. Exit status: 0 done, 1 refused with the findings, 2 unreadable."""
    path = Path(arguments.file)
    try:
        with path.open("rb") as opened:
            file = CohortFile(path.name, opened.read(MAX_BYTES + 1))
    except OSError as error:
        print(f"Impossible de lire {arguments.file} : {reason(error)}.", file=sys.stderr)
        return 2
    try:
        report = import_cohort(
            file=file, actor=command_actor(), at=timezone.now(), dry=arguments.dry_run, offer=arguments.offer
        )
    except CohortRefused as error:
        print(f"Rien n'a été importé.\n{error}", file=sys.stderr)
        return 1
    if report.dry:
        print("Essai : rien n'a été écrit.")
    print_group("ajoutée", "ajoutées", report.added)
    print_group("corrigée", "corrigées", report.corrected)
    print(f"{counted(report.unchanged, 'inchangée')}.")
    return 0
