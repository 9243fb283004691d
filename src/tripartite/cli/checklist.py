"""`tripartite checklist`: check, show and adopt what going live takes, service by service."""

import argparse
import sys
from collections.abc import Sequence
from itertools import groupby

from django.db import Error
from django.utils import timezone

from tripartite.cli.speaker import command_actor
from tripartite.cli.text_files import read_text
from tripartite.going_live.queries.checklists import (
    BENEFICIARY,
    Checklist,
    ChecklistError,
    check_checklist,
    grid_of,
    read_checklist,
)
from tripartite.going_live.services.checklists import adopt_checklist
from tripartite.parties.queries.bodies import issuers
from tripartite.pricing.findings import Severity
from tripartite.pricing.french import counted
from tripartite.pricing.grid import Grid
from tripartite.subscriptions.services.errors import SubscriptionError
from tripartite.tariffs.queries import grids_in_force


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    for name, run, words in (
        ("check", check, "dire tout ce qui ne va pas dans une liste, et où"),
        ("show", show, "montrer la liste, service par service"),
        ("adopt", adopt, "adopter une liste : elle sert aux mises en service à venir"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("file", metavar="FICHIER", help="liste en TOML")
        action.set_defaults(run=run)


def check(arguments: argparse.Namespace) -> int:
    """Print every finding. Exit status 1 when one of them prevents adoption, 2 when the file cannot be read."""
    text = read_text(arguments.file)
    if text is None:
        return 2
    grids = _grids()
    findings = check_checklist(text, grids=grids)
    for finding in findings:
        print(finding.text)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if not grids:
        print("Aucune grille en vigueur ici : les codes et les parties ne sont pas vérifiés.")
    print(f"{counted(errors, 'erreur')}." if errors else "Cette liste peut être adoptée.")
    return 1 if errors else 0


def show(arguments: argparse.Namespace) -> int:
    """Print a checklist, for a person."""
    checklist = _checklist(arguments.file)
    if checklist is None:
        return 2
    print(f"{checklist.title} ({checklist.code})")
    grid, names = grid_of(checklist.code, _grids()), _parties()
    for steps, codes in groupby(checklist.steps, key=checklist.of):
        services = (grid.services[code].name if grid and code in grid.services else code for code in codes)
        print(f"\n── {', '.join(services)} ──")
        for number, step in enumerate(steps, start=1):
            optional = "" if step.required else " (facultative)"
            print(f"{number:>3}. {step.name}{optional}, par {names.get(step.by, step.by)}")
    return 0


def adopt(arguments: argparse.Namespace) -> int:
    """Adopt a checklist. Exit status 1 when something prevents it."""
    text = read_text(arguments.file)
    if text is None:
        return 2
    try:
        version = adopt_checklist(text=text, actor=command_actor(), at=timezone.now())
    except (ChecklistError, SubscriptionError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{version.code} : adoptée.")
    return 0


def _checklist(path: str) -> Checklist | None:
    text = read_text(path)
    if text is None:
        return None
    try:
        return read_checklist(text)
    except ChecklistError as error:
        print(error, file=sys.stderr)
        return None


def _grids() -> Sequence[Grid]:
    """The grids in force today; none where there is no database yet."""
    try:
        return grids_in_force(timezone.localdate())
    except Error:
        return ()


def _parties() -> dict[str, str]:
    try:
        return {BENEFICIARY: "la collectivité"} | {issuer.code: issuer.short_name for issuer in issuers()}
    except Error:
        return {BENEFICIARY: "la collectivité"}
