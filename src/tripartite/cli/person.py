"""`tripartite person`: what is kept about a person; correct it, or erase what the law lets erase."""

import argparse
import sys

from django.utils import timezone

from tripartite.accounts.services.people import AccountError
from tripartite.cli.speaker import command_actor
from tripartite.pricing.french import counted
from tripartite.quotes.services.errors import QuoteError
from tripartite.upkeep.personal import why_kept
from tripartite.upkeep.queries.person import rows_about
from tripartite.upkeep.services.person import Rectified, erase_person, rectify_person


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    shown = actions.add_parser("show", help="tout ce qui la cite, table par table, et pour quoi")
    shown.add_argument("person", metavar="PERSONNE", help="son adresse électronique, ou son nom")
    shown.set_defaults(run=show)
    corrected = actions.add_parser("rectify", help="corriger ses coordonnées : demandes et compte")
    corrected.add_argument("email", metavar="ADRESSE")
    for name, words in (("name", "nom"), ("function", "fonction"), ("email", "adresse"), ("phone", "téléphone")):
        corrected.add_argument(f"--{name}", dest=f"new_{name}", default="", help=f"{words} à écrire")
    corrected.set_defaults(run=rectify)
    erased = actions.add_parser("erase", help="dire ce qui s'efface et ce qui reste ; l'effacer avec --apply")
    erased.add_argument("email", metavar="ADRESSE")
    erased.add_argument("--apply", action="store_true", help="effacer pour de bon ; sinon, dire seulement")
    erased.set_defaults(run=erase)


def show(arguments: argparse.Namespace) -> int:
    """Print each row that names the person, with its reason. Exit status 1 when there is none."""
    rows = list(rows_about(arguments.person))
    for found in rows:
        print(f"{found.held.what} ({found.held.table} {found.key}) ; {found.held.purpose} ; {found.held.kept}")
        for name, text in found.values:
            print(f"    {name} : {text}")
    print(f"{counted(len(rows), 'ligne')}.")
    return 0 if rows else 1


def rectify(arguments: argparse.Namespace) -> int:
    """Correct what may be. Exit status 1 when nothing was, or when it is refused."""
    said = Rectified(arguments.new_name, arguments.new_function, arguments.new_email, arguments.new_phone)
    try:
        done = rectify_person(email=arguments.email, said=said, actor=command_actor(), at=timezone.now())
    except (QuoteError, AccountError) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print("\n".join(done) or "Rien à corriger.")
    return 0 if done else 1


def erase(arguments: argparse.Namespace) -> int:
    """Erase what may be, then say what stays and why."""
    if arguments.apply:
        try:
            done = erase_person(email=arguments.email, actor=command_actor(), at=timezone.now())
        except AccountError as refusal:
            print(refusal, file=sys.stderr)
            return 1
        print("\n".join(done) or "Rien à effacer.")
    for found in rows_about(arguments.email):
        erased = "" if arguments.apply or not found.held.erased else f"sur demande, {found.held.erased} ; sinon, "
        print(f"reste : {found.held.what} ({found.held.table} {found.key}) ; {erased}{why_kept(found.held)}")
    if not arguments.apply:
        print("Essai : rien n'a été effacé (--apply).")
    return 0
