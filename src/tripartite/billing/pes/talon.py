"""The two lines of the optical slip: those that the issuer sets, with what each order says in them.

The norm that they keep (« norme HEL ») is not in the schema: nothing of it is guessed here.
"""

import re
from collections.abc import Mapping

from tripartite.billing.pes.texts import talon

WORD = re.compile(r"\{([^{}]*)\}")
WORDS = ("emetteur", "exercice", "bordereau", "titre", "centimes", "siret")
"""What can be said in a line, each with a width if need be: « {titre:8} » is eight digits."""


def talon_lines(model: str, said: Mapping[str, str]) -> tuple[str, str]:
    """The lines of a model, its words replaced (by nothing where they are not said). Raises ValueError, in French, for
    a model that has not two lines, or another word.
    """
    lines = model.splitlines()
    if len(lines) != 2:
        raise ValueError("Le talon a deux lignes.")
    first, second = (talon(WORD.sub(lambda found: _word(found[1], said), line)) for line in lines)
    return first, second


def _word(text: str, said: Mapping[str, str]) -> str:
    name, _, width = text.partition(":")
    if name not in WORDS or (width and not (width.isascii() and width.isdigit() and 0 < int(width) <= 30)):
        raise ValueError(f"« {{{text}}} » n'est pas un mot du talon : {', '.join(WORDS)}.")
    return said.get(name, "").rjust(int(width or 0), "0")
