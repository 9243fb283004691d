"""`tripartite backup`: one dated file of all that the installation keeps, made while it runs; and reading one."""

import argparse
import os
import sys
from pathlib import Path

from django.utils import timezone

from tripartite.cli.speaker import command_actor
from tripartite.upkeep.archive import Manifest, opened
from tripartite.upkeep.errors import BackupError
from tripartite.upkeep.rotation import Keep, read_keep
from tripartite.upkeep.services.backups import let_go, take_backup


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--to", type=Path, metavar="DOSSIER", help="écrire la sauvegarde dans ce dossier")
    what.add_argument("--check", type=Path, metavar="FICHIER", help="relire une sauvegarde et dire ce qu'elle contient")
    parser.add_argument(
        "--keep",
        type=_keep,
        metavar="JOURS,SEMAINES,MOIS",
        help="garder la dernière de chaque jour, semaine et mois, autant de chaque, et effacer les autres (7,4,12)",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make one, or read one. Exit status 1 when it cannot be, or when papers are altered."""
    try:
        return _check(arguments.check) if arguments.check else _make(arguments.to, arguments.keep)
    except BackupError as error:
        print(error, file=sys.stderr)
        return 1


def say_content(manifest: Manifest, files: int) -> None:
    """What a backup holds, for whoever keeps it."""
    papers = manifest.papers
    print(f"  version {manifest.version}, du {manifest.made_at}, base {manifest.database}")
    print(f"  {papers['number']} papiers, {files} fichiers, {manifest.rows} lignes de {len(manifest.tables)} tables")
    if papers["last_number"]:
        print(f"  dernier papier : {papers['last_title']}, sha256 {papers['last_sha256']}")
    for issuer, series, year, last in manifest.counters:
        print(f"  dernier numéro : {issuer or '—'} {series} {year} : {last}")


def warn_of_altered(manifest: Manifest) -> bool:
    """Say which papers were altered already; whether there are any."""
    for key in manifest.papers["altered"]:
        print(f"Papier altéré : document {key}, ses octets ne sont plus ceux de son empreinte.", file=sys.stderr)
    return bool(manifest.papers["altered"])


def _make(folder: Path, keep: Keep | None) -> int:
    made = take_backup(folder=folder, environment=os.environ, actor=command_actor(), at=timezone.now())
    print(f"Sauvegarde écrite et relue : {made.path} ({-(-made.size // 1000)} ko)")
    say_content(made.manifest, made.files)
    print(f"  sha256 du fichier : {made.sha256}")
    print("N'y sont pas, et sont à garder à part :")
    for words in made.manifest.left_out[:3]:
        print(f"  - {words}")
    print("Ni, parce que cela se refait :")
    for words in made.manifest.left_out[3:]:
        print(f"  - {words}")
    if keep:
        gone = let_go(folder=folder, keep=keep)
        print(f"Gardées : la dernière de {keep.days} jours, {keep.weeks} semaines, {keep.months} mois.")
        for name in gone:
            print(f"  effacée : {name}")
    return 1 if warn_of_altered(made.manifest) else 0


def _check(path: Path) -> int:
    with opened(path) as reader:
        files = reader.check()
        print(f"Sauvegarde entière : {path.name}")
        say_content(reader.manifest, files)
        return 1 if warn_of_altered(reader.manifest) else 0


def _keep(text: str) -> Keep:
    try:
        return read_keep(text)
    except ValueError:
        raise argparse.ArgumentTypeError("écrire trois nombres : jours,semaines,mois, par exemple 7,4,12") from None
