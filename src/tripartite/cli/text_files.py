"""Reading the text of a file named on the command line; what prevents it is said in French."""

import sys
from pathlib import Path

from tripartite.file_errors import reason


def read_text(path: str) -> str | None:
    """The text of a file; None, said on the standard error, when it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        print(f"Impossible de lire {path} : {reason(error)}.", file=sys.stderr)
    except UnicodeDecodeError:
        print(f"{path} : ce n'est pas du texte UTF-8.", file=sys.stderr)
    return None
