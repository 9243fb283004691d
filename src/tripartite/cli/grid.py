"""`tripartite grid`: check, show, list, adopt and settle voted tariffs."""

import argparse
import sys
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import Error
from django.utils import timezone

from tripartite.cli.actions import actions_of
from tripartite.cli.speaker import command_actor
from tripartite.cli.text_files import read_text
from tripartite.cli.words import read_day, read_reason
from tripartite.file_errors import reason
from tripartite.pricing.checking import check_grid
from tripartite.pricing.findings import Finding, GridError, Severity
from tripartite.pricing.french import counted
from tripartite.pricing.grid import Grid
from tripartite.pricing.grid_portrait import (
    act_sentences,
    charge_sentences,
    eligibility_sentences,
    issuer_sentences,
    running_words,
    scale_sentences,
    service_sentences,
)
from tripartite.pricing.grid_reading import read_grid
from tripartite.pricing.price_list import price_columns, price_list
from tripartite.pricing.settling import settle
from tripartite.sheets import csv_text
from tripartite.subscriptions.queries.adopting import what_it_rules
from tripartite.tariffs.queries import clashing_versions, grid_versions, rewritten_versions, version_by_code
from tripartite.tariffs.services import TariffError, adopt_grid, draft_grid
from tripartite.tariffs.states import GridState


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    declare = actions_of(parser)
    for name, run, words in (
        ("check", check, "dire tout ce qui ne va pas dans une grille, et où"),
        ("show", show, "montrer la grille en tableau"),
        ("price-list", export, "écrire la grille en CSV"),
        ("adopt", adopt, "enregistrer et adopter une grille"),
        ("draft", draft, "enregistrer un projet de grille, pour des simulations"),
    ):
        action = declare(name, run, words)
        action.add_argument("file", metavar="FICHIER", help="grille en TOML")
        if run is adopt:
            action.add_argument("--dry-run", action="store_true", help="dire ce qu'elle régirait, sans rien écrire")
    listed = declare("list", list_versions, "les versions enregistrées, offre par offre")
    listed.add_argument("--offer", default="", metavar="OFFRE", help="celles de cette offre seule")
    one = declare("settle", decide, "trancher autrement une interprétation : écrit une nouvelle version")
    one.add_argument("file", metavar="FICHIER", help="grille en TOML, qui reste telle qu'elle est")
    one.add_argument("--interpretation", required=True, metavar="I4")
    one.add_argument("--reading", required=True, help="code de la lecture choisie")
    one.add_argument("--issuer", required=True, help="code de l'émetteur qui décide")
    one.add_argument("--author", required=True, help="qui décide : fonction et instance")
    one.add_argument("--reason", required=True, type=read_reason, help="motif de la décision")
    one.add_argument("--decided-on", required=True, type=read_day, metavar="AAAA-MM-JJ")
    one.add_argument("--applies-from", required=True, type=read_day, metavar="AAAA-MM-JJ")
    one.add_argument("--out", required=True, metavar="FICHIER", help="où écrire la nouvelle version")


def check(arguments: argparse.Namespace) -> int:
    """Print every finding. Exit status 1 when one of them prevents adoption, 2 when the file cannot be read."""
    text = read_text(arguments.file)
    if text is None:
        return 2
    findings = check_grid(text)
    for finding in findings:
        _say(finding)
    against = [] if _errors(findings) else _against_adopted(text)
    for message in against:
        print(f"erreur, {message}")
    errors = len(_errors(findings)) + len(against)
    print(f"{counted(errors, 'erreur')}." if errors else "Cette grille peut être adoptée.")
    return 1 if errors else 0


def _say(finding: Finding) -> None:
    settled = f" ({finding.interpretation})" if finding.interpretation else ""
    print(f"{finding.text}{settled}")


def _errors(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _against_adopted(text: str) -> list[str]:
    """What goes against the versions adopted here: the same code with another text, the same days; nothing where there
    is no database yet."""
    grid = read_grid(text)
    try:
        rewritten = [f"code : {message}" for message in rewritten_versions(grid, text)]
        return [*rewritten, *(f"applies_from : {message}" for message in clashing_versions(grid))]
    except Error:
        return []


def show(arguments: argparse.Namespace) -> int:
    """Print a grid as a table, for a person."""
    grid = _grid(arguments.file)
    if grid is None:
        return 2
    until = f" au {grid.applies_until:%d/%m/%Y}" if grid.applies_until else ""
    print(f"{grid.title}\n{grid.act.body}, {grid.act.citation}")
    print(f"Offre « {grid.offer} », grille « {grid.code} ».")
    print(f"Applicable du {grid.applies_from:%d/%m/%Y}{until}. Montants {grid.basis}.")
    print(
        f"Abonnements en cours : ils prennent ce tarif {running_words(grid)} ; ce qui est payé d'avance ne change pas."
    )
    _print_part("L'acte", act_sentences(grid))
    _print_part("Qui peut demander", eligibility_sentences(grid))
    _print_part("Les émetteurs", issuer_sentences(grid))
    for scale in grid.scales.values():
        _print_part(f"Échelle « {scale.name} »", scale_sentences(scale))
    _print_prices(grid)
    if grid.interpretations:
        print("\n── Interprétations ──")
    for interpretation in grid.interpretations.values():
        print(f"{interpretation.code:<4} {interpretation.title} : {interpretation.text}")
    return 0


def _print_part(title: str, sentences: Iterable[str]) -> None:
    print(f"\n── {title} ──")
    for sentence in sentences:
        print(sentence)


def _print_prices(grid: Grid) -> None:
    """Every service with what can be ordered of it, then every price."""
    charges = {(charge.services, charge.name): charge for charge in grid.charges}
    codes = {
        " et ".join(grid.services[code].name for code in charge.services): charge.services for charge in grid.charges
    }
    told: set[str] = set()
    for family, in_family in groupby(price_list(grid), key=lambda row: row.family):
        print(f"\n── {family} ──")
        for (names, name), of_charge in groupby(in_family, key=lambda row: (row.services, row.charge)):
            for service in (grid.services[code] for code in codes[names]):
                if service.code not in told:
                    told.add(service.code)
                    print(f"{service.name} ({service.code})")
                    for sentence in service_sentences(service):
                        print(f"    {sentence}")
            bearing = " ; ".join(charge_sentences(charges[codes[names], name]))
            print(f"{names} › {name}{f' ({bearing})' if bearing else ''}")
            rows = list(of_charge)
            issuers = max(len(row.issuer) for row in rows)
            conditions = max(len(row.condition) for row in rows)
            for row in rows:
                condition = f"{row.condition:<{conditions}}   " if conditions else ""
                print(f"    {row.issuer:<{issuers}}   {condition}{row.price}, {row.frequency}")


def export(arguments: argparse.Namespace) -> int:
    """Print a grid as CSV, one row per price, as French spreadsheets open it: semicolons, decimal commas, UTF-8 with
    its mark."""
    grid = _grid(arguments.file)
    if grid is None:
        return 2
    print("\ufeff", end="")
    print(csv_text(price_columns(grid), price_list(grid), line_end="\n"), end="")
    return 0


def adopt(arguments: argparse.Namespace) -> int:
    """Say what a grid will rule, then store it and adopt it at once; `--dry-run` only says it."""
    return _store(arguments.file, adopted=True, dry=arguments.dry_run)


def draft(arguments: argparse.Namespace) -> int:
    """Store a grid as a draft: an order that names it is priced with it, others are not."""
    return _store(arguments.file, adopted=False)


def _store(path: str, *, adopted: bool, dry: bool = False) -> int:
    text = read_text(path)
    if text is None:
        return 2
    actor, at = command_actor(), timezone.now()
    try:
        if adopted and not _foretell(text, timezone.localdate(at)):
            return 1
        if dry:
            print("Essai : rien n'a été écrit.")
            return 0
        version = draft_grid(text=text, actor=actor, at=at)
        if adopted:
            version = adopt_grid(code=version.code, actor=actor, at=at)
    except (GridError, TariffError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{version.code} : {'adoptée' if adopted else 'projet enregistré'}.")
    return 0


def _foretell(text: str, on: date) -> bool:
    """Print what a grid will rule; False, and why, when another of its offer applies on the same days. Of one that is
    adopted already, nothing: storing it says why it cannot be.
    """
    grid = read_grid(text)
    stored = version_by_code(grid.code)
    if stored is not None and stored.state == GridState.ADOPTED:
        return True
    rules = what_it_rules(grid, on=on)
    for clash in rules.clashes:
        print(clash, file=sys.stderr)
    if not rules.clashes:
        print("\n".join(rules.sentences))
    return not rules.clashes


def list_versions(arguments: argparse.Namespace) -> int:
    """Print the stored versions, offer by offer where there are several."""
    versions = sorted(grid_versions(drafts=True, offer=arguments.offer), key=lambda one: one.offer)
    several = len({version.offer for version in versions}) > 1
    for offer, of_offer in groupby(versions, key=lambda one: one.offer):
        if several:
            print(f"── Offre {offer} ──")
        _list(of_offer)
    return 0


def _list(versions: Iterable[Any]) -> None:
    for version in versions:
        until = version.applies_until
        days = f"du {version.applies_from:%d/%m/%Y}" + (f" au {until:%d/%m/%Y}" if until else "")
        print(f"{version.code:<32} {version.state_label:<10} {days}  {version.title}")


def decide(arguments: argparse.Namespace) -> int:
    """Write the text of a new version, in which an interpretation is settled otherwise."""
    text = read_text(arguments.file)
    if text is None:
        return 2
    try:
        settled = settle(
            text,
            interpretation=arguments.interpretation,
            reading=arguments.reading,
            issuer=arguments.issuer,
            author=arguments.author,
            decided_on=arguments.decided_on,
            applies_from=arguments.applies_from,
            reason=arguments.reason,
        )
    except GridError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        with Path(arguments.out).open("x", encoding="utf-8") as file:
            file.write(settled)
    except FileExistsError:
        print(f"{arguments.out} existe déjà : choisir un autre nom.", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"Impossible d'écrire {arguments.out} : {reason(error)}.", file=sys.stderr)
        return 2
    print(f"Nouvelle version écrite dans {arguments.out} : l'adopter par « tripartite grid adopt ».")
    return 0


def _grid(path: str) -> Grid | None:
    text = read_text(path)
    if text is None:
        return None
    try:
        return read_grid(text)
    except GridError as error:
        print(error, file=sys.stderr)
        return None
