"""Reading an order from a file or from standard input."""

import sys
from pathlib import Path

from tripartite.file_errors import reason
from tripartite.pricing.order_text import MAX_BYTES


def read_order(source: str) -> bytes | None:
    """What `source` holds (a path, or - for standard input), no further than what makes it too big; None, said on the
    standard error, when it cannot be read or is no text.
    """
    try:
        if source == "-":
            raw = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        print(f"Impossible de lire {source} : {reason(error)}.", file=sys.stderr)
        return None
    if len(raw) <= MAX_BYTES and not is_text(raw):
        print(f"{source} : ce n'est pas du texte UTF-8.", file=sys.stderr)
        return None
    return raw


def is_text(raw: bytes) -> bool:
    """Whether these bytes are UTF-8."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True
