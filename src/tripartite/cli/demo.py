"""`tripartite demo`: sample requests of real communes, some with their quotes, to look around (local mode)."""

import argparse
import sys

from django.conf import settings
from django.utils import timezone

from tripartite.cli.samples import sample_requests
from tripartite.journal.services import Actor

AUTHOR = Actor("dossiers d'essai")
"""Who the journal says made them: not the person at the keyboard."""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the signature of a command
    """Create the sample requests once. Exit status 1 outside local mode."""
    if not settings.LOCAL:
        print("Les demandes d'essai n'existent qu'en mode local.", file=sys.stderr)
        return 1
    made = sample_requests(actor=AUTHOR, at=timezone.now())
    print(f"{made} demandes d'essai créées." if made else "Il y a déjà des demandes : rien n'est ajouté.")
    return 0
