"""SIREN and SIRET as people write them, checked by their key (La Poste's exception included)."""

from stdnum.fr import siren as siren_key
from stdnum.fr import siret as siret_key


def siren_of(text: str) -> str:
    """The nine digits of a SIREN. Raises ValueError, its message in French."""
    digits = _digits(text, 9, "SIREN")
    if not siren_key.is_valid(digits):
        raise ValueError("La clé de ce SIREN est fausse : un de ses chiffres est mal recopié.")
    return digits


def siret_of(text: str) -> str:
    """The fourteen digits of a SIRET. Raises ValueError, its message in French."""
    digits = _digits(text, 14, "SIRET")
    if not siret_key.is_valid(digits):
        raise ValueError("La clé de ce SIRET est fausse : un de ses chiffres est mal recopié.")
    return digits


def _digits(text: str, count: int, name: str) -> str:
    digits = "".join(character for character in text if not character.isspace() and character not in ".-")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"Un {name} ne comporte que des chiffres.")
    if len(digits) != count:
        raise ValueError(f"Un {name} a {count} chiffres ; celui-ci en a {len(digits)}.")
    return digits
