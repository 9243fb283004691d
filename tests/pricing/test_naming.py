"""Bodies named as law does, with their article, elided or contracted where French does."""

import pytest

from tripartite.pricing.naming import legal_name, own
from tripartite.pricing.order import Kind


@pytest.mark.parametrize(
    ("name", "kind", "named", "of", "to"),
    [
        ("Ruitz", Kind.COMMUNE, "la commune de Ruitz", "de la commune de Ruitz", "à la commune de Ruitz"),
        ("Arras", Kind.COMMUNE, "la commune d'Arras", "de la commune d'Arras", "à la commune d'Arras"),
        ("Éperlecques", Kind.COMMUNE, "la commune d'Éperlecques", "de la commune d'Éperlecques", None),
        ("Le Parcq", Kind.COMMUNE, "la commune du Parcq", "de la commune du Parcq", None),
        ("Les Attaques", Kind.COMMUNE, "la commune des Attaques", None, None),
        ("La Couture", Kind.COMMUNE, "la commune de La Couture", None, None),
        ("Hénin-Beaumont", Kind.COMMUNE, "la commune d'Hénin-Beaumont", None, None),
        ("Harnes", Kind.COMMUNE, "la commune de Harnes", None, None),
        ("Ytres", Kind.COMMUNE, "la commune d'Ytres", None, None),
        ("CU d'Arras", Kind.EPCI, "la communauté urbaine d'Arras", None, None),
        ("CC du Ternois", Kind.EPCI, "la communauté de communes du Ternois", None, None),
        ("CA de Lens - Liévin", Kind.EPCI, "la communauté d'agglomération de Lens - Liévin", None, None),
        ("CCAS de Ruitz", Kind.CCAS, "le centre communal d'action sociale de Ruitz", None, None),
        ("Caisse des écoles de Lens", Kind.CAISSE_DES_ECOLES, "la caisse des écoles de Lens", None, None),
        ("Département du Pas-de-Calais", Kind.DEPARTEMENT, "le département du Pas-de-Calais", None, None),
        ("Office de tourisme", None, "l'office de tourisme", "de l'office de tourisme", "à l'office de tourisme"),
        ("SIVOM de l'Artois", Kind.SYNDICAT, "le SIVOM de l'Artois", "du SIVOM de l'Artois", None),
        (
            "Syndicat mixte La Fibre Numérique 59-62",
            None,
            "le syndicat mixte La Fibre Numérique 59-62",
            "du syndicat mixte La Fibre Numérique 59-62",
            "au syndicat mixte La Fibre Numérique 59-62",
        ),
        ("Numérique 62", Kind.AUTRE, "Numérique 62", "de Numérique 62", "à Numérique 62"),
        ("Artois Net", Kind.AUTRE, "Artois Net", "d'Artois Net", "à Artois Net"),
    ],
)
def test_a_body_is_named_as_law_does(name, kind, named, of, to):
    found = legal_name(name, kind)
    assert found.named == named
    assert of in (None, found.of)
    assert to in (None, found.to)


def test_who_represents_it_agrees_with_its_noun():
    ruitz = legal_name("Ruitz", Kind.COMMUNE)
    assert ruitz.represented("Maire", "Prénom NOM") == "la commune de Ruitz, représentée par son maire, Prénom NOM"
    operator = legal_name("Syndicat mixte X")
    assert operator.represented("Présidente", "A. B.") == "le syndicat mixte X, représenté par sa présidente, A. B."
    assert own("Adjointe au maire") == "son adjointe au maire"


def test_it_opens_a_sentence_and_heads_a_paper():
    ruitz = legal_name("Ruitz", Kind.COMMUNE)
    assert (ruitz.opening, ruitz.heading) == ("La commune de Ruitz", "Commune de Ruitz")
    assert legal_name("Office de tourisme").opening == "L'office de tourisme"
