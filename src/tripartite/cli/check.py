"""`tripartite check`: all that the installation lacks, or that weakens it, before somebody else finds it."""

import argparse

from django.conf import settings
from django.utils import timezone

from tripartite.config import Config, Mode
from tripartite.upkeep.queries.findings import lacks
from tripartite.upkeep.states import GRAVITY_LABELS, Gravity


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the signature of a command
    """Say it, the gravest first. Exit status 1 when something is unsafe or missing; weak points alone leave 0."""
    config: Config = settings.CONFIG
    if config.mode is Mode.LOCAL:
        print("Mode local, pour essayer. Ce que veut le service d'agents n'est dit qu'avec TRIPARTITE_MODE=server.")
    found = lacks(at=timezone.now())
    for lack in found:
        print(f"{GRAVITY_LABELS[lack.gravity]:<8}  {lack.words}")
    grave = [lack for lack in found if lack.gravity is not Gravity.WEAK]
    print(f"{len(grave)} à régler, {len(found) - len(grave)} à améliorer." if found else "Rien ne manque.")
    return 1 if grave else 0
