"""Addresses, as people write them and as papers print them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.parties.addresses import Place, place_of, with_city


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ((), Place()),
        (("Mairie",), Place(("Mairie",))),
        (("Mairie", "62620 Ruitz"), Place(("Mairie",), "62620", "Ruitz")),
        (("Mairie, 62620 Ruitz",), Place(("Mairie",), "62620", "Ruitz")),
        (("Mairie", "62620 Ruitz", "cedex"), Place(("Mairie", "cedex"), "62620", "Ruitz")),
        (("1 place 62620",), Place(("1 place 62620",))),
    ],
)
def test_an_address_is_taken_apart(lines, place):
    assert place_of(lines) == place


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (("Mairie", "Ruitz"), ("Mairie", "62620 Ruitz")),
        (("Mairie", "RUITZ "), ("Mairie", "62620 Ruitz")),
        (("Mairie", "62620"), ("Mairie", "62620 Ruitz")),
        (("1 rue de Ruitz",), ("1 rue de Ruitz", "62620 Ruitz")),
        (("Centre", "62400 Béthune"), ("Centre", "62400 Béthune")),
    ],
)
def test_a_city_left_out_is_added_and_one_that_is_said_is_kept(lines, whole):
    assert with_city(lines, "62620", "Ruitz") == whole


@given(st.lists(st.text(max_size=30), max_size=4))
def test_a_completed_address_has_a_code_and_a_city_and_completing_it_again_changes_nothing(lines):
    once = with_city(lines, "62620", "Ruitz")
    place = place_of(once)
    assert place.postal_code
    assert place.city
    assert with_city(once, "62620", "Ruitz") == once
