"""The columns of orders as a table for another program, under the titles that one chooses."""

from typing import NamedTuple

COLUMNS = {
    "exercice": "Exercice",
    "budget": "Budget",
    "bordereau": "Bordereau",
    "genre": "Genre",
    "date": "Date",
    "titre": "Titre",
    "objet": "Objet",
    "debiteur": "Débiteur",
    "siret": "SIRET",
    "facture": "Facture",
    "compte": "Compte",
    "fonction": "Fonction",
    "ht": "Montant HT",
    "tva": "TVA",
    "ttc": "Montant TTC",
    "reduit": "Titre réduit",
    "service": "Code service",
    "engagement": "Engagement",
    "echeance": "Échéance",
    "depart": "Départ",
}
"""What a table may say, with its usual titles and in its usual order."""


class Column(NamedTuple):
    """A column chosen: what it says, its title."""

    name: str
    title: str


def chosen(text: str) -> tuple[Column, ...]:
    """The columns of « titre,ttc=Montant »; all of them where nothing is said. Raises ValueError, in French."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, title = (piece.strip() for piece in part.partition("="))
        if name not in COLUMNS:
            raise ValueError(f"« {name} » n'est pas une colonne : {', '.join(COLUMNS)}.")
        found.append(Column(name, title or COLUMNS[name]))
    return tuple(found) or tuple(Column(name, title) for name, title in COLUMNS.items())
