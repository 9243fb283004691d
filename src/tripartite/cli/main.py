"""The command line: `tripartite COMMAND`. Each module declares its own command; here they only meet."""

import argparse
import os
import sys
from collections.abc import Sequence

import django
from django.db import DatabaseError

from tripartite.cli.french import speak_french
from tripartite.config import ConfigError


def parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line. Django is set up by then: the commands know the application."""
    from tripartite.cli import (  # noqa: PLC0415 - their modules read Django's registry
        account,
        checklist,
        cohort,
        daily,
        demo,
        directory,
        document,
        documentation,
        estimate,
        forget,
        grid,
        key,
        quote,
        retention,
        send,
        serve,
        setup,
        subscription,
        worker,
    )

    speak_french()
    whole = argparse.ArgumentParser(
        prog="tripartite", description="De la grille votée aux deux devis, au centime près.", allow_abbrev=False
    )
    subparsers = whole.add_subparsers(required=True, metavar="COMMANDE")
    for module in (
        estimate,
        quote,
        document,
        grid,
        checklist,
        directory,
        cohort,
        account,
        setup,
        demo,
        daily,
        subscription,
        key,
        forget,
        retention,
        send,
        worker,
        serve,
        documentation,
    ):
        module.add_to(subparsers)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tripartite.settings")
    try:
        django.setup()
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    asked = parser().parse_args(arguments)
    try:
        status: int = asked.run(asked)
    except DatabaseError as error:
        if "no such table" not in str(error) and "does not exist" not in str(error):
            raise
        print("La base n'est pas prête : lancer d'abord « tripartite setup ».", file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status
