"""Trying a text apart before it is read here: what would keep a page busy is refused first."""

import importlib
from contextlib import suppress
from dataclasses import replace

from tripartite.bounded.allowance import allowance
from tripartite.bounded.reading import read_bounded

SECONDS = 2


def try_apart(reader: str, text: str) -> None:
    """Return when the function `reader` (« module:name ») ends on this text within two seconds of processor, whatever
    it finds in it. Raises TooLong, TooBig or Busy.
    """
    limits = replace(allowance(), seconds=SECONDS)
    read_bounded("tripartite.bounded.trying:tried", None, limits=limits, reader=reader, text=text)


def tried(reader: str, text: str) -> None:
    """Read a text, and forget what was found."""
    module, _, name = reader.partition(":")
    with suppress(Exception):
        getattr(importlib.import_module(module), name)(text)
