"""`tripartite text`: check, draft, adopt and list the texts of conventions, amendments and deliberations."""

import argparse
import sys

from django.utils import timezone

from tripartite.cli.speaker import command_actor
from tripartite.cli.text_files import read_text
from tripartite.conventions.printout.model_text import ModelError, read_model
from tripartite.conventions.queries.conventions import text_versions
from tripartite.conventions.services.errors import ConventionError
from tripartite.conventions.services.text_checks import check_text
from tripartite.conventions.services.texts import adopt_text, draft_text
from tripartite.pricing.findings import Finding, Severity, unseen_characters


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for name, run, words in (
        ("check", check, "dire tout ce qui ne va pas dans un texte, pour les offres d'ici"),
        ("load", load, "l'enregistrer comme projet : on le relit à l'écran sur un vrai dossier"),
        ("adopt", adopt, "l'adopter avec son acte : les nouveaux papiers le prennent"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("file", metavar="FICHIER", help="texte en TOML (models/README.md)")
        action.set_defaults(run=run)
        if name == "adopt":
            action.add_argument("--act", required=True, metavar="ACTE", help="« délibération du 15 janvier 2027 »")
    listed = actions.add_parser("list", help="les textes enregistrés, et ce qu'ils deviennent")
    listed.set_defaults(run=list_texts)


def check(arguments: argparse.Namespace) -> int:
    """Print the findings of a text. Exit status 1 when one of them prevents its adoption."""
    text = read_text(arguments.file)
    return 1 if text is None else _checked(arguments.file, text)


def load(arguments: argparse.Namespace) -> int:
    """Keep a text as a draft."""
    text = read_text(arguments.file)
    if text is None:
        return 1
    try:
        version = draft_text(text=text, actor=command_actor(), at=timezone.now())
    except ModelError as refusal:
        return _say(arguments.file, list(refusal.findings))
    except ConventionError as refusal:
        return _refused(refusal)
    print(f"{arguments.file} : projet {version.code} enregistré.")
    return 0


def adopt(arguments: argparse.Namespace) -> int:
    """Check a text, keep it and adopt it with its act. Exit status 1 when it is refused."""
    text = read_text(arguments.file)
    if text is None or _checked(arguments.file, text):
        return 1
    actor, at = command_actor(), timezone.now()
    try:
        code = draft_text(text=text, actor=actor, at=at).code
        adopt_text(code=code, adopting_act=arguments.act, actor=actor, at=at)
    except ConventionError as refusal:
        return _refused(refusal)
    print(f"{arguments.file} : {code} adopté.")
    return 0


def list_texts(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the signature of a command
    """Print each text that is kept, and its state."""
    for one in text_versions():
        offer = f"offre {one.offer}" if one.offer else "toutes les offres"
        print(f"{one.code:<32} {one.state_label:<10} {offer} {one.adopting_act}".rstrip())
    return 0


def _checked(name: str, text: str) -> int:
    if unseen := unseen_characters(text):
        return _say(name, unseen)
    try:
        return _say(name, check_text(read_model(text), text))
    except ModelError as refusal:
        return _say(name, list(refusal.findings))


def _say(name: str, findings: list[Finding]) -> int:
    for finding in findings:
        print(finding.text, file=sys.stderr)
    wrong = any(finding.severity is Severity.ERROR for finding in findings)
    if not wrong:
        print(f"{name} : peut être adopté.")
    return 1 if wrong else 0


def _refused(refusal: ConventionError) -> int:
    print(refusal, file=sys.stderr)
    return 1
