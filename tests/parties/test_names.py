"""Whether two names are one person's, or one body's: a table of names as certificates and acts write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.parties.queries.names import same_body, same_person

SAME = [
    ("Prénom NOM", "NOM Prénom"),
    ("Hélène LEFEBVRE", "helene lefebvre"),
    ("Jean-Pierre DELATTRE", "Jean Pierre Delattre"),
    ("DELATTRE Jean-Pierre", "Jean-Pierre Delattre"),
    ("Marie d'Hulst", "Marie D’HULST"),
    ("Marie d'Hulst", "Marie DHULST"),
    ("Marie d'Hulst", "Marie de Hulst"),
    ("Yann Le Goff", "LEGOFF Yann"),
    ("Yann Le Goff", "Yann GOFF"),
    ("Luc de la Tour", "Luc DELATOUR"),
    ("Luc de La Tour", "TOUR Luc"),
    ("Anne Van den Berghe", "Anne VANDENBERGHE"),
    ("Anne Vanden Berghe", "VAN DEN BERGHE Anne"),
    ("Mme Anne Dupont-Martin", "DUPONT MARTIN Anne"),
    ("Monsieur le Goff Yann", "Yann Le Goff"),
    ("M. Paul Œuvrard", "OEUVRARD Paul"),
    ("Dr François Noël", "Noel Francois"),
    ("Maître Zoé Leclercq", "Zoe LECLERCQ"),
    ("Paul St Omer", "Paul SAINT-OMER"),
    ("Prénom NOM 2100012345", "Prénom NOM"),
    ("Franc\u0327ois  NOE\u0308L", "François Noël"),
    ("Anne-Lise Petit", "ANNELISE PETIT"),
]
OTHER = [
    ("Prénom NOM", "Autre NOM"),
    ("Prénom NOM", "NOM"),
    ("Jean Dupont", "Jean-Pierre Dupont"),
    ("Jean Dupont", "Jeanne Dupont"),
    ("Anne Dupont-Martin", "Anne Dupont"),
    ("Anh Le", "Anh Du"),
    ("Minh Anh Le", "Minh Anh Du"),
    ("Anh Le", "Anh"),
    ("Marc Leroy", "Marc Roy"),
    ("Marc de Roy", "Marc du Roy"),
    ("", ""),
    ("Mme", "Mme"),
    ("12345", "12345"),
    ("Prénom NOM", ""),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_person_written_in_two_ways(one, other) -> None:
    assert same_person(one, other)
    assert same_person(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER[:-4])
def test_two_persons(one, other) -> None:
    assert not same_person(one, other)
    assert not same_person(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER[-4:])
def test_nobody_is_like_nobody(one, other) -> None:
    assert not same_person(one, other)
    assert not same_person(other, one)


WORDS = st.lists(st.sampled_from(["jean", "marie", "goff", "tour", "dupont", "noel"]), min_size=2, max_size=7)


@given(WORDS, st.randoms())
def test_the_order_and_the_capitals_never_matter(words, chance) -> None:
    shuffled = [chance.choice((str.upper, str.title, str.lower))(word) for word in words]
    chance.shuffle(shuffled)
    assert same_person(" ".join(words), "-".join(shuffled))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("COMMUNE DE RUITZ", "Ruitz", True),
        ("Mairie de Ruitz", "Commune de Ruitz", True),
        ("La Fibre Numérique 59-62", "FIBRE NUMERIQUE 59 62", True),
        ("Communauté de communes des Sept Vallées", "CC des Sept Vallées", True),
        ("Commune de Ruitz", "Commune de Rue", False),
        ("Syndicat mixte La Fibre Numérique 59-62", "La Fibre Numérique 59-62", False),
        ("", "", False),
    ],
)
def test_one_body_written_in_two_ways(one, other, same) -> None:
    assert same_body(one, other) is same
