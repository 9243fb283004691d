"""What is typed on the command line, read as it is by the other doors: a day, a reason."""

import argparse
from datetime import date

from tripartite.typed import clean_line, day_within


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
