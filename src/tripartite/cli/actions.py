"""The actions of a command: `tripartite COMMAND ACTION`."""

import argparse
from collections.abc import Callable
from typing import Protocol


class Declare(Protocol):
    """Declares an action: its name, what does it and answers the exit status, and what it is for, in French."""

    def __call__(self, name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser: ...


def actions_of(parser: argparse.ArgumentParser) -> Declare:
    """What declares the actions of a command: one of them has to be named."""
    actions = parser.add_subparsers(required=True, metavar="ACTION")

    def declare(name: str, run: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        action = actions.add_parser(name, help=words)
        action.set_defaults(run=run)
        return action

    return declare
