"""Reading the text of an order from a file or from standard input."""

import sys
from pathlib import Path

MAX_BYTES = 5_000_000


def read_order_text(source: str) -> str | None:
    """The text of `source` (a path, or - for standard input); None, said on standard error, when it cannot be read."""
    try:
        raw = sys.stdin.buffer.read(MAX_BYTES + 1) if source == "-" else Path(source).read_bytes()
    except OSError as error:
        print(f"Impossible de lire {source} : {reason(error)}.", file=sys.stderr)
        return None
    if len(raw) > MAX_BYTES:
        print(f"{source} : fichier trop gros pour une demande.", file=sys.stderr)
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        print(f"{source} : ce n'est pas du texte UTF-8.", file=sys.stderr)
        return None


def reason(error: OSError) -> str:
    """Why a file cannot be read, in French."""
    match error:
        case FileNotFoundError():
            return "ce fichier n'existe pas"
        case PermissionError():
            return "l'accès est refusé"
        case IsADirectoryError():
            return "c'est un dossier"
        case _:
            return f"erreur du système ({error.errno})"
