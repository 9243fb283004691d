"""`tripartite daily`: what a day brings: deadlines of conventions, reminders. Dry by default, idempotent."""

import argparse
from collections.abc import Callable
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from tripartite.cli.grid import read_day
from tripartite.cli.speaker import command_actor
from tripartite.conventions.queries import conventions_to_advance
from tripartite.conventions.services import (
    advance_convention,
    quotes_to_remind,
    remind_of_quotes,
    remind_signatory,
    signatories_to_remind,
)
from tripartite.journal.services import Actor

Act = tuple[str, Callable[[], bool]]


def add_to(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    parser = subparsers.add_parser("daily", help="faire ce qu'un jour apporte : échéances, reconductions, relances")
    parser.add_argument("--on", type=read_day, metavar="AAAA-MM-JJ", help="le jour (aujourd'hui)")
    parser.add_argument("--apply", action="store_true", help="faire pour de bon ; sinon, dire seulement")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Do or say it, each act in its own transaction: one that fails is told and stops no other. Exit status 1 then."""
    on, at, actor = arguments.on or timezone.localdate(), timezone.now(), command_actor()
    done = failed = 0
    for words, act in [*_deadlines(on, actor, at), *_reminders(on, actor, at)]:
        print(words)
        if not arguments.apply:
            continue
        try:
            done += act()
        except Exception as error:  # noqa: BLE001 - one bad file never stops the rest
            failed += 1
            print(f"  échec : {error}")
    print(f"{done} fait(s), {failed} échec(s)." if arguments.apply else "Essai : rien n'a été fait (--apply).")
    return 1 if failed else 0


def _deadlines(on: date, actor: Actor, at: datetime) -> list[Act]:
    def act(convention_id: int) -> Callable[[], bool]:
        return lambda: advance_convention(convention_id=convention_id, on=on, actor=actor, at=at)

    return [(f"Échéance : {one}, {one.beneficiary.name}", act(one.pk)) for one in conventions_to_advance(on=on)]


def _reminders(on: date, actor: Actor, at: datetime) -> list[Act]:
    every = settings.CONFIG.remind_signatures

    def of_quotes(request_id: int, left: int) -> Callable[[], bool]:
        return lambda: remind_of_quotes(request_id=request_id, left=left, actor=actor, at=at)

    def of_signature(signatory_id: int) -> Callable[[], bool]:
        return lambda: remind_signatory(signatory_id=signatory_id, on=on, every=every, actor=actor, at=at)

    quotes = quotes_to_remind(on=on, days=settings.CONFIG.remind_quotes)
    return [
        *((f"Relance : devis de la demande {key}, {left} j", of_quotes(key, left)) for key, left in quotes),
        *((f"Relance : signataire {key}", of_signature(key)) for key in signatories_to_remind(on=on, every=every)),
    ]
