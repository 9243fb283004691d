"""What can be set of the flows to the accountant: each value in the form that the schema asks for."""

import re

from tripartite.billing.pes.rules import CATEGORIES, LEGAL, NATURES
from tripartite.billing.pes.talon import talon_lines
from tripartite.pricing.order import KIND_LABELS, Kind

LONGEST_PES = {
    "pes_file_type": 32,
    "product_code": 4,
    "title_nature": 2,
    "debtor_categories": 1000,
    "issuer_category": 5,
    "bank_reference": 13,
    "collection_centre": 300,
    "talon": 300,
    "settlement_text": 250,
}
"""Characters at most, by field."""
PAIR = re.compile(r"([0-9]{2})/([0-9]{2})")
ASKED = frozenset({"pes_file_type", "title_nature", "issuer_category", "settlement_text"})
"""What has a default, and is never empty."""
USUAL: dict[Kind, tuple[str, str]] = {
    Kind.COMMUNE: ("23", "09"),
    Kind.DEPARTEMENT: ("22", "09"),
    Kind.REGION: ("21", "09"),
    Kind.EPCI: ("24", "09"),
    Kind.SYNDICAT: ("24", "09"),
    Kind.CCAS: ("26", "09"),
    Kind.CIAS: ("26", "09"),
    Kind.CAISSE_DES_ECOLES: ("25", "09"),
    Kind.ETABLISSEMENT_PUBLIC: ("29", "09"),
    Kind.AUTRE: ("29", "09"),
}
"""Category and legal nature of a debtor by its kind, where an issuer sets nothing else."""


def pes_text(name: str, text: str) -> str:
    """The text of a field, fit to be kept; those of other fields as they are. Raises ValueError, in French."""
    if name in ASKED and not text:
        raise ValueError("Ce réglage ne peut être vide.")
    match name:
        case "product_code" | "bank_reference" if text and not (text.isascii() and text.isalnum()):
            raise ValueError("Écrire des lettres et des chiffres, sans accent.")
        case "title_nature" if text not in NATURES:
            raise ValueError("Écrire un code de nature de titre : 01 pour le fonctionnement, 02 pour l'investissement.")
        case "issuer_category":
            pair_of(text)
        case "debtor_categories":
            categories_of(text)
        case "talon" if text:
            talon_lines(text, {})
    return text


def pair_of(text: str) -> tuple[str, str]:
    """« 23/09 »: a category and a legal nature. Raises ValueError."""
    found = PAIR.fullmatch(text.strip())
    if found is None or found[1] not in CATEGORIES or found[2] not in LEGAL:
        raise ValueError("Écrire une catégorie et une nature juridique du schéma, comme 23/09.")
    return found[1], found[2]


def categories_of(text: str) -> dict[Kind, tuple[str, str]]:
    """Category and legal nature by kind of body: the usual ones, but those of the lines « commune=23/09 ». Raises
    ValueError.
    """
    found = dict(USUAL)
    for line in text.splitlines():
        kind, _, pair = line.partition("=")
        if kind.strip() not in set(KIND_LABELS):
            known = ", ".join(one.value for one in KIND_LABELS)
            raise ValueError(f"« {line} » : écrire un genre de structure ({known}), « = », puis deux codes.")
        found[Kind(kind.strip())] = pair_of(pair)
    return found
