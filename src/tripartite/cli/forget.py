"""`tripartite forget`: erase the contacts of requests that led to no quote, in time. Dry by default."""

import argparse

from django.conf import settings
from django.utils import timezone

from tripartite.cli.speaker import command_actor
from tripartite.cli.words import read_day
from tripartite.pricing.calendar import months_after
from tripartite.pricing.french import counted
from tripartite.quotes.queries.requests import requests_to_forget
from tripartite.quotes.services.retention import forget_contact


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour du calcul (aujourd'hui)")
    parser.add_argument("--apply", action="store_true", help="effacer pour de bon ; sinon, dire seulement")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Say which requests are concerned, and with --apply forget their contacts, each in its own transaction."""
    on = arguments.on or timezone.localdate()
    limit = months_after(on, -settings.CONFIG.retention_months)
    actor, forgotten = command_actor(), 0
    for request in requests_to_forget(before=limit):
        print(f"{request.reference}, reçue le {timezone.localdate(request.created_at):%d/%m/%Y}")
        if arguments.apply:
            forgotten += forget_contact(request_id=request.pk, actor=actor, at=timezone.now())
    print(f"{counted(forgotten, 'contact effacé')}." if arguments.apply else "Essai : rien n'a été effacé (--apply).")
    return 0
