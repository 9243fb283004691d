"""What is typed on the command line, read as it is by the other doors: a day, a reason; and lists told there."""

import argparse
from collections.abc import Iterable
from datetime import date

from tripartite.typed import clean_line, day_within

SHOWN = 20


def read_day(text: str) -> date:
    """A day typed as 2024-03-26, that can be reckoned with."""
    found = day_within(text)
    if found is None:
        words = f"« {text} » n'est pas une date de la forme 2024-03-26, entre 2000 et 2150"
        raise argparse.ArgumentTypeError(words)
    return found


def read_reason(text: str) -> str:
    """A reason that says something; blanks are refused before anything is shown or done."""
    if not (said := clean_line(text)):
        raise argparse.ArgumentTypeError("un motif ne peut pas être vide : dites pourquoi")
    return said


def print_group(one: str, several: str, names: Iterable[str]) -> None:
    """How many of what, said by one word or by several, then the first of their names."""
    listed = list(names)
    print(f"{len(listed)} {several if len(listed) > 1 else one}{' :' if listed else '.'}")
    for name in listed[:SHOWN]:
        print(f"  {name}")
    if len(listed) > SHOWN:
        print(f"  … et {len(listed) - SHOWN} {'autres' if len(listed) > SHOWN + 1 else 'autre'}")
