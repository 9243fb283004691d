"""`tripartite document`: whether a file is one of our papers, and what its signatures are worth."""

import argparse
import json
import sys
from pathlib import Path

from django.utils import timezone

from tripartite.documents.authenticity import Examination, examine
from tripartite.documents.trust_folder import trust_settings
from tripartite.file_errors import reason

STATUSES = {True: 0, False: 1, None: 3}


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    verify = actions.add_parser("verify", help="dire si un fichier est authentique et ce que valent ses signatures")
    verify.add_argument("file", metavar="FICHIER", help="le PDF à vérifier")
    verify.add_argument("--format", choices=("text", "json"), default="text", help="en mots, ou en JSON")
    verify.add_argument(
        "--online", action="store_true", help="interroger les autorités de confiance sur la révocation des certificats"
    )
    verify.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Say what the file is. Exit status: 0 genuine or valid, 1 altered or invalid, 2 unreadable input, 3 unknown, or
    only deposited.
    """
    try:
        content = Path(arguments.file).read_bytes()
    except OSError as error:
        print(f"Impossible de lire {arguments.file} : {reason(error)}.", file=sys.stderr)
        return 2
    trust = trust_settings()
    for name in trust.unreadable:
        print(f"Dossier des autorités de confiance : {name} est illisible, il est ignoré.", file=sys.stderr)
    found = examine(content, trust=trust, at=timezone.now(), fetch_revocation=arguments.online)
    if arguments.format == "json":
        print(json.dumps(found.as_payload(), ensure_ascii=False, indent=2))
    else:
        _print(found)
    return STATUSES[found.sound]


def _print(found: Examination) -> None:
    print(found.sentence)
    print(f"SHA-256 : {found.sha256}")
    if found.unreadable and not found.kept:
        print(found.unreadable)
    if found.verification:
        print(found.verification.sentence)
        for report in found.verification.signatures:
            print(f"- {report.sentence}")
