"""`tripartite directory`: load and search the directory of public bodies."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from django.utils import timezone

from tripartite.cli.orders import reason
from tripartite.cli.speaker import command_actor
from tripartite.parties.queries.search import search_bodies
from tripartite.parties.services.importing import import_directory
from tripartite.parties.services.reading import DirectoryFile, ImportRefused

SHOWN = 20


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    commands = parser.add_subparsers(required=True, metavar="ACTION")
    load = commands.add_parser("import", help="charger un ou plusieurs fichiers de communes et d'intercommunalités")
    load.add_argument("files", nargs="+", metavar="FICHIER", help="fichier CSV (UTF-8)")
    load.add_argument("--source", help="d'où viennent ces fichiers (par défaut, leur nom)")
    load.add_argument("--year", type=int, help="année de référence des populations, si le fichier ne la dit pas")
    load.add_argument("--movements", metavar="FICHIER", help="fichier INSEE des mouvements de communes")
    load.add_argument("--department", help="ne garder qu'un département")
    load.add_argument("--dry-run", action="store_true", help="dire ce qui changerait, sans rien écrire")
    load.add_argument("--accept-removals", action="store_true", help="le fichier est complet : les absents ont disparu")
    load.set_defaults(run=load_files)
    find = commands.add_parser("search", help="chercher comme dans l'application")
    find.add_argument("text", metavar="TEXTE")
    find.set_defaults(run=search)


def load_files(arguments: argparse.Namespace) -> int:
    """Import files. Exit status: 0 done, 1 refused with the findings, 2 unreadable."""

    def opened(path: str) -> DirectoryFile:
        return DirectoryFile(path, Path(path).read_bytes(), arguments.source or Path(path).name, arguments.year)

    try:
        files = [opened(path) for path in arguments.files]
        movements = opened(arguments.movements) if arguments.movements else None
    except OSError as error:
        print(f"Impossible de lire {error.filename} : {reason(error)}.", file=sys.stderr)
        return 2
    try:
        report = import_directory(
            files,
            actor=command_actor(),
            at=timezone.now(),
            movements=movements,
            department=arguments.department,
            dry=arguments.dry_run,
            accept_removals=arguments.accept_removals,
        )
    except ImportRefused as error:
        print(f"Rien n'a été importé.\n{error}", file=sys.stderr)
        return 1
    if report.dry:
        print("Essai : rien n'a été écrit.")
    for title, names in (
        ("ajoutées", report.added),
        ("modifiées", report.changed),
        ("fusionnées", report.merged),
        ("disparues", report.gone),
        ("lignes laissées de côté", [str(finding) for finding in report.skipped]),
    ):
        _print_group(title, names)
    print(f"{report.unchanged} inchangées, {report.figures} populations nouvelles.")
    return 0


def _print_group(title: str, names: Iterable[str]) -> None:
    listed = list(names)
    print(f"{len(listed)} {title}{' :' if listed else '.'}")
    for name in listed[:SHOWN]:
        print(f"  {name}")
    if len(listed) > SHOWN:
        print(f"  … et {len(listed) - SHOWN} autres")


def search(arguments: argparse.Namespace) -> int:
    """Print the bodies that a text may mean. Exit status 1 when there is none."""
    found = search_bodies(arguments.text)
    for body in found:
        print(f"{body.siren}  {body.name} ({body.kind_label}) {body.postal_codes}".rstrip())
    if not found:
        print("Aucune structure de ce nom.", file=sys.stderr)
    return 0 if found else 1
