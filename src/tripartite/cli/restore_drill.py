"""`tripartite restore-drill`: a backup put back apart, on SQLite whatever its source, compared, then thrown away."""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic

from django.utils import timezone

from tripartite.cli.speaker import command_actor
from tripartite.upkeep.archive import opened
from tripartite.upkeep.errors import BackupError
from tripartite.upkeep.services.restoring import note_drill


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("file", type=Path, metavar="FICHIER")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do the drill and say so in the journal. Exit status 1 when the backup could not be put back.

    It is another process, which knows no other database than the one that is thrown away.
    """
    path: Path = arguments.file.resolve()
    began = monotonic()
    with tempfile.TemporaryDirectory(prefix="tripartite-essai-") as folder:
        apart = {"TRIPARTITE_VAR": folder, "DATABASE_URL": f"sqlite:///{Path(folder) / 'essai.sqlite3'}"}
        command = [str(Path(sys.executable).with_name("tripartite")), "restore", str(path)]
        status = subprocess.run(command, env=os.environ | apart, check=False).returncode  # noqa: S603 - our own
    if status:
        print("L'essai a échoué : cette sauvegarde ne se remet pas.", file=sys.stderr)
        return 1
    try:
        with opened(path) as reader:
            papers = reader.manifest.papers["number"]
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1
    note_drill(name=path.name, papers=papers, actor=command_actor(), at=timezone.now())
    print(f"Essai réussi en {monotonic() - began:.0f} s ; la base d'essai est effacée.")
    return 0
