"""`tripartite health`: whether all runs, for a supervisor that runs commands."""

import argparse

from django.utils import timezone

from tripartite.upkeep.queries.health import health, worst
from tripartite.upkeep.states import PART_LABELS, PartState


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("parts", nargs="*", metavar="PARTIE", help="seulement celles-ci : base, workers, letters, …")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Say it, part by part. Exit status 2 when one is failing, 1 when one is weak, as supervisors count."""
    parts = [part for part in health(at=timezone.now()) if not arguments.parts or part.code in arguments.parts]
    for part in parts:
        print(f"{part.code:<8}  {PART_LABELS[part.state]:<12}  {part.words}")
    return {PartState.GOOD: 0, PartState.WEAK: 1, PartState.FAILING: 2}[worst(parts)]
