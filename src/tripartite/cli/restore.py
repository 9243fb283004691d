"""`tripartite restore`: a backup put back in an empty installation, compared row by row."""

import argparse
import sys
from pathlib import Path

from django.utils import timezone

from tripartite.cli.backup import say_content, warn_of_altered
from tripartite.cli.speaker import command_actor
from tripartite.upkeep.errors import BackupError
from tripartite.upkeep.services.restoring import restore_backup


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("file", type=Path, metavar="FICHIER")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Put it back and say what was found again. Exit status 1, and nothing kept, when it cannot be."""
    path: Path = arguments.file
    try:
        done = restore_backup(path=path, name=path.name, actor=command_actor(), at=timezone.now())
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Sauvegarde remise en place : {path.name}")
    say_content(done.manifest, done.files)
    print("Relu et comparé : chaque ligne, chaque papier et son empreinte, les derniers numéros. Tout est pareil.")
    if done.older:
        print("Les tables étaient celles d'une version plus ancienne : elles sont à jour.")
    warn_of_altered(done.manifest)
    print("À remettre à part : la clé secrète, le sceau, les mots de passe ; les réglages sont dans settings.env.")
    return 0
