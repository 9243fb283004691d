"""What is typed on the command line, read as it is by the other doors: a day, a reason."""

import argparse
from datetime import date

from tripartite.typed import clean_line


def read_day(text: str) -> date:
    """A day typed as 2024-03-26."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas une date de la forme 2024-03-26") from None


def read_reason(text: str) -> str:
    """A reason that says something; blanks are refused before anything is shown or done."""
    if not (said := clean_line(text)):
        raise argparse.ArgumentTypeError("un motif ne peut pas être vide : dites pourquoi")
    return said
