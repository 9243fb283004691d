"""`tripartite daily`: what a day brings, said or done at once, without a worker. Dry by default, idempotent."""

import argparse

from django.utils import timezone

from tripartite.cli.grid import read_day
from tripartite.cli.speaker import command_actor
from tripartite.jobs.daily import list_units, run_daily_unit


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour (aujourd'hui)")
    parser.add_argument("--apply", action="store_true", help="faire pour de bon ; sinon, dire seulement")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do or say it, each act in its own transaction: one that fails is told and stops no other. Exit status 1 then."""
    on, at, actor = arguments.on or timezone.localdate(), timezone.now(), command_actor()
    done = failed = 0
    for key, words in list_units(on=on, parameters={}):
        print(words)
        if not arguments.apply:
            continue
        try:
            done += run_daily_unit(key, on, actor, at)
        except Exception as error:  # noqa: BLE001 - one bad file never stops the rest
            failed += 1
            print(f"  échec : {error}")
    print(f"{done} fait(s), {failed} échec(s)." if arguments.apply else "Essai : rien n'a été fait (--apply).")
    return 1 if failed else 0
