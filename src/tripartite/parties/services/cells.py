"""What a cell of a file of the directory says, checked: spaces of any kind in numbers do not matter. Pure."""

import re
from collections.abc import Mapping
from functools import lru_cache

from stdnum.fr import siren as siren_key

from tripartite.pricing.bounds import MOST_PEOPLE
from tripartite.pricing.money import whole

MOST_POSTAL_CODES = 40
MOST_DEPARTMENTS = 20
YEAR = re.compile(r"(19|20|21)[0-9]{2}")


@lru_cache(maxsize=100_000)  # an EPCI is named by each of its communes
def siren(text: str) -> str:
    """« 123 456 782 » → « 123456782 ». Raises ValueError, in French, when its key is wrong."""
    digits = text.replace(" ", "")
    if not (re.fullmatch(r"[0-9]{9}", digits) and siren_key.is_valid(digits)):
        raise ValueError(f"SIREN « {text[:20]} » : neuf chiffres attendus, dont la clé est juste.")
    return digits


def code_insee(text: str) -> str:
    """An INSEE code; the zero that a spreadsheet took from its beginning is put back. Raises ValueError."""
    code = text.replace(" ", "").upper()
    if re.fullmatch(r"[0-9]{4}", code):
        code = f"0{code}"
    if not re.fullmatch(r"[0-9]{5}|2[AB][0-9]{3}", code):
        raise ValueError(f"code INSEE « {text[:20]} » : cinq caractères attendus, le département et trois chiffres.")
    return code


def name(text: str) -> str:
    """The name of a body. Raises ValueError when there is none."""
    if not text or len(text) > 200:
        raise ValueError("nom absent ou trop long (200 caractères au plus).")
    return text


def departments(text: str) -> tuple[str, ...]:
    """One département or several, separated by spaces. Raises ValueError."""
    found = tuple(dict.fromkeys(one.zfill(2) for one in text.upper().split()))
    if not 0 < len(found) <= MOST_DEPARTMENTS or not all(
        re.fullmatch(r"[0-9]{2}|2[AB]|9[78][0-9]", one) for one in found
    ):
        raise ValueError(f"département « {text[:20]} » : un numéro attendu, comme 01.")
    return found


def postal_codes(text: str | None) -> tuple[str, ...] | None:
    """Postal codes separated by spaces or bars; None where the file has no such column. Raises ValueError."""
    codes = tuple(re.split(r"[\s|]+", text)) if text else ()
    if len(codes) > MOST_POSTAL_CODES or not all(re.fullmatch(r"[0-9]{5}", code) for code in codes):
        raise ValueError(f"codes postaux « {text[:40] if text else ''} » : cinq chiffres attendus.")
    return None if text is None else codes


def populations(
    cells: Mapping[str, str], counted: Mapping[str, str], year: int | None
) -> tuple[tuple[str, int, int | None], ...]:
    """The populations of a line, by the title of their column; « 1 994 » is a number. Raises ValueError."""
    found = []
    for column, kind in counted.items():
        text = cells.get(column, "")
        digits = text.replace(" ", "")
        if digits and not re.fullmatch(r"[0-9]{1,9}", digits):
            raise ValueError(f"{column} « {text[:20]} » : un nombre entier attendu.")
        if digits and int(digits) > MOST_PEOPLE:
            raise ValueError(f"{column} : {whole(MOST_PEOPLE)} habitants au plus.")
        if digits:
            found.append((kind, int(digits), year))
    return tuple(found)


def year(text: str) -> int:
    """A year on four figures. Raises ValueError."""
    if not YEAR.fullmatch(text):
        raise ValueError(f"année « {text[:20]} » : quatre chiffres attendus, comme 2023.")
    return int(text)
