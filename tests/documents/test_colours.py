"""Colours of issuers: what contrasts, and what is found from the one given."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripartite.documents.colours import (
    check_dark,
    check_light,
    contrast,
    contrast_text,
    palette_of,
    read_colour,
)
from tripartite.documents.style import Accent

COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#123456", "#123456") == 1


def test_a_ratio_is_never_rounded_up_to_what_is_asked():
    assert [contrast_text(one) for one in (4.499, 4.5, 21.0, 1.0)] == ["4,49", "4,50", "21,00", "1,00"]


@pytest.mark.parametrize("typed", ["#0B5A6E", "0b5a6e", " #0b5a6e "])
def test_a_colour_is_read_as_it_is_typed(typed):
    assert read_colour(typed) == "#0b5a6e"


@pytest.mark.parametrize("typed", ["", "bleu", "#0b5a6", "#0b5a6e0", "rgb(1,2,3)", "#0b5a6g", "url(//x)"])
def test_what_is_no_colour_is_refused(typed):
    with pytest.raises(ValueError, match="six chiffres hexadécimaux, par exemple #0b5a6e"):
        read_colour(typed)


def test_a_pale_colour_is_refused_with_its_contrast():
    with pytest.raises(ValueError, match=r"Contraste de 1,6. sur fond clair : il en faut 4,50"):
        check_light("#e0c000")
    with pytest.raises(ValueError, match=r"Contraste de 2,.. sur fond sombre : il en faut 4,50"):
        check_dark("#0b5a6e")


def test_the_colours_around_it_are_found():
    assert palette_of("#005f3c").light == Accent("#005f3c", "#084936", "#8cb7a7", "#e8f1ed")
    assert palette_of("#005f3c", "#7fd1a8").dark.plain == "#7fd1a8"


@given(COLOURS)
def test_whatever_the_colour_the_one_found_for_dark_screens_is_read(colour):
    check_dark(palette_of(colour).dark.plain)


@given(COLOURS)
def test_text_in_ink_is_read_on_every_ground_that_is_found(colour):
    found = palette_of(colour)
    assert contrast("#44515d", found.light.tint) >= 4.5
    assert contrast("#b9c3cc", found.dark.tint) >= 4.5
