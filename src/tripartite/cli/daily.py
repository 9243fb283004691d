"""`tripartite daily`: what a day brings, said or done at once, without a worker. Dry by default, idempotent."""

import argparse

from django.utils import timezone

from tripartite.cli.speaker import command_actor
from tripartite.cli.words import read_day
from tripartite.jobs.daily import do_day, list_units
from tripartite.jobs.services.far import DayTooFarError, check_day, confirm_day, why_too_far
from tripartite.pricing.french import counted


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the command."""
    parser.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour (aujourd'hui)")
    parser.add_argument("--apply", action="store_true", help="faire pour de bon ; sinon, dire seulement")
    parser.add_argument(
        "--confirm", action="store_true", help="dire que la date est juste, plus de 400 jours après ce qui a été fait"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Say it, or do all of it until the day has nothing left, each act in its own transaction: one that fails is told
    and stops no other. Exit status 1 then, and for a day too far from all that was done, unless it is confirmed.
    """
    on, at, actor = arguments.on or timezone.localdate(), timezone.now(), command_actor()
    if not arguments.apply:
        for _, words in list_units(on=on, parameters={}):
            print(words)
        print("Essai : rien n'a été fait (--apply).")
        return 0
    try:
        if arguments.confirm and why_too_far(on):
            confirm_day(on=on, actor=actor, at=at)
        check_day(on)
    except DayTooFarError as refusal:
        print(refusal)
        return 1
    done = failed = 0
    for unit, changed, failure in do_day(on=on, actor=actor, at=at):
        print(unit.words)
        done += changed
        if failure:
            failed += 1
            print(f"  échec : {failure}")
    print(f"{counted(done, 'fait')}, {counted(failed, 'échec')}.")
    return 1 if failed else 0
