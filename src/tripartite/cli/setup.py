"""`tripartite setup`: the database up to date, static files collected; in local mode, everything to start with."""

import argparse
import tomllib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from tripartite.accounts.queries import open_accounts
from tripartite.cli.speaker import command_actor
from tripartite.conventions.queries.conventions import adopted_text
from tripartite.conventions.services.texts import adopt_text, draft_text
from tripartite.file_modes import close_files
from tripartite.going_live.queries.checklists import current_checklist
from tripartite.going_live.services.checklists import adopt_checklist
from tripartite.parties.queries.bodies import directory_is_empty
from tripartite.parties.services.importing import import_directory
from tripartite.parties.services.reading import DirectoryFile
from tripartite.pricing.french import counted
from tripartite.pricing.grid_reading import read_grid
from tripartite.tariffs.queries import grid_versions, version_by_code
from tripartite.tariffs.services import adopt_grid, draft_grid


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001 - the signature of a command
    """Prepare what is missing; run again, it changes nothing."""
    print(f"Base de données : {_tables_to_change()}…", flush=True)
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    if opened := close_files(settings.CONFIG):
        print(f"Fichiers fermés aux autres comptes de la machine : {len(opened)}.")
    if not settings.LOCAL:
        print(left_to_load())
        return 0
    adopt_shipped_grids()
    load_shipped_directory()
    adopt_shipped_texts()
    adopt_shipped_checklists()
    return 0


def _tables_to_change() -> str:
    executor = MigrationExecutor(connection)
    ahead = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return f"{counted(ahead, 'changement')} de tables à faire" if ahead else "tables déjà à jour"


def left_to_load() -> str:
    """What an installation in server mode has still to load, which this command never does there."""
    left = [
        name
        for name, lacks in (
            ("une grille", not grid_versions()),
            ("l'annuaire", directory_is_empty()),
            ("le premier compte", not open_accounts()),
        )
        if lacks
    ]
    if not left:
        return "Mode serveur : la base est à jour, rien n'est à charger."
    named = left[0] if len(left) == 1 else f"{', '.join(left[:-1])} et {left[-1]}"
    return f"Mode serveur : la base est à jour ; il reste à charger {named} (docs/operations.md)."


def adopt_shipped_grids() -> None:
    """Adopt the grids shipped, one folder an offer, that are not stored yet, the oldest first."""
    actor, at = command_actor(), timezone.now()
    for path in sorted(settings.GRIDS_FOLDER.glob("*/*.toml")):
        text = path.read_text(encoding="utf-8")
        if version_by_code(read_grid(text).code) is None:
            version = draft_grid(text=text, actor=actor, at=at)
            adopt_grid(code=version.code, actor=actor, at=at)
            print(f"Grille {version.code} adoptée.", flush=True)


def adopt_shipped_texts() -> None:
    """Adopt the shipped texts: convention, amendment, deliberation, unless a text of the kind is adopted."""
    actor, at = command_actor(), timezone.now()
    for kind in ("convention", "amendment", "deliberation"):
        if adopted_text(kind) is None:
            path = sorted((settings.MODELS_FOLDER / kind).glob("*.toml"))[-1]
            version = draft_text(text=path.read_text(encoding="utf-8"), actor=actor, at=at)
            adopt_text(code=version.code, adopting_act="modèle livré, pour essai", actor=actor, at=at)
            print(f"Modèle {version.code} adopté pour essai.", flush=True)


def adopt_shipped_checklists() -> None:
    """Adopt what going live takes, service by service: the last list of each shipped offer that has none."""
    for folder in sorted(settings.GRIDS_FOLDER.glob("*/checklists")):
        if current_checklist(folder.parent.name) is None:
            path = sorted(folder.glob("*.toml"))[-1]
            version = adopt_checklist(text=path.read_text(encoding="utf-8"), actor=command_actor(), at=timezone.now())
            print(f"Liste de mise en service {version.code} adoptée.", flush=True)


def load_shipped_directory() -> None:
    """Load the shipped directory, département by département, unless the directory has bodies already."""
    if not directory_is_empty():
        return
    for department in shipped_departments():
        files = shipped_files(department)
        report = import_directory(files, actor=command_actor(), at=timezone.now(), department=department)
        print(f"Annuaire livré ({department}) chargé : {len(report.added)} structures.", flush=True)


def shipped_departments() -> list[str]:
    """The départements whose directory is shipped: one folder each."""
    return sorted(path.parent.name for path in settings.DIRECTORY_FOLDER.glob("*/directory.toml"))


def shipped_files(department: str) -> list[DirectoryFile]:
    """The files of the shipped directory of a département, as its `directory.toml` names them and their source."""
    folder: Path = settings.DIRECTORY_FOLDER / department
    said = tomllib.loads((folder / "directory.toml").read_text(encoding="utf-8"))
    return [DirectoryFile(name, (folder / name).read_bytes(), said["source"]) for name in said["files"]]
