"""`tripartite retention`: the papers whose time has passed, for a person to decide; nothing is deleted."""

import argparse

from django.utils import timezone

from tripartite.cli.words import read_day
from tripartite.documents.retention import PUBLIC_ARCHIVES, past_their_time, periods
from tripartite.pricing.french import counted


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour du calcul (aujourd'hui)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the periods, then the papers past theirs."""
    on = arguments.on or timezone.localdate()
    for period in periods():
        print(f"{period.label:<32} {period.years:>3} ans   {period.source}")
    print(PUBLIC_ARCHIVES)
    found = list(past_their_time(on=on))
    print(f"\n{counted(len(found), 'papier')} au-delà de leur durée le {on:%d/%m/%Y}{' :' if found else '.'}")
    for document, period in found:
        print(f"  {document.title}, du {timezone.localdate(document.created_at):%d/%m/%Y} ({period.years} ans)")
    return 0
