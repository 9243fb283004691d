"""`tripartite directory`: load and search the directory of public bodies."""

import argparse
import sys
from pathlib import Path

from django.utils import timezone

from tripartite.cli.speaker import command_actor
from tripartite.cli.words import print_group, read_day, read_reason
from tripartite.file_errors import reason
from tripartite.parties.queries.bodies import body_by_identifier
from tripartite.parties.queries.missing import missing_body
from tripartite.parties.queries.search import search_directory
from tripartite.parties.queries.updates import summary, updates
from tripartite.parties.services.endings import end_body
from tripartite.parties.services.errors import FieldErrors
from tripartite.parties.services.importing import import_directory
from tripartite.parties.services.reading import DirectoryFile, ImportRefused
from tripartite.pricing.french import counted


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    commands = parser.add_subparsers(required=True, metavar="ACTION")
    load = commands.add_parser("import", help="charger des fichiers officiels (INSEE, DGCL) ou les nôtres, ensemble")
    load.add_argument("files", nargs="+", metavar="FICHIER", help="CSV ou XLSX, tel que publié")
    load.add_argument("--source", help="d'où viennent ces fichiers (par défaut, leur nom)")
    load.add_argument("--year", type=int, help="année de référence des populations, si le fichier ne la dit pas")
    load.add_argument("--department", help="ne garder qu'un département")
    load.add_argument("--dry-run", action="store_true", help="dire ce qui changerait, sans rien écrire")
    load.set_defaults(run=load_files)
    log = commands.add_parser("history", help="les mises à jour faites : quels fichiers, de quelle année, quel effet")
    log.set_defaults(run=history)
    end = commands.add_parser("end", help="noter le dernier jour d'une structure que les fichiers n'ont plus")
    end.add_argument("siren", metavar="SIREN")
    end.add_argument("--last-day", required=True, type=read_day, help="AAAA-MM-JJ, compris")
    end.add_argument("--into", metavar="SIREN", default="", help="celle qui la réunit")
    end.add_argument("--reason", required=True, type=read_reason, help="l'acte, ou ce qui le montre")
    end.set_defaults(run=end_one)
    find = commands.add_parser("search", help="chercher comme dans l'application")
    find.add_argument("text", metavar="TEXTE")
    find.set_defaults(run=search)


def load_files(arguments: argparse.Namespace) -> int:
    """Import files. Exit status: 0 done, 1 refused with the findings, 2 unreadable."""

    def opened(path: str) -> DirectoryFile:
        return DirectoryFile(path, Path(path).read_bytes(), arguments.source or Path(path).name, arguments.year)

    try:
        files = [opened(path) for path in arguments.files]
    except OSError as error:
        print(f"Impossible de lire {error.filename} : {reason(error)}.", file=sys.stderr)
        return 2
    try:
        report = import_directory(
            files,
            actor=command_actor(),
            at=timezone.now(),
            department=arguments.department,
            dry=arguments.dry_run,
        )
    except ImportRefused as error:
        print(f"Rien n'a été importé.\n{error}", file=sys.stderr)
        return 1
    if report.dry:
        print("Essai : rien n'a été écrit.")
    for file in report.files:
        year = f", {file.year}" if file.year else ""
        print(f"{file.name} : {file.label}{year}, {counted(file.lines, 'ligne')}")
    for one, several, names in (
        ("ajoutée", "ajoutées", report.added),
        ("modifiée", "modifiées", report.changed),
        ("fusionnée", "fusionnées", report.merged),
        ("disparue", "disparues", report.gone),
        ("absente des fichiers, dernier jour à noter", "absentes des fichiers, dernier jour à noter", report.unlisted),
        ("ligne laissée de côté", "lignes laissées de côté", report.skipped),
    ):
        print_group(one, several, names)
    print(
        f"{counted(report.unchanged, 'inchangée')}, {counted(report.figures, 'population nouvelle')},"
        f" {report.movements} {'mouvements nouveaux' if report.movements > 1 else 'mouvement nouveau'}."
    )
    return 0


def history(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the signature of a command
    """Print the updates, the latest first. Exit status 1 when there is none."""
    found = list(updates())
    for one in found:
        print(f"{timezone.localtime(one.prepared_at):%d/%m/%Y %H:%M}  {one.get_state_display()}, {one.settled_by}")
        for file in one.files.all():
            print(f"  {file.name}{f', {file.year}' if file.year else ''}  sha256 {file.sha256[:16]}")
        print(f"  {summary(one)}")
    if not found:
        print("Aucune mise à jour de l'annuaire.", file=sys.stderr)
    return 0 if found else 1


def end_one(arguments: argparse.Namespace) -> int:
    """Record the last day of a body. Exit status: 0 done, 1 refused."""
    body = body_by_identifier("siren", arguments.siren)
    into = body_by_identifier("siren", arguments.into) if arguments.into else None
    if body is None or (arguments.into and into is None):
        print(f"Ce SIREN n'est pas dans l'annuaire : {arguments.into if body else arguments.siren}.", file=sys.stderr)
        return 1
    try:
        ended = end_body(
            body_id=body.pk,
            last_day=arguments.last_day,
            into_id=into.pk if into else None,
            reason=arguments.reason,
            actor=command_actor(),
            at=timezone.now(),
        )
    except FieldErrors as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{ended.name} : dernier jour le {ended.ended_on:%d/%m/%Y}.")
    return 0


def search(arguments: argparse.Namespace) -> int:
    """Print the bodies that a text may mean, those that only a visitor declared included, as agents' screens do. Exit
    status 1 when there is none."""
    found = search_directory(arguments.text, include_declared=True)
    for one in found:
        body = one.body
        through = f"  ({one.through})" if one.through else ""
        doubt = "  (à confirmer)" if body.unconfirmed else ""
        print(f"{body.siren}  {body.name} ({body.kind_label}) {body.postal_codes}".rstrip() + through + doubt)
    missing = missing_body(arguments.text, include_declared=True)
    if missing is not None:
        print(f"{missing.name} : pas dans l'annuaire ({missing.parent.name} y est).", file=sys.stderr)
    elif not found:
        print("Aucune structure de ce nom.", file=sys.stderr)
    return 0 if found else 1
